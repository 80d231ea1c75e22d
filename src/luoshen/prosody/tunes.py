"""Ci tunes: the patterns learned from the corpus, and which of them a text is nearest to.

``data/tunes.json`` is made by ``train/tunes.py`` from 21,053 Song ci.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from luoshen.prosody import books
from luoshen.prosody.lines import Line
from luoshen.works.script import to_simplified

_CLAUSE = re.compile(r"(\d+)([.,])")
_TITLE = re.compile(r"[·•・/／\s　(（〔\[《》|,，、。:：—-]+")
_NUMBER = re.compile(r"(?:其|第)[一二三四五六七八九十百]+(?:首)?$|[一二三四五六七八九十]+首$")


class Variant(NamedTuple):
    """A variant of a tune. ``shares``: level share (0 to 1) of each place, clause by clause; ``rhymes``: a letter
    (upper case level, lower oblique) or ``-`` for each clause."""

    tune: str
    number: int  #: 0 is the commonest
    uses: int
    works: int
    lengths: tuple[int, ...]
    stops: tuple[bool, ...]
    shares: tuple[tuple[float, ...], ...]
    rhymes: str


class Match(NamedTuple):
    """A variant and how near a text is to it (0 to 1; 1 means the same clause lengths), and how sure that is."""

    variant: Variant
    likeness: float
    confidence: float


@cache
def _data() -> dict[str, dict[str, list[Any]]]:
    data: dict[str, dict[str, list[Any]]] = books.load("tunes.json")
    return data


@cache
def variants(tune: str) -> tuple[Variant, ...]:
    """The learned variants of a tune, commonest first; none for a name that is not a tune."""
    entry = _data()["tunes"].get(tune)
    if entry is None:
        return ()
    works, rows = entry
    result = []
    for number, (count, clauses, shares, rhymes) in enumerate(rows):
        found = _CLAUSE.findall(clauses)
        lengths = tuple(int(length) for length, _ in found)
        at, places = 0, []
        for length in lengths:
            places.append(tuple((ord(c) - 40) / 50 for c in shares[at : at + length]))
            at += length
        stops = tuple(stop == "." for _, stop in found)
        result.append(Variant(tune, number, count, works, lengths, stops, tuple(places), rhymes))
    return tuple(result)


@lru_cache(maxsize=4096)
def pieces(title: str) -> tuple[str, ...]:
    """The first words of a title, simplified, each with and without its number (``菩萨蛮其一``)."""
    words = [p for p in _TITLE.split(to_simplified(title[:60])) if p][:2]
    return tuple(dict.fromkeys(name for p in words for name in (p, _NUMBER.sub("", p)) if name))


@lru_cache(maxsize=4096)
def tunes_of(title: str) -> tuple[str, ...]:
    """The tunes that a title may name: ``水调歌头·明月几时有``, ``菩萨蛮 其一``, ``望江南``; in either script."""
    names, tunes = _data()["names"], _data()["tunes"]
    found: list[str] = []
    for name in pieces(title):
        if not found:
            own = [name] if name in tunes else []
            found += own + [str(t) for t in names.get(name, ())]
    return tuple(dict.fromkeys(found))


@cache
def _by_shape() -> dict[tuple[int, ...], list[tuple[str, int]]]:
    """(tune, number of the variant) for every sequence of clause lengths."""
    index: dict[tuple[int, ...], list[tuple[str, int]]] = defaultdict(list)
    for tune, (_, rows) in _data()["tunes"].items():
        for number, row in enumerate(rows):
            lengths = tuple(int(n) for n, _ in _CLAUSE.findall(row[1]))
            index[lengths].append((tune, number))
    return index


def likeness(one: Sequence[int], two: Sequence[int]) -> float:
    """How alike two sequences of clause lengths are: the share of breaks that fall together.

    Breaks are counted from the start and from the end, so one longer clause spoils only itself, and a clause
    that another edition divides costs a single break.
    """
    forward = len(_breaks(one) & _breaks(two))
    backward = len(_breaks(one[::-1]) & _breaks(two[::-1]))
    head = 0
    while head < min(len(one), len(two)) and one[head] == two[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(two)) - head and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    longest = max(len(one), len(two))
    return max(forward, backward, head + tail) / longest if longest else 0.0


def _breaks(lengths: Sequence[int]) -> set[int]:
    total, result = 0, set()
    for length in lengths:
        total += length
        result.add(total)
    return result


def fit(lines: Sequence[Line], variant: Variant) -> float:
    """Mean logarithm of the likelihood of the tones of ``lines`` under a variant with the same lengths."""
    total, count = 0.0, 0
    for line, places in zip(lines, variant.shares, strict=True):
        for char, share in zip(line.text, places, strict=True):
            own = books.level_share(char)
            if own is not None:
                # Shrink towards even odds: a variant of two works proves little.
                expected = (share * variant.uses + 1.0) / (variant.uses + 2.0)
                total += math.log(own * expected + (1 - own) * (1 - expected))
                count += 1
    return total / count if count else -1.0


def nearest(lines: Sequence[Line], tunes: Sequence[str]) -> Match | None:
    """The variant of ``tunes`` that ``lines`` are nearest to."""
    lengths = tuple(len(line.text) for line in lines)
    known = [variant for tune in tunes for variant in variants(tune)]
    exact = [variant for variant in known if variant.lengths == lengths]
    if exact:
        best = max(exact, key=lambda v: 0.02 * math.log(v.uses) + fit(lines, v)) if len(exact) > 1 else exact[0]
        return Match(best, 1.0, 0.99)
    scored = [(likeness(lengths, v.lengths) + 0.02 * math.log(v.uses), v) for v in known]
    if not scored:
        return None
    best = max(scored, key=lambda s: s[0])[1]
    alike = min(likeness(lengths, best.lengths), 0.99)
    return Match(best, alike, alike)


def by_shape(lines: Sequence[Line]) -> Match | None:
    """The tune whose learned clause lengths are those of ``lines``, told from others like it by tones and use."""
    candidates = _by_shape().get(tuple(len(line.text) for line in lines), ())
    if not candidates:
        return None
    scored = []
    places = sum(len(line.text) for line in lines)
    for tune, number in candidates:
        variant = variants(tune)[number]
        # Tempered likelihood: neighbouring places are not independent.
        scored.append((math.log(variant.uses) + 0.5 * places * fit(lines, variant), variant))
    top, variant = max(scored, key=lambda s: s[0])
    share = 1.0 / sum(math.exp(score - top) for score, _ in scored)
    # A few lines may have a tune's lengths by chance.
    return Match(variant, 1.0, share * min(1.0, 0.5 + len(lines) / 20))


@cache
def _by_total() -> dict[int, list[tuple[str, int, tuple[int, ...]]]]:
    """(tune, number, clause lengths) for every number of places."""
    index: dict[int, list[tuple[str, int, tuple[int, ...]]]] = defaultdict(list)
    for lengths, found in _by_shape().items():
        index[sum(lengths)].extend((tune, number, lengths) for tune, number in found)
    return index


#: Breaks that must fall together before a text without a title is taken for a tune that it does not fit exactly.
NEAR = 0.8


def near_shape(lines: Sequence[Line]) -> Match | None:
    """The tune whose clause lengths are nearest to those of ``lines``, which may differ by a few places."""
    lengths = tuple(len(line.text) for line in lines)
    total = sum(lengths)
    best: tuple[float, str, int] | None = None
    for places in range(total - 2, total + 3):
        for tune, number, other in _by_total().get(places, ()):
            if abs(len(other) - len(lengths)) <= 3:
                score = likeness(lengths, other)
                if score >= NEAR and (best is None or score > best[0]):
                    best = (score, tune, number)
    if best is None:
        return None
    score, tune, number = best
    return Match(variants(tune)[number], min(score, 0.99), 0.8 * score)
