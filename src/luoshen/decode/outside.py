"""Whether a text lies outside what the decoders know: classical Chinese verse.

Verse is meant widely: shi, ci, qu with its spoken words, the Songs and the Songs of Chu, rhapsodies (赋).
Every test is a score over countable things, compared with a threshold. The weights were fitted by logistic
regression on one half of the data, and the thresholds chosen so that each kind of verse keeps under 1 % false alarms.
On the other half (of the Songs and the Songs of Chu: on all), texts of at least 8 Han characters:

- false alarms, any code: shi 0.28 % of 19,973, ci 0.08 % of 10,349, qu 0.68 % of 5,332, the Songs 3 of 305, the
  Songs of Chu 0 of 65; without any punctuation 0.4, 0.1 and 0.4 % (shi, ci, qu), the Songs 3 %.
- ``prose``: Four Books 94 %, Analects 92 %, Guwen Guanzhi 73 % of paragraphs and 84 % of whole pieces, lives of Song
  poets 95 %, of Tang poets (mostly one sentence) 59 %, aphorisms 30 %, parallel prose 4 %: that is near to verse.
- ``modern_chinese``: paraphrases of poems 78 %, sentences of many kinds 76 %.
- ``noise``: characters of a poem shuffled 58 to 60 %; quatrains of characters at random 74 % of the 1,000 most
  frequent ones, over 96 % of rarer ones.

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
#: Runs of Han between punctuation are the segments; the Han of all planes, with 〇 for the numeral zero.
_SEGMENT = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]+")
_SHORTEST = 8
_FOREIGN_MOST, _FOREIGN_SOME = 0.5, 0.15
#: No more than this many characters are looked at: a kind shows itself long before.
_LOOK_AT = 4000


class _Lexicon:
    """Words with weights: single characters are looked up, the others searched for."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.of = {word: weight for words, weight in weights.items() for word in words.split()}
        self._search = re.compile("|".join(sorted((w for w in self.of if len(w) > 1), key=len, reverse=True)))

    def words(self, text: str) -> list[str]:
        """Those of the lexicon that stand in ``text``, the long ones first."""
        return [*self._search.findall(text), *filter(self.of.__contains__, text)]

    def rate(self, measures: Measures) -> float:
        """Weighted occurrences per 100 characters, a little less for short texts."""
        total: float = sum(map(self.of.get, measures.joined, repeat(0.0)))
        total += sum(map(self.of.__getitem__, self._search.findall(measures.joined)))
        return 100 * total / (measures.count + 10)


# Words of written Chinese since 1919 that neither classical verse nor the arias of the Yuan use so densely,
# and, with negative weights, words of the arias, which tell their vernacular from ours.
_MODERN = _Lexicon(
    {
        "我们 你们 他们 她 它 没有 因为 所以 但是 如果 虽然 已经 这些 这种 这样 这首 这位 这个 时候 现在 为了": 1.25,
        "以及 进行 表现 表达 通过 对于 关于 或者 而且 然后 非常 可以 能够 需要 一个 一些 一种 一样 一位 什么": 1.25,
        "诗人 作者 今天 昨天 明天 孩子 生活 世界 问题 知道 开始 成为 中国 不能 人们 描写 使用 正在 城市 老师": 1.25,
        "觉得 喜欢 妈妈 地方 作品": 1.25,
        "的": 0.95,
        "很 让 使 在 和 还 呢 吗 们": 0.66,
        "那 得 把 他 个": -1.47,
        "俺 恁 咱 兀 小生 怎生 每 哥 儿 哎 呀 哩 您": -0.59,
    }
)
_MODERN_SEGMENT, _MODERN_LEAST = 1.24, 12.11 + 2.5

_PROSE = _Lexicon(
    {
        "进士 知州 知县 刺史 侍郎 尚书 节度使 学士 为人 今属 今编 事见 官至 累官": 1.0,
        "元年 二年 三年 四年 五年 六年 七年 八年 九年 十年": 0.96,
        "字 氏 卒 谥 迁 讳": 0.48,
        "曰": 0.33,
        "不可 未尝 未有 无以 是以 所以 然则 岂 非": 0.25,
        "为 而 以 所 则 之 乃 谓 夫 其 者 于 故 也 矣": 0.20,
        "我 愁 花 春 风 归": -0.50,
    }
)
#: Of a song's 兮, even lines, short and long segments, closing particles, pairs known from verse, quotation marks.
_PROSE_SHAPE = (-1.93, -0.78, 0.46, -0.47, 0.33, -0.56, 0.69)
_PROSE_LEAST = -3.52 + 3.0
_CLOSING = frozenset("也矣焉耳哉者耶欤邪")
_QUOTED = re.compile("[“”「」『』（）()]")
#: Frequent pairs above what chance gives, and above 15 % of all, each in standard deviations or so.
_ORDER_LEAST, _FREQUENT_LEAST, _FREQUENT_SHARE = 0.1, -0.5, 0.15
_PAIRS_LEAST = 14
#: A text that is half one character, or lives on this few, is no text.
_ONE_CHARACTER, _DISTINCT_LEAST = 0.5, 0.12


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


def _modern_score(measures: Measures) -> float:
    lengths = measures.lengths
    if measures.count > (9 if len(lengths) == 1 else 16 * len(lengths)):
        mean = 6.0  # without punctuation there are no segments to measure
    else:
        mean = sum([min(length, 15) for length in lengths]) / len(lengths)
    return _MODERN.rate(measures) + _MODERN_SEGMENT * mean


def prose_shape(measures: Measures) -> tuple[float, ...]:
    """What is not words in the score for classical prose, in the order of its weights."""
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


def _prose_score(measures: Measures) -> float:
    shape: float = sum(map(mul, _PROSE_SHAPE, prose_shape(measures)))
    return _PROSE.rate(measures) + shape


def _modern(measures: Measures) -> ProfileWarning | None:
    if _modern_score(measures) < _MODERN_LEAST:
        return None
    words = [word for word in _MODERN.words(measures.joined) if _MODERN.of[word] > 0]
    shown = " ".join(word for word, _ in Counter(words).most_common(6)) or "—"
    return ProfileWarning(
        "modern_chinese",
        f"This reads as modern Chinese (function words: {shown}), and the decoder knows classical verse.",
        f"此文似为现代汉语（虚词：{shown}），而本解码器只熟悉古典诗词。",
    )


def _prose(measures: Measures) -> ProfileWarning | None:
    if _prose_score(measures) < _PROSE_LEAST:
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
    if pairs < _PAIRS_LEAST or known > 0.4 * pairs:
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
