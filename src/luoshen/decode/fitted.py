"""A decoder fitted to a scholar's own labels: two linear models on top of the encoder, with numpy alone.

One model reads the encoder's numbers of a work, the other its characters (1–2-gram TF-IDF, simplified script);
their probabilities are averaged. :mod:`luoshen.decode.fit` makes one. On disk it is a folder without
pickles: ``decoder.json``, ``decoder.npz`` and ``README.md``, its model card.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import orjson

from luoshen.decode.local import MODEL_FOLDER, Reading
from luoshen.decode.selection import sigmoid
from luoshen.errors import InputError, ModelError
from luoshen.works.script import to_simplified

#: One of several labels; any number of labels; or a number.
Kind = Literal["label", "labels", "number"]

FORMAT = 1  #: of the files
_LETTERS = re.compile(r"[^\W\d_]+")
_ARRAYS = ("mean", "scale", "encoder_weights", "encoder_bias", "idf", "text_weights", "text_bias", "thresholds")


@dataclass(frozen=True, eq=False)
class Linear:
    """``x @ weights + bias``: weights ``(inputs, outputs)``, bias ``(outputs,)``."""

    weights: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True, eq=False)
class FittedDecoder:
    """Answers in a scholar's own labels. ``weight`` (0 to 1) is the encoder's part in the average."""

    kind: Kind
    labels: tuple[str, ...]  #: empty for a number
    encoder: tuple[str, str]  #: :func:`encoder_identity` of the encoder that it was fitted on
    mean: np.ndarray  #: of the encoder's features, with ``scale``: standardises them
    scale: np.ndarray
    from_encoder: Linear
    vocabulary: tuple[str, ...]  #: characters and pairs of characters
    idf: np.ndarray
    from_text: Linear
    weight: float
    thresholds: np.ndarray  #: (labels,) from which probability a label is given; only for several labels
    bounds: tuple[float, float]  #: a number stays within those that were learned from
    figures: Mapping[str, Any] = field(default_factory=dict)

    def probabilities(self, texts: Sequence[str], readings: Sequence[Reading]) -> np.ndarray:
        """``(texts, labels)``; rows add up to 1 for one label. For a number ``(texts, 1)``: the number itself."""
        features = (encoder_features(readings) - self.mean) / self.scale
        return average(
            link(self.kind, features @ self.from_encoder.weights + self.from_encoder.bias),
            link(self.kind, self._text_scores(texts)),
            self.weight,
            self.bounds,
        )

    def predict(self, texts: Sequence[str], readings: Sequence[Reading]) -> list[tuple[str | float, dict[str, float]]]:
        """For each text its label (several joined by ``|``) and every label's probability.

        ``readings``: what :meth:`luoshen.decode.local.LocalModel.read` says of the same texts. For a number:
        the number, and no probabilities.
        """
        if not len(texts):
            return []
        values = self.probabilities(texts, readings)
        if self.kind == "number":
            return [(round(float(value), 4), {}) for value in values[:, 0]]
        chosen = decide(self.kind, values, self.thresholds)
        if self.kind == "label":
            chosen = np.eye(len(self.labels), dtype=bool)[chosen]
        return [
            (
                "|".join(label for label, given in zip(self.labels, row, strict=True) if given),
                {label: round(float(p), 4) for label, p in zip(self.labels, probability, strict=True)},
            )
            for row, probability in zip(chosen, values, strict=True)
        ]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {gram: place for place, gram in enumerate(self.vocabulary)}

    def _text_scores(self, texts: Sequence[str]) -> np.ndarray:
        places = self._places
        scores = np.tile(self.from_text.bias.astype(np.float64), (len(texts), 1))
        for row, text in enumerate(texts):
            counts = Counter(places[gram] for gram in grams(text) if gram in places)
            if counts:
                found = np.fromiter(counts.keys(), dtype=np.int64)
                values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float64))) * self.idf[found]
                scores[row] += values / np.linalg.norm(values) @ self.from_text.weights[found]
        return scores

    def save(self, folder: Path, card: str) -> None:
        """Write the decoder and its card, aside first, in place of what :func:`check_target` lets go."""
        folder = check_target(folder)
        part, old = folder.with_name(folder.name + ".part"), folder.with_name(folder.name + ".old")
        settings = {
            "format": FORMAT,
            "kind": self.kind,
            "labels": self.labels,
            "encoder": self.encoder,
            "weight": self.weight,
            "bounds": self.bounds,
            "figures": self.figures,
            "vocabulary": self.vocabulary,
        }
        linear = (
            *(self.from_encoder.weights, self.from_encoder.bias),
            *(self.idf, self.from_text.weights, self.from_text.bias),
        )
        arrays = dict(zip(_ARRAYS, (self.mean, self.scale, *linear, self.thresholds), strict=True))
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            (part / "decoder.json").write_bytes(orjson.dumps(settings))
            with (part / "decoder.npz").open("wb") as file:
                np.savez_compressed(file, allow_pickle=False, **{n: a.astype(np.float32) for n, a in arrays.items()})
            (part / "README.md").write_text(card, encoding="utf-8")
            shutil.rmtree(old, ignore_errors=True)
            if folder.exists():
                folder.rename(old)
            part.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            raise InputError(f"{folder}: cannot be written ({error.strerror}) · 无法写入") from error

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> FittedDecoder:
        """The decoder in ``folder``.

        Raises :class:`~luoshen.errors.InputError` where there is none, and :class:`~luoshen.errors.ModelError` for
        one that is damaged or was fitted on another encoder than the one in this installation.
        """
        folder = Path(folder)
        if not (folder / "decoder.json").is_file():
            raise InputError(f"{folder}: no decoder here; `luoshen fit` makes one · 此处没有 luoshen fit 训练的模型")
        try:
            settings = orjson.loads((folder / "decoder.json").read_bytes())
            if settings["format"] != FORMAT:
                raise ModelError(
                    f"{folder}: format {settings['format']}, this luoshen reads {FORMAT}: fit it again · 请重新训练"
                )
            # Through memory: of a damaged file, numpy leaves the handle open.
            with np.load(io.BytesIO((folder / "decoder.npz").read_bytes()), allow_pickle=False) as file:
                arrays = {name: file[name] for name in _ARRAYS}
            decoder = cls(
                kind=settings["kind"],
                labels=tuple(settings["labels"]),
                encoder=tuple(settings["encoder"]),
                mean=arrays["mean"],
                scale=arrays["scale"],
                from_encoder=Linear(arrays["encoder_weights"], arrays["encoder_bias"]),
                vocabulary=tuple(settings["vocabulary"]),
                idf=arrays["idf"],
                from_text=Linear(arrays["text_weights"], arrays["text_bias"]),
                weight=float(settings["weight"]),
                thresholds=arrays["thresholds"],
                bounds=tuple(settings["bounds"]),
                figures=settings["figures"],
            )
            decoder._check_shapes()
        except ModelError:
            raise
        except Exception as error:  # a damaged zip alone raises half a dozen kinds
            raise ModelError(
                f"{folder}: the decoder is damaged ({error}): fit it again · 模型文件已损坏，请重新训练"
            ) from error
        here = encoder_identity()
        if decoder.encoder != here:
            raise ModelError(
                f"{folder}: fitted on the encoder {' '.join(decoder.encoder)}, this luoshen has {' '.join(here)}: "
                "fit it again with `luoshen fit` · 编码器版本不同，请用 luoshen fit 重新训练"
            )
        return decoder

    def _check_shapes(self) -> None:
        outputs = 1 if self.kind == "number" else len(self.labels)
        right = (
            self.kind in ("label", "labels", "number")
            and self.from_encoder.weights.shape == (len(self.mean), outputs)
            and self.from_text.weights.shape == (len(self.vocabulary), outputs)
            and self.mean.shape == self.scale.shape
            and self.idf.shape == (len(self.vocabulary),)
            and self.from_encoder.bias.shape == self.from_text.bias.shape == (outputs,)
            and (self.kind != "labels" or self.thresholds.shape == (outputs,))
        )
        if not right:
            raise ValueError("its arrays do not fit together")


def encoder_features(readings: Sequence[Reading]) -> np.ndarray:
    """``(readings, features)`` float32: states, embedding, log odds of genes and themes, valence."""
    return np.stack(
        [
            np.concatenate([r.pooled, r.embedding, _log_odds(r.confidences), _log_odds(r.themes), [r.valence]])
            for r in readings
        ]
    ).astype(np.float32)


def _log_odds(probability: np.ndarray) -> np.ndarray:
    clipped = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(clipped / (1 - clipped)))


def grams(text: str) -> list[str]:
    """Letters, and pairs of them that nothing parts, in simplified script."""
    found: list[str] = []
    for run in _LETTERS.findall(to_simplified(text)):
        found.extend(run)
        found.extend(run[at : at + 2] for at in range(len(run) - 1))
    return found


def link(kind: Kind, scores: np.ndarray) -> np.ndarray:
    """Scores of a linear model as probabilities; a number is its own score."""
    if kind == "number":
        return scores
    if kind == "labels":
        return sigmoid(scores)
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def average(
    encoder: np.ndarray, text: np.ndarray, weight: float, bounds: tuple[float, float] = (0.0, 1.0)
) -> np.ndarray:
    """The two models' answers, the encoder's with ``weight``, within ``bounds``."""
    return np.clip(weight * encoder + (1 - weight) * text, *bounds)


def decide(kind: Kind, values: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """``(works,)`` numbers of labels; for several labels ``(works, labels)`` booleans; or the numbers themselves.

    A work of which no label reaches its threshold is given the likeliest, for each work learned from had one.
    """
    if kind == "number":
        return np.asarray(values[:, 0])
    best = values.argmax(axis=1)
    if kind == "label":
        return np.asarray(best)
    given = values >= thresholds
    none = ~given.any(axis=1)
    given[none, best[none]] = True
    return np.asarray(given)


@cache
def encoder_identity() -> tuple[str, str]:
    """Name of the shipped encoder, and the first 12 digits of its files' SHA-256: other weights, other features."""
    digest = hashlib.sha256()
    try:
        for name in ("reader.json", "vocabulary.json", "reader.onnx"):
            digest.update((MODEL_FOLDER / name).read_bytes())
        name = str(orjson.loads((MODEL_FOLDER / "reader.json").read_bytes())["name"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"the model in {MODEL_FOLDER} cannot be read ({error}); install luoshen again") from error
    return name, digest.hexdigest()[:12]


def check_target(folder: Path) -> Path:
    """``folder``, made absolute, if a decoder may be written there: it is new, empty, or holds a decoder."""
    folder = folder.absolute()
    if folder.exists() and not (folder / "decoder.json").is_file():
        if not folder.is_dir():
            raise InputError(f"{folder}: a file of this name is there; name another folder · 已有同名文件")
        if any(folder.iterdir()):
            raise InputError(f"{folder}: not empty, and no decoder; name another folder · 文件夹非空，请另选")
    return folder
