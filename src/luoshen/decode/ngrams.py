"""Streams of folded letters, four-letter keys into them, and what two streams have in common.

A key is the hash of four letters of one verse line: four that follow one another, or four of a line of five or
seven with the others left out. Two lines of five that differ in one place agree on one of the five ways to leave
one place out. Two lines of seven that differ in one or two places agree on one of seven ways to leave out three:
the seven lines of the Fano plane hold every pair of its seven points. Hashes only propose; the letters decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from luoshen.prosody.lines import Line
from luoshen.works.script import to_simplified

Letters = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

WIDTH = 4  #: letters in a key
GAP = 0  #: stands for a lost character, and after the last letter of a work
GAP_SIGN = "□"
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
_RUN = np.arange(WIDTH)
_FIVE = np.array([[i for i in range(5) if i != gap] for gap in range(5)])
_FANO = [{i, (i + 1) % 7, (i + 3) % 7} for i in range(7)]
_SEVEN = np.array([[i for i in range(7) if i not in gaps] for gaps in _FANO])
#: Line length -> (places of its keys, the salt of the first).
LINE_KEYS = {5: (_FIVE, 1), 7: (_SEVEN, 6)}
CHANGES = {5: 1, 7: 2}  #: line length -> letters that may differ in a variant
_PAIR = 21
_PRIOR = 10_000  #: letters added to every stream: a short one does not tell what is common
_BLOCK = 1 << 18  #: letters hashed at a time, so that what is held meanwhile stays small
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FINISH = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)


@cache
def _fold() -> Letters:
    """Code point -> the code point of its simplified form alone; a missing character -> :data:`GAP`."""
    table = np.arange(0x110000, dtype=np.uint32)
    characters = [chr(code) for start, end in _HAN for code in range(start, end)]
    for old, new in zip(characters, to_simplified("\n".join(characters)).split("\n"), strict=True):
        if len(new) == 1:
            table[ord(old)] = ord(new)
    table[ord(GAP_SIGN)] = GAP
    return table


def fold(lines: Iterable[str]) -> Letters:
    """The letters of ``lines`` one after another, each as the code point of its simplified form."""
    data = "".join(lines).encode("utf-32-le", "replace")
    return _fold()[np.frombuffer(data, dtype=np.uint32)]


def line_starts(lines: Iterable[Line], size: int) -> Flags:
    """Which of ``size`` letters begin a line."""
    starts = np.zeros(size, dtype=np.bool_)
    at = 0
    for line in lines:
        starts[at] = True
        at += len(line.text)
    return starts


def _hash(letters: Letters, salt: npt.NDArray[np.uint64]) -> Keys:
    """Hashes below 2³² of ``letters``, shape (n, 4); ``salt``, shape (n,) or (1,), sets kinds of keys apart."""
    mixed = salt + np.uint64(1)
    for column in range(WIDTH):
        mixed = mixed * _MIX + letters[:, column]
    mixed ^= mixed >> _HALF
    return (mixed * _FINISH) >> _HALF


def keys(letters: Letters, starts: Flags) -> tuple[Keys, Positions, Positions]:
    """Every key of the lines: its hash, the position that it counts from, and its kind.

    The kind is 0 for four letters in a row, else the length of the line. ``starts`` is true where a line
    begins. No key holds a :data:`GAP` or reaches over the end of a line.
    """
    bounds = np.append(np.flatnonzero(starts), len(letters))
    lengths = np.diff(bounds)
    # a run may start anywhere in a line but at its last three letters
    left = np.repeat(bounds[1:], lengths) - np.arange(len(letters)) if len(lengths) else np.empty(0, np.int64)
    places = np.flatnonzero(left >= WIDTH)
    parts = [(places, np.zeros(len(places), np.int64), places[:, None] + _RUN)]
    salts = [np.zeros(len(places), np.uint64)]
    for length, (offsets, salt) in LINE_KEYS.items():
        at = bounds[:-1][lengths == length]
        base = np.repeat(at, len(offsets))
        parts.append((base, np.full(len(base), length), (at[:, None, None] + offsets).reshape(-1, WIDTH)))
        salts.append(np.tile(np.arange(salt, salt + len(offsets), dtype=np.uint64), len(at)))
    base, kind, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    chosen = letters[at]
    whole = (chosen != GAP).all(axis=1)
    return _hash(chosen[whole], np.concatenate(salts)[whole]), base[whole], kind[whole]


def sorted_keys(letters: Letters, starts: Flags) -> Keys:
    """All keys of a stream in order of hash, each with its position in the lower 32 bits.

    The stream begins with a line; it is hashed a block of lines at a time.
    """
    parts = []
    begin = 0
    while begin < len(letters):
        end = len(letters)
        if end - begin > _BLOCK:
            later = np.flatnonzero(starts[begin + _BLOCK :])
            end = begin + _BLOCK + int(later[0]) if len(later) else end
        hashed, base, _ = keys(letters[begin:end], starts[begin:end])
        parts.append((hashed << _HALF) | (base + begin).astype(np.uint64))
        begin = end
    packed = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    packed.sort()
    return packed


def look_up(packed: Keys, hashed: Keys) -> tuple[Positions, Positions]:
    """For every entry of :func:`sorted_keys` with one of these hashes: which of the hashes, and its position."""
    low = np.searchsorted(packed, hashed << _HALF)
    counts = np.searchsorted(packed, (hashed << _HALF) | LOW, side="right") - low
    which = np.repeat(np.arange(len(hashed)), counts)
    before = np.cumsum(counts) - counts
    entries = np.arange(len(which)) + (low - before)[which]
    return which, (packed[entries] & LOW).astype(np.int64)


class Counts(NamedTuple):
    """How often each letter, and each pair of neighbours in a line, stands in a stream: codes in order, and counts."""

    codes: npt.NDArray[np.int64]  #: the pair's first letter in the bits from 21 up (0: a letter alone), then the second
    counts: npt.NDArray[np.int64]
    size: int  #: letters in the stream

    def expected(self, letters: Letters, same: Flags) -> float:
        """How often the stream would by chance have ``letters`` where ``same`` is true.

        Or as many of them, in other places between the first and the last of those. The letters are taken as words of
        one or two, each as frequent as it is in the stream and independent of the others, in the division that makes
        the number largest.
        """
        alone = self._log_share(letters.astype(np.int64)).tolist()
        pairs = self._log_share((letters[:-1].astype(np.int64) << _PAIR) | letters[1:]).tolist()
        best = [0.0]
        for i, equal in enumerate(same.tolist()):
            one = best[i] + (alone[i] if equal else 0.0)
            two = best[i - 1] + pairs[i - 1] if i and equal and same[i - 1] else one
            best.append(max(one, two))
        kept = np.flatnonzero(same)
        ways = math.comb(int(kept[-1] - kept[0]) + 1, len(kept))
        return self.size * ways * math.exp(best[-1])

    def _log_share(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """ln of the share of each code in the stream; one that it does not hold counts half."""
        at = np.searchsorted(self.codes, codes).clip(max=len(self.codes) - 1)
        return np.log(np.where(self.codes[at] == codes, self.counts[at], 0.5) / (self.size + _PRIOR))


def count(letters: Letters, starts: Flags) -> Counts:
    """The :class:`Counts` of a stream."""
    alone = letters.astype(np.int64)
    single, single_counts = np.unique(alone, return_counts=True)
    pairs = ((alone[:-1] << _PAIR) | alone[1:])[~starts[1:]]
    double, double_counts = np.unique(pairs, return_counts=True)
    return Counts(np.concatenate((single, double)), np.concatenate((single_counts, double_counts)), len(letters))


class Matches(NamedTuple):
    """Columns of equal length: letters ``begin`` to ``end`` of a text match those from ``source`` on in a stream."""

    begin: Positions
    end: Positions
    source: Positions
    common: Positions  #: how many letters are the same
    whole: Flags  #: the match holds a whole line of the source
    variant: Flags  #: a line with letters changed; otherwise all letters are the same

    def take(self, which: npt.NDArray[np.generic]) -> Matches:
        """The rows that ``which``, a mask or an array of row numbers, names."""
        return Matches(*(column[which] for column in self))


def join(parts: Iterable[Matches]) -> Matches:
    """All rows of ``parts``, at least one."""
    return Matches(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def same_letters(text: Letters, at: Positions, stream: Letters, starts: Flags, source: Positions) -> Matches:
    """Phrases of a line that stand letter for letter in a line of the stream.

    ``at`` and ``source`` hold the places, in both, of four letters that may be the same. A phrase is as long as
    it can be within one line of either.
    """
    inside = source + WIDTH <= len(stream)
    at, source = at[inside], source[inside]
    same = (text[at[:, None] + _RUN] == stream[source[:, None] + _RUN]).all(axis=1)
    at, source = at[same], source[same]
    shift = source - at
    order = np.lexsort((at, shift))
    at, shift = at[order], shift[order]
    new = np.ones(len(at), dtype=np.bool_)
    new[1:] = (np.diff(at) != 1) | (np.diff(shift) != 0)
    head = np.flatnonzero(new)
    begin = at[head]
    end = at[np.append(head[1:], len(at)) - 1] + WIDTH if len(head) else begin
    source = begin + shift[head]
    whole = starts[source] & starts[source + end - begin]
    return Matches(begin, end, source, end - begin, whole, np.zeros(len(begin), np.bool_))


def merge(matches: Matches) -> Matches:
    """``matches`` of :func:`same_letters`, those that follow one another in text and stream made one."""
    shift = matches.source - matches.begin
    new = np.ones(len(shift), dtype=np.bool_)
    new[1:] = (matches.begin[1:] != matches.end[:-1]) | (np.diff(shift) != 0)
    head = np.flatnonzero(new)
    if not len(head):
        return matches
    end = matches.end[np.append(head[1:], len(shift)) - 1]
    begin = matches.begin[head]
    whole = np.logical_or.reduceat(matches.whole, head)
    return Matches(begin, end, matches.source[head], end - begin, whole, matches.variant[head])


def changed_lines(
    text: Letters, at: Positions, stream: Letters, starts: Flags, source: Positions, length: int
) -> Matches:
    """Lines of ``length`` letters (5 or 7) at ``at`` that differ from the line at ``source`` in one or two letters.

    One in a line of five: three letters of five that two lines share are more often chance.
    """
    inside = source + length < len(stream)
    # several ways to leave letters out find the same pair of lines
    at, source = np.divmod(np.unique(at[inside] * len(stream) + source[inside]), max(len(stream), 1))
    places = source[:, None] + np.arange(length)
    ours, theirs = text[at[:, None] + np.arange(length)], stream[places]
    common = (ours == theirs).sum(axis=1)
    line = starts[source] & starts[source + length] & ~starts[places[:, 1:]].any(axis=1)
    line &= ((ours != GAP) & (theirs != GAP)).all(axis=1)  # what is lost was not changed
    kept = line & (common < length) & (common >= length - CHANGES[length])
    at, source, common = at[kept], source[kept], common[kept]
    yes = np.ones(len(at), np.bool_)
    return Matches(at, at + length, source, common, yes, yes)
