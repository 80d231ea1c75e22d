"""Fitting a decoder to a scholar's own labels, and the cross-validated figures of how well it does.

Everything that is chosen (regularisation, the encoder's weight, thresholds) is chosen by an inner
cross-validation of the training part alone, and the figures come from an outer one around the whole
procedure, so that no work is ever judged by a decoder that has seen it (nested cross-validation; Cawley & Talbot
2010). The same text in two rows, and works of one group, stay together. Needs scikit-learn.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from luoshen.decode.fit_examples import Examples
from luoshen.decode.fit_figures import figures
from luoshen.decode.fit_models import Data, fit_idf, linear, matrices, outputs, standardised, tfidf, train_models
from luoshen.decode.fitted import FittedDecoder, Kind, average, decide, encoder_identity, link
from luoshen.errors import InputError
from luoshen.works.work import work_id

FOLDS = 5
INNER_FOLDS = 3
#: scikit-learn's ``C`` for labels, its ``alpha`` for numbers: for the encoder's features, and for TF-IDF.
ENCODER_STRENGTHS = {
    "label": (5e-5, 2e-4, 1e-3, 5e-3, 3e-2),
    "labels": (1e-4, 1e-3, 1e-2),
    "number": (3e4, 1e4, 3e3, 1e3, 3e2),
}
TEXT_STRENGTHS = {
    "label": (0.3, 1.0, 3.0, 10.0),
    "labels": (0.3, 1.0, 3.0, 10.0),
    "number": (3.0, 1.0, 0.3, 0.1),
}
WEIGHTS = tuple(step / 10 for step in range(11))
THRESHOLDS = np.arange(0.1, 0.91, 0.05)


@dataclass(frozen=True)
class Choice:
    """What cross-validation within the training works chose, for the decoder and for its baseline."""

    encoder_strength: float
    text_strength: float
    weight: float  #: of the encoder
    thresholds: np.ndarray  #: (labels,)
    alone_strength: float  #: of TF-IDF alone
    alone_thresholds: np.ndarray


def fit(
    examples: Examples, features: np.ndarray, *, seed: int = 0, done: Callable[[], object] = lambda: None
) -> FittedDecoder:
    """A decoder, with its cross-validated figures in :attr:`FittedDecoder.figures`.

    ``features``: :func:`luoshen.decode.fitted.encoder_features` of the same texts. ``done`` is called after each of
    the :data:`FOLDS` + 1 rounds. Deterministic by ``seed``. Raises :class:`~luoshen.errors.InputError` where there are
    too few groups to test on, or scikit-learn is not installed.
    """
    _require_scikit_learn()
    data, vocabulary = matrices(examples, features, seed)
    groups = len(set(data.groups.tolist()))
    if groups < INNER_FOLDS:
        raise InputError(f"{groups} groups are too few to test on: {INNER_FOLDS} or more are needed · 分组太少")
    rows = np.arange(len(examples.texts))
    answers = {name: np.zeros_like(data.targets) for name in ("fitted", "tfidf", "majority")}
    for train, test in data.folds(rows, FOLDS):
        choice = choose(data, train)
        for name, given in answer(data, train, test, choice).items():
            answers[name][test] = given
        done()
    choice = choose(data, rows)
    trained = train_models(data, rows, choice.encoder_strength, choice.text_strength)
    done()
    targets = data.targets
    return FittedDecoder(
        kind=data.kind,
        labels=examples.labels,
        encoder=encoder_identity(),
        mean=trained.mean,
        scale=trained.scale,
        from_encoder=trained.from_encoder,
        vocabulary=tuple(vocabulary[column] for column in trained.columns),
        idf=trained.idf,
        from_text=trained.from_text,
        weight=choice.weight,
        thresholds=choice.thresholds,
        bounds=_bounds(data.kind, targets),
        figures={
            "kind": data.kind,
            "data": _counts(examples, groups),
            **figures(data.kind, targets, answers, examples.labels, examples.scale, data.groups, seed),
            "settings": {
                "seed": seed,
                "folds": min(FOLDS, groups),
                "encoder_strength": choice.encoder_strength,
                "text_strength": choice.text_strength,
                "encoder_weight": choice.weight,
                "vocabulary": len(trained.columns),
            },
            "encoder": list(encoder_identity()),
        },
    )


def _require_scikit_learn() -> None:
    if find_spec("sklearn") is None:
        raise InputError(
            'fitting needs scikit-learn: pip install "luoshen[fit]" '
            '· 训练需要 scikit-learn，请运行 pip install "luoshen[fit]"'
        )


def answer(data: Data, train: np.ndarray, test: np.ndarray, choice: Choice) -> dict[str, np.ndarray]:
    """What the decoder, TF-IDF alone, and the majority answer for ``test``, having learned from ``train``."""
    trained = train_models(data, train, choice.encoder_strength, choice.text_strength)
    bounds = _bounds(data.kind, data.targets[train])
    both = average(*outputs(data, trained, test), choice.weight, bounds)
    x, z = (tfidf(data, part, trained.columns, trained.idf) for part in (train, test))
    alone = linear(data, x, train, choice.alone_strength)
    from_text = np.clip(link(data.kind, z @ alone.weights + alone.bias), *bounds)
    return {
        "fitted": decide(data.kind, both, choice.thresholds),
        "tfidf": decide(data.kind, from_text, choice.alone_thresholds),
        "majority": _majority(data, train, len(test)),
    }


def _majority(data: Data, train: np.ndarray, count: int) -> np.ndarray:
    """The commonest label, the labels of at least half the works, or the median, whatever the work."""
    targets = data.targets[train]
    if data.kind == "number":
        return np.full(count, np.median(targets))
    if data.kind == "label":
        return np.full(count, np.bincount(targets).argmax())
    share = targets.mean(axis=0, keepdims=True)
    return np.repeat(decide("labels", share, np.array(0.5)), count, axis=0)


def _bounds(kind: Kind, targets: np.ndarray) -> tuple[float, float]:
    return (float(targets.min()), float(targets.max())) if kind == "number" else (0.0, 1.0)


def choose(data: Data, rows: np.ndarray) -> Choice:
    """The strengths, weight and thresholds of least loss in a cross-validation within ``rows``."""
    encoder_strengths, text_strengths = ENCODER_STRENGTHS[data.kind], TEXT_STRENGTHS[data.kind]
    shape = (len(data.targets), data.outputs)
    by_encoder = {strength: np.zeros(shape) for strength in encoder_strengths}
    by_text = {strength: np.zeros(shape) for strength in text_strengths}
    for train, test in data.folds(rows, INNER_FOLDS):
        x, mean, scale = standardised(data, train)
        z = (data.features[test] - mean) / scale
        for strength in encoder_strengths:
            model = linear(data, x, train, strength)
            by_encoder[strength][test] = link(data.kind, z @ model.weights + model.bias)
        columns, idf = fit_idf(data, train)
        x, z = (tfidf(data, part, columns, idf) for part in (train, test))
        for strength in text_strengths:
            model = linear(data, x, train, strength)
            by_text[strength][test] = link(data.kind, z @ model.weights + model.bias)
    bounds = _bounds(data.kind, data.targets[rows])
    # Together, for the text's model serves the average best when it is surer than it should be alone.
    encoder_strength, text_strength, weight = min(
        itertools.product(encoder_strengths, text_strengths, WEIGHTS),
        key=lambda c: _loss(data, rows, average(by_encoder[c[0]], by_text[c[1]], c[2], bounds)),
    )
    both = average(by_encoder[encoder_strength], by_text[text_strength], weight, bounds)
    alone_strength = min(text_strengths, key=lambda strength: _judge(data, rows, by_text[strength]))
    return Choice(
        encoder_strength,
        text_strength,
        weight,
        _thresholds(data, rows, both),
        alone_strength,
        _thresholds(data, rows, by_text[alone_strength]),
    )


def _judge(data: Data, rows: np.ndarray, values: np.ndarray) -> float:
    """The loss by which the baseline is chosen: where accuracy is what counts, its errors, to give it its best."""
    if data.kind != "label":
        return _loss(data, rows, values)
    return float((values[rows].argmax(axis=1) != data.targets[rows]).mean()) + 1e-3 * _loss(data, rows, values)


def _loss(data: Data, rows: np.ndarray, values: np.ndarray) -> float:
    """Mean squared error of a number; log loss of labels."""
    values, targets = values[rows], data.targets[rows]
    if data.kind == "number":
        return float(np.mean((values[:, 0] - targets) ** 2))
    values = np.clip(values, 1e-6, 1 - 1e-6)
    if data.kind == "label":
        return float(-np.log(values[np.arange(len(rows)), targets]).mean())
    return float(-np.where(targets, np.log(values), np.log(1 - values)).mean())


def _thresholds(data: Data, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """For each label the threshold of the highest F1; of equals, the one nearest to a half."""
    if data.kind != "labels":
        return np.zeros(0)
    targets = data.targets[rows]
    given = values[rows][None] >= THRESHOLDS[:, None, None]
    right = (given & targets).sum(axis=1)
    f1 = 2 * right / np.maximum(1, given.sum(axis=1) + targets.sum(axis=0))
    return np.asarray(THRESHOLDS[(f1 - 1e-6 * np.abs(THRESHOLDS - 0.5)[:, None]).argmax(axis=0)])


def _counts(examples: Examples, groups: int) -> dict[str, Any]:
    targets = examples.targets
    data: dict[str, Any] = {
        "source": examples.source,
        "works": len(examples.texts),
        "unlabelled": examples.unlabelled,
        "rare": dict(examples.rare),
        "groups": groups if examples.groups else None,
        "repeated": len(examples.texts) - len({work_id(text) for text in examples.texts}),
    }
    if examples.kind == "number":
        return data | {"low": float(targets.min()), "mean": float(targets.mean()), "high": float(targets.max())}
    counts = targets.sum(axis=0) if examples.kind == "labels" else np.bincount(targets, minlength=len(examples.labels))
    return data | {"labels": dict(zip(examples.labels, map(int, counts), strict=True))}
