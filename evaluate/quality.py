"""All figures of the local model on held-out works, as JSON.

python evaluate/quality.py FOLDS_DIR corpus.jsonl [--folds 0]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import calibration
import evidence
import genes
import themes
import valence
from predictions import FOLDS, load


def figures(predictions) -> dict:
    """Of one set of predictions."""
    result = {"works": len(predictions.examples)}
    for evaluator in (genes, evidence, valence, themes, calibration):
        result |= evaluator.evaluate(predictions)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", help="only these, such as 0 or 0,1")
    parser.add_argument("--brief", action="store_true")
    args = parser.parse_args()
    folds = [int(f) for f in args.folds.split(",")] if args.folds else range(FOLDS)
    predictions = load(args.folder, args.corpus, folds=folds)
    result = {
        "reference": figures(predictions.by_readers(first=True)),
        "later": figures(predictions.by_readers(first=False)),
    }
    if args.brief:
        result = {
            group: {
                k: (v["value"] if isinstance(v, dict) and "value" in v else v)
                for k, v in values.items()
                if k != "per_gene"
            }
            for group, values in result.items()
        }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
