"""Bring readings into ``train/labels``: the form that training reads and the product ships.

    python train/labels.py reference labels.jsonl          # the first readers
    python train/labels.py later INDEX WORKS OUT_FOLDER later                  # later readers

A later reader's works that were also read by the first readers are a blind share: they are kept
apart in ``….blind.json`` with the agreement that they show, and not trained on.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

LABELS = Path(__file__).parent / "labels"


def write(rows: list[dict], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        for row in sorted(rows, key=lambda r: r["id"]):
            out.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
    print(f"{len(rows)} readings in {path}")


def reference(path: Path) -> list[dict]:
    rows = []
    for line in path.open(encoding="utf-8"):
        work = json.loads(line)
        for reading in work["readings"]:
            rows.append({"id": work["id"], "author": work["author"], "group": 0, **reading})
    return rows


def later(index: Path, works: Path, folder: Path, known: dict[str, dict]) -> tuple[list[dict], list[dict]]:
    batches = json.loads(index.read_text(encoding="utf-8"))
    authors = {w["id"]: w["author"] for w in map(json.loads, works.open(encoding="utf-8"))}
    # Works whose first reading was shown to later readers as an example say nothing of agreement.
    shown = set(json.loads((LABELS / "shown.json").read_text(encoding="utf-8")))
    rows, blind = [], []
    for path in sorted(folder.glob("b*.txt")):
        reader = "n"
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("reader="):
                reader = line.removeprefix("reader=").strip()
                continue
            parts = line.strip().split("|")
            if len(parts) != 4:
                continue
            work = batches[path.stem][int(parts[0]) - 1]
            genes = []
            for item in filter(None, parts[1].split(";")):
                gene, evidence = item.split("=", 1)
                genes.append({"gene": gene[:-1], "strength": int(gene[-1]), "evidence": evidence})
            row = {"id": work, "author": authors.get(work, ""), "group": 1, "reader": reader, "genes": genes}
            row |= {"valence": int(parts[2]), "themes": [t for t in parts[3].split(",") if t]}
            if work not in known:
                rows.append(row)
            elif work not in shown:
                blind.append(row)
    return rows, blind


def agreement(blind: list[dict], known: dict[str, dict]) -> dict:
    """Set F1, first gene in the other's set, and valence r between a later and a first reader."""
    scores, firsts, mine, theirs = [], [], [], []
    for row in blind:
        other = known[row["id"]]
        a, b = {g["gene"] for g in row["genes"]}, {g["gene"] for g in other["genes"]}
        scores.append(2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0)
        if row["genes"]:
            firsts.append(row["genes"][0]["gene"] in b)
        mine.append(row["valence"])
        theirs.append(other["valence"])
    mean = lambda values: sum(values) / max(1, len(values))  # noqa: E731
    ma, mb = mean(mine), mean(theirs)
    top = sum((x - ma) * (y - mb) for x, y in zip(mine, theirs, strict=True))
    below = (sum((x - ma) ** 2 for x in mine) * sum((y - mb) ** 2 for y in theirs)) ** 0.5
    return {
        "works": len(blind),
        "set_f1": round(mean(scores), 3),
        "first_gene_in_set": round(mean(firsts), 3),
        "valence_r": round(top / below, 3) if below else None,
    }


def main() -> None:
    if sys.argv[1] == "reference":
        write(reference(Path(sys.argv[2])), LABELS / "reference.jsonl.gz")
        return
    with gzip.open(LABELS / "reference.jsonl.gz", "rt", encoding="utf-8") as lines:
        known = {row["id"]: row for row in map(json.loads, lines)}
    rows, blind = later(*map(Path, sys.argv[2:5]), known)
    target = LABELS / f"{sys.argv[5]}.jsonl.gz"
    write(rows, target)
    report = {"all": agreement(blind, known)}
    for reader in sorted({row["reader"] for row in blind}):
        report[reader] = agreement([row for row in blind if row["reader"] == reader], known)
    kept = json.dumps({"agreement": report, "readings": blind}, ensure_ascii=False)
    target.with_name(target.name.replace(".jsonl.gz", ".blind.json")).write_text(kept + "\n", encoding="utf-8")
    print(json.dumps(report["all"]))


if __name__ == "__main__":
    main()
