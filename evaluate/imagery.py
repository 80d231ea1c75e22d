"""Precision of the imagery lexicon: how often does the poem really name the image where a hit says it does?

    python evaluate/imagery.py                       # the figure, as JSON
    python evaluate/imagery.py draw corpus.jsonl 11  # a fresh sample to judge, as CSV

``imagery_hits.csv`` holds two samples of hits, each read in its line: ``right`` if the poem at that place names
that image (a figure of speech names it too), ``wrong``, or ``doubtful``. The first sample was read to mend the
lexicon; the second was drawn after that with another seed, and its precision is the primary metric (0 to 1,
higher is better). Doubtful hits count as wrong. The errors that it found were mended after it was counted.
One reader judged, a language model; no second reader has checked it. No concept gives more than four hits, so rare
images weigh more than in running text. Recall is not measured. Intervals are Wilson's (1927), 95 %.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import Any

HITS = Path(__file__).with_name("imagery_hits.csv")
FIELDS = ("sample", "id", "title", "line", "start", "form", "concept", "verdict", "remark")
PRIMARY, DIRECTION = "precision", "higher"
COUNT, MOST = 300, 4
_Z = 1.959964


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927)."""
    share, z2 = right / total, _Z * _Z
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z * sqrt(share * (1 - share) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return centre - half, centre + half


def evaluate(path: Path = HITS) -> dict[str, Any]:
    """Precision of the last sample with its interval, and the verdicts of every sample."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    samples: dict[str, Any] = {}
    for sample in sorted({row["sample"] for row in rows}):
        verdicts = Counter(row["verdict"] for row in rows if row["sample"] == sample)
        total = verdicts.total()
        low, high = wilson(verdicts["right"], total)
        samples[sample] = {
            "hits": total,
            **{name: verdicts[name] for name in ("right", "wrong", "doubtful")},
            "precision": round(verdicts["right"] / total, 4),
            "interval": [round(low, 4), round(high, 4)],
        }
    last = samples[max(samples)]
    return {"precision": last["precision"], "interval": last["interval"], "samples": samples}


def draw(corpus: Path, seed: int) -> list[dict[str, Any]]:
    """``COUNT`` hits, one a work, at most ``MOST`` a concept, from JSON lines with ``id``, ``title``, ``text``.

    ``start`` is the code point in the work's text, ``line`` the segment around it.
    """
    from luoshen.decode.imagery import find_images

    chance = random.Random(seed)
    with corpus.open(encoding="utf-8") as file:
        lines = file.readlines()
    chance.shuffle(lines)
    taken: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    for line in lines:
        work = json.loads(line)
        hits = [(image.image, evidence) for image in find_images(work["text"]) for evidence in image.evidence]
        if not hits:
            continue
        concept, hit = chance.choice(hits)
        if taken[concept] == MOST:
            continue
        taken[concept] += 1
        begin = max(work["text"].rfind(mark, 0, hit.start) for mark in "。\n！？；") + 1
        ends = [at for mark in "。\n！？；" if (at := work["text"].find(mark, hit.end)) >= 0]
        quote = work["text"][begin : min(ends, default=len(work["text"]))]
        values = ("", work["id"], work["title"], quote, hit.start, hit.quote, concept, "", "")
        rows.append(dict(zip(FIELDS, values, strict=True)))
        if len(rows) == COUNT:
            break
    return rows


def main() -> None:
    """Print the figures, or a sample to judge."""
    if sys.argv[1:2] == ["draw"]:
        writer = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(draw(Path(sys.argv[2]), int(sys.argv[3])))
        return
    print(json.dumps(evaluate(), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
