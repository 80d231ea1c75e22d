"""The two linear models of a fitted decoder, and the matrices that they are trained on. Needs scikit-learn."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from luoshen.decode.fit_examples import Examples
from luoshen.decode.fit_folds import folds, together
from luoshen.decode.fitted import Kind, Linear, grams, link

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

MIN_WORKS = 2  #: that hold a gram, for it to enter the vocabulary


@dataclass(frozen=True, eq=False)
class Data:
    """All examples as matrices; ``rows`` arguments below pick among them."""

    kind: Kind
    outputs: int
    features: np.ndarray
    counts: csr_matrix
    targets: np.ndarray
    groups: np.ndarray  #: (n,) rows of equal number are never parted
    seed: int

    def folds(self, rows: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """:func:`~luoshen.decode.fit_folds.folds` of ``rows``."""
        for train, test in folds(self.kind, self.targets[rows], self.groups[rows], count, self.seed):
            yield rows[train], rows[test]


class Trained(NamedTuple):
    """The two models, with what prepares their input."""

    mean: np.ndarray
    scale: np.ndarray
    from_encoder: Linear
    columns: np.ndarray  #: of the counts: the grams kept
    idf: np.ndarray
    from_text: Linear


def matrices(examples: Examples, features: np.ndarray, seed: int) -> tuple[Data, list[str]]:
    """The examples as matrices, and the grams that the columns of the counts stand for."""
    from scipy.sparse import csr_matrix

    places: dict[str, int] = {}
    columns: list[int] = []
    values: list[int] = []
    ends = [0]
    for text in examples.texts:
        counts = Counter(places.setdefault(gram, len(places)) for gram in grams(text))
        columns.extend(counts.keys())
        values.extend(counts.values())
        ends.append(len(columns))
    matrix = csr_matrix((np.array(values, dtype=np.float64), columns, ends), shape=(len(examples.texts), len(places)))
    outputs = len(examples.labels) or 1
    return Data(examples.kind, outputs, features, matrix, examples.targets, together(examples), seed), list(places)


def train_models(data: Data, rows: np.ndarray, encoder_strength: float, text_strength: float) -> Trained:
    """Both models, trained on ``rows`` alone, with their input's preparation."""
    x, mean, scale = standardised(data, rows)
    from_encoder = linear(data, x, rows, encoder_strength)
    columns, idf = fit_idf(data, rows)
    from_text = linear(data, tfidf(data, rows, columns, idf), rows, text_strength)
    return Trained(mean, scale, from_encoder, columns, idf, from_text)


def outputs(data: Data, trained: Trained, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the encoder's model and the text's say of ``rows``: two arrays ``(rows, outputs)``."""
    x = (data.features[rows] - trained.mean) / trained.scale
    z = tfidf(data, rows, trained.columns, trained.idf)
    return (
        link(data.kind, x @ trained.from_encoder.weights + trained.from_encoder.bias),
        link(data.kind, z @ trained.from_text.weights + trained.from_text.bias),
    )


def standardised(data: Data, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The encoder's features of ``rows`` with mean 0 and deviation 1, and the mean and deviation they had."""
    features = data.features[rows]
    mean, scale = features.mean(axis=0, dtype=np.float64), features.std(axis=0, dtype=np.float64)
    scale[scale < 1e-6] = 1.0  # a feature that never changes says nothing
    mean, scale = mean.astype(np.float32), scale.astype(np.float32)
    return (features - mean) / scale, mean, scale


def fit_idf(data: Data, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the grams kept, and their weights: ln((1 + works) / (1 + works with it)) + 1."""
    works = np.bincount(data.counts[rows].indices, minlength=data.counts.shape[1])
    columns = np.flatnonzero(works >= min(MIN_WORKS, works.max(initial=0)))
    return columns, np.log((1 + len(rows)) / (1 + works[columns])) + 1


def tfidf(data: Data, rows: np.ndarray, columns: np.ndarray, idf: np.ndarray) -> csr_matrix:
    """``(rows, columns)``: (1 + ln count) x idf, each row of length 1."""
    from sklearn.preprocessing import normalize  # type: ignore[import-untyped]

    matrix = data.counts[rows][:, columns]
    matrix.data = (1 + np.log(matrix.data)) * idf[matrix.indices]
    return normalize(matrix, copy=False)


def linear(data: Data, x: Any, rows: np.ndarray, strength: float) -> Linear:
    """Logistic regression (one label: multinomial; several: one against the rest) or ridge."""
    targets = data.targets[rows]
    if data.kind == "number":
        from sklearn.linear_model import Ridge  # type: ignore[import-untyped]

        ridge = Ridge(alpha=strength, solver="auto" if isinstance(x, np.ndarray) else "sparse_cg", tol=1e-6)
        ridge.fit(x, targets)
        return Linear(ridge.coef_.reshape(-1, 1), np.atleast_1d(ridge.intercept_))
    weights = np.zeros((x.shape[1], data.outputs))
    if data.kind == "label":
        bias = np.full(data.outputs, -30.0)  # a label that this part has not: probability nil
        present, coefficients, intercepts = _logistic(x, targets, strength)
        weights[:, present], bias[present] = coefficients.T, intercepts
        return Linear(weights, bias)
    share = (targets.sum(axis=0) + 0.5) / (len(rows) + 1)
    bias = np.log(share / (1 - share))
    for label in np.flatnonzero(targets.any(axis=0) & ~targets.all(axis=0)):
        _, coefficients, intercepts = _logistic(x, targets[:, label], strength)
        weights[:, label], bias[label] = coefficients[1], intercepts[1]
    return Linear(weights, bias)


def _logistic(x: Any, targets: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes, coefficients ``(classes, inputs)`` and intercepts ``(classes,)``."""
    from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression

    classes = np.unique(targets)
    if len(classes) == 1:
        return classes.astype(int), np.zeros((1, x.shape[1])), np.zeros(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=strength, max_iter=500, tol=1e-3).fit(x, targets)
    if len(classes) == 2:  # one row, of the second class against the first
        zero = np.zeros_like(model.coef_)
        return classes.astype(int), np.vstack([zero, model.coef_]), np.array([0.0, model.intercept_[0]])
    return classes.astype(int), model.coef_, model.intercept_
