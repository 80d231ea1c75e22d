"""Export the trained reader to ONNX and quantise it: what ships in the package.

python train/export.py reader-all.pt --calibration calibration.json --out src/luoshen/decode/model
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from encoder import Encoder, EncoderConfig
from finetune import Reader
from readings import GENES, THEMES

INPUTS = ["characters", "bigrams", "shapes", "after"]
OUTPUTS = ["levels", "valence", "themes", "scores", "embedding", "pooled"]


class Exported(torch.nn.Module):
    """The reader with 32-bit inputs, and pooled states for decoders fitted on top."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, characters, bigrams, shapes, after):
        reader = self.reader
        states = reader.encoder(characters, bigrams, shapes, after)
        levels, valence, themes, scores, whole = reader.read_states(states, characters, None)
        real = (characters > 0).unsqueeze(-1)
        mean = states.masked_fill(~real, 0.0).sum(1) / real.sum(1).clamp(min=1)
        top = states.masked_fill(~real, -1e4).amax(1)
        return levels, valence, themes, scores, whole, torch.cat([mean, top], -1)


def load_reader(path: Path) -> Reader:
    saved = torch.load(path, weights_only=False)
    reader = Reader(Encoder(EncoderConfig(**saved["config"])))
    reader.load_state_dict(saved["weights"])
    return reader.eval()


def export(reader: Reader, target: Path) -> None:
    sample = tuple(torch.randint(1, high, (2, 12), dtype=torch.int32) for high in (5000, 100, 60, 5))
    axes = {name: {0: "works", 1: "tokens"} for name in INPUTS} | {name: {0: "works"} for name in OUTPUTS}
    axes["scores"][2] = "tokens"
    torch.onnx.export(
        Exported(reader),
        sample,
        str(target),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def differences(full: Path, small: Path) -> dict[str, float]:
    """Largest absolute difference of each output between two exports, on random input."""
    rng = np.random.default_rng(0)
    feed = {n: rng.integers(1, h, (16, 40)).astype(np.int32) for n, h in zip(INPUTS, (5000, 100, 60, 5), strict=True)}
    runs = [onnxruntime.InferenceSession(str(p)).run(None, feed) for p in (full, small)]
    return {n: float(np.abs(a - b).max()) for n, a, b in zip(OUTPUTS, *runs, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", type=Path)
    parser.add_argument("--calibration", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        export(load_reader(args.reader), full)
        quantise(full, args.out / "reader.onnx")
        print(differences(full, args.out / "reader.onnx"))
    settings = json.loads(args.calibration.read_text(encoding="utf-8"))
    settings |= {"genes": GENES, "themes": THEMES}
    (args.out / "reader.json").write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for path in sorted(args.out.iterdir()):
        print(path.name, f"{path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
