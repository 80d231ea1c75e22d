"""Calibration: of the genes given 70 %, are 70 % there? Primary metric: ``ece`` (lower is better).

Expected calibration error over all genes and works, in ten bins of equal width (Guo et al. 2017);
``ece_named`` over the genes that a Profile names, where it matters most and is hardest.
"""

from __future__ import annotations

import numpy as np

from predictions import Predictions

PRIMARY, DIRECTION = "ece", "lower"


def expected_error(probability: np.ndarray, truth: np.ndarray, bins: int = 10) -> float:
    """Mean distance of confidence from frequency, weighted by how many fall in a bin."""
    number = np.minimum((probability * bins).astype(int), bins - 1)
    total = 0.0
    for each in range(bins):
        inside = number == each
        if inside.any():
            total += inside.sum() * abs(probability[inside].mean() - truth[inside].mean())
    return total / len(probability)


def evaluate(predictions: Predictions) -> dict:
    """ECE over everything, and over the genes named."""
    gold = predictions.gold > 0
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(200):
        rows = rng.integers(0, len(gold), len(gold))
        draws.append(expected_error(predictions.presence[rows].ravel(), gold[rows].ravel()))
    value = expected_error(predictions.presence.ravel(), gold.ravel())
    named = predictions.chosen
    return {
        "ece": {
            "value": round(value, 4),
            "low": round(float(np.percentile(draws, 2.5)), 4),
            "high": round(float(np.percentile(draws, 97.5)), 4),
            "direction": "lower",
            "goal": 0.05,
        },
        "ece_named": round(expected_error(predictions.presence[named], gold[named]), 4),
    }
