"""A text cut into its verse lines, with the place of every character.

Commas, stops and line breaks end a line; the pause mark ``、`` does not (in ci it stands inside a clause).
A missing character (``□``, U+FFFD, private use, a composition such as ``{木*子}``) is one place whose tone
is not known. What stands in brackets is a note, not verse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

STOPS = "。！？；.!?;"
_LINE = re.compile(r"[^，。！？；：,.!?;:\s…—|]+")
_NOTE = re.compile(r"[（(][^（）()]*[）)]|〔[^〔〕]*〕|\[[^\[\]]*\]|【[^【】]*】|［[^［］]*］")
_OPENING = re.compile(r"[（(〔\[【［]")
_COMPOSED = re.compile(r"\{[^{}]*\}")
_GAPS = "□�○▢■●◎"


class Line(NamedTuple):
    """A line: its characters without marks, and where each stands in the text.

    ``text`` holds one character for each place (``□`` for a missing one); ``at`` the code point of each
    place, or ``None`` when they follow one another from ``start``. ``stop`` is the mark after the line.
    """

    text: str
    start: int
    end: int
    at: tuple[int, ...] | None = None
    stop: str = ""

    def place(self, i: int) -> int:
        """The code point of the character at place ``i`` (negative from the end)."""
        if self.at is not None:
            return self.at[i]
        return self.start + (i if i >= 0 else len(self.text) + i)


def _clean(raw: str, offset: int, stop: str) -> Line | None:
    """``raw`` without marks inside it."""
    if "{" in raw:
        raw = _COMPOSED.sub(lambda m: "□" + "\0" * (len(m.group()) - 1), raw)
    kept = [
        (i, c if c.isalpha() else "□")
        for i, c in enumerate(raw, offset)
        if c.isalpha() or c in _GAPS or "\ue000" <= c <= "\uf8ff" or c > "\U000effff"
    ]
    if not kept:
        return None
    at = tuple(i for i, _ in kept)
    consecutive = at[-1] - at[0] + 1 == len(at)
    return Line("".join(c for _, c in kept), at[0], at[-1] + 1, None if consecutive else at, stop)


def cut(text: str) -> list[Line]:
    """The lines of ``text`` in order; none when there is no letter in it."""
    if "囗" in text:  # many editions print the radical for a missing character
        text = text.replace("囗", "□")
    if _OPENING.search(text):
        text = _NOTE.sub(lambda m: "\0" * len(m.group()), text)
    lines = []
    length = len(text)
    for match in _LINE.finditer(text):
        raw, (start, end) = match.group(), match.span()
        stop = text[end] if end < length else ""
        if raw.isalpha():
            lines.append(Line(raw, start, end, None, stop))
        elif line := _clean(raw, start, stop):
            lines.append(line)
    return lines


def split_even(lines: Sequence[Line], width: int) -> list[Line]:
    """``lines`` cut again every ``width`` characters (a couplet without its comma, or no marks at all)."""
    result = []
    for line in lines:
        for k in range(0, len(line.text), width):
            text = line.text[k : k + width]
            last = k + len(text) - 1
            at = line.at[k : k + width] if line.at is not None else None
            stop = line.stop if last == len(line.text) - 1 else ""
            result.append(Line(text, line.place(k), line.place(last) + 1, at, stop))
    return result
