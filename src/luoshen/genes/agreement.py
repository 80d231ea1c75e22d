"""How far readers of the same works agree: people with people, people with a decoder, a decoder with itself."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from luoshen.errors import FormatError, InputError, VocabularyError
from luoshen.genes.profile import Profile
from luoshen.genes.vocabulary import GENES

#: Readings by reader, then by id of the work.
Readings = Mapping[str, Mapping[str, "Reading"]]

Distance = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's genes of one work, strongest first, with strengths 1 to 3, and valence -2 to 2."""

    strengths: Mapping[str, int]
    valence: float

    @classmethod
    def of(cls, profile: Profile) -> Reading:
        """A Profile as one reading among others."""
        return cls({gene.gene: gene.strength for gene in profile.genes}, profile.valence)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over the works that at least two readers read; ``None`` where it is not defined.

    ``set_f1`` (0 to 1): harmonic mean of how much of either reader's genes stands in the other's, a mean over
    pairs of readings; two readings without genes agree wholly. ``first_in_set`` (0 to 1): how often the first
    gene of one stands in the other's set, both ways. ``valence_r`` (-1 to 1): Pearson's r over the same pairs,
    the reader whose name sorts first on one axis. ``alpha`` (up to 1; 0 is chance): Krippendorff's, ordinal, on
    the strength (0 if absent) of every gene in every work; ``alpha_by_gene`` the same for each gene by itself.
    """

    works: int
    pairs: int
    set_f1: float | None
    first_in_set: float | None
    valence_r: float | None
    alpha: float | None
    alpha_by_gene: Mapping[str, float | None]


def readings_of_profiles(by_reader: Mapping[str, Iterable[Profile]]) -> dict[str, dict[str, Reading]]:
    """Profiles of one or more decoders, or of one decoder at different times, as readings."""
    return {reader: {profile.id: Reading.of(profile) for profile in profiles} for reader, profiles in by_reader.items()}


def readings_of_labels(records: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Reading]]:
    """Readings in the form of the published labels.

    Each record is ``{"id", "readings": [{"reader", "genes": [{"gene", "strength"}], "valence"}]}``; other members
    are passed over. Raises :class:`FormatError` with the number of the record.
    """
    readings: dict[str, dict[str, Reading]] = defaultdict(dict)
    for number, record in enumerate(records, 1):
        try:
            for item in record["readings"]:
                if record["id"] in readings[item["reader"]]:
                    raise FormatError(
                        f"record {number}: reader {item['reader']} has read {record['id']} already"
                        " · 同一读者重复标注同一作品"
                    )
                strengths = {gene["gene"]: gene["strength"] for gene in item["genes"]}
                readings[item["reader"]][record["id"]] = Reading(strengths, float(item["valence"]))
        except (TypeError, KeyError, ValueError) as error:
            raise FormatError(
                f"record {number}: {type(error).__name__} {error}; needs id and readings with reader, genes, valence"
                f" · 第 {number} 条记录缺项或不合格式"
            ) from error
    return dict(readings)


def agreement(readings: Readings, genes: Sequence[str] = GENES) -> Agreement:
    """Agreement between readers; ``genes`` is the vocabulary that they read with.

    Raises :class:`VocabularyError` for a gene outside ``genes``, :class:`FormatError` for a strength outside
    1 to 3 or a valence outside -2 to 2, :class:`InputError` if no work has two readers.
    """
    for reader, read in readings.items():
        for work, reading in read.items():
            _check(reading, genes, f"reader {reader}, work {work}")
    by_work = _by_work(readings)
    if not by_work:
        raise InputError("no work was read by two readers, so there is no agreement to measure · 没有两人共读的作品")
    pairs = [pair for several in by_work.values() for pair in combinations(several, 2)]
    firsts = [
        next(iter(one.strengths)) in other.strengths
        for pair in pairs
        for one, other in (pair, pair[::-1])
        if one.strengths
    ]
    # A column a work and a gene, a row a reader; readers of one work fill the rows from the top, as alpha
    # asks only which values meet in a column.
    rows = max(map(len, by_work.values()))
    strengths = np.full((rows, len(by_work), len(genes)), math.nan)
    for column, several in enumerate(by_work.values()):
        for row, reading in enumerate(several):
            strengths[row, column] = [reading.strengths.get(gene, 0) for gene in genes]
    return Agreement(
        works=len(by_work),
        pairs=len(pairs),
        set_f1=float(np.mean([_f1(set(a.strengths), set(b.strengths)) for a, b in pairs])),
        first_in_set=float(np.mean(firsts)) if firsts else None,
        valence_r=_pearson(np.array([(a.valence, b.valence) for a, b in pairs])),
        alpha=krippendorff_alpha(strengths.reshape(rows, -1)),
        alpha_by_gene={gene: krippendorff_alpha(strengths[:, :, number]) for number, gene in enumerate(genes)},
    )


def krippendorff_alpha(ratings: np.ndarray[Any, np.dtype[np.float64]], distance: Distance = "ordinal") -> float | None:
    """Krippendorff's alpha of ratings, a row an observer and a column a unit, NaN where there is none.

    ``distance`` is ``nominal``, ``ordinal``, ``interval`` or ``ratio``. ``None`` where alpha is not defined: no
    unit has two ratings, or all ratings are alike, so that nothing could have been got wrong. The method is that of
    K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); the computation is evalica's.

    Raises :class:`InputError` if the optional package evalica is not installed.
    """
    try:
        import evalica
        import pandas  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError(
            "Krippendorff's alpha needs the package evalica: pip install 'luoshen[agreement]' · 请先安装 evalica"
        ) from error
    met = ratings[:, (~np.isnan(ratings)).sum(axis=0) > 1]
    values = met[~np.isnan(met)]
    if values.size == 0 or values.min() == values.max():
        return None
    return float(evalica.alpha(pandas.DataFrame(met), distance=distance).alpha)


def _check(reading: Reading, genes: Sequence[str], place: str) -> None:
    for gene, strength in reading.strengths.items():
        if gene not in genes:
            raise VocabularyError(f"{place}: {gene!r} is not in the vocabulary that is compared · 词表中没有该基因")
        if strength not in (1, 2, 3):
            raise FormatError(f"{place}: {gene} has strength {strength!r}, not 1, 2 or 3 · 强度须为 1、2 或 3")
    if not -2 <= reading.valence <= 2:
        raise FormatError(f"{place}: valence {reading.valence!r} is not between -2 and 2 · 情感值须在 −2 与 2 之间")


def _by_work(readings: Readings) -> dict[str, list[Reading]]:
    """The works with two readers or more, each with its readings in the order of the readers' names."""
    by_work: dict[str, list[Reading]] = defaultdict(list)
    for reader in sorted(readings):
        for work, reading in readings[reader].items():
            by_work[work].append(reading)
    return {work: several for work, several in by_work.items() if len(several) > 1}


def _f1(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def _pearson(pairs: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    if len(pairs) < 2 or (pairs == pairs[0]).all(axis=0).any():
        return None
    return float(np.corrcoef(pairs, rowvar=False)[0, 1])
