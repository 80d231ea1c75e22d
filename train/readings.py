"""Readings and their texts as training examples, folded by author.

Readings are in ``train/labels/*.jsonl.gz``: one reading a line, ``{id, author, reader, group, genes,
valence, themes}``. The texts come from the prepared corpus and are joined by id. Readers differ in how
freely they name a gene, so each later reader has a number of their own; the first readers, who set the
standard, are number 0 together.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from luoshen.decode.features import MAX_TOKENS, Features, Vocabulary
from luoshen.genes.vocabulary import GENES, THEMES

LABELS = Path(__file__).parent / "labels"
MODEL = Path(__file__).parents[1] / "src/luoshen/decode/model"
FOLDS = 5
ANONYMOUS = {"", "无名氏", "佚名", "不详", "失名"}
#: Weight of a later reading, beside 1 of the first readers', which were made with more care.
LATER = 0.7


@dataclass(frozen=True)
class Example:
    """One reading of one text, ready to learn from."""

    id: str
    text: str
    features: Features
    strengths: np.ndarray
    valence: int
    themes: np.ndarray
    evidence: tuple[tuple[int, int, int], ...]  #: gene, first token, past the last token
    first: int  #: the gene listed first, -1 if none
    reader: int
    fold: int

    @property
    def weight(self) -> float:
        return LATER if self.reader else 1.0


def fold_of(author: str, work: str) -> int:
    """All works of a poet are in one fold; anonymous works are spread by id."""
    key = work if author in ANONYMOUS else author
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS


def load_readings() -> list[dict]:
    rows = []
    for path in sorted(LABELS.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows.extend(json.loads(line) for line in lines)
    return rows


def load_examples(corpus: Path) -> list[Example]:
    rows = load_readings()
    wanted = {row["id"] for row in rows}
    texts = {}
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            work = json.loads(line)
            if work["id"] in wanted:
                texts[work["id"]] = work["text"]
    vocabulary = Vocabulary.load(MODEL / "vocabulary.json")
    numbers = {name: number for number, name in enumerate(sorted({r["reader"] for r in rows if r["group"]}), 1)}
    return [
        example_of(row, numbers[row["reader"]] if row["group"] else 0, texts[row["id"]], vocabulary)
        for row in rows
        if row["id"] in texts
    ]


def example_of(row: dict, reader: int, text: str, vocabulary: Vocabulary) -> Example:
    full = vocabulary.features(text)
    features = Features(
        *(getattr(full, n)[:MAX_TOKENS] for n in ("characters", "bigrams", "shapes", "after", "offsets"))
    )
    strengths = np.zeros(len(GENES), np.int64)
    evidence = []
    for gene in row["genes"]:
        number = GENES.index(gene["gene"])
        strengths[number] = gene["strength"]
        at = text.find(gene["evidence"])
        start = int(np.searchsorted(features.offsets, at))
        stop = int(np.searchsorted(features.offsets, at + len(gene["evidence"])))
        if at >= 0 and stop > start:
            evidence.append((number, start, stop))
    themes = np.zeros(len(THEMES), np.float32)
    themes[[THEMES.index(t) for t in row["themes"]]] = 1
    first = GENES.index(row["genes"][0]["gene"]) if row["genes"] else -1
    return Example(
        row["id"],
        text,
        features,
        strengths,
        row["valence"],
        themes,
        tuple(evidence),
        first,
        reader,
        fold_of(row["author"], row["id"]),
    )
