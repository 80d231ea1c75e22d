"""Held-out predictions as they ship: each fold's reader exported, quantised, and run by onnxruntime.

    python train/quantised.py READERS_DIR corpus.jsonl OUT_DIR

Reads ``reader-0.pt`` … of ``finetune.py``; writes ``fold0.npz`` … of the same form as its own, which
``calibrate.py`` and ``evaluate/`` read. What is measured is then what ships, rounding included.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime

from export import OUTPUTS, export, feeds_of, load_reader, quantise
from finetune import blank_predictions
from readings import FOLDS, Example, load_examples


def predict(model: Path, examples: list[Example]) -> dict[str, np.ndarray]:
    """Raw outputs for each example; works of one length together, so nothing is padded."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options)
    result = blank_predictions(examples)
    lengths = np.array([len(e.features) for e in examples])
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for at in range(0, len(alike), 64):
            rows = alike[at : at + 64]
            (feed,) = feeds_of([examples[i] for i in rows], size=64)
            output = dict(zip(OUTPUTS, session.run(OUTPUTS, feed), strict=True))
            for name in ("levels", "valence", "themes"):
                result[name][rows] = output[name]
            result["scores"][rows, :, :length] = output["scores"]
    return result


def main(readers: Path, corpus: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    examples = load_examples(corpus)
    for fold in range(FOLDS):
        held = [e for e in examples if e.fold == fold]
        learned = [e for e in examples if e.fold != fold]
        with tempfile.TemporaryDirectory() as folder:
            full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
            export(load_reader(readers / f"reader-{fold}.pt"), full)
            quantise(full, small, feeds_of(learned[::40]))
            np.savez(out / f"fold{fold}.npz", ids=np.array([e.id for e in held]), **predict(small, held))
        print(f"fold {fold}: {len(held)} held out", flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
