"""Text to the integer features that the encoder reads.

Only letters become tokens. What punctuation says (where a line starts and ends, whether it
asks or exclaims) is carried as features of the letter beside it, so that a text costs exactly
as many tokens as it has letters, and a text without punctuation is still readable.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PAD, UNKNOWN, MASK = 0, 1, 2
FIRST_CHARACTER = 3
MAX_TOKENS = 144
MAX_SEGMENT = 12
#: What stands right after a letter: nothing, a light pause, a stop, a question, an exclamation.
_AFTER = {"，": 1, "、": 1, ",": 1, "；": 1, ";": 1, "：": 1, ":": 1, "。": 2, ".": 2, "？": 3, "?": 3, "！": 4, "!": 4}
_AFTER_OTHER = 5
AFTER_KINDS = 6
SHAPES = MAX_SEGMENT * (MAX_SEGMENT + 1) // 2 + 1
_TABLE_SIZE = 0x110000


@dataclass(frozen=True)
class Features:
    """Features of one window, each an ``int32`` array of shape ``(tokens,)``.

    ``offsets`` are code-point offsets of the tokens in the text that was given.
    """

    characters: np.ndarray
    bigrams: np.ndarray  #: of a token and the one before it; the one after is this, shifted
    shapes: np.ndarray  #: place in the segment and the segment's length, as one number
    after: np.ndarray
    offsets: np.ndarray

    def __len__(self) -> int:
        return len(self.characters)


class Vocabulary:
    """Characters (folded to simplified), and the frequent bigrams of the corpus."""

    def __init__(self, characters: str, bigrams: list[str], fold: dict[str, str]) -> None:
        self.characters = characters
        self.bigrams = bigrams
        self.fold = fold
        self.size = FIRST_CHARACTER + len(characters)
        ids = {c: FIRST_CHARACTER + i for i, c in enumerate(characters)}
        self._id_of = np.zeros(_TABLE_SIZE, dtype=np.int32)
        self._after_of = np.full(_TABLE_SIZE, _AFTER_OTHER, dtype=np.int8)
        for character, number in ids.items():
            self._id_of[ord(character)] = number
        for variant, character in fold.items():
            self._id_of[ord(variant)] = ids.get(character, UNKNOWN)
        for mark, kind in _AFTER.items():
            self._after_of[ord(mark)] = kind
        keys = [ids[pair[0]] * self.size + ids[pair[1]] for pair in bigrams]
        self._keys = np.array(sorted(keys), dtype=np.int64)
        order = np.argsort(np.array(keys, dtype=np.int64), kind="stable")
        self._key_ids = (order + 1).astype(np.int32)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """What :meth:`save` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        pairs = data["bigrams"]
        fold = dict(zip(data["fold_from"], data["fold_to"], strict=True))
        return cls(data["characters"], [pairs[i : i + 2] for i in range(0, len(pairs), 2)], fold)

    def save(self, path: Path) -> None:
        """As JSON."""
        data = {
            "characters": self.characters,
            "bigrams": "".join(self.bigrams),
            "fold_from": "".join(self.fold),
            "fold_to": "".join(self.fold.values()),
        }
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    def bigram_ids(self, characters: np.ndarray) -> np.ndarray:
        """Ids of (token before, token); 0 where the pair is not a frequent one."""
        result = np.zeros(len(characters), dtype=np.int32)
        if len(characters) < 2 or not len(self._keys):
            return result
        keys = characters[:-1].astype(np.int64) * self.size + characters[1:]
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        result[1:] = np.where(self._keys[at] == keys, self._key_ids[at], 0)
        return result

    def features(self, text: str) -> Features:
        """All letters of ``text`` as features, unbounded in length (windows cut them later)."""
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
        ids = self._id_of[codes]
        unseen = np.flatnonzero(ids == 0)
        if len(unseen):
            kinds = np.unique(codes[unseen])
            letters = kinds[[_is_letter(int(code)) for code in kinds]]
            if len(letters):
                ids = np.where((ids == 0) & np.isin(codes, letters), UNKNOWN, ids)
        offsets = np.flatnonzero(ids)
        characters = ids[offsets]
        count = len(offsets)
        after = np.zeros(count, dtype=np.int32)
        if count == 0:
            empty = np.zeros(0, dtype=np.int32)
            return Features(empty, empty, empty, empty, empty)
        following = np.append(offsets[1:], len(codes))
        broken = following > offsets + 1
        next_code = codes[np.minimum(offsets + 1, len(codes) - 1)]
        after[broken] = self._after_of[next_code[broken]]
        after[-1] = after[-1] if broken[-1] else 0
        ends = broken.copy()
        ends[-1] = True
        bigrams = self.bigram_ids(characters)
        bigrams[1:][ends[:-1]] = 0
        return Features(characters, bigrams, segment_shapes(ends), after, offsets.astype(np.int32))


def segment_shapes(ends: np.ndarray) -> np.ndarray:
    """Number of (place, length) of each token in its segment; 0 in a segment that is too long."""
    stops = np.flatnonzero(ends)
    lengths = np.diff(np.concatenate(([-1], stops)))
    starts = stops - lengths + 1
    length = np.repeat(lengths, lengths)
    place = np.arange(len(ends)) - np.repeat(starts, lengths)
    return np.where(length <= MAX_SEGMENT, length * (length - 1) // 2 + place + 1, 0).astype(np.int32)


def segment_numbers(after: np.ndarray) -> np.ndarray:
    """Number of the segment (what stands between two marks) of each token."""
    return np.concatenate(([0], np.cumsum(after[:-1] > 0))) if len(after) else np.zeros(0, dtype=np.int64)


def windows(after: np.ndarray, size: int = MAX_TOKENS, overlap: int = 24) -> list[tuple[int, int]]:
    """Where to cut a long text: ``(start, stop)`` of windows of at most ``size`` tokens.

    A window ends where a segment ends and the next begins some segments before, so that no line
    is read without its context; a segment longer than a window is cut where it must be. The cost
    is linear: each window moves on by at least a third of its size.
    """
    count = len(after)
    if count <= size:
        return [(0, count)]
    ends = np.flatnonzero(after > 0) + 1
    result, start = [], 0
    while True:
        if count - start <= size:
            result.append((start, count))
            return result
        last = ends[np.searchsorted(ends, start + size, side="right") - 1] if len(ends) else 0
        stop = int(last) if last > start + size // 2 else start + size
        result.append((start, stop))
        again = np.searchsorted(ends, stop - overlap)
        start = int(ends[again]) if again < len(ends) and start + size // 3 < ends[again] < stop else stop


def _is_letter(code: int) -> bool:
    return unicodedata.category(chr(code))[0] == "L"
