"""Which group a poem rhymes on, and which words leave it.

Each rhyme word votes for every group that its readings allow, so a word with several readings is decided by
those it rhymes with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from luoshen.prosody.books import LEVEL_COUNT, neighbours

Readings = Sequence[tuple[int, ...]]


class Rhyme(NamedTuple):
    """A rhyme: the group, and for each word the group it stands in (``None``: no reading fits or is near).

    ``hits``: words that have the group itself; ``near``: words in a neighbouring group.
    """

    group: int
    words: tuple[int | None, ...]
    hits: int
    near: int


def choose(words: Readings, first: tuple[int, ...] = ()) -> Rhyme | None:
    """The group that most of ``words`` share; ``first``, the first line's word, breaks ties.

    ``None`` when no two words share or neighbour a group; words without readings (missing characters) do not count.
    """
    votes: dict[int, float] = {}
    for readings in words:
        weight = 1.0
        for group in readings:
            votes[group] = votes.get(group, 0.0) + weight
            # A reading that the corpus rhymes on less counts a little less, so that it wins only when shared.
            weight = weight - 0.03 if weight > 0.9 else weight
    if not votes:
        return None
    for group in first:
        if group in votes:
            votes[group] += 0.4
    best = max(votes, key=lambda g: (votes[g], g < LEVEL_COUNT))
    hits = sum(1 for readings in words if best in readings)
    if hits < len(words):
        # Neighbours settle what the words themselves leave open (two words of 东 and 冬, say).
        near = neighbours()
        top = votes[best] - 0.95
        best = max(
            (g for g in votes if votes[g] >= top),
            key=lambda g: (
                votes[g] + 0.5 * sum(1 for r in words if g not in r and not near[g].isdisjoint(r)) + 0.01 * (g in first)
            ),
        )
    return _settle(words, best)


def _settle(words: Readings, group: int) -> Rhyme | None:
    """``words`` read for ``group``."""
    near = neighbours()[group]
    found: list[int | None] = []
    hits = loose = 0
    for readings in words:
        if group in readings:
            found.append(group)
            hits += 1
        else:
            other = next((g for g in readings if g in near), None)
            loose += other is not None
            found.append(other)
    if hits + loose < min(2, sum(map(bool, words))):
        return None
    return Rhyme(group, tuple(found), hits, loose)


def runs(words: Readings) -> list[tuple[int, int, Rhyme]]:
    """Rhymes that change (换韵): the longest runs of words that share or neighbour one group.

    Gives ``(first, last + 1, rhyme)`` for runs of at least two words; words between them rhyme with nothing.
    """
    result = []
    start = 0
    while start < len(words):
        # Grow the run while one group (with its neighbours) holds it; a pure run beats a loose one.
        best: tuple[int, int, Rhyme] | None = None
        for group in words[start]:
            end = start + 1
            while end < len(words) and group in words[end]:
                end += 1
            if end - start >= 2 and (best is None or end > best[1]):
                best = (start, end, Rhyme(group, (group,) * (end - start), end - start, 0))
        loose = _loose_run(words, start)
        if loose is not None and (best is None or loose[1] > best[1] + 1):
            best = loose
        if best is None:
            start += 1
        else:
            result.append(best)
            start = best[1]
    return result


def _loose_run(words: Readings, start: int) -> tuple[int, int, Rhyme] | None:
    """The longest run from ``start`` held by one group and its neighbours."""
    near = neighbours()
    best: tuple[int, int, Rhyme] | None = None
    for group in words[start]:
        end = start + 1
        while end < len(words) and (group in words[end] or not near[group].isdisjoint(words[end])):
            end += 1
        if end - start >= 2 and (best is None or end > best[1]):
            rhyme = choose(words[start:end])
            if rhyme is not None:
                best = (start, end, rhyme)
    return best
