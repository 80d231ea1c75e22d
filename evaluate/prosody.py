"""How often prosody agrees with hand-checked cases.

    python evaluate/prosody.py [CASES.jsonl]

A case quotes a text (with a title and a dynasty, or without) and expects any of: ``form``, ``rhyme``, ``regulated``,
``first_line_rhymes``, ``tune``; ``findings``, codes that must be among the faults and notes; ``tone``, a list
``[line, place, character, 平 or 仄]`` counted from 1. Primary metric: ``accuracy``, the share of cases right in
everything that they expect; higher is better.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from luoshen.prosody import analyse
from luoshen.works.work import Work

PRIMARY = "accuracy"
HIGHER_IS_BETTER = True
CASES = Path(__file__).parents[1] / "tests/prosody/cases.jsonl"


def failures(case: Mapping[str, Any]) -> list[str]:
    """What a case expects and does not get, one line each; empty when it is right."""
    verdict = analyse(Work(text=case["text"], title=case["title"], dynasty=case.get("dynasty", "")))
    wrong = []
    for name, expected in case["expect"].items():
        got: object
        if name == "findings":
            got = sorted({f.code for f in (*verdict.faults, *verdict.notes)})
            right = set(expected) <= set(got)
        elif name == "tone":
            line, place, char, tone = expected
            scanned = verdict.lines[line - 1]
            got = scanned.line.text[place - 1 : place] + scanned.tones[place - 1 : place]
            right = got == char + tone
        else:
            got = verdict.tune.name if name == "tune" and verdict.tune else getattr(verdict, name)
            right = got == expected
        if not right:
            wrong.append(f"{name}: {got!r}, expected {expected!r}")
    return wrong


def evaluate(cases: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """``accuracy`` over all cases, and by what they ask."""
    total = right = 0
    by_kind: dict[str, list[int]] = {}
    wrong = []
    for case in cases:
        found = failures(case)
        total += 1
        right += not found
        for name in case["expect"]:
            counts = by_kind.setdefault(name, [0, 0])
            counts[0] += not any(f.startswith(f"{name}:") for f in found)
            counts[1] += 1
        if found:
            wrong.append({"title": case["title"], "text": case["text"][:24], "wrong": found})
    return {
        PRIMARY: right / total if total else 0.0,
        "cases": total,
        "by_kind": {name: {"right": r, "of": n} for name, (r, n) in by_kind.items()},
        "wrong": wrong,
    }


def main() -> None:
    """Print the figures as JSON."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    print(json.dumps(evaluate(cases), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
