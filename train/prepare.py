"""Prepare the corpus: every work of ``chinese-poetry`` once, in simplified script, without editorial notes.

    python train/prepare.py PACKAGE/dist corpus.jsonl

``PACKAGE`` is the npm package ``chinese-poetry`` 2.0.1, unpacked. One work a line: ``{id, source, source_id, author,
dynasty, title, text}``; ``source`` is a folder of the package, ``source_id`` its id of the work or null, and ``text``
has one paragraph a line. ``id`` is the first 12 hexadecimal digits of the SHA-256 of the text's letters; of works
with the same letters the first one is kept. Texts of fewer than 8 letters are left out.

The labels are joined to the texts by id, and vocabulary and weights come from these lines in this order: a change
of the rules here asks for new ones of all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import opencc

FEWEST_LETTERS = 8
#: What stands in brackets is an editor's: variant readings, sources, stage directions.
NOTE = re.compile(r"（[^（）]*）|\([^()]*\)|〔[^〕]*〕|\[[^\]]*\]")

#: source, source_id, author, dynasty, title, paragraphs; script and notes as in the package.
Record = tuple[str, str | None, str, str, str, list[str]]


def records(dist: Path) -> Iterator[Record]:
    """Every record of the folders that hold verse, in the order that decides which duplicate is kept."""
    for path in sorted(dist.glob("quantangshi/poet.*.json")):
        dynasty = "唐" if "tang" in path.name else "宋"  # the folder holds both
        for r in load(path):
            yield "quantangshi", r.get("id"), r["author"], dynasty, r["title"], r["paragraphs"]
    for path in sorted(dist.glob("songci/ci.song.*.json")):
        for r in load(path):
            yield "songci", None, r["author"], "宋", r["rhythmic"], r["paragraphs"]
    for r in load(dist / "yuanqu/yuanqu.json"):
        yield "yuanqu", None, r["author"], "元", r["title"], r["paragraphs"]
    for r in load(dist / "shijing/shijing.json"):
        yield "shijing", None, "", "先秦", r["title"], r["content"]
    for r in load(dist / "chuci/chuci.json"):
        yield "chuci", None, r["author"], "先秦", r["title"], r["content"]
    for r in load(dist / "caocaoshiji/caocao.json"):
        yield "caocaoshiji", None, "曹操", "魏", r["title"], r["paragraphs"]
    for path in sorted(dist.glob("nalanxingde/*.json")):
        for r in load(path):
            yield "nalanxingde", None, r["author"], "清", r["title"], r["para"]
    for path in [*sorted(dist.glob("wudaishici/huajianji/*juan.json")), dist / "wudaishici/nantang/poetrys.json"]:
        for r in load(path):
            title = r.get("title") or r.get("rhythmic", "")
            yield "wudaishici", None, r.get("author", ""), "五代", title, r["paragraphs"]


def load(path: Path) -> list[dict]:
    """The records of a file of the package."""
    return json.loads(path.read_text(encoding="utf-8"))


def works(given: Iterable[Record]) -> Iterator[dict[str, str | None]]:
    """The works of some records, each once."""
    simplified = opencc.OpenCC("t2s").convert
    seen = set()
    for source, source_id, author, dynasty, title, paragraphs in given:
        text = "\n".join(p.strip() for p in paragraphs if p and p.strip())
        text = simplified(NOTE.sub("", text))
        letters = "".join(filter(str.isalpha, text))
        identity = hashlib.sha256(letters.encode()).hexdigest()[:12]
        if len(letters) < FEWEST_LETTERS or identity in seen:
            continue
        seen.add(identity)
        yield {
            "id": identity,
            "source": source,
            "source_id": source_id,
            "author": simplified(author or ""),
            "dynasty": dynasty,
            "title": simplified(title or ""),
            "text": text,
        }


def main() -> None:
    """Read the package, write the works."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dist", type=Path, help="the folder dist of the unpacked package")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    count = 0
    with args.out.open("w", encoding="utf-8") as out:
        for work in works(records(args.dist)):
            out.write(json.dumps(work, ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} works in {args.out}")


if __name__ == "__main__":
    main()
