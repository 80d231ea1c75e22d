"""Title and author that stand above a text as plain lines, told from verse by what surrounds them.

In ``登鹳雀楼 / 王之涣 / 白日依山尽，…`` no mark says that the first lines are a heading. They are taken for one only
where everything speaks for it: they are short and have no punctuation, every line below has, and what should be an
author is a known poet, or marked as one, or looks like a name. Where something does not fit, the text stays whole.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib import resources
from typing import NamedTuple

from luoshen.works.script import to_traditional

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
_DYNASTY = (
    "(?:先秦|春秋|战国|戰國|三国|三國|魏晋|魏晉|南北朝|五代(?:十[国國])?|曹魏|[东東]?[吴吳]|刘宋|劉宋|武周|近代|近?[现現]代|[当當]代|民[国國]"
    "|南朝[·・]?[宋齐齊梁陈陳]?|北朝|(?:[东東西两兩前后後南北]?[秦汉漢魏晋晉燕周齐齊梁蜀唐宋辽遼]|[初盛中晚]唐|[陈陳隋金元明清])[代朝]?)"
)
_OPEN, _CLOSE = "[〔（(【［\\[]", "[〕）)】］\\]]"
_NAME = f"[{_HAN}][{_HAN}·・]{{1,6}}"
#: How an author is written when his dynasty, or a word for what he is, stands by.
_MARKED = tuple(
    re.compile(pattern)
    for pattern in (
        "(?:作者|[诗詩词詞]人|撰者|author)[ ]?[:：][ ]?"
        f"(?:{_OPEN}(?P<dynasty>{_DYNASTY}){_CLOSE})?[ ]?(?P<name>{_NAME})",
        f"{_OPEN}(?P<dynasty>{_DYNASTY}){_CLOSE}[ ]?(?P<name>{_NAME})",
        f"(?P<name>{_NAME})[ ]?{_OPEN}(?P<dynasty>{_DYNASTY}){_CLOSE}",
        f"(?P<dynasty>{_DYNASTY})[ ]?[·・•.．:： ][ ]?(?P<name>{_NAME})",
    )
)
_SENTENCE = re.compile("[，。！？；…,!?;]|[:：.]$")
_ENDED = re.compile("[，。！？；：、…—,.!?;:」』”’）)》〉\\]］】〕\"']$")
_SEGMENT = re.compile(f"[{_HAN}□]+")
#: 其一, （二）, 第三首: above each poem of a row.
_NUMBER = re.compile("[（(]?[其之第]?[一二三四五六七八九十百]+[首章]?[）)]?")
_QUOTED = re.compile(f"(?P<before>[^《》]*)《(?P<title>[^《》]+)》(?P<number>{_NUMBER.pattern})?(?P<after>[^《》]*)")
_TITLED = re.compile("(?:题目|題目|标题|標題|[诗詩]?[题題])[ ]?[:：][ ]?")
_DASH = re.compile("^(?:——|--|—)[ ]?")
_BETWEEN = re.compile("[ ]*(?:——|--|—|/|／|\\|)[ ]*|[ ]*[·・•][ ]*|[ ]+")
_LINES = 3  #: the most that a heading has
_LONGEST, _LONGEST_ALONE = 40, 20  #: Han of a line of a heading; of a title without an author
_VERSE_MEDIAN, _VERSE_MOST = 8, 20  #: Han of a segment below a title without an author


class Heading(NamedTuple):
    """What stood above a text (the title ``""`` where only an author did), and the text below it."""

    title: str
    author: str
    dynasty: str
    body: str


class _Author(NamedTuple):
    name: str
    dynasty: str = ""
    sure: bool = True  #: a known poet, or marked as the author; else it only looks like a name


def lift_heading(text: str) -> Heading | None:
    """The heading above ``text``; None where there is none, or it is not sure that there is.

    ``body`` is what follows it, unchanged but for the line ends around it. Understood: ``静夜思``, ``静夜思 李白``,
    ``李白：静夜思``, ``《静夜思》（唐）李白``, ``李白《静夜思》``, and title and author on lines of their own, with the
    dynasty in any of the usual ways. A title alone needs verse below it.
    """
    lines = text.split("\n")
    bare: list[int] = []
    for number, line in enumerate(lines):
        if line.strip():
            if len(bare) == _LINES or not _is_bare(line.strip()):
                break
            bare.append(number)
    for count in range(len(bare), 0, -1):
        start = bare[count - 1] + 1
        head = _head([" ".join(lines[number].split()) for number in bare[:count]])
        if head is None:
            continue
        title, author = head
        quoted = lines[bare[0]].lstrip().startswith("《")
        apart = [bool(line.strip()) for line in lines[start : start + 3]] == [False, True, True]
        body = [line.strip() for line in lines[start:] if line.strip() and not _NUMBER.fullmatch(line.strip())]
        if (
            _fits(body, sure=author is not None and author.sure)
            if author or quoted
            else _fits_alone(title, body, apart=apart)
        ):
            name, dynasty, _ = author or _Author("")
            return Heading(title, name, dynasty, "\n".join(lines[start:]).strip("\n"))
    return None


def _is_bare(line: str) -> bool:
    """Whether a line can be part of a heading: short, in Han, no sentence, and no number of a poem in a row."""
    han = sum(map(len, _SEGMENT.findall(line)))
    return 0 < han <= _LONGEST and len(line) <= 2 * _LONGEST and not (_SENTENCE.search(line) or _NUMBER.fullmatch(line))


def _fits(body: list[str], *, sure: bool) -> bool:
    """Whether the lines ``body`` can stand below a heading with an author, or a title in its own marks."""
    if sum(len(_SEGMENT.findall(line)) for line in body) < 2:
        return False
    if any((author := _author(line)) and author.sure for line in body if _is_bare(line)):  # above the next work
        return False
    ended = sum(_ENDED.search(line) is not None for line in body)
    # Below a sure author verse may be printed without punctuation, or some lines without their ends.
    return ended == len(body) or (sure and (2 * ended >= len(body) or all(map(_is_bare, body))))


def _fits_alone(title: str, body: list[str], *, apart: bool) -> bool:
    """Whether ``title`` is one, and no line of the verse below it that has lost its stop.

    Such a line is as long as the next, and leaves an odd number of them. ``apart``: a blank line sets the title off.
    """
    segments = [len(segment) for line in body for segment in _SEGMENT.findall(line)]
    own = sum(map(len, _SEGMENT.findall(title)))
    return (
        len(segments) > 1
        and all(map(_ENDED.search, body))
        and sorted(segments)[len(segments) // 2] <= _VERSE_MEDIAN
        and max(segments) <= _VERSE_MOST
        and own <= _LONGEST_ALONE
        and (apart or own != segments[0] or len(segments) % 2 == 0)
    )


def _head(lines: list[str]) -> tuple[str, _Author | None] | None:
    """Title and author in one to three lines; None if something among them is neither."""
    title, author = _one_line(lines[0])
    if len(lines) == 1:
        return title, author
    last = _author(lines[-1])
    if len(lines) == 2:
        if last and (not author or not title):  # both may be poets: 贾谊, by 李商隐
            return lines[0], last
        return (lines[1], author) if author and not title else None
    if author or not last:
        return None
    if dynasty := re.fullmatch(f"(?:朝代[:：][ ]?)?({_DYNASTY})", lines[1]):
        return title, _Author(last.name, _short(dynasty[1]))
    return (f"{title} {lines[1]}", last) if last.sure else None


def _one_line(line: str) -> tuple[str, _Author | None]:
    """Title and author on one line; the title is ``""`` for an author alone, and the line where nothing tells."""
    line = _TITLED.sub("", line, count=1)
    if quoted := _QUOTED.fullmatch(line):
        said = [part.strip() for part in quoted.group("before", "after") if part.strip()]
        title = " ".join(filter(None, quoted.group("title", "number")))
        if not said:
            return title, None
        author = _author(said[0].strip("（）()")) or _author(said[0])
        return (title, author) if author and len(said) == 1 else (line, None)
    if (alone := _author(line)) and alone.sure:
        return "", alone
    if colon := re.fullmatch("(.+?)[ ]?[:：][ ]?(.+)", line):
        left, right = _author(colon[1]), _author(colon[2])
        if left and (left.sure or not right):
            return colon[2], left
        if right:
            return colon[1], right
    if marked := re.fullmatch(f"(.+?)[ ]?(?:{_OPEN}([^（）()]+){_CLOSE}|({_OPEN}{_DYNASTY}{_CLOSE}[ ]?{_NAME}))", line):
        author = _author(marked[2] or marked[3])
        if author and author.sure:
            return marked[1], author
    partings = list(_BETWEEN.finditer(line))
    pairs = [(line[: each.start()], line[each.end() :]) for each in partings]
    for title, name in [*pairs, *((after, before) for before, after in reversed(pairs))]:
        author = _author(name)
        if title and author and author.sure:
            return title, author
    return line, None


def _author(text: str) -> _Author | None:
    """The author that ``text`` names, if that is all it does."""
    text = _DASH.sub("", text)
    name = text.replace(" ", "")  # 李 白, as it is printed to fill a line
    if name in _poets():
        return _Author(name)
    for pattern in _MARKED:
        if found := pattern.fullmatch(text):
            return _Author(found["name"], _short(found["dynasty"] or ""))
    if name[:1] in _surnames() and re.fullmatch(f"[{_HAN}](?: ?[{_HAN}]){{1,2}}", text):
        return _Author(name, sure=False)
    return None


def _short(dynasty: str) -> str:
    """``唐`` for ``唐代``; 五代 and 南朝 stay whole."""
    return re.sub("(?<=[^五近现現当當南北])[代朝]$", "", dynasty)


@cache
def _poets() -> frozenset[str]:
    """Names of known poets in both scripts: ``poets.txt``, made by ``train/poets.py``."""
    names = resources.files("luoshen.works").joinpath("poets.txt").read_text("utf-8")
    return frozenset(names.split() + to_traditional(names).split())


@cache
def _surnames() -> frozenset[str]:
    """What the names of three or more known poets begin with, so that a name not known can look like one."""
    begins = Counter(name[0] for name in _poets())
    return frozenset(surname for surname, count in begins.items() if count > 2)
