"""The local model: works in, the network's numbers out, in batches of windows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from luoshen.decode.features import Features, Vocabulary, segment_numbers, windows
from luoshen.decode.selection import MAX_GENES, MAX_GENES_LONG, best_spans, choose_genes, sigmoid, strengths
from luoshen.errors import ModelError

if TYPE_CHECKING:
    import onnxruntime  # type: ignore[import-untyped]

MODEL_FOLDER = Path(__file__).parent / "model"
#: Windows of one length go through the network together, about this many tokens at a time: larger
#: batches fall out of the processor's cache. Never with padding: a text is read as if it were alone.
BATCH_TOKENS = 1024
#: Of a long work, the share of windows that speaks for the whole.
SPEAKING_SHARE = 1 / 4
#: A long work has further evidence: so many runs a window, as long as they reach this share of the
#: value of the best one, and so many in all.
SPANS_A_WINDOW = 3
FURTHER = 0.1
MAX_EVIDENCE = 8


@dataclass(frozen=True)
class Span:
    """Tokens that carry a gene, as code points of the text: ``text[start:end]``, with their weight."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Reading:
    """What the network says of one text; arrays in the order of ``LocalModel.genes`` / ``themes``."""

    confidences: np.ndarray  #: (genes,) calibrated probability that a gene is there
    present: tuple[int, ...]  #: numbers of the genes held present, strongest first
    strengths: np.ndarray  #: (genes,) 1 to 3
    evidence: dict[int, tuple[Span, ...]]
    valence: float
    themes: np.ndarray  #: (themes,) probability
    embedding: np.ndarray  #: (width,) of length 1
    pooled: np.ndarray  #: (2 * width,) states, for decoders fitted on top
    unknown: float  #: share of letters that the vocabulary does not hold


class LocalModel:
    """The shipped network (see ``train/``): one pass gives genes, evidence, valence, themes, embedding."""

    def __init__(self, folder: Path = MODEL_FOLDER, *, threads: int = 0) -> None:
        import onnxruntime  # type: ignore[import-untyped, unused-ignore]

        try:
            settings = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            self.vocabulary = Vocabulary.load(folder / "vocabulary.json")
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.log_severity_level = 3
            self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
                str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ModelError(f"the model in {folder} cannot be loaded ({error}); install luoshen again") from error
        self.name: str = settings["name"]
        self.genes: tuple[str, ...] = tuple(settings["genes"])
        self.themes: tuple[str, ...] = tuple(settings["themes"])
        self._slope = np.array(settings["slope"], dtype=np.float32)
        self._shift = np.array(settings["shift"], dtype=np.float32)
        self._theme_slope = float(settings["theme_slope"])
        self._theme_shift = float(settings["theme_shift"])
        self._span_length = float(settings["span_length"])
        self._width = int(self._session.get_outputs()[4].shape[1])

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """A Reading of each text, in order. A text without letters is read as absence of everything."""
        features = [self.vocabulary.features(text) for text in texts]
        pieces = [(work, cut) for work, f in enumerate(features) for cut in windows(f.after) if cut[1] > cut[0]]
        outputs = self._run(features, pieces)
        by_work: list[list[int]] = [[] for _ in texts]
        for number, (work, _) in enumerate(pieces):
            by_work[work].append(number)
        return self._readings(features, pieces, by_work, outputs)

    def _run(self, features: list[Features], pieces: list[tuple[int, tuple[int, int]]]) -> list[dict[str, np.ndarray]]:
        results: list[dict[str, np.ndarray]] = [{} for _ in pieces]
        by_length: dict[int, list[int]] = {}
        for number, (_, (start, stop)) in enumerate(pieces):
            by_length.setdefault(stop - start, []).append(number)
        for length, numbers in by_length.items():
            size = max(1, BATCH_TOKENS // length)
            for at in range(0, len(numbers), size):
                self._run_batch(features, pieces, numbers[at : at + size], results)
        return results

    def _run_batch(
        self,
        features: list[Features],
        pieces: list[tuple[int, tuple[int, int]]],
        group: list[int],
        results: list[dict[str, np.ndarray]],
    ) -> None:
        inputs = ("characters", "bigrams", "shapes", "after")
        feed = {
            name: np.stack(
                [getattr(features[work], name)[start:stop] for work, (start, stop) in map(pieces.__getitem__, group)]
            )
            for name in inputs
        }
        names = ["levels", "valence", "themes", "scores", "embedding", "pooled"]
        outputs = dict(zip(names, self._session.run(names, feed), strict=True))
        for row, piece in enumerate(group):
            result = {name: outputs[name][row] for name in names}
            result["segments"] = segment_numbers(feed["after"][row])
            results[piece] = result

    def _readings(
        self,
        features: list[Features],
        pieces: list[tuple[int, tuple[int, int]]],
        by_work: list[list[int]],
        outputs: list[dict[str, np.ndarray]],
    ) -> list[Reading]:
        genes, themes = len(self.genes), len(self.themes)
        count = len(by_work)
        levels = np.zeros((count, genes, 3), dtype=np.float32)
        theme = np.zeros((count, themes), dtype=np.float32)
        valence = np.zeros(count, dtype=np.float32)
        width = self._width
        embedding = np.zeros((count, width), dtype=np.float32)
        pooled = np.zeros((count, 2 * width), dtype=np.float32)
        window_presence: dict[int, np.ndarray] = {}
        scale = np.arange(-2.0, 3.0, dtype=np.float32)
        for work, numbers in enumerate(by_work):
            if not numbers:
                continue
            weight = np.array([pieces[n][1][1] - pieces[n][1][0] for n in numbers], dtype=np.float32)
            weight /= weight.sum()
            logits = np.stack([outputs[n]["levels"] for n in numbers])
            logits[..., 0] = logits[..., 0] * self._slope + self._shift
            probability = sigmoid(logits)
            window_presence[work] = probability[..., 0]
            levels[work] = speaking_mean(probability)
            theme[work] = weight @ sigmoid(
                np.stack([outputs[n]["themes"] for n in numbers]) * self._theme_slope + self._theme_shift
            )
            moods = np.stack([outputs[n]["valence"] for n in numbers])
            moods = np.exp(moods - moods.max(axis=1, keepdims=True))
            valence[work] = weight @ (moods @ scale / moods.sum(axis=1))
            vector = weight @ np.stack([outputs[n]["embedding"] for n in numbers])
            embedding[work] = vector / max(1e-9, float(np.linalg.norm(vector)))
            pooled[work] = weight @ np.stack([outputs[n]["pooled"] for n in numbers])
        most = np.array([MAX_GENES if len(numbers) <= 1 else MAX_GENES_LONG for numbers in by_work])
        present = choose_genes(levels[..., 0], most)
        strength = strengths(levels)
        expected = levels.sum(axis=-1)
        evidence = self._evidence(features, pieces, by_work, outputs, present, window_presence)
        return [
            Reading(
                confidences=levels[work, :, 0],
                present=tuple(sorted(np.flatnonzero(present[work]).tolist(), key=lambda g: -expected[work, g])),
                strengths=strength[work],
                evidence=evidence[work],
                valence=float(valence[work]),
                themes=theme[work],
                embedding=embedding[work],
                pooled=pooled[work],
                unknown=float((features[work].characters == 1).mean()) if len(features[work]) else 1.0,
            )
            for work in range(count)
        ]

    def _evidence(
        self,
        features: list[Features],
        pieces: list[tuple[int, tuple[int, int]]],
        by_work: list[list[int]],
        outputs: list[dict[str, np.ndarray]],
        present: np.ndarray,
        window_presence: dict[int, np.ndarray],
    ) -> list[dict[int, tuple[Span, ...]]]:
        """The best run of each present gene in each window, kept where it is near the best of the work."""
        asked = [
            (work, int(gene), place, number)
            for work, numbers in enumerate(by_work)
            for gene in (np.flatnonzero(present[work]) if numbers else ())
            for place, number in enumerate(numbers)
        ]
        found: list[dict[int, list[tuple[float, Span]]]] = [{} for _ in by_work]
        for at in range(0, len(asked), 2048):
            part = asked[at : at + 2048]
            tokens = max(len(outputs[n]["segments"]) for *_, n in part)
            scores = np.full((len(part), tokens), -1e4, dtype=np.float32)
            segments = np.full((len(part), tokens), -1, dtype=np.int32)
            for row, (_, gene, _, number) in enumerate(part):
                own = outputs[number]["segments"]
                scores[row, : len(own)] = outputs[number]["scores"][gene]
                segments[row, : len(own)] = own
            attention = np.exp(scores - scores.max(axis=1, keepdims=True))
            attention /= attention.sum(axis=1, keepdims=True)
            rows = np.arange(len(part))
            for _ in range(SPANS_A_WINDOW):
                starts, sizes, _ = best_spans(attention[rows], segments[rows], self._span_length)
                for row, first, size in zip(rows.tolist(), starts.tolist(), sizes.tolist(), strict=True):
                    work, gene, place, number = part[row]
                    begin, offsets = pieces[number][1][0], features[work].offsets
                    weight = float(attention[row, first : first + size].sum())
                    attention[row, first : first + size] = 0
                    span = Span(int(offsets[begin + first]), int(offsets[begin + first + size - 1]) + 1, weight)
                    found[work].setdefault(gene, []).append((float(window_presence[work][place, gene]) * weight, span))
                # A short text has one place where a gene is carried most; a long one has several.
                rows = rows[[len(by_work[part[row][0]]) > 1 for row in rows]]
                if not len(rows):
                    break
        return [{gene: _strongest(spans) for gene, spans in genes.items()} for genes in found]


def speaking_mean(probability: np.ndarray) -> np.ndarray:
    """Pool windows ``(windows, genes, 3)``: per gene, the mean over the quarter that shows it most."""
    count = len(probability)
    if count == 1:
        return np.asarray(probability[0])
    speaking = max(1, round(count * SPEAKING_SHARE))
    order = np.argsort(-probability[..., 0], axis=0)[:speaking]
    return np.asarray(np.take_along_axis(probability, order[..., None], axis=0).mean(axis=0))


def _strongest(spans: list[tuple[float, Span]]) -> tuple[Span, ...]:
    spans = sorted(spans, key=lambda item: -item[0])
    kept: list[Span] = []
    for value, span in spans:
        if value < FURTHER * spans[0][0] or len(kept) == MAX_EVIDENCE:
            break
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(kept)


@cache
def shipped_model(threads: int = 0) -> LocalModel:
    """The model in the package, loaded once."""
    return LocalModel(threads=threads)
