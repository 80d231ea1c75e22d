"""Which traditional character a simplified one stands for in verse: ``works/ambiguous.json``.

    python train/script.py PACKAGE/dist src/luoshen/works/ambiguous.json

``PACKAGE`` is the npm package ``chinese-poetry`` 2.0.1, unpacked; its 全唐诗 and 全宋诗 are in traditional script. Each
text is put into simplified script and back (OpenCC), and compared with itself. Every tenth file is held out, and the
figures printed at the end are those of it alone; the file after it serves to choose the characters that are kept:
those that their neighbours tell, or that OpenCC plainly has wrong. What only comes in variants (黄, 黃) is left alone.
Deterministic; half a minute of one core.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import opencc

from luoshen.works import ambiguous

EVERY = 10
FEWEST = 20  #: a form that is rarer is no form
#: A neighbour counts if it was met so often, and changes the odds by so many nats.
MEETINGS, LEAST = 2, 1.0
SMOOTHING = 1.0
#: Kept: of the errors, no more than the first share of those without neighbours; or those without neighbours no more
#: than the second share of OpenCC's, and then neighbours are not looked at.
TOLD, PLAIN = 0.95, 0.4
NOTE = re.compile("[（(][^（）()]*[）)]")
NAMED = "余后里云几干斗谷松丑征御只于游发历钟"


def readings(files: list[Path]) -> dict[str, np.ndarray]:
    """Of every Han character in the files: simplified, as it is, what OpenCC makes of it, its neighbours, its file."""
    simplify, traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    columns: dict[str, list[np.ndarray]] = defaultdict(list)
    for number, file in enumerate(files):
        lines = [NOTE.sub("", line) for record in json.loads(file.read_bytes()) for line in record["paragraphs"]]
        texts = [lines, simplify.convert("\n".join(lines)).split("\n")]
        texts.append(traditional.convert("\n".join(texts[1])).split("\n"))
        same = [each for each in zip(*texts, strict=True) if len(set(map(len, each))) == 1]
        own, simple, view = (codes("\n".join(("", *column, ""))) for column in zip(*same, strict=True))
        han = ((simple >= 0x3400) & (simple <= 0x9FFF)) | (simple >= 0x20000)
        around = np.where(han, simple, ord(ambiguous.NO_HAN))
        at = np.flatnonzero(han)
        for name, column in {
            "simple": simple[at],
            "own": own[at],
            "view": view[at],
            "left": around[at - 1],
            "right": around[at + 1],
            "file": np.full(len(at), number),
        }.items():
            columns[name].append(column)
    return {name: np.concatenate(parts) for name, parts in columns.items()}


def codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def forms(own: np.ndarray) -> dict[str, int]:
    """The forms that a traditional character set has, with their counts, commonest first."""
    counts = Counter(map(chr, own.tolist()))
    usual = {form: count for form, count in counts.items() if count >= FEWEST and in_big5(form)}
    return dict(sorted(usual.items(), key=lambda item: (-item[1], item[0])))


def in_big5(char: str) -> bool:
    try:
        char.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True


def learn(rows: dict[str, np.ndarray]) -> dict:
    """The entry of one character, of which ``rows`` are all the places."""
    counts = forms(rows["own"])
    entry: dict = {"counts": counts}
    names = list(counts)
    index = {ord(form): number for number, form in enumerate(names)}
    label = np.array([index.get(own, -1) for own in rows["own"].tolist()])
    prior = np.array(list(counts.values())) / sum(counts.values())
    weight = SMOOTHING * len(names)
    for side in ("left", "right"):
        met, inverse = np.unique(rows[side][label >= 0], return_inverse=True)
        table = np.zeros((len(met), len(names)))
        np.add.at(table, (inverse, label[label >= 0]), 1)
        total = table.sum(axis=1, keepdims=True)
        odds = np.log((table + weight * prior) / (total + weight) / prior)
        odds = odds[:, 1:] - odds[:, :1]
        odds[(np.abs(odds) < LEAST) | (total < MEETINGS)] = 0
        found: dict[str, dict[str, str]] = {}
        for number, form in enumerate(names[1:]):
            by_weight = defaultdict(str)
            for neighbour, value in zip(met.tolist(), np.rint(odds[:, number]).astype(int).tolist(), strict=True):
                if value:
                    by_weight[str(value)] += chr(neighbour)
            found[form] = dict(sorted(by_weight.items(), key=lambda item: int(item[0])))
        entry[side] = found
    return entry


def errors(entry: dict, rows: dict[str, np.ndarray]) -> int:
    character = ambiguous.Character.read(**entry)
    triples = zip(*(map(chr, rows[name].tolist()) for name in ("left", "right", "own")), strict=True)
    return sum(character.form(left, right) != own for left, right, own in triples)


def choose(rows: dict[str, np.ndarray], fit: np.ndarray, judge: np.ndarray) -> dict | None:
    """The entry of a character as it is kept; None if OpenCC does as well."""
    part = {name: column[judge] for name, column in rows.items()}
    if len(forms(rows["own"][fit])) < 2:
        return None
    entry = learn({name: column[fit] for name, column in rows.items()})
    theirs, plain = int((part["view"] != part["own"]).sum()), errors({"counts": entry["counts"]}, part)
    ours = errors(entry, part)
    if ours <= theirs - 2 and ours <= TOLD * min(theirs, plain):
        return learn({name: column[fit | judge] for name, column in rows.items()})
    if plain <= theirs - 2 and plain <= PLAIN * theirs:
        return {"counts": forms(rows["own"][fit | judge])}
    return None


def main() -> None:
    files = sorted(Path(sys.argv[1]).glob("quantangshi/poet.*.json"))
    rows = readings(files)
    held_out, judge = rows["file"] % EVERY == 0, rows["file"] % EVERY == 1
    wrong, han = int((rows["own"] != rows["view"])[held_out].sum()), int(held_out.sum())
    order = np.argsort(rows["simple"], kind="stable")
    ends = np.flatnonzero(np.diff(rows["simple"][order])) + 1
    entries, told = {}, []
    for places in np.split(order, ends):
        own = {name: column[places] for name, column in rows.items()}
        test = held_out[places]
        entry = choose(own, ~(test | judge[places]), judge[places])
        if entry is not None:
            char = chr(int(own["simple"][0]))
            entries[char] = entry
            part = {name: column[test] for name, column in own.items()}
            told.append((char, int(test.sum()), int((part["view"] != part["own"]).sum()), errors(entry, part)))
    count, before, after = (sum(row[n] for row in told) for n in (1, 2, 3))
    data = {
        "source": "chinese-poetry 2.0.1, quantangshi",
        "held_out": f"file 0 of every {EVERY}",
        "characters": entries,
    }
    Path(sys.argv[2]).write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"held out: {han} Han in {sum(n % EVERY == 0 for n in range(len(files)))} of {len(files)} files")
    print(
        f"all of them right: {1 - wrong / han:.4%} by OpenCC, {1 - (wrong - before + after) / han:.4%} with the table"
    )
    print(f"{len(told)} characters of the table, {count} times: {before} errors by OpenCC, {after} with the table")
    for char, times, theirs, ours in sorted(told, key=lambda row: row[3] - row[2]):
        print(f"{char}{'*' if char in NAMED else ''} {times}: {theirs} -> {ours}")


if __name__ == "__main__":
    main()
