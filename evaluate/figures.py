"""Everything that the model card shows, gathered into ``figures.json``.

python evaluate/figures.py corpus.jsonl --ours DIR --floor DIR --other DIR --speed speed.json --log LOG --out FILE
"""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path

from predictions import ROOT, load, load_examples
from quality import figures

METRICS = ("set_f1", "first_gene", "map", "valence_r", "evidence_f1", "ece", "themes_f1")
MORE = ("evidence_f1_of_readers_genes", "evidence_strict", "valence_mae", "first_theme", "ece_named")
MODEL = ROOT / "src/luoshen/decode/model"


def values(result: dict) -> dict[str, float]:
    return {name: result[name]["value"] for name in METRICS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--ours", type=Path, required=True)
    parser.add_argument("--floor", type=Path, required=True)
    parser.add_argument("--other", type=Path, required=True)
    parser.add_argument("--speed", type=Path, required=True)
    parser.add_argument("--training", type=Path, required=True, help="JSON of what was spent on training")
    parser.add_argument("--out", type=Path, default=MODEL / "figures.json")
    args = parser.parse_args()
    predictions = load(args.ours, args.corpus)
    ours, later = (figures(predictions.by_readers(first=first)) for first in (True, False))
    floor = figures(load(args.floor, args.corpus).by_readers(first=True))
    other = figures(load(args.other, args.corpus).by_readers(first=True))
    del floor["evidence_f1"]["value"]  # the floor points at no words
    examples = load_examples(args.corpus)
    blind = json.loads((ROOT / "train/labels/later.blind.json").read_text(encoding="utf-8"))["agreement"]["all"]
    speed = json.loads(args.speed.read_text(encoding="utf-8"))
    result = {
        "name": json.loads((MODEL / "reader.json").read_text(encoding="utf-8"))["name"],
        "date": datetime.date.today().isoformat(),
        "labels": {
            "reference": sum(e.reader == 0 for e in examples),
            "later": sum(e.reader > 0 for e in examples),
            "blind": blind,
        },
        "folds": 5,
        "held_out_works": ours["works"],
        "metrics": {name: ours[name] for name in METRICS},
        "more": {name: ours[name] for name in MORE},
        "on_later_readings": values(later),
        "floor": {n: floor[n]["value"] for n in METRICS if "value" in floor[n]},
        "other": {"name": "the same embeddings and heads without transformer layers", **values(other)},
        "per_gene": ours["per_gene"],
        "speed": speed,
        "size_mb": round((MODEL / "reader.onnx").stat().st_size / 1e6, 2),
        "training": json.loads(args.training.read_text(encoding="utf-8")),
    }
    args.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"ours": values(ours), "floor": result["floor"], "other": result["other"]}, indent=1))


if __name__ == "__main__":
    main()
