"""The floor: character 1-2-gram TF-IDF with logistic regression, on the same folds and readings.

    python evaluate/floor.py corpus.jsonl OUT_DIR

Writes ``fold0.npz`` … of the form that ``quality.py`` reads (its attention is even, so its evidence
is what chance would give), so that floor and model are measured by the same code.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge

from predictions import FOLDS, GENES, THEMES, load_examples


def main(corpus: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    examples = load_examples(corpus)
    texts = ["".join(filter(str.isalpha, e.text)) for e in examples]
    fold = np.array([e.fold for e in examples])
    strengths = np.stack([e.strengths for e in examples])
    valence = np.array([e.valence for e in examples])
    themes = np.stack([e.themes for e in examples])
    longest = max(len(e.features) for e in examples)
    for held in range(FOLDS):
        learn, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=3, sublinear_tf=True)
        x = vectorizer.fit_transform([texts[i] for i in learn])
        y = vectorizer.transform([texts[i] for i in test])
        levels = np.full((len(test), len(GENES), 3), -6.0, np.float32)
        for gene in range(len(GENES)):
            model = LogisticRegression(C=4.0, solver="liblinear").fit(x, strengths[learn, gene] > 0)
            levels[:, gene, 0] = model.decision_function(y)
            levels[:, gene, 1:] = levels[:, gene, :1] - [1.0, 3.0]
        named = np.full((len(test), len(THEMES)), -6.0, np.float32)
        for theme in range(len(THEMES)):
            named[:, theme] = (
                LogisticRegression(C=4.0, solver="liblinear").fit(x, themes[learn, theme] > 0).decision_function(y)
            )
        mood = Ridge(alpha=1.0).fit(x, valence[learn]).predict(y)
        logits = -((mood[:, None] - np.arange(-2, 3)) ** 2)
        np.savez(
            out / f"fold{held}.npz",
            ids=np.array([examples[i].id for i in test]),
            levels=levels,
            themes=named,
            valence=logits.astype(np.float32),
            scores=np.zeros((len(test), len(GENES), longest), np.float16),
        )
        print(f"fold {held}: {len(learn)} learned, {len(test)} held out", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
