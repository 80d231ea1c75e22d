"""Fit the calibration that ships, on all held-out folds.

python train/calibrate.py FOLDS_DIR corpus.jsonl --name luoshen-2 --out calibration.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("src", "evaluate")]
from predictions import FOLDS, calibrate, load_examples  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    by_id = {e.id: e for e in load_examples(args.corpus)}
    parts = [
        dict(np.load(args.folder / f"fold{f}.npz")) for f in range(FOLDS) if (args.folder / f"fold{f}.npz").exists()
    ]
    fitted = calibrate(parts, by_id)
    settings = {
        "name": args.name,
        "slope": [round(float(x), 4) for x in fitted.slope],
        "shift": [round(float(x), 4) for x in fitted.shift],
        "theme_slope": round(fitted.theme_slope, 4),
        "theme_shift": round(fitted.theme_shift, 4),
        "span_length": round(fitted.span_length, 3),
    }
    args.out.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    print(settings)


if __name__ == "__main__":
    main()
