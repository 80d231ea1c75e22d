"""Draw works for later readers, hand out batches, check the form of what was read.

    python train/sample.py draw labels.jsonl corpus.jsonl FOLDER   # FOLDER/batches, index.json, works.jsonl
    python train/sample.py claim FOLDER READER                     # prints the next batch that nobody has
    python train/sample.py check FOLDER BATCH                      # FOLDER/out/BATCH.txt against FOLDER/batches

``labels.jsonl`` holds the works of the first readers, one a line, with ``id``, ``author``, ``text`` and ``sample``
(how the work was drawn). New works are drawn by source; each batch has 58 of them and two of the first readers',
in random order and with nothing but a number and the text, so that nobody sees which two those are.

What a reader writes: a line ``reader=NAME``, then for each work
``number|GENE<1-3>=<words of the text>;…|valence -2 to 2|theme,theme``, genes from strongest to weakest.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from readings import GENES, THEMES

SEED = 20261124
LETTERS = range(16, 141)
#: Signs of a damaged text: lost characters, characters described by their parts, lost encoding.
DAMAGE = ("□", "{", "\ufffd")
BATCH, BLIND = 60, 2
BLIND_POOL = 5000  #: of the first readers' works, after which they come a second time
OF_ONE_POET = 160
#: How many of each kind are wanted: poets of whom the first readers read many, and sources.
WANTED = {
    "random": 13_000, "major": 9000, "songci": 2500, "yuanqu": 2000, "nalanxingde": 150, "shijing": 200,
    "wudaishici": 300, "chuci": 30, "caocaoshiji": 20,
}  # fmt: skip
MOST_GENES, MOST_THEMES = 5, 2
EVIDENCE = range(2, 8)


def read_lines(path: Path) -> Iterator[dict]:
    """The objects of a file with one a line."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def kind_of(work: dict, major: set[str]) -> str:
    """What a work is drawn as: its source, but ``major`` or ``random`` by its poet."""
    if work["source"] in ("quantangshi", "songci") and work["author"] in major:
        return "major"
    return "random" if work["source"] == "quantangshi" else work["source"]


def drawn(known: dict[str, dict], corpus: Path, rng: random.Random) -> list[dict]:
    """New works, each with ``sample``, in random order."""
    major = {work["author"] for work in known.values() if work.get("sample") == "major"}
    pools: dict[str, list[dict]] = defaultdict(list)
    for work in read_lines(corpus):
        sound = not any(sign in work["text"] for sign in DAMAGE)
        if sound and work["id"] not in known and sum(map(str.isalpha, work["text"])) in LETTERS:
            pools[kind_of(work, major)].append(work)
    chosen = []
    for kind, wanted in WANTED.items():
        pool = pools[kind]
        rng.shuffle(pool)
        if kind == "major":
            pool = no_more_than(OF_ONE_POET, pool)
        chosen.extend(work | {"sample": kind} for work in pool[:wanted])
    rng.shuffle(chosen)
    return chosen


def no_more_than(most: int, works: list[dict]) -> list[dict]:
    """The first ``most`` works of each poet."""
    counts: Counter[str] = Counter()
    kept = []
    for work in works:
        counts[work["author"]] += 1
        if counts[work["author"]] <= most:
            kept.append(work)
    return kept


def draw(labels: Path, corpus: Path, folder: Path) -> None:
    """Write the batches, ``index.json`` (ids by batch, in order) and ``works.jsonl`` (the new works)."""
    rng = random.Random(SEED)
    known = {work["id"]: work for work in read_lines(labels)}
    chosen = drawn(known, corpus, rng)
    blind = list(known.values())
    rng.shuffle(blind)
    (folder / "batches").mkdir(parents=True, exist_ok=True)
    (folder / "out").mkdir(exist_ok=True)
    index = {}
    for number, start in enumerate(range(0, len(chosen), BATCH - BLIND)):
        first = BLIND * number % BLIND_POOL
        batch = chosen[start : start + BATCH - BLIND] + blind[first : first + BLIND]
        rng.shuffle(batch)
        name = f"b{number:04d}"
        index[name] = [work["id"] for work in batch]
        texts = "".join(f"#{place:02d}\n{work['text']}\n" for place, work in enumerate(batch, 1))
        (folder / "batches" / f"{name}.txt").write_text(texts, encoding="utf-8")
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    lines = "".join(json.dumps(work, ensure_ascii=False) + "\n" for work in chosen)
    (folder / "works.jsonl").write_text(lines, encoding="utf-8")
    print(f"{len(chosen)} works in {len(index)} batches")


def claim(folder: Path, reader: str) -> None:
    """Print the first batch without an owner, who ``reader`` becomes: of two that ask at once only one can."""
    for path in sorted((folder / "batches").glob("*.txt")):
        owned = folder / "claims" / path.stem
        owned.parent.mkdir(exist_ok=True)
        try:
            owned.mkdir()
        except FileExistsError:
            continue
        (owned / "reader").write_text(f"{reader} {time.strftime('%H:%M:%S')}\n", encoding="utf-8")
        print(f"=== {path.stem}\n{path.read_text(encoding='utf-8')}", end="")
        return
    print("none left")


def faults(fields: list[str], text: str) -> Iterator[str]:
    """What is wrong with the genes, the valence and the themes of one reading."""
    genes = []
    for item in filter(None, fields[0].split(";")):
        found = re.fullmatch(r"(\S\S)([123])=(.+)", item)
        if not found:
            yield f"form {item}"
            continue
        gene, _, evidence = found.groups()
        genes.append(gene)
        if gene not in GENES:
            yield f"gene {gene}"
        if evidence not in text:
            yield f"evidence not verbatim: {evidence}"
        elif len(evidence) not in EVIDENCE or re.search(r"\W", evidence):
            yield f"evidence 2-7 characters, no punctuation: {evidence}"
    if len(set(genes)) < len(genes):
        yield "gene twice"
    if len(genes) > MOST_GENES:
        yield f"over {MOST_GENES} genes"
    if fields[1] not in ("-2", "-1", "0", "1", "2"):
        yield f"valence {fields[1]}"
    themes = [theme for theme in fields[2].split(",") if theme]
    if not 1 <= len(themes) <= MOST_THEMES or not set(themes) <= set(THEMES):
        yield f"themes {fields[2]}"


def check(folder: Path, batch: str) -> bool:
    """Whether a batch was read whole and in form; prints what is not."""
    given = (folder / "batches" / f"{batch}.txt").read_text(encoding="utf-8")
    works = re.finditer(r"#(\d+)\n(.*?)(?=\n#\d+\n|\Z)", given, re.DOTALL)
    texts = {int(work[1]): work[2] for work in works}
    seen: set[int] = set()
    sound = True
    for line in (folder / "out" / f"{batch}.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("reader="):
            continue
        number, *fields = line.split("|")
        place = int(number.lstrip("#")) if number.lstrip("#").isdecimal() else 0
        if len(fields) != 3:
            wrong = ["needs 4 fields"]
        elif place not in texts:
            wrong = ["no such number"]
        else:
            wrong = ["twice"] * (place in seen) + list(faults(fields, texts[place]))
            seen.add(place)
        for fault in wrong:
            print(f"BAD {fault} :: {line}")
        sound = sound and not wrong
    missing = sorted(texts.keys() - seen)
    if missing:
        print("MISSING", missing)
    sound = sound and not missing
    print(batch, "ok" if sound else "to mend: rewrite those lines", len(seen), "of", len(texts))
    return sound


def main() -> None:
    """One of the three commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="new works into batches")
    drawing.add_argument("labels", type=Path)
    drawing.add_argument("corpus", type=Path)
    drawing.add_argument("folder", type=Path)
    claiming = commands.add_parser("claim", help="take the next batch")
    claiming.add_argument("folder", type=Path)
    claiming.add_argument("reader")
    checking = commands.add_parser("check", help="the form of a read batch")
    checking.add_argument("folder", type=Path)
    checking.add_argument("batch")
    args = parser.parse_args()
    if args.command == "draw":
        draw(args.labels, args.corpus, args.folder)
    elif args.command == "claim":
        claim(args.folder, args.reader)
    elif not check(args.folder, args.batch):
        sys.exit(1)


if __name__ == "__main__":
    main()
