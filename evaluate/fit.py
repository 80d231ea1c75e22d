"""How well a decoder fitted by ``luoshen fit`` labels works that it has not seen.

    python evaluate/fit.py PATH.csv [TRAINING]

``PATH.csv`` has the columns ``text`` and ``label``. TRAINING works (3,000 by default), drawn with seed 0, are learned
from, the others are the test. Prints JSON: the figures of the fitted decoder, of its encoder alone and of
its characters alone (TF-IDF), and what cross-validation promised beforehand. Primary metric:
``accuracy``; higher is better.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from luoshen.decode.fit import fit
from luoshen.decode.fit_examples import read_examples
from luoshen.decode.fit_figures import measure
from luoshen.decode.fitted import decide, encoder_features
from luoshen.decode.local import shipped_model

PRIMARY = "accuracy"
HIGHER_IS_BETTER = True
TRAINING = 3000
SEED = 0


def evaluate(path: Path, training: int = TRAINING) -> dict[str, Any]:
    """The figures on the works that were not learned from, and what the time went on."""
    examples = read_examples(path, kind="label")
    order = np.random.default_rng(SEED).permutation(len(examples.texts))
    train, test = order[:training], order[training:]
    texts = np.array(examples.texts, dtype=object)
    started = time.perf_counter()
    readings = shipped_model(1).read(examples.texts)
    read = time.perf_counter()
    part = replace(examples, texts=texts[train].tolist(), targets=examples.targets[train])
    decoder = fit(part, encoder_features([readings[row] for row in train]), seed=SEED)
    fitted = time.perf_counter()
    unseen = [readings[row] for row in test]
    found = {}
    for name, weight in (("fitted", decoder.weight), ("encoder", 1.0), ("tfidf", 0.0)):
        values = replace(decoder, weight=weight).probabilities(texts[test].tolist(), unseen)
        answers = decide("label", values, decoder.thresholds)
        found[name] = measure("label", examples.targets[test], answers, examples.scale)
    return {
        PRIMARY: found["fitted"][PRIMARY],
        "test": found,
        "training_works": len(train),
        "test_works": len(test),
        "promised": decoder.figures["figures"],
        "settings": decoder.figures["settings"],
        "encoder": decoder.encoder,
        "seconds": {"reading": round(read - started, 1), "fitting": round(fitted - read, 1)},
    }


def main() -> None:
    """Print the figures as JSON."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    training = int(sys.argv[2]) if len(sys.argv) > 2 else TRAINING
    print(json.dumps(evaluate(Path(sys.argv[1]), training), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
