"""Speed: our network beside an untrained BERT-base of the same input, and the whole command line.

    python evaluate/speed.py [--letters 28] [--batch 32] [--cores 2]

Both run in onnxruntime on the same processors in one run, int8 beside int8 and fp32 beside fp32, each
in the way that uses the cores best for it.
Needs torch (``train`` dependencies) to build both. Primary metric: ``ratio_int8`` (higher is better).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "train")]
from encoder import Encoder, EncoderConfig  # noqa: E402
from export import INPUTS, export, quantise  # noqa: E402
from finetune import Reader  # noqa: E402
from luoshen.decode.features import Vocabulary  # noqa: E402

PRIMARY, DIRECTION = "ratio_int8", "higher"
MODEL = ROOT / "src/luoshen/decode/model"


class BertBase(nn.Module):
    """Twelve layers, 768 wide, twelve heads, 3072 inside, 21,128 characters; a pooled output of 768."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(21128, 768)
        self.places = nn.Embedding(512, 768)
        self.norm = nn.LayerNorm(768)
        self.layers = nn.ModuleList(BertLayer() for _ in range(12))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])
        for layer in self.layers:
            x = layer(x)
        return x.mean(1)


class BertLayer(nn.Module):
    """Post-norm attention and feed-forward, as in Devlin et al. 2019."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(768, 2304), nn.Linear(768, 768)
        self.up, self.down = nn.Linear(768, 3072), nn.Linear(3072, 768)
        self.norm1, self.norm2 = nn.LayerNorm(768), nn.LayerNorm(768)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        works, tokens, _ = x.shape
        q, k, v = (p.reshape(works, tokens, 12, 64).transpose(1, 2) for p in self.qkv(x).chunk(3, -1))
        mixed = ((q @ k.transpose(-1, -2) / 8).softmax(-1) @ v).transpose(1, 2).reshape(works, tokens, 768)
        x = self.norm1(x + self.out(mixed))
        return self.norm2(x + self.down(nn.functional.gelu(self.up(x))))


def rate(path: Path, feed: dict[str, np.ndarray], seconds: float, threads: int) -> float:
    """Works a second of one process, over about ``seconds`` after a warm-up."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options)
    session.run(None, feed)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        session.run(None, feed)
        count += len(next(iter(feed.values())))
    return count / (time.perf_counter() - began)


def best_rate(path: Path, feed: dict[str, np.ndarray], seconds: float, cores: int) -> float:
    """Works a second by the better of two ways to use all cores: one process with a thread a core,
    or a process a core with one thread each (as ``luoshen decode`` does)."""
    together = rate(path, feed, seconds, cores)
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:
        apart = sum(pool.map(rate, [path] * cores, [feed] * cores, [seconds] * cores, [1] * cores))
    return max(together, apart)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=28)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=8)
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    shape = (args.batch, args.letters)
    ours = {n: rng.integers(1, h, shape).astype(np.int32) for n, h in zip(INPUTS, (5000, 100, 60, 5), strict=True)}
    # BERT reads punctuation too; it is given as many tokens as we read letters, in its favour.
    theirs = {"ids": rng.integers(1, 21000, shape)}
    with tempfile.TemporaryDirectory() as folder:
        bert, small_bert, full = (Path(folder) / n for n in ("bert.onnx", "bert8.onnx", "full.onnx"))
        axes = {"ids": {0: "works", 1: "tokens"}}
        torch.onnx.export(
            BertBase().eval(),
            (torch.ones(2, 8, dtype=torch.int64),),
            str(bert),
            input_names=["ids"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantise(bert, small_bert, [theirs])
        vocabulary = Vocabulary.load(MODEL / "vocabulary.json")
        export(Reader(Encoder(EncoderConfig(vocabulary.size, len(vocabulary.bigrams))), 1).eval(), full)
        rates = {
            "ours_int8": best_rate(MODEL / "reader.onnx", ours, args.seconds, args.cores),
            "bert_int8": best_rate(small_bert, theirs, args.seconds, args.cores),
            "ours_fp32": best_rate(full, ours, args.seconds, args.cores),
            "bert_fp32": best_rate(bert, theirs, args.seconds, args.cores),
        }
    result = {name: round(value, 1) for name, value in rates.items()}
    result |= {"letters": args.letters, "batch": args.batch, "cores": args.cores}
    for kind in ("int8", "fp32"):
        result[f"ratio_{kind}"] = round(rates[f"ours_{kind}"] / rates[f"bert_{kind}"], 1)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
