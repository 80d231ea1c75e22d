"""How well a decoder fitted by ``luoshen fit`` labels works that it has not seen.

    python evaluate/fit.py PATH.csv [TRAINING]

``PATH.csv`` has the columns ``text`` and ``label``. TRAINING works (3,000 by default), drawn with seed 0, are learned
from, the others are the test. Prints JSON: the figures, with 95 % bootstrap intervals, of the fitted decoder, of
characters alone (TF-IDF), and of the majority; and the encoder alone. Primary metric: ``accuracy``;
higher is better.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from luoshen.decode.fit import answer, choose
from luoshen.decode.fit_examples import read_examples
from luoshen.decode.fit_figures import figures, measure
from luoshen.decode.fit_models import matrices, outputs, train_models
from luoshen.decode.fitted import encoder_features, encoder_identity
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
    started = time.perf_counter()
    features = encoder_features(shipped_model(1).read(examples.texts))
    read = time.perf_counter()
    data, _ = matrices(examples, features, SEED)
    choice = choose(data, train)
    answers = answer(data, train, test, choice)
    fitted = time.perf_counter()
    trained = train_models(data, train, choice.encoder_strength, choice.text_strength)
    encoder = outputs(data, trained, test)[0].argmax(axis=1)
    targets, scale = data.targets[test], examples.scale
    found = figures("label", targets, answers, examples.labels, scale, data.groups[test], SEED)
    return {
        PRIMARY: found["figures"]["fitted"][PRIMARY]["value"],
        **found,
        "encoder_alone": measure("label", targets, encoder, scale),
        "works": {"training": len(train), "test": len(test)},
        "chosen": {
            "encoder_strength": choice.encoder_strength,
            "text_strength": choice.text_strength,
            "encoder_weight": choice.weight,
        },
        "encoder": encoder_identity(),
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
