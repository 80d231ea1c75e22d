"""Candidates for the imagery lexicon: the words that a corpus itself holds together.

    python train/lexicon.py corpus.jsonl --out candidates.tsv

Draws a sample of the works (one JSON object a line, with ``text`` in simplified script), counts every
run of one to four Han characters between two marks of punctuation, and keeps those
that stand often, cohere (the least pointwise mutual information over all ways of cutting the word
in two, in bits) and are free at both ends (the entropy of the character before and after, in bits):
what Chinese word discovery has used since Sun, Shen and Tsou (1998). The list is only where the
curation starts from: ``src/luoshen/decode/lexicon.csv`` is made by hand.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np

BITS = 12  #: a character's number; five of them fit in an int64
LONGEST = 4
LEAST = {1: 100, 2: 40, 3: 20, 4: 10}  #: occurrences that a word of so many characters needs
LEAST_PMI, LEAST_ENTROPY = 1.0, 2.0
SAMPLE, SEED = 60_000, 7
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")

Table = tuple[np.ndarray, np.ndarray]


def read_characters(path: Path) -> tuple[np.ndarray, str]:
    """The corpus as one ``int64`` array of character numbers (0: a break or a rare character), and the characters."""
    with path.open(encoding="utf-8") as file:
        lines = file.readlines()
    lines = random.Random(SEED).sample(lines, min(SAMPLE, len(lines)))
    segments = [run for line in lines for run in _HAN.findall(json.loads(line)["text"])]
    counts: Counter[str] = Counter()
    for segment in segments:
        counts.update(segment)
    characters = "".join(c for c, _ in counts.most_common((1 << BITS) - 1))
    number_of = np.zeros(0x40000, dtype=np.int64)
    number_of[[ord(c) for c in characters]] = np.arange(1, len(characters) + 1)
    points = np.frombuffer("\n".join(segments).encode("utf-32-le"), dtype=np.uint32)
    return number_of[points], characters


def count_runs(numbers: np.ndarray, length: int) -> Table:
    """Runs of ``length`` characters that hold no break: sorted keys and how often each stands."""
    key = np.zeros(len(numbers) - length + 1, dtype=np.int64)
    whole = np.ones(len(key), dtype=bool)
    for place in range(length):
        part = numbers[place : place + len(key)]
        key = (key << BITS) | part
        whole &= part > 0
    return np.unique(key[whole], return_counts=True)


def look_up(table: Table, keys: np.ndarray) -> np.ndarray:
    """How often each of ``keys`` stands (0 where it does not)."""
    at = np.minimum(np.searchsorted(table[0], keys), len(table[0]) - 1)
    return np.where(table[0][at] == keys, table[1][at], 0)


def entropy(owners: np.ndarray, counts: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """For each of the sorted ``keys``, the entropy in bits of the ``counts`` whose owner it is."""
    at = np.minimum(np.searchsorted(keys, owners), len(keys) - 1)
    mine = keys[at] == owners
    at, counts = at[mine], counts[mine].astype(float)
    total = np.bincount(at, counts, len(keys))
    weighted = np.bincount(at, counts * np.log2(counts), len(keys))
    filled = np.maximum(total, 1.0)
    return np.where(total > 0, np.log2(filled) - weighted / filled, 0.0)


def main() -> None:
    """Write the candidates, most frequent first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    numbers, characters = read_characters(args.corpus)
    tables = {1: count_runs(numbers, 1)}
    total = int(tables[1][1].sum())
    rows: list[tuple[int, str, float, float, float]] = []
    for length in range(1, LONGEST + 1):
        tables[length + 1] = count_runs(numbers, length + 1)
        often = tables[length][1] >= LEAST[length]
        keys, counts = tables[length][0][often], tables[length][1][often]
        pmi = np.full(len(keys), np.inf)
        for cut in range(1, length):
            low = BITS * (length - cut)
            head, tail = keys >> low, keys & ((1 << low) - 1)
            parts = look_up(tables[cut], head) * look_up(tables[length - cut], tail)
            pmi = np.minimum(pmi, np.log2(counts / parts * total))
        longer, longer_counts = tables[length + 1]
        after = entropy(longer >> BITS, longer_counts, keys)
        tail = longer & ((1 << BITS * length) - 1)
        before = entropy(tail, longer_counts, keys)
        for key, count, bits, left, right in zip(keys, counts, pmi, before, after, strict=True):
            if length == 1 or (bits >= LEAST_PMI and min(left, right) >= LEAST_ENTROPY):
                places = range(BITS * (length - 1), -1, -BITS)
                word = "".join(characters[((int(key) >> place) & ((1 << BITS) - 1)) - 1] for place in places)
                rows.append((int(count), word, float(bits), float(left), float(right)))
    rows.sort(key=lambda row: (-row[0], row[1]))
    with args.out.open("w", encoding="utf-8") as out:
        out.write("word\tcount\tpmi\tentropy_before\tentropy_after\n")
        for count, word, bits, left, right in rows:
            out.write(f"{word}\t{count}\t{bits:.2f}\t{left:.2f}\t{right:.2f}\n")
    print(f"{len(rows)} candidates from {total} characters")


if __name__ == "__main__":
    main()
