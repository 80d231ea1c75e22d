"""Simplified characters that stand for several traditional ones (余 for 余 and 餘), told by their neighbours.

OpenCC knows phrases of modern Chinese; verse has others. ``ambiguous.json``, made by ``train/script.py``, holds what
the traditional texts of the corpus have: for each of 92 characters how often it is which, and which neighbours speak
for one or the other. Their weights are added up (naive Bayes with two neighbours, in whole nats).
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from math import log
from typing import NamedTuple, Self

from luoshen.errors import DataError

_FILE = "ambiguous.json"
#: Stands in the file for what is no Han character: punctuation, the end of a line.
NO_HAN = "，"
HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")


class Character(NamedTuple):
    """What a simplified character may be; weights are against ``forms[0]``, the commonest, one for each other form."""

    forms: tuple[str, ...]
    prior: tuple[float, ...]
    left: dict[str, list[int]]
    right: dict[str, list[int]]

    @classmethod
    def read(
        cls,
        counts: dict[str, int],
        left: dict[str, dict[str, str]] | None = None,
        right: dict[str, dict[str, str]] | None = None,
    ) -> Self:
        """``counts`` of every form, commonest first; by form and weight, the neighbours that give it that weight."""
        forms = tuple(counts) if left or right else tuple(counts)[:1]
        first = counts[forms[0]]
        sides: list[dict[str, list[int]]] = []
        for side in (left or {}, right or {}):
            weights: dict[str, list[int]] = {}
            for other, form in enumerate(forms[1:]):
                for weight, neighbours in side.get(form, {}).items():
                    for neighbour in neighbours:
                        weights.setdefault(neighbour, [0] * (len(forms) - 1))[other] = int(weight)
            sides.append(weights)
        return cls(forms, tuple(log(counts[form] / first) for form in forms[1:]), *sides)

    def form(self, before: str, after: str) -> str:
        """The likeliest form between two neighbours, each a character or ``""``."""
        best, most = 0, 0.0
        left = self.left.get(before if HAN.match(before) else NO_HAN)
        right = self.right.get(after if HAN.match(after) else NO_HAN)
        for other, score in enumerate(self.prior):
            score += (left[other] if left else 0) + (right[other] if right else 0)
            if score > most:
                best, most = other + 1, score
        return self.forms[best]


def resolve(text: str, view: str) -> str:
    """``view``, the traditional view of a simplified ``text``, with the ambiguous characters as verse has them.

    Both have the same length. Raises :class:`~luoshen.errors.DataError` if the table is damaged.
    """
    characters, pattern = _table()
    changed: list[str] | None = None
    for match in pattern.finditer(text):
        at = match.start()
        form = characters[match[0]].form(text[at - 1] if at else "", text[at + 1 : at + 2])
        if form != view[at]:
            changed = changed or list(view)
            changed[at] = form
    return "".join(changed) if changed else view


@cache
def _table() -> tuple[dict[str, Character], re.Pattern[str]]:
    try:
        data = json.loads(resources.files("luoshen.works").joinpath(_FILE).read_text("utf-8"))
        characters = {char: Character.read(**entry) for char, entry in data["characters"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{_FILE}: {error}; install luoshen again · 数据文件损坏，请重新安装") from error
    return characters, re.compile(f"[{''.join(characters)}]")
