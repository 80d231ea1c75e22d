"""Simplified and traditional script, as views of a text that stays as it came."""

from __future__ import annotations

from functools import cache

import opencc


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def to_simplified(text: str) -> str:
    """``text`` in simplified characters."""
    return str(_converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """``text`` in traditional characters."""
    return str(_converter("s2t").convert(text))
