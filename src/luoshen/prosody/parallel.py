"""对仗: whether the two lines of a couplet stand parallel, place by place.

``data/parallel.json`` is made by ``train/parallel.py``: classes of characters that stand opposite each other in the
inner couplets of regulated verse, and how much oftener two classes do so there than elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from luoshen.prosody import books
from luoshen.works.script import to_simplified

#: What a character costs that stands opposite itself, which parallel lines avoid.
SAME = -1.5
#: One couplet, however parallel, makes up for no more than one that is not.
MOST = 0.5


class _Classes(NamedTuple):
    of: dict[str, int]
    scores: tuple[tuple[float, ...], ...]


@cache
def _classes() -> _Classes:
    data = books.load("parallel.json")
    half = data["scores"]
    size = range(len(half))
    scores = tuple(tuple(half[max(i, j)][min(i, j)] / 100 for j in size) for i in size)
    return _Classes({char: k for k, chars in enumerate(data["classes"]) for char in chars}, scores)


def score(line: str, answer: str) -> float:
    """How parallel two lines are: above 0 more like an inner couplet of regulated verse, below 0 less.

    The mean over places of a logarithm of odds; characters that are not known count 0.
    """
    classes = _classes()
    pairs = list(zip(to_simplified(line), to_simplified(answer), strict=False))
    total = 0.0
    for one, other in pairs:
        if one == other:
            total += SAME
        elif one in classes.of and other in classes.of:
            total += classes.scores[classes.of[one]][classes.of[other]]
    return total / len(pairs) if pairs else 0.0


def inner(lines: Sequence[str]) -> float:
    """How parallel the couplets between the first and the last are, -0.5 to 0.5; 0 if there are none."""
    scores = [max(-MOST, min(MOST, score(lines[k], lines[k + 1]))) for k in range(2, len(lines) - 3, 2)]
    return sum(scores) / len(scores) if scores else 0.0
