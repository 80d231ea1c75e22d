"""排律 or old-style: 243 long poems near the border, against a reading made without any program.

    python evaluate/prosody_long.py corpus.jsonl

``prosody_long.csv`` has the reading: Tang and Song poems of ten lines or more on one level rhyme, near the border of
what :mod:`luoshen.prosody.shi` calls 排律, filed by a reader (a large language model, not a human expert) who saw
title and text alone. The thresholds were chosen on the set ``chosen``; the set ``held`` was read afterwards: 30 that
the rule calls 排律 and 30 that it does not. Primary metric: ``precision``, the share of what is called 排律 that the
reader calls so, in ``held``; higher is better. These are the hard cases: of all that is called 排律 they are one in
twenty.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

from luoshen.prosody import analyse
from luoshen.works.work import Work

PRIMARY = "precision"
HIGHER_IS_BETTER = True
POEMS = Path(__file__).with_name("prosody_long.csv")


def evaluate(corpus: Path) -> dict[str, Any]:
    """Per set: how many of those called 排律 and of those called old-style the reader calls so too."""
    with POEMS.open(encoding="utf-8") as rows:
        read = {row["id"]: row for row in csv.DictReader(rows)}
    counts: dict[str, dict[str, int]] = {}
    with corpus.open(encoding="utf-8") as lines:
        for work in map(json.loads, lines):
            row = read.get(work["id"])
            if row is None:
                continue
            verdict = analyse(Work(text=work["text"], title=work["title"], dynasty=work["dynasty"]))
            called = "排律" if verdict.form.endswith("排律") else "古体"
            for name in (row["set"], *([f"{row['set']}_sure"] if row["sure"] == "sure" else [])):
                of = counts.setdefault(name, {"排律": 0, "排律_right": 0, "古体": 0, "古体_right": 0})
                of[called] += 1
                of[f"{called}_right"] += called == row["form"]
    held = counts["held"]
    return {PRIMARY: round(held["排律_right"] / held["排律"], 4), "poems": len(read), **counts}


if __name__ == "__main__":
    print(json.dumps(evaluate(Path(sys.argv[1])), ensure_ascii=False, indent=1))
