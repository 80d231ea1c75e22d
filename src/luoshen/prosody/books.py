"""The rhyme books: which groups and tones a character has, in either script.

平水韵 for shi, 词林正韵 for ci, 中原音韵 for qu. The files are made by ``train/rhymes.py``. Simplified
characters have the readings of all their traditional sources; readings stand in the order in which rhyme
words of the corpus use them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from luoshen.errors import DataError

DATA = Path(__file__).parent / "data"
LEVEL_COUNT = 30  #: groups 0 to 29 of 平水韵 are level

#: Tone codes inside: level, oblique, both (the line decides), not known.
LEVEL, OBLIQUE, BOTH, UNKNOWN = "平", "仄", "两", "？"

#: Past this share (per cent) of level uses in regulated verse the other tone counts as a slip, not as a reading.
SURE = 97
#: Uses in regulated verse below which the share is no proof.
ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Book:
    """A rhyme book: its groups' names, and for each character the numbers of its groups."""

    name: str
    groups: tuple[str, ...]
    readings: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Polyphones:
    """Tones by use in regulated verse.

    ``level`` maps a character with both tones to (share of level uses in per cent, number of uses);
    ``words`` a word of two characters and the place (0 or 1) of the one that it settles to its tone.
    """

    codes: dict[str, str]
    level: dict[str, tuple[int, int]]
    words: dict[str, str]


def load(name: str) -> dict[str, Any]:
    """A JSON file of ``data``; :class:`DataError` when it is missing or damaged."""
    try:
        data: dict[str, Any] = json.loads((DATA / name).read_bytes())
    except (OSError, ValueError) as error:
        raise DataError(f"prosody data {name}: {error}; install the package again") from None
    return data


@cache
def _file(name: str) -> dict[str, Any]:
    return load(name)


def _book(title: str, name: str) -> Book:
    data = _file(name)
    sets = [tuple(s) for s in data["sets"]]
    readings = dict(zip(data["chars"], map(sets.__getitem__, data["codes"]), strict=True))
    return Book(title, tuple(data["groups"]), readings)


@cache
def pingshui() -> Book:
    """平水韵: 106 groups, ``上平一东`` to ``入声十七洽``."""
    return _book("平水韵", "pingshui.json")


@cache
def cilin() -> Book:
    """词林正韵: 19 parts, ``第一部平声`` to ``第十九部入声``."""
    return _book("词林正韵", "cilin.json")


@cache
def zhongyuan() -> Book:
    """中原音韵: 19 rhymes by four tones, ``东钟阴`` …; entering tones are spread over the others."""
    return _book("中原音韵", "zhongyuan.json")


@cache
def polyphones() -> Polyphones:
    """Tone codes of every character, and what decides where there are two."""
    data = _file("pingshui.json")
    level: dict[str, tuple[int, int]] = {c: (s, n) for c, (s, n) in data["level"].items()}
    by_set: dict[tuple[int, ...], str] = {}
    codes: dict[str, str] = {}
    for char, groups in pingshui().readings.items():
        code = by_set.get(groups)
        if code is None:
            tones = {LEVEL if g < LEVEL_COUNT else OBLIQUE for g in groups}
            code = by_set[groups] = tones.pop() if len(tones) == 1 else BOTH
        codes[char] = code
    for char, (share, uses) in level.items():
        if uses >= ENOUGH and share <= 100 - SURE:
            codes[char] = OBLIQUE
        elif uses >= ENOUGH and share >= SURE:
            codes[char] = LEVEL
    words = {w: LEVEL if v else OBLIQUE for w, v in data["words"].items()}
    return Polyphones(codes, level, words)


def both_tones(char: str) -> bool:
    """Whether the book gives ``char`` level and oblique readings, however rare one of them is."""
    groups = pingshui().readings.get(char, ())
    return any(g < LEVEL_COUNT for g in groups) and any(g >= LEVEL_COUNT for g in groups)


def word_tone(text: str, place: int) -> str | None:
    """The tone that the word around ``text[place]`` settles, if it is one of those learned.

    Lines of five and seven go by twos before their last three characters, so words are not sought across that.
    """
    words = polyphones().words
    pairs = len(text) - 3 if len(text) in (5, 7) else 0
    before = place > 0 and (place % 2 == 1 if place < pairs else place > pairs)
    after = place % 2 == 0 if place < pairs else True
    return (before and words.get(text[place - 1 : place + 1] + "1")) or (
        words.get(text[place : place + 2] + "0") if after else None
    )


def usual_tone(char: str) -> str:
    """The commoner tone of a character with two, by use; else that of its first reading."""
    share = polyphones().level.get(char)
    if share:
        return LEVEL if share[0] >= 50 else OBLIQUE
    groups = pingshui().readings.get(char)
    if not groups:
        return UNKNOWN
    return LEVEL if groups[0] < LEVEL_COUNT else OBLIQUE


def level_share(char: str) -> float | None:
    """How likely ``char`` is level (0 to 1); ``None`` if the book does not have it."""
    code = polyphones().codes.get(char)
    if code is None:
        return None
    if code != BOTH:
        return 1.0 if code == LEVEL else 0.0
    share = polyphones().level.get(char)
    return share[0] / 100 if share else 0.5


def entering(char: str) -> bool:
    """Whether every oblique reading of ``char`` is 入声."""
    names = pingshui().groups
    oblique = [g for g in pingshui().readings.get(char, ()) if g >= LEVEL_COUNT]
    return bool(oblique) and all(names[g][0] == "入" for g in oblique)


#: 邻韵: level groups that tradition lets stand together in 古体 and in a first line (Wang Li, 汉语诗律学).
NEIGHBOURS = (
    "东冬",
    "江阳",
    "支微齐",
    "鱼虞",
    "佳灰",
    "佳麻",
    "真文元",
    "寒删先元",
    "萧肴豪",
    "歌麻",
    "庚青蒸",
    "覃盐咸",
)
_RISING = ("董肿", "讲养", "纸尾荠", "语麌", "蟹贿", "轸吻阮", "旱潸铣阮", "筱巧皓", "哿马", "梗迥", "感俭豏")
_DEPARTING = (
    "送宋",
    "绛漾",
    "寘未霁",
    "御遇",
    "泰卦队",
    "卦祃",
    "震问愿",
    "翰谏霰愿",
    "啸效号",
    "个祃",
    "敬径",
    "勘艳陷",
)
_ENTERING = ("屋沃", "觉药", "质物月", "月曷黠屑", "陌锡职", "质陌锡职缉", "物月曷黠屑叶", "合洽叶")


@cache
def neighbours() -> tuple[frozenset[int], ...]:
    """For each group of 平水韵 the groups that it may rhyme with loosely (itself not among them)."""
    names = pingshui().groups
    number = {name[-1]: i for i, name in enumerate(names)}
    result: list[set[int]] = [set() for _ in names]
    for row in (*NEIGHBOURS, *_RISING, *_DEPARTING, *_ENTERING):
        ids = {number[c] for c in row}
        for i in ids:
            result[i] |= ids - {i}
    # 上去通押: rising and departing groups that belong to one level group rhyme together in old-style verse.
    rising, departing = names[30:59], names[59:89]
    for row in _RISING_DEPARTING.split():
        i, j = 30 + [n[-1] for n in rising].index(row[0]), 59 + [n[-1] for n in departing].index(row[1])
        result[i].add(j)
        result[j].add(i)
    return tuple(frozenset(s) for s in result)


_RISING_DEPARTING = (
    "董送 肿宋 讲绛 纸寘 尾未 语御 麌遇 荠霁 蟹卦 贿队 轸震 吻问 阮愿 旱翰 潸谏 铣霰 筱啸 巧效 皓号 "
    "哿个 马祃 养漾 梗敬 迥径 有宥 寝沁 感勘 俭艳 豏陷"
)
