"""Valence: does the model feel what the reader feels? Primary metric: ``valence_r`` (higher is better)."""

from __future__ import annotations

import numpy as np

from predictions import Predictions

PRIMARY, DIRECTION = "valence_r", "higher"


def evaluate(predictions: Predictions) -> dict:
    """Pearson's r with the reader's valence, with a bootstrap interval, and the mean absolute error."""
    gold = np.array([e.valence for e in predictions.examples], dtype=float)
    value = np.corrcoef(predictions.valence, gold)[0, 1]
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(1000):
        rows = rng.integers(0, len(gold), len(gold))
        draws.append(np.corrcoef(predictions.valence[rows], gold[rows])[0, 1])
    return {
        "valence_r": {
            "value": round(float(value), 4),
            "low": round(float(np.percentile(draws, 2.5)), 4),
            "high": round(float(np.percentile(draws, 97.5)), 4),
            "direction": "higher",
            "goal": 0.88,
        },
        "valence_mae": round(float(np.abs(predictions.valence - gold).mean()), 3),
    }
