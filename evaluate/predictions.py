"""Held-out predictions of the local model, beside what the readers said.

Made by ``train/finetune.py --fold 0 … 4``; no work here was seen in training by the model that
read it, nor was any other work of its poet.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "train")]
from luoshen.decode.features import segment_numbers  # noqa: E402
from luoshen.decode.selection import best_spans, choose_genes, sigmoid  # noqa: E402
from readings import GENES, THEMES, Example, load_examples  # noqa: E402

FOLDS = 5


@dataclass(frozen=True)
class Calibration:
    """Platt scaling: a slope for all genes and a shift for each; likewise one pair for themes."""

    slope: np.ndarray
    shift: np.ndarray
    theme_slope: float
    theme_shift: float
    span_length: float


@dataclass(frozen=True)
class Predictions:
    """Arrays over held-out works; ``gold`` are strengths 0 to 3."""

    examples: list[Example]
    raw: np.ndarray  #: (n, genes, 3) logits
    presence: np.ndarray  #: (n, genes) calibrated
    chosen: np.ndarray  #: (n, genes) bool
    valence: np.ndarray
    raw_themes: np.ndarray
    themes: np.ndarray
    scores: np.ndarray  #: (n, genes, tokens) attention logits
    span_length: float

    @property
    def gold(self) -> np.ndarray:
        return np.stack([e.strengths for e in self.examples])

    def by_readers(self, *, first: bool) -> Predictions:
        """Only the works read by the first readers, or only those of the later ones."""
        keep = np.array([(e.reader == 0) == first for e in self.examples])
        arrays = {n: getattr(self, n)[keep] for n in _ARRAYS}
        return Predictions(
            examples=[e for e, k in zip(self.examples, keep, strict=True) if k], span_length=self.span_length, **arrays
        )

    def spans(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """First token and past the last, of the best run for each (work, gene)."""
        tokens = self.scores.shape[-1]
        scores = np.stack([self.scores[w, g] for w, g in pairs]).astype(np.float32)
        segments = np.full((len(pairs), tokens), -1)
        for row, (work, _) in enumerate(pairs):
            after = self.examples[work].features.after
            segments[row, : len(after)] = segment_numbers(after)
        attention = np.exp(scores - scores.max(1, keepdims=True))
        attention /= attention.sum(1, keepdims=True)
        starts, sizes, _ = best_spans(attention, segments, self.span_length)
        return [(int(s), int(s + n)) for s, n in zip(starts, sizes, strict=True)]


_ARRAYS = ("raw", "presence", "chosen", "valence", "raw_themes", "themes", "scores")


def fit_calibration(
    raw: np.ndarray, gold: np.ndarray, themes: np.ndarray, named: np.ndarray, lengths: list[int]
) -> Calibration:
    """By Newton steps on the log-likelihood, with a light prior towards no change."""
    slope, shift = _platt(raw, (gold > 0).astype(float))
    theme_slope, theme_shift = _platt(themes.reshape(-1, 1), named.reshape(-1, 1))
    return Calibration(np.full(raw.shape[1], slope), shift, theme_slope, float(theme_shift[0]), float(np.mean(lengths)))


def _platt(logits: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    columns = logits.shape[1]
    start = np.concatenate([[1.0], np.zeros(columns)])
    parameters = start.copy()
    for _ in range(25):
        probability = sigmoid(logits * parameters[0] + parameters[1:])
        error, weight = probability - target, probability * (1 - probability)
        gradient = np.concatenate([[(error * logits).sum()], error.sum(0)]) + 5.0 * (parameters - start)
        hessian = np.diag(np.concatenate([[(weight * logits**2).sum()], weight.sum(0)]) + 5.0)
        hessian[0, 1:] = hessian[1:, 0] = (weight * logits).sum(0)
        parameters -= np.linalg.solve(hessian, gradient)
    return float(parameters[0]), parameters[1:]


def load(folder: Path, corpus: Path, *, folds: range = range(FOLDS)) -> Predictions:
    """All folds together; each fold is calibrated on the reference readings of the other folds."""
    by_id = {e.id: e for e in load_examples(corpus)}
    parts = []
    for fold in folds:
        with np.load(folder / f"fold{fold}.npz") as data:
            parts.append({name: data[name] for name in data.files})
    tokens = max(p["scores"].shape[-1] for p in parts)
    finished = []
    for number, part in enumerate(parts):
        others = [p for n, p in enumerate(parts) if n != number] or [part]
        calibration = calibrate(others, by_id)
        raw = part["levels"]
        moods = np.exp(part["valence"] - part["valence"].max(1, keepdims=True))
        presence = sigmoid(raw[..., 0] * calibration.slope + calibration.shift)
        scores = np.full((*part["scores"].shape[:2], tokens), -1e4, dtype=np.float16)
        scores[..., : part["scores"].shape[-1]] = part["scores"]
        finished.append(
            {
                "raw": raw,
                "presence": presence,
                "chosen": choose_genes(presence),
                "valence": moods @ np.arange(-2.0, 3.0) / moods.sum(1),
                "raw_themes": part["themes"],
                "themes": sigmoid(part["themes"] * calibration.theme_slope + calibration.theme_shift),
                "scores": scores,
            }
        )
    examples = [by_id[i] for p in parts for i in p["ids"]]
    joined = {n: np.concatenate([f[n] for f in finished]) for n in _ARRAYS}
    return Predictions(examples=examples, span_length=calibration.span_length, **joined)


def calibrate(parts: list[dict[str, np.ndarray]], by_id: dict[str, Example]) -> Calibration:
    """On the reference readings of some held-out folds."""
    examples = [by_id[i] for p in parts for i in p["ids"]]
    keep = [n for n, e in enumerate(examples) if e.reader == 0]
    raw = np.concatenate([p["levels"][..., 0] for p in parts])[keep]
    themes = np.concatenate([p["themes"] for p in parts])[keep]
    kept = [examples[n] for n in keep]
    lengths = [stop - start for e in kept for _, start, stop in e.evidence]
    return fit_calibration(
        raw, np.stack([e.strengths for e in kept]), themes, np.stack([e.themes for e in kept]), lengths
    )


def interval(values: np.ndarray, seed: int = 0, draws: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of a mean over works."""
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    return float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))


__all__ = ["GENES", "THEMES", "Calibration", "Predictions", "calibrate", "fit_calibration", "interval", "load"]
