"""Themes: primary metric ``themes_f1`` (higher is better), F1 of the one or two themes named, per work."""

from __future__ import annotations

import numpy as np

from genes import set_f1
from luoshen.decode.decoder import MAX_THEMES, THEME_FLOOR
from predictions import Predictions, interval

PRIMARY, DIRECTION = "themes_f1", "higher"


def evaluate(predictions: Predictions) -> dict:
    """F1 of the set, and how often the likeliest theme is one that the reader named."""
    gold = np.stack([e.themes for e in predictions.examples]) > 0
    order = np.argsort(-predictions.themes, axis=1)[:, :MAX_THEMES]
    chosen = np.zeros_like(gold)
    for place in range(MAX_THEMES):
        rows = np.arange(len(gold))
        floor = THEME_FLOOR if place else THEME_FLOOR / 2
        chosen[rows, order[:, place]] = predictions.themes[rows, order[:, place]] >= floor
    scores = set_f1(chosen, gold)
    low, high = interval(scores)
    return {
        "themes_f1": {
            "value": round(float(scores.mean()), 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "direction": "higher",
        },
        "first_theme": round(float(gold[np.arange(len(gold)), order[:, 0]].mean()), 4),
    }
