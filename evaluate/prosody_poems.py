"""Form and rhyme group of 300 poems drawn by chance, against a reading made without any program.

    python evaluate/prosody_poems.py corpus.jsonl

``prosody_poems.csv`` has the reading: 300 Tang and Song poems of four or eight even lines, drawn with seed
20261125, each filed and its even lines' rhyme words put into their 平水韵 groups by a reader (a large language
model, not a human expert) who saw title and text alone. Groups joined by ``+`` are a mixture or a change of
rhyme; naming one of them counts as wrong. Primary metric: ``form``, the share filed alike; higher is better.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

from luoshen.prosody import analyse
from luoshen.works.work import Work

PRIMARY = "form"
HIGHER_IS_BETTER = True
POEMS = Path(__file__).with_name("prosody_poems.csv")


def evaluate(corpus: Path) -> dict[str, Any]:
    """Shares of poems whose form and whose rhyme group are the reader's, and the poems that differ."""
    with POEMS.open(encoding="utf-8") as rows:
        read = {row["id"]: row for row in csv.DictReader(rows)}
    forms = groups = steady = steady_groups = 0
    differ = []
    with corpus.open(encoding="utf-8") as lines:
        for work in map(json.loads, lines):
            row = read.get(work["id"])
            if row is None:
                continue
            verdict = analyse(Work(text=work["text"], title=work["title"]))
            form, group = verdict.form == row["form"], (verdict.rhyme_group or "")[-1:] == row["rhyme_group"]
            forms, groups = forms + form, groups + group
            if "+" not in row["rhyme_group"]:
                steady, steady_groups = steady + 1, steady_groups + group
            if not (form and group):
                differ.append(f"{work['title']}: {verdict.form} {verdict.rhyme_group}; {'|'.join(row.values())}")
    poems = len(read)
    return {
        PRIMARY: round(forms / poems, 4),
        "rhyme_group": round(groups / poems, 4),
        "rhyme_group_of_one_rhyme": round(steady_groups / steady, 4),
        "poems": poems,
        "of_one_rhyme": steady,
        "differ": differ,
    }


if __name__ == "__main__":
    print(json.dumps(evaluate(Path(sys.argv[1])), ensure_ascii=False, indent=1))
