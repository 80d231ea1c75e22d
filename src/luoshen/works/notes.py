"""Editorial notes lifted out of the body of a text, so that the body is the work alone.

Editions print variants, sources and stage directions inside the text, in brackets. Each becomes a
:class:`~luoshen.works.work.Note` that remembers before which code point of the cleaned text it stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from luoshen.works.work import Note

#: What to do with one bracketed passage: the kind of note it is; ``KEEP`` it as text; or ``UNWRAP`` it,
#: for the brackets say that an editor supplied the words, and the words are text.
Judge = Callable[[str, str], str]
KEEP = "keep"
UNWRAP = "supplied"

#: What opens and closes like each bracket: round ones of both widths are mixed, as in （旦云).
_FAMILIES = {
    "（": ("（(", "）)"),
    "(": ("（(", "）)"),
    "［": ("［", "］"),
    "[": ("[", "]"),
    "〔": ("〔", "〕"),
    "〖": ("〖", "〗"),
}
_FAMILY = {bracket: re.compile(f"[{re.escape(pair[0] + pair[1])}]") for bracket, pair in _FAMILIES.items()}
_OPEN = re.compile(r"[（(［\[〔〖]")
_NUMERAL = re.compile("[一二三四五六七八九十○〇0-9]+")
_MODE = re.compile("[宮角徵羽曲奏]$")
_GAP = re.compile("缺")
_VARIANT = re.compile("一作|又作|或作|亦作|本作|作[「『]|作：|疑|當作|校補|[據从從].{0,12}[改補补]")
_CITATION = re.compile("[《〈]|同前|以上|[見见]|出處|[引載载錄录按]")
_GLOSS = re.compile("^音.|^.切$|反$")
_SUPPLIED = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff□，。、\n()（）]+")
_STAGE = re.compile("[生旦净淨末丑外贴貼众眾合介科唱云白上下内杂雜]|^[老小]")
_REFRAINS = frozenset({"竹枝", "女儿", "举棹", "年少"})


def editorial(bracket: str, inside: str) -> str:
    """The usage of the 全唐诗 and its supplements, 全宋诗 and the ci anthologies.

    （…） is a note; [三] and 〖1〗 point to one; [里] is a character that the editor supplied, and
    〔太簇爲徵〕 names a musical mode.
    """
    if bracket in "（(":
        if inside in _REFRAINS:
            return "refrain"
        kinds = (("gap", _GAP), ("variant", _VARIANT), ("citation", _CITATION), ("gloss", _GLOSS))
        return next((kind for kind, pattern in kinds if pattern.search(inside)), "editorial")
    if _NUMERAL.fullmatch(inside):
        return "marker"
    if bracket == "〔" and _MODE.search(inside):
        return "music"
    return UNWRAP if _SUPPLIED.fullmatch(inside) else KEEP


def drama(bracket: str, inside: str) -> str:
    """The usage of the qu: round brackets, and ［旦上］, are stage directions; 〔满庭芳〕 and ［满庭芳］ name tunes."""
    if bracket in "（(":
        return "gap" if inside in ("缺", "残缺", "下缺") else "stage"
    if bracket == "［" and (_STAGE.search(inside) or len(inside) == 1):
        return "stage"
    return KEEP


def lift(text: str, judge: Judge = editorial) -> tuple[str, tuple[Note, ...]]:
    """``text`` without its notes, and the notes with their places in it.

    A note that ran over several lines is put on one, and a line that holds nothing but punctuation
    once its notes are gone goes too. A bracket that nothing closes stays, unless it opens a
    line with the citation of a source, which then runs to the end.
    """
    if not _OPEN.search(text):
        return text, ()
    pieces: list[str] = []
    notes: list[Note] = []
    _scan(text, judge, pieces, notes)
    return _tidy("".join(pieces), notes)


def _scan(text: str, judge: Judge, pieces: list[str], notes: list[Note]) -> None:
    """Append to ``pieces`` what is text and to ``notes`` what is not, with places in the joined pieces."""
    length = sum(map(len, pieces))
    position = 0
    while match := _OPEN.search(text, position):
        start = match.start()
        end = _closing(text, start)
        if end is None and judge is editorial and _runs_to_the_end(text, start):
            end = len(text)
        if end is None:
            kind, inside, end = KEEP, "", start + 1
        else:
            inside = text[start + 1 : end - 1]
            kind = judge(text[start], inside)
        before = text[position : end if kind == KEEP else start]
        pieces.append(before)
        length += len(before)
        if kind != KEEP:
            notes.append(Note(length, text[start:end].replace("\n", ""), kind))
        if kind == UNWRAP:
            _scan(inside, judge, pieces, notes)
            length = sum(map(len, pieces))
        position = end
    pieces.append(text[position:])


def _closing(text: str, start: int) -> int | None:
    """The place after the bracket that closes the one at ``start``, or None. Brackets of one kind nest."""
    opening, _ = _FAMILIES[text[start]]
    depth = 0
    for match in _FAMILY[text[start]].finditer(text, start):
        depth += 1 if match.group() in opening else -1
        if not depth:
            return match.end()
    return None


def _runs_to_the_end(text: str, start: int) -> bool:
    opens_line = start == 0 or text[start - 1] in "\n〗"
    return text[start] == "（" and opens_line and _CITATION.search(text, start) is not None


def _tidy(text: str, notes: list[Note]) -> tuple[str, tuple[Note, ...]]:
    """Drop lines that a note has left without a word, and move the notes accordingly."""
    kept: list[str] = []
    moved: list[Note] = []
    waiting = iter(notes)
    note = next(waiting, None)
    start = length = 0
    for line in text.split("\n"):
        end = start + len(line)
        new_start = length + 1 if kept else 0
        here: list[Note] = []
        while note is not None and note.at <= end:
            here.append(note)
            note = next(waiting, None)
        if (here or not line) and not any(char.isalpha() or char == "□" for char in line):
            moved += [Note(length, n.text, n.kind) for n in here]
        else:
            moved += [Note(new_start + n.at - start, n.text, n.kind) for n in here]
            kept.append(line)
            length = new_start + len(line)
        start = end + 1
    return "\n".join(kept), tuple(moved)
