"""Simplified and traditional script, as views of a text that stays as it came."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import opencc

from luoshen.works.ambiguous import resolve

Script = Literal["simplified", "traditional"]

_CONFIG = {"simplified": "t2s", "traditional": "s2t"}
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Unified ideographs of the main block: enough for tells and for the character tables.
_HAN = [chr(code) for code in range(0x4E00, 0xA000)]


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def _convert(text: str, script: Script) -> str:
    # OpenCC takes UTF-8, which a lone surrogate has no form in; a mark of the same length stands in.
    return str(_converter(_CONFIG[script]).convert(_SURROGATE.sub("\ufffd", text)))


def to_simplified(text: str) -> str:
    """``text`` in simplified characters (OpenCC ``t2s``; the length may differ; a lone surrogate becomes U+FFFD)."""
    return _convert(text, "simplified")


def to_traditional(text: str) -> str:
    """``text`` in traditional characters (OpenCC ``s2t``; the length may differ; a lone surrogate becomes U+FFFD)."""
    return _convert(text, "traditional")


@cache
def _table(script: Script) -> dict[str, str]:
    """Each character of the main block that a conversion to ``script`` changes, with what it becomes alone."""
    changed = _convert("\n".join(_HAN), script).split("\n")
    return {old: new for old, new in zip(_HAN, changed, strict=True) if old != new and len(new) == 1}


def convert(text: str, script: Script) -> str:
    """``text`` in ``script``, of the same length: code point *n* of the view shows code point *n* of the text.

    Phrases are converted as phrases (头发 and 出发 part ways: 頭髮, 出發); a line whose length that
    would change is converted character by character instead, so that offsets of Evidence hold in the view. What a
    simplified character stands for in verse (余 for 余, seldom 餘) is told by :mod:`luoshen.works.ambiguous`.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        view = _convert(line, script)
        if len(view) != len(line):
            table = _table(script)
            view = "".join(table.get(char, char) for char in line)
        lines[number] = resolve(line, view) if script == "traditional" else view
    return "\n".join(lines)


@cache
def _tells() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only simplified, and only traditional, script has.

    A character such as 后 or 干 belongs to both: each script's own national character set
    (GB 2312, Big5) says what that script has.
    """
    simplified = frozenset(char for char in _table("traditional") if not _encodable(char, "big5"))
    traditional = frozenset(char for char in _table("simplified") if not _encodable(char, "gb2312"))
    return simplified, traditional


def _encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def detect_script(text: str) -> Literal["simplified", "traditional", "both"]:
    """Which script ``text`` is in; ``both`` if no character tells (明月 is written alike).

    The majority of telling characters decides; a tie reads as traditional, for editions in
    traditional script use variants such as 黄 and 却 that simplified script has kept.
    """
    simplified_only, traditional_only = _tells()
    simplified = sum(char in simplified_only for char in text)
    traditional = sum(char in traditional_only for char in text)
    if not simplified and not traditional:
        return "both"
    return "simplified" if simplified > traditional else "traditional"


def view(text: str, script: str | None) -> str:
    """``text`` as it is shown to a reader of ``script``; None, or text that is in it already, is shown as it came.

    Traditional characters are not made traditional again: that would turn 咸陽 into 鹹陽.
    """
    if script == "simplified":
        return convert(text, "simplified")
    if script == "traditional" and detect_script(text) == "simplified":
        return convert(text, "traditional")
    return text
