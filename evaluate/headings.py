"""Headings that stand above a text as plain lines: how many are told, and how many lines of verse are taken for one.

    python evaluate/headings.py DATA/corpus.jsonl

Primary: false lifts, of works without a heading (lower is better). Right: title, author, dynasty as far as it stands
there, and the body letter for letter. On 3,000 works drawn at random from the corpus of ``train/prepare.py``.
"""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path

from luoshen.works.heading import lift_heading

WORKS, SEED = 3000, 5
LAYOUTS = {
    "as in the corpus": lambda text: text,
    "on one line": lambda text: text.replace("\n", ""),
    "a segment a line": lambda text: _segments(text),
    "blank lines between": lambda text: text.replace("\n", "\n\n"),
    "without punctuation": lambda text: re.sub("[，。！？；、：]", "", _segments(text)),
    "ASCII punctuation": lambda text: text.translate(str.maketrans("，。！？；：", ",.!?;:")),
}
#: What stands above, and what of it should be found beside the title.
HEADINGS = {
    "{title}\n{author}\n": ("author",),
    "{title}\n{author}\n\n": ("author",),
    "{title} {author}\n": ("author",),
    "{author} {title}\n": ("author",),
    "《{title}》 {author}\n": ("author",),
    "{author}《{title}》\n": ("author",),
    "{author}：{title}\n": ("author",),
    "{title}\n作者：{author}\n\n": ("author",),
    "{title}\n〔{dynasty}〕{author}\n\n": ("author", "dynasty"),
    "　　{title}\n　　（{dynasty}）{author}\n": ("author", "dynasty"),
    "{title}\n{dynasty}·{author}\n": ("author", "dynasty"),
    "{title}（{dynasty}·{author}）\n": ("author", "dynasty"),
    "{title}\n{author}〔{dynasty}代〕\n": ("author", "dynasty"),
    "{title}\n\n{dynasty}代：{author}\n\n": ("author", "dynasty"),
    "{title}\n{dynasty}\n{author}\n": ("author", "dynasty"),
    "{title}\n\n": (),
    "{title}\n": (),
    "《{title}》\n": (),
}


def _segments(text: str) -> str:
    return re.sub("(?<=[，。！？；])(?!\n|$)", "\n", text)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def told(work: dict, heading: str, parts: tuple[str, ...]) -> str:
    """``right``, ``wrong`` or ``left``: what becomes of ``heading`` above the work."""
    found = lift_heading(heading.format(**work) + work["text"])
    if found is None:
        return "left"
    right = _squeezed(found.title) == _squeezed(work["title"]) and found.body == work["text"]
    return "right" if right and all(getattr(found, part) == work[part] for part in parts) else "wrong"


def main() -> None:
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    works = [json.loads(line) for line in random.Random(SEED).sample(lines, WORKS)]
    for name, layout in LAYOUTS.items():
        print(f"false lifts, {name}: {sum(lift_heading(layout(work['text'])) is not None for work in works)}")
    whole = [work for work in works if work["title"] and work["author"]]
    for heading, parts in HEADINGS.items():
        answers = [told(work, heading, parts) for work in whole]
        counts = ", ".join(f"{answers.count(kind) / len(answers):.1%} {kind}" for kind in ("right", "wrong", "left"))
        print(f"{heading!r}: {counts}")


if __name__ == "__main__":
    main()
