"""Learn which characters stand opposite each other in parallel couplets: ``luoshen/prosody/data/parallel.json``.

    python train/parallel.py DATA/corpus.jsonl

From Tang and Song poems of eight even lines. Their two inner couplets (颔联, 颈联) are parallel by rule; what stands
in the same place of the fourth and the fifth line, or of the last couplet, is not. Characters that keep the same
company in inner couplets are one of 128 classes (eigenvectors of their positive pointwise mutual information,
k-means), and the score of two classes is the logarithm of how much oftener they stand opposite each other in inner
couplets than elsewhere, in hundredths. One work in sixteen is held out; the figures printed are of those.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from luoshen.prosody import parallel
from luoshen.prosody.lines import cut

OUT = Path(__file__).parents[1] / "src/luoshen/prosody/data/parallel.json"
CLASSES, DIMENSIONS, FEWEST, SEED = 128, 48, 30, 0

Pairs = list[tuple[str, str]]


def main() -> None:
    """Read, learn, write, measure."""
    learned, held = Couplets(), Couplets()
    for name, lines in eights(Path(sys.argv[1])):
        (held if name.startswith("0") else learned).add(lines)
    counts = Counter(c for pair in learned.inner for line in pair for c in line)
    chars = sorted(c for c, n in counts.items() if n >= FEWEST and c.isalpha())
    number = {c: i for i, c in enumerate(chars)}
    opposite = tally(learned.inner, number, len(chars))
    opposite += opposite.T
    classes = cluster(opposite)
    of = {c: int(classes[i]) for c, i in number.items()}
    inside = share(learned.inner, of)
    outside = (share(learned.across, of) + share(learned.last, of)) / 2
    scores = np.log(inside / outside)
    scores = np.rint(50 * (scores + scores.T)).astype(int)
    data = {
        "works": len(learned.last),
        "classes": ["".join(c for c in chars if of[c] == k) for k in range(CLASSES)],
        "scores": [[int(scores[i, j]) for j in range(i + 1)] for i in range(CLASSES)],
    }
    OUT.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(len(learned.last), "poems,", len(chars), "characters,", OUT.stat().st_size, "bytes")
    measure(held)


class Couplets:
    """Pairs of lines by where they stand in a poem of eight."""

    def __init__(self) -> None:
        self.inner: Pairs = []
        self.across: Pairs = []
        self.last: Pairs = []

    def add(self, lines: list[str]) -> None:
        self.inner += [(lines[2], lines[3]), (lines[4], lines[5])]
        self.across.append((lines[3], lines[4]))
        self.last.append((lines[6], lines[7]))


def eights(corpus: Path) -> Iterator[tuple[str, list[str]]]:
    """(id, lines) of each poem of eight lines of five or of seven."""
    with corpus.open(encoding="utf-8") as handle:
        for record in map(json.loads, handle):
            if record["dynasty"] in ("唐", "宋"):
                lines = [line.text for line in cut(record["text"])]
                if len(lines) == 8 and {len(line) for line in lines} in ({5}, {7}):
                    yield record["id"], lines


def tally(pairs: Iterable[tuple[str, str]], number: dict[str, int], size: int) -> NDArray[np.float64]:
    """How often each stands over each."""
    result = np.zeros((size, size))
    for line, answer in pairs:
        for one, other in zip(line, answer, strict=True):
            if one in number and other in number:
                result[number[one], number[other]] += 1
    return result


def share(pairs: Pairs, of: dict[str, int]) -> NDArray[np.float64]:
    counts = tally(pairs, of, CLASSES) + 0.5
    return counts / counts.sum()


def cluster(opposite: NDArray[np.float64]) -> NDArray[np.int64]:
    """The class of each character."""
    uses = opposite.sum(1)
    expected = np.outer(uses, uses) / uses.sum()
    information = np.log(np.where(opposite > 0, opposite / expected, 1.0)).clip(0)
    values, vectors = np.linalg.eigh(information)
    best = np.argsort(-np.abs(values))[:DIMENSIONS]
    points = vectors[:, best] * np.sqrt(np.abs(values[best]))
    points /= np.linalg.norm(points, axis=1, keepdims=True) + 1e-9
    random = np.random.default_rng(SEED)
    centres = points[random.choice(len(points), CLASSES, replace=False, p=uses / uses.sum())]
    weights = np.sqrt(uses)[:, None]
    for _ in range(25):
        nearest = (points @ centres.T).argmax(1)
        for k in range(CLASSES):
            own = nearest == k
            if own.any():
                centre = (points[own] * weights[own]).sum(0)
                centres[k] = centre / (np.linalg.norm(centre) + 1e-9)
    return (points @ centres.T).argmax(1)


def measure(held: Couplets) -> None:
    """How often a score above 0 stands for a parallel couplet."""
    for name in ("inner", "across", "last"):
        scores = [parallel.score(line, answer) for line, answer in getattr(held, name)]
        print(name, len(scores), "couplets,", f"{sum(s > 0 for s in scores) / len(scores):.3f} above 0")


if __name__ == "__main__":
    main()
