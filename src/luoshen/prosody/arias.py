"""Qu tunes (曲牌): the patterns learned from the corpus, and which of them a text has.

``data/arias.json`` is made by ``train/arias.py``, from arias of Yuan plays and songs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from luoshen.prosody import books
from luoshen.works.script import to_simplified

#: Share of arias with a line's commonest length from which that is taken for the tune's; below, 衬字 hide it.
SETTLED = 0.4
#: Share of arias that rhyme at a line from which it is a rhyme place, and from which it may rhyme.
RHYMES, MAY_RHYME = 0.7, 0.35
#: Share of a tone at a line's end from which it is the tune's.
STEADY = 0.85
#: Share of rhyme places, and of steady ends, that a text without a title must keep to be taken for an aria.
KEPT = 0.8

TONES = ("平", "上", "去")
_TONE = {"阴": "平", "阳": "平", "上": "上", "去": "去"}
_PARTS = re.compile(r"[・·•/／\s　|【】\[\]（(〔《]+")


class Clause(NamedTuple):
    """A line of a tune. ``length``: without 衬字, 0 where those hide it; ``rhymes``: share of arias that rhyme there;
    ``tones``: shares of level, rising and departing at its end. Shares are 0 to 1."""

    length: int
    rhymes: float
    tones: tuple[float, float, float]

    @property
    def tone(self) -> str:
        """平, 上, 去 or 仄 where the arias agree on the end, else ``""``."""
        level = self.tones[0]
        steady = next((name for name, share in zip(TONES, self.tones, strict=True) if share >= STEADY), "")
        return steady or ("仄" if level <= 1 - STEADY else "")


class Aria(NamedTuple):
    """A pattern of a tune: how many of its arias in the corpus (``works``) have it (``uses``), and its lines.
    ``number`` 0 is the commonest."""

    tune: str
    number: int
    uses: int
    works: int
    clauses: tuple[Clause, ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of its lines; 0 where they are not settled."""
        return tuple(clause.length for clause in self.clauses)


@cache
def _data() -> dict[str, Any]:
    return books.load("arias.json")


@cache
def patterns(tune: str) -> tuple[Aria, ...]:
    """The learned patterns of a tune, commonest first; none for a name without any."""
    works, found = _data()["tunes"].get(tune, (0, ()))
    result = []
    for number, (uses, rows) in enumerate(found):
        clauses = tuple(
            Clause(length if share >= 100 * SETTLED else 0, rhymes / 100, (level / 100, rising / 100, departing / 100))
            for length, share, rhymes, level, rising, departing in rows
        )
        result.append(Aria(tune, number, uses, works, clauses))
    return tuple(result)


def tune_of(title: str) -> str | None:
    """The learned tune that a title names: ``越调・天净沙秋思``, ``【双调】水仙子``, ``蟾宫曲``; in either script."""
    names, tunes = _data()["names"], _data()["tunes"]
    for part in reversed(_PARTS.split(to_simplified(title[:60]))):
        found = max((n for n in (*tunes, *names) if part.startswith(n)), key=len, default=None)
        if found is not None:
            return str(names.get(found, found))
    return None


def named(title: str, lines: int) -> Aria | None:
    """The pattern of the tune that a title names, with that number of lines, or several times, if there is one."""
    tune = tune_of(title)
    if tune is None:
        return None
    found = patterns(tune)
    fitting = [aria for aria in found if lines % len(aria.clauses) == 0]
    return max(fitting or found, key=lambda aria: (len(aria.clauses) == lines, -aria.number))


@cache
def _by_shape() -> dict[tuple[int, ...], list[Aria]]:
    index: dict[tuple[int, ...], list[Aria]] = {}
    for tune in _data()["tunes"]:
        for aria in patterns(tune):
            if all(aria.lengths):
                index.setdefault(aria.lengths, []).append(aria)
    return index


def by_shape(lengths: Sequence[int], ends: Sequence[str]) -> Aria | None:
    """The one tune whose line lengths a text without a title has, if it also rhymes and ends its lines like it.

    ``ends``: the last character of each line.
    """
    found = [aria for aria in _by_shape().get(tuple(lengths), ()) if _keeps(aria, ends)]
    return found[0] if len(found) == 1 else None


def _keeps(aria: Aria, ends: Sequence[str]) -> bool:
    places = [rhymes(end) for clause, end in zip(aria.clauses, ends, strict=True) if clause.rhymes >= RHYMES]
    votes = Counter(rhyme for place in places for rhyme in place)
    steady = [(clause.tone, tones(end)) for clause, end in zip(aria.clauses, ends, strict=True) if clause.tone]
    kept = sum(agrees(tone, own) for tone, own in steady)
    return max(votes.values(), default=0) >= KEPT * len(places) and kept >= KEPT * len(steady)


def rhymes(char: str) -> set[str]:
    """The rhymes of 中原音韵 that a character stands in, tones apart."""
    book = books.zhongyuan()
    return {book.groups[g][:-1] for g in book.readings.get(char, ())}


def tones(char: str, rhyme: str = "") -> set[str]:
    """Its tones there: 平, 上, 去; of its readings in ``rhyme`` if it has any."""
    book = books.zhongyuan()
    names = [book.groups[g] for g in book.readings.get(char, ())]
    return {_TONE[name[-1]] for name in [n for n in names if n[:-1] == rhyme] or names}


def agrees(tone: str, own: set[str]) -> bool:
    """Whether one of a character's tones is ``tone`` (平, 上, 去, 仄); a character that the book lacks does."""
    return not own or tone in own or (tone == "仄" and own != {"平"})
