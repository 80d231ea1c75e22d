"""Genes: the set that is named, the one that is named first, and the ranking over all works.

Primary metric: ``set_f1`` (higher is better): F1 of the set of genes, per work, then the mean.
"""

from __future__ import annotations

import numpy as np
from sklearn.metrics import average_precision_score

from predictions import GENES, Predictions, interval

PRIMARY, DIRECTION = "set_f1", "higher"


def set_f1(chosen: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Per work; 1 where both sets are empty."""
    both = (chosen & gold).sum(1)
    total = chosen.sum(1) + gold.sum(1)
    return np.where(total == 0, 1.0, 2 * both / np.maximum(total, 1))


def evaluate(predictions: Predictions) -> dict:
    """Set F1, first gene in the reader's set, macro average precision, and each gene's own figures."""
    gold = predictions.gold > 0
    scores = set_f1(predictions.chosen, gold)
    expected = predictions.presence * (1 + _sigmoid(predictions.raw[..., 1]) + _sigmoid(predictions.raw[..., 2]))
    ranked = np.where(predictions.chosen, expected, -1.0).argmax(1)
    some = predictions.chosen.any(1)
    first = gold[np.arange(len(gold)), ranked][some].astype(float)
    precision = np.array([average_precision_score(gold[:, g], predictions.presence[:, g]) for g in range(len(GENES))])
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(200):
        rows = rng.integers(0, len(gold), len(gold))
        draws.append(
            np.mean([average_precision_score(gold[rows, g], predictions.presence[rows, g]) for g in range(len(GENES))])
        )
    return {
        "set_f1": _figure(scores.mean(), interval(scores), 0.70),
        "first_gene": _figure(first.mean(), interval(first), 0.85),
        "map": _figure(precision.mean(), (np.percentile(draws, 2.5), np.percentile(draws, 97.5)), 0.68),
        "per_gene": {
            gene: {
                "ap": round(float(precision[g]), 3),
                "f1": round(float(_f1(predictions.chosen[:, g], gold[:, g])), 3),
                "support": int(gold[:, g].sum()),
            }
            for g, gene in enumerate(GENES)
        },
    }


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _f1(a: np.ndarray, b: np.ndarray) -> float:
    return 2 * (a & b).sum() / max(1, a.sum() + b.sum())


def _figure(value: float, bounds: tuple[float, float], goal: float) -> dict:
    low, high = bounds
    return {
        "value": round(float(value), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "direction": "higher",
        "goal": goal,
    }
