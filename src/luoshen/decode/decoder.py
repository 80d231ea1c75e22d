"""Work in, Profile out: the local model, imagery, prosody, allusion and warnings put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from luoshen.decode.imagery import find_images
from luoshen.decode.outside import outside_warnings
from luoshen.genes import profile as contract
from luoshen.genes.profile import Evidence, GeneReading, Profile, ThemeReading
from luoshen.prosody import analyse
from luoshen.works.work import Work

if TYPE_CHECKING:
    from luoshen.decode.allusion import ReuseIndex
    from luoshen.decode.fitted import FittedDecoder
    from luoshen.decode.local import LocalModel, Reading

MAX_THEMES = 2
#: A theme below this probability is not named, unless it is the likeliest and at least half of it.
THEME_FLOOR = 0.35
UNKNOWN_SHARE = 0.15
#: Beyond this share of unknown letters nothing was read, and nothing is claimed.
NOT_READ = 0.8
FAINT = 0.4


class Decoder:
    """Decodes works in batches with the shipped model.

    ``fitted`` adds a scholar's own labels; ``reuse`` adds allusions to the works it was built from;
    ``threads`` is the number of processor threads of one pass (0: all).
    """

    def __init__(
        self, *, threads: int = 0, fitted: FittedDecoder | None = None, reuse: ReuseIndex | None = None
    ) -> None:
        from luoshen.decode.local import shipped_model

        self._model = shipped_model(threads)
        self._fitted = fitted
        self._reuse = reuse

    def decode(self, works: Sequence[Work]) -> list[Profile]:
        """A Profile of each work, in order."""
        readings = self._model.read([work.text for work in works])
        profiles = [self._profile(work, reading) for work, reading in zip(works, readings, strict=True)]
        if self._fitted is not None:
            answers = self._fitted.predict([work.text for work in works], readings)
            profiles = [
                replace(profile, label=label, labels=labels)
                for profile, (label, labels) in zip(profiles, answers, strict=True)
            ]
        return profiles

    def _profile(self, work: Work, reading: Reading) -> Profile:
        model = self._model
        return Profile(
            id=work.id,
            title=work.title,
            author=work.author,
            dynasty=work.dynasty,
            genes=() if reading.unknown > NOT_READ else _genes(model, work.text, reading),
            confidences=dict(zip(model.genes, reading.confidences.astype(float).round(3).tolist(), strict=True)),
            valence=round(reading.valence, 2),
            themes=() if reading.unknown > NOT_READ else _themes(model, reading),
            imagery=find_images(work.text),
            prosody=analyse(work).to_dict(characters=False),
            allusions=self._reuse.find(work) if self._reuse is not None else (),
            embedding=tuple(reading.embedding.astype(float).round(5).tolist()),
            decoder=model.name,
            warnings=outside_warnings(work.text) + _model_warnings(reading),
        )


def decode(text: str | Work, *, title: str = "") -> Profile:
    """The Profile of one text: which genes it carries, how strongly, how sure, and which words carry each.

    >>> import luoshen
    >>> profile = luoshen.decode("空山不见人，但闻人语响。返景入深林，复照青苔上。")
    >>> profile.genes[0].gene
    '空灵'

    Offsets are code points of the text in NFC, as :class:`luoshen.Work` holds it. Raises
    :class:`luoshen.ModelError` if the shipped model is damaged.
    """
    work = text if isinstance(text, Work) else Work(text, title=title)
    return _default().decode([work])[0]


@cache
def _default() -> Decoder:
    return Decoder()


def load_decoder(*, threads: int = 0, fitted: Path | None = None, against: Path | None = None) -> Decoder:
    """A Decoder with a fitted decoder's folder, and a file or folder of earlier works, loaded if given."""
    own = reuse = None
    if fitted is not None:
        from luoshen.decode.fitted import FittedDecoder

        own = FittedDecoder.load(fitted)
    if against is not None:
        from luoshen.decode.allusion import index_for

        reuse = index_for(against)
    return Decoder(threads=threads, fitted=own, reuse=reuse)


def complete(profile: Profile, work: Work, reuse: ReuseIndex | None = None) -> Profile:
    """A reading by another reader, with what needs no reader: imagery, prosody, allusions, warnings."""
    return replace(
        profile,
        imagery=find_images(work.text),
        prosody=analyse(work).to_dict(characters=False),
        allusions=reuse.find(work) if reuse is not None else (),
        warnings=profile.warnings + outside_warnings(work.text),
    )


def _genes(model: LocalModel, text: str, reading: Reading) -> tuple[GeneReading, ...]:
    return tuple(
        GeneReading(
            gene=model.genes[number],
            strength=int(reading.strengths[number]),
            confidence=round(float(reading.confidences[number]), 3),
            evidence=tuple(
                Evidence(text[s.start : s.end], s.start, s.end, round(min(1.0, s.weight), 3), "attention")
                for s in reading.evidence.get(number, ())
            ),
        )
        for number in reading.present
    )


def _themes(model: LocalModel, reading: Reading) -> tuple[ThemeReading, ...]:
    ranked = sorted(range(len(model.themes)), key=lambda t: -reading.themes[t])[:MAX_THEMES]
    return tuple(
        ThemeReading(model.themes[t], round(float(reading.themes[t]), 3))
        for place, t in enumerate(ranked)
        if reading.themes[t] >= (THEME_FLOOR if place else THEME_FLOOR / 2)
    )


def _model_warnings(reading: Reading) -> tuple[contract.Warning, ...]:
    found = []
    if len(reading.confidences) and 0 < reading.unknown < 1 and reading.unknown > UNKNOWN_SHARE:
        share = f"{reading.unknown:.0%}"
        found.append(
            contract.Warning(
                "unknown_characters",
                f"{share} of its letters are unknown to the model: trust this reading less",
                f"模型不认识其中 {share} 的字，此解读须谨慎对待",
            )
        )
    if float(reading.confidences.max(initial=0.0)) < FAINT:
        found.append(
            contract.Warning(
                "faint",
                "no gene stands out: the likeliest is still less likely than not",
                "没有突出的审美基因：最可能的一项也未必成立",
            )
        )
    return tuple(found)
