"""Evidence: are the words those that the reader pointed at?

Primary metric: ``evidence_f1`` (higher is better): character F1 of the quoted words, over genes that
both the model and the reader name, then the mean. ``strict`` counts pairs of gene and character over
whole works, so that a gene which only one of them names counts against it.
"""

from __future__ import annotations

import numpy as np

from predictions import Predictions, interval

PRIMARY, DIRECTION = "evidence_f1", "higher"


def evaluate(predictions: Predictions) -> dict:
    """Character F1 of evidence on shared genes, on all the reader's genes, and strictly."""
    pairs, golds = [], []
    for work, example in enumerate(predictions.examples):
        for gene, start, stop in example.evidence:
            pairs.append((work, gene))
            golds.append((start, stop))
    spans = predictions.spans(pairs)
    shared = np.array([predictions.chosen[w, g] for w, g in pairs])
    overlap = np.array([max(0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in zip(spans, golds, strict=True)])
    sizes = np.array([(a[1] - a[0]) + (b[1] - b[0]) for a, b in zip(spans, golds, strict=True)])
    scores = 2 * overlap / sizes
    extra = [(w, g) for w in range(len(predictions.examples)) for g in np.flatnonzero(predictions.chosen[w])]
    guessed = sum(b - a for a, b in predictions.spans(extra))
    wanted = sum(b - a for a, b in golds)
    low, high = interval(scores[shared])
    return {
        "evidence_f1": {
            "value": round(float(scores[shared].mean()), 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "direction": "higher",
            "goal": 0.50,
        },
        "evidence_f1_of_readers_genes": round(float(scores.mean()), 4),
        "evidence_strict": round(float(2 * overlap[shared].sum() / (guessed + wanted)), 4),
    }
