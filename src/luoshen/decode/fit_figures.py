"""How well a fitted decoder does: figures with bootstrap intervals, beside what it has to beat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from luoshen.decode.fitted import Kind

#: The first is the one to judge by; higher is better, but for ``mae``.
METRICS = {"label": ("accuracy", "macro_f1"), "labels": ("micro_f1", "macro_f1", "exact"), "number": ("r", "mae")}
RESAMPLES = 1000


def figures(
    kind: Kind,
    targets: np.ndarray,
    answers: Mapping[str, np.ndarray],
    labels: tuple[str, ...],
    scale: np.ndarray | None,
    groups: np.ndarray,
    seed: int,
) -> dict[str, Any]:
    """Every system's figures with 95 % intervals, the gain of ``fitted`` over ``tfidf``, and figures by label.

    ``answers`` hold for each system what ``targets`` hold. ``scale``: labels as numbers, which adds the mean
    absolute error. Intervals are percentiles over :data:`RESAMPLES` bootstrap samples of whole ``groups`` ``(n,)``;
    every system is judged on the same samples, so that the gain's interval is a paired one.
    """
    samples = _samples(groups, seed)
    primary = METRICS[kind][0]
    result: dict[str, Any] = {}
    drawn: dict[str, np.ndarray] = {}
    for system, answer in answers.items():
        value = measure(kind, targets, answer, scale)
        draws = [measure(kind, targets[rows], answer[rows], scale) for rows in samples]
        result[system] = {
            name: {"value": value[name], **_interval(np.array([draw[name] for draw in draws]))} for name in value
        }
        drawn[system] = np.array([draw[primary] for draw in draws])
    gain = result["fitted"][primary]["value"] - result["tfidf"][primary]["value"]
    found: dict[str, Any] = {
        "metric": primary,
        "figures": result,
        "gain": {"value": gain, **_interval(drawn["fitted"] - drawn["tfidf"])},
    }
    if kind == "number":
        return found
    if kind == "label":
        confusion = np.zeros((len(labels), len(labels)), dtype=int)
        np.add.at(confusion, (targets, answers["fitted"]), 1)
        found["confusion"] = confusion.tolist()
    return found | {"by_label": _by_label(kind, targets, answers["fitted"], labels)}


def measure(kind: Kind, targets: np.ndarray, answers: np.ndarray, scale: np.ndarray | None = None) -> dict[str, float]:
    """The figures of :data:`METRICS`, and ``mae`` where there is a ``scale``.

    ``r`` is Pearson's, 0 where one side never changes. Macro-F1 is over the labels that are there or were given.
    """
    if kind == "number":
        changing = len(targets) > 1 and np.ptp(targets) > 0 and np.ptp(answers) > 0
        r = float(np.corrcoef(targets, answers)[0, 1]) if changing else 0.0
        return {"r": r, "mae": float(np.abs(targets - answers).mean())}
    right, given, there = _tallies(kind, targets, answers)
    seen = given + there > 0
    macro = float((2 * right[seen] / (given + there)[seen]).mean())
    if kind == "labels":
        micro = float(2 * right.sum() / max(1, (given + there).sum()))
        return {"micro_f1": micro, "macro_f1": macro, "exact": float((targets == answers).all(axis=1).mean())}
    found = {"accuracy": float((targets == answers).mean()), "macro_f1": macro}
    if scale is not None:
        found["mae"] = float(np.abs(scale[targets] - scale[answers]).mean())
    return found


def _tallies(kind: Kind, targets: np.ndarray, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each label: how often it was rightly given, given, and there."""
    if kind == "labels":
        return (targets & answers).sum(axis=0), answers.sum(axis=0), targets.sum(axis=0)
    count = int(max(targets.max(), answers.max())) + 1
    right = np.bincount(targets[targets == answers], minlength=count)
    return right, np.bincount(answers, minlength=count), np.bincount(targets, minlength=count)


def _by_label(kind: Kind, targets: np.ndarray, answers: np.ndarray, labels: tuple[str, ...]) -> dict[str, Any]:
    right, given, there = _tallies(kind, targets, answers)
    return {
        label: {
            "precision": float(right[n] / max(1, given[n])),
            "recall": float(right[n] / max(1, there[n])),
            "f1": float(2 * right[n] / max(1, given[n] + there[n])),
            "count": int(there[n]),
        }
        for n, label in enumerate(labels)
    }


def _samples(groups: np.ndarray, seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    order = np.argsort(groups, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
    if len(members) == len(groups):
        return [random.integers(0, len(groups), len(groups)) for _ in range(RESAMPLES)]
    draws = (random.integers(0, len(members), len(members)) for _ in range(RESAMPLES))
    return [np.concatenate([members[group] for group in draw]) for draw in draws]


def _interval(values: np.ndarray) -> dict[str, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return {"low": float(low), "high": float(high)}
