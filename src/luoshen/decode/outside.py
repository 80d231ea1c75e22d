"""Whether a text lies outside what the decoders know: classical Chinese verse.

Verse is meant widely: shi, ci, qu with its spoken words, the Songs and the Songs of Chu, rhapsodies (赋).
Prose and modern Chinese are told by a weighted sum of words and of the shape of the segments (``outside.json``, made
by ``train/outside.py``: ridge logistic regression on half of the data, whole texts and excerpts, thresholds on a
quarter), noise by how many neighbours are pairs that verse uses, against what chance would give. Whole
shi, ci and qu keep under 1 % false alarms. Of texts of 8 Han characters and more that nothing was fitted on:

- false alarms, any code: shi 0.38 % of 10,122, ci 0.04 % of 5,164, qu 0.55 % of 2,742, the Songs 1 of 151. Without
  punctuation: shi 0.5, ci 0.1, qu 0.5 %. In excerpts of a sentence or two: shi 0.7, ci 0.3, qu 2.1 %. Of the 65 Songs
  of Chu, which were learnt from whole, one.
- ``prose``: Four Books 99 %, Analects 96 %, Guwen Guanzhi 88 % of paragraphs and 95 % of whole pieces, lives of Song
  poets 98 %, of Tang poets (mostly one sentence) 89 %, aphorisms 46 %, parallel prose, which is near to verse, 8 %.
- ``modern_chinese``: paraphrases of poems 88 %, sentences of many kinds 84 %.
- ``noise``: characters of a poem shuffled 60 to 62 %; quatrains of characters at random 74 % of the 1,000 most
  frequent ones, over 96 % of rarer ones.
- Of passages of one or two sentences from other sources: 11 of 20 in classical prose, 18 of 20 in modern Chinese.

So a warning is rarely wrong, and no warning does not make a text verse.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import repeat
from math import sqrt
from operator import add, eq, mul
from pathlib import Path

from luoshen.errors import DataError
from luoshen.genes.profile import Warning as ProfileWarning

_VOCABULARY = Path(__file__).with_name("model") / "vocabulary.json"
#: The two scores: weights of words per 100 characters and of the shape of the segments, and the least that tells.
_SCORES = Path(__file__).with_name("outside.json")
#: Runs of Han between punctuation are the segments; the Han of all planes, with 〇 for the numeral zero.
_SEGMENT = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]+")
_SHORTEST = 8
_FOREIGN_MOST, _FOREIGN_SOME = 0.5, 0.15
#: No more than this many characters are looked at: a kind shows itself long before.
_LOOK_AT = 4000


_CLOSING = frozenset("也矣焉耳哉者耶欤邪")
_QUOTED = re.compile("[“”「」『』（）()]")
#: Frequent pairs above what chance gives, and above 15 % of all, each in standard deviations or so.
_ORDER_LEAST, _FREQUENT_LEAST, _FREQUENT_SHARE = 0.1, -0.5, 0.15
_PAIRS_LEAST = 14
#: A text that is half one character, or lives on this few, is no text.
_ONE_CHARACTER, _DISTINCT_LEAST = 0.5, 0.12


class Score:
    """A weighted sum of words (per 100 characters, a little less in short texts) and of terms of shape."""

    def __init__(self, words: dict[str, float], shape: dict[str, float], least: float) -> None:
        self.least = least
        self._weights, self._shape = words, tuple(shape.values())
        self._long = re.compile("|".join(sorted((word for word in words if len(word) > 1), key=len, reverse=True)))

    def reached(self, measures: Measures, shape: tuple[float, ...]) -> bool:
        """Whether the text tells, ``shape`` being its terms in the order of their weights."""
        words: float = sum(map(self._weights.get, measures.joined, repeat(0.0)))
        words += sum(map(self._weights.__getitem__, self._long.findall(measures.joined)))
        total: float = 100 * words / (measures.count + 10) + sum(map(mul, self._shape, shape))
        return total >= self.least

    def telling(self, text: str) -> list[str]:
        """Up to six words of ``text`` that tell most, first the long ones, which say more."""
        found = Counter(self._long.findall(text)) + Counter(filter(self._weights.__contains__, text))
        weight = {word: self._weights[word] * times * len(word) for word, times in found.items()}
        return [word for word in sorted(weight, key=lambda word: -weight[word])[:6] if weight[word] > 0]


@cache
def _scores() -> dict[str, Score]:
    try:
        data = json.loads(_SCORES.read_text(encoding="utf-8"))
        return {name: Score(**score) for name, score in data.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DataError(f"{_SCORES}: {error}; install luoshen again · 数据文件损坏，请重新安装") from error


@cache
def _verse() -> tuple[frozenset[str], dict[int, int]]:
    """The frequent pairs of characters in verse, and the table that folds variants to simplified script."""
    try:
        data = json.loads(_VOCABULARY.read_text(encoding="utf-8"))
        pairs = data["bigrams"]
        fold = str.maketrans(data["fold_from"], data["fold_to"])
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{_VOCABULARY}: {error}; install luoshen again · 数据文件损坏，请重新安装") from error
    return frozenset(pairs[i : i + 2] for i in range(0, len(pairs), 2)), fold


def outside_warnings(text: str) -> tuple[ProfileWarning, ...]:
    """Why a reading of ``text`` as classical verse should be trusted less; empty if nothing speaks against it.

    Codes: ``too_short``, ``not_chinese``, ``mixed`` (another script takes up a good part), ``modern_chinese``,
    ``prose``, ``noise``. Only ``mixed`` comes along with another one.
    """
    han = sum(map(len, _SEGMENT.findall(text)))
    foreign = sum(map(str.isalpha, text)) - han
    if foreign > max(_SHORTEST, _FOREIGN_MOST * (foreign + han)):
        return (_not_chinese(foreign, han),)
    if han < _SHORTEST:
        return (_too_short(han),)
    mixed = (_mixed(foreign, han),) if foreign > _FOREIGN_SOME * (foreign + han) else ()
    measures = Measures(text)
    if not measures.segments:  # the Han stand beyond the part that is looked at
        return mixed
    for test in (_repetition, _modern, _prose, _disorder):
        if warning := test(measures):
            return (*mixed, warning)
    return mixed


class Measures:
    """What the tests look at, counted in the first few thousand characters of a text.

    ``segments`` are in simplified script, ``joined`` has one a line, ``lengths`` and ``count`` are in characters.
    ``pairs`` counts all neighbours, ``known`` those that make a frequent pair of verse, a doubling or a refrain.
    """

    def __init__(self, text: str) -> None:
        frequent, fold = _verse()
        self.text = text[:_LOOK_AT]
        self.segments: list[str] = _SEGMENT.findall(self.text.translate(fold))
        self.joined = "\n".join(self.segments)
        self.lengths = list(map(len, self.segments))
        self.count = sum(self.lengths)
        pairs = {pair for segment in self.segments for pair in map(add, segment, segment[1:])}
        strange = [pair for pair in pairs - frequent if pair[0] != pair[1]]
        self.pairs = self.count - len(self.segments)
        self.known = self.pairs - len(strange)

    def by_chance(self) -> float:
        """Share of frequent pairs among characters that stand 3 to 7 apart: what a random order would give."""
        letters = "".join(self.segments)[:200]
        apart = [pair for lag in range(3, 8) for pair in map(add, letters, letters[lag:])]
        return sum(map(_verse()[0].__contains__, apart)) / max(1, len(apart))

    def shape(self, hits: int) -> float:
        """How many of ten segments are so."""
        return 10 * hits / (len(self.segments) + 2)


def modern_shape(measures: Measures) -> tuple[float]:
    """The mean length of the segments, the shape in the score for modern Chinese."""
    lengths = measures.lengths
    if measures.count > (9 if len(lengths) == 1 else 16 * len(lengths)):
        return (6.0,)  # without punctuation there are no segments to measure
    return (sum([min(length, 15) for length in lengths]) / len(lengths),)


def prose_shape(measures: Measures) -> tuple[float, ...]:
    """Shape in the score for classical prose: songs, even, short and long lines, particles, pairs, quotations."""
    lengths, count = measures.lengths, measures.count
    # Two 兮 make a song; one may stand in a quotation.
    songs = measures.joined.count("兮")
    song = 100 * songs / (count + 10)
    # A line as long as the one before it, or as the one before that, is what verse and parallel prose share.
    even = sum(map(eq, lengths, lengths[1:]))
    even += sum([a == c != b for a, b, c in zip(lengths, lengths[1:], lengths[2:], strict=False)])
    known, pairs = measures.known, measures.pairs
    return (
        max(song, 3.0) if songs > 1 else song,
        measures.shape(even + 1),
        measures.shape(sum([length <= 2 for length in lengths])),
        measures.shape(sum([length >= 9 for length in lengths])),
        measures.shape(sum([segment[-1] in _CLOSING for segment in measures.segments])),
        10 * (known + 1.5) / (pairs + 5),
        min(6.0, 100 * len(_QUOTED.findall(measures.text)) / (count + 10)),
    )


def _modern(measures: Measures) -> ProfileWarning | None:
    score = _scores()["modern"]
    if not score.reached(measures, modern_shape(measures)):
        return None
    shown = " ".join(score.telling(measures.joined)) or "—"
    return ProfileWarning(
        "modern_chinese",
        f"This reads as modern Chinese (words such as: {shown}), and the decoder knows classical verse.",
        f"此文似为现代汉语（用词如：{shown}），而本解码器只熟悉古典诗词。",
    )


def _prose(measures: Measures) -> ProfileWarning | None:
    if not _scores()["prose"].reached(measures, prose_shape(measures)):
        return None
    shortest, longest = min(measures.lengths), max(measures.lengths)
    particles = sum(segment[-1] in _CLOSING for segment in measures.segments)
    return ProfileWarning(
        "prose",
        f"This reads as classical prose (segments of {shortest} to {longest} characters without a pattern, {particles}"
        " of them closed by a particle; words of narration or argument), and the decoder knows verse.",
        f"此文似为文言散文（句长{shortest}至{longest}字而无定式，{particles}句以语气词收尾，多叙述议论之词），"
        "而本解码器只熟悉韵文。",
    )


def _repetition(measures: Measures) -> ProfileWarning | None:
    letters = "".join(measures.segments)
    distinct = len(set(letters))
    if distinct > _ONE_CHARACTER * len(letters) + 1:
        return None
    character, times = Counter(letters).most_common(1)[0]
    if times <= _ONE_CHARACTER * len(letters) and distinct >= _DISTINCT_LEAST * min(len(letters), 100):
        return None
    return ProfileWarning(
        "noise",
        f"The same few characters over and over ({character} {times} times in {len(letters)}): nothing to read.",
        f"几个字反复出现（共{len(letters)}字，“{character}”{times}次），无从解读。",
    )


def _disorder(measures: Measures) -> ProfileWarning | None:
    known, pairs = measures.known, measures.pairs
    if pairs < _PAIRS_LEAST or known > 0.25 * pairs:
        return None
    frequent = (known - _FREQUENT_SHARE * pairs) / sqrt(pairs + 2)
    chance = measures.by_chance()
    order = (known - chance * pairs) / sqrt(pairs * max(chance, 0.03) + 1)
    if order > _ORDER_LEAST and frequent > _FREQUENT_LEAST:
        return None
    return ProfileWarning(
        "noise",
        f"The order of the characters looks random: {known} of {pairs} neighbours are pairs that verse uses,"
        f" and chance alone would give about {chance * pairs:.0f}.",
        f"字序近于随机：{pairs}对相邻字中只有{known}对为诗词常见搭配，而随机排列约有{chance * pairs:.0f}对。",
    )


def _too_short(han: int) -> ProfileWarning:
    return ProfileWarning(
        "too_short",
        f"Only {han} Han characters: a reading needs at least {_SHORTEST}.",
        f"只有{han}个汉字，至少要有{_SHORTEST}个字才可解读。",
    )


def _not_chinese(foreign: int, han: int) -> ProfileWarning:
    return ProfileWarning(
        "not_chinese",
        f"Not Chinese: {foreign} letters of other scripts and {han} Han characters.",
        f"并非中文：其他文字的字母{foreign}个，汉字{han}个。",
    )


def _mixed(foreign: int, han: int) -> ProfileWarning:
    return ProfileWarning(
        "mixed",
        f"{foreign} letters of other scripts stand among {han} Han characters; only the Han are read.",
        f"{han}个汉字间夹有{foreign}个其他文字的字母；只解读汉字。",
    )
