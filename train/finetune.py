"""Train the reader: the pre-trained encoder with one attention query a gene, on the readings.

    python train/finetune.py --data DIR --encoder DIR/encoder.pt --fold 0 --out DIR     # cross-validation
    python train/finetune.py --data DIR --encoder DIR/encoder.pt --fold all --out DIR   # what ships

Readers differ in how freely they name a gene. Each therefore has an offset of their own on every
logit (a simple annotator model), and the offset of the first readers is the one that ships.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from encoder import Encoder, EncoderConfig
from luoshen.decode.features import MASK
from readings import GENES, THEMES, Example, load_examples

FIRST = 0  #: the number of the first readers


class Reader(nn.Module):
    """Encoder states to gene levels ``(n, 26, 3)``, valence ``(n, 5)``, themes ``(n, 24)``,
    attention logits ``(n, 26, t)`` and an embedding ``(n, width)``."""

    def __init__(self, encoder: Encoder, readers: int, dropout: float = 0.15) -> None:
        super().__init__()
        width = encoder.config.width
        self.encoder = encoder
        self.queries = nn.Linear(width, len(GENES))
        self.pooled = nn.Parameter(torch.randn(len(GENES), width, 3) * 0.02)
        self.whole = nn.Sequential(nn.Linear(2 * width, width), nn.Tanh())
        self.dropout = nn.Dropout(dropout)
        self.levels = nn.Linear(width, len(GENES) * 3)
        self.valence = nn.Linear(width, 5)
        self.themes = nn.Linear(width, len(THEMES))
        self.level_offset = nn.Parameter(torch.zeros(readers, len(GENES), 3))
        self.theme_offset = nn.Parameter(torch.zeros(readers, len(THEMES)))
        with torch.no_grad():
            self.levels.bias.copy_(torch.tensor([-2.2, -3.2, -5.0]).repeat(len(GENES)))
            self.themes.bias.fill_(-3.0)

    def forward(self, characters, bigrams, shapes, after, reader=None):
        return self.read_states(self.encoder(characters, bigrams, shapes, after), characters, reader)

    def read_states(self, states, characters, reader):
        """The heads alone; ``reader`` numbers who read each work, None the first readers."""
        real = (characters > 0).unsqueeze(-1)
        hidden = states.masked_fill(~real, 0.0)
        mean = hidden.sum(1) / real.sum(1).clamp(min=1)
        top = states.masked_fill(~real, -1e4).amax(1)
        whole = self.whole(torch.cat([mean, top], -1))
        scores = self.queries(states).masked_fill(~real, -1e4).transpose(1, 2)
        pooled = scores.softmax(-1) @ states
        dropped = self.dropout(whole)
        levels = self.levels(dropped).view(-1, len(GENES), 3)
        # One product a gene, of all works: (genes, n, width) @ (genes, width, 3).
        levels = levels + (self.dropout(pooled).transpose(0, 1) @ self.pooled).transpose(0, 1)
        themes = self.themes(dropped)
        if reader is None:
            levels, themes = levels + self.level_offset[FIRST], themes + self.theme_offset[FIRST]
        else:
            levels, themes = levels + self.level_offset[reader], themes + self.theme_offset[reader]
        return levels, self.valence(dropped), themes, scores, whole


def batch_of(examples: list[Example], drop: float, rng: np.random.Generator | None):
    """Padded arrays of some examples; characters are hidden at rate ``drop`` in training."""
    longest = max(len(e.features) for e in examples)
    shape = (len(examples), longest)
    characters, bigrams, shapes, after = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    evidence = np.zeros((len(examples), len(GENES), longest), dtype=np.float32)
    for row, example in enumerate(examples):
        size = len(example.features)
        characters[row, :size] = example.features.characters
        bigrams[row, :size] = example.features.bigrams
        if rng is None or rng.random() > 0.05:
            shapes[row, :size] = example.features.shapes
            after[row, :size] = example.features.after
        for gene, start, stop in example.evidence:
            evidence[row, gene, start:stop] = 1
    if rng is not None and drop:
        hit = (rng.random(shape) < drop) & (characters > 0)
        characters[hit] = MASK
        bigrams[hit] = 0
        bigrams[:, 1:][hit[:, :-1]] = 0
    arrays = [torch.from_numpy(a) for a in (characters, bigrams, shapes, after)]
    return arrays, torch.from_numpy(evidence)


def losses(output, batch: list[Example], evidence: torch.Tensor) -> torch.Tensor:
    levels, valence, themes, scores, _ = output
    strength = torch.from_numpy(np.stack([e.strengths for e in batch]))
    weight = torch.tensor([e.weight for e in batch])
    target = (strength.unsqueeze(-1) >= torch.arange(1, 4)).float()
    each = functional.binary_cross_entropy_with_logits(levels, target, reduction="none")
    genes = (each * torch.tensor([1.0, 0.5, 0.3])).sum((1, 2))
    feeling = torch.tensor([e.valence + 2 for e in batch])
    scale = torch.arange(-2.0, 3.0)
    mood = functional.cross_entropy(valence, feeling, reduction="none")
    mood = mood + 0.5 * ((valence.softmax(-1) * scale).sum(-1) - (feeling - 2)) ** 2
    named = torch.from_numpy(np.stack([e.themes for e in batch]))
    theme = functional.binary_cross_entropy_with_logits(themes, named, reduction="none").sum(-1)
    total = evidence.sum(-1)
    wanted = evidence / total.clamp(min=1).unsqueeze(-1)
    # Keep the zeros out of 0 * -inf at padding.
    point = -(wanted * scores.log_softmax(-1).clamp(min=-30)).sum(-1) * (total > 0)
    return (weight * (genes + 0.6 * mood + 0.6 * theme + 0.5 * point.sum(1))).mean()


def train(
    examples: list[Example],
    encoder_path: Path,
    *,
    epochs: float,
    rate: float,
    seed: int,
    drop: float,
    layers: int | None,
    log,
) -> Reader:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    saved = torch.load(encoder_path, weights_only=False)
    config = dict(saved["config"], dropout=0.1)
    if layers is not None:
        config["layers"] = layers
    encoder = Encoder(EncoderConfig(**config))
    weights = {
        k: v
        for k, v in saved["weights"].items()
        if layers is None or not k.startswith("layers.") or int(k.split(".")[1]) < layers
    }
    encoder.load_state_dict(weights)
    model = Reader(encoder, 1 + max(e.reader for e in examples))
    tables = [p for n, p in model.named_parameters() if n.startswith(("encoder.character", "encoder.bigram"))]
    body = [
        p
        for n, p in model.named_parameters()
        if n.startswith("encoder.") and not n.startswith(("encoder.character", "encoder.bigram"))
    ]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [
        {"params": tables, "lr": rate, "weight_decay": 0.0, "base": rate},
        {"params": body, "lr": rate, "weight_decay": 0.02, "base": rate},
        {"params": heads, "lr": rate * 2, "weight_decay": 0.01, "base": rate * 2},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    average = [p.detach().clone() for p in model.parameters()]
    size = 48
    steps = int(epochs * len(examples) / size)
    step, began, recent = 0, time.monotonic(), []
    while step < steps:
        order = rng.permutation(len(examples))
        blocks = np.array_split(order, max(1, len(order) // (size * 40)))
        for block in blocks:  # like lengths together, within a shuffled block
            block = block[np.argsort([len(examples[i].features) for i in block], kind="stable")]
            parts = np.array_split(block, max(1, len(block) // size))
            for at in rng.permutation(len(parts)):
                if step >= steps:
                    break
                batch = [examples[i] for i in parts[at]]
                warm = min(1.0, (step + 1) / (0.06 * steps))
                slope = warm * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * step / steps)))
                for group in optimizer.param_groups:
                    group["lr"] = group["base"] * slope
                arrays, evidence = batch_of(batch, drop, rng)
                output = model(*arrays, torch.tensor([e.reader for e in batch]))
                loss = losses(output, batch, evidence)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 2.0)
                optimizer.step()
                step += 1
                recent.append(float(loss.detach()))
                with torch.no_grad():
                    torch._foreach_lerp_(average, list(model.parameters()), 1 - min(0.995, step / (step + 10)))
                if step % 100 == 0:
                    log(f"step {step}/{steps} loss {np.mean(recent):.3f} {time.monotonic() - began:.0f}s")
                    recent.clear()
    with torch.no_grad():
        for live, kept in zip(model.parameters(), average, strict=True):
            live.copy_(kept)
    return model.eval()


def blank_predictions(examples: list[Example]) -> dict[str, np.ndarray]:
    """Arrays for the raw outputs of each example, attention padded to the longest."""
    longest = max(len(e.features) for e in examples)
    count = len(examples)
    return {
        "levels": np.zeros((count, len(GENES), 3), np.float32),
        "valence": np.zeros((count, 5), np.float32),
        "themes": np.zeros((count, len(THEMES)), np.float32),
        "scores": np.full((count, len(GENES), longest), -1e4, np.float16),
    }


@torch.no_grad()
def predict(model: Reader, examples: list[Example]) -> dict[str, np.ndarray]:
    """Raw outputs for each example."""
    result = blank_predictions(examples)
    order = np.argsort([len(e.features) for e in examples], kind="stable")
    for at in range(0, len(examples), 64):
        rows = order[at : at + 64]
        arrays, _ = batch_of([examples[i] for i in rows], 0.0, None)
        levels, valence, themes, scores, _ = model(*arrays)
        result["levels"][rows] = levels.numpy()
        result["valence"][rows] = valence.numpy()
        result["themes"][rows] = themes.numpy()
        result["scores"][rows, :, : scores.shape[-1]] = scores.clamp(min=-1e4).numpy()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with corpus.jsonl")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", required=True, help="0 to 4 (held out), or all")
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--drop", type=float, default=0.08)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--layers", type=int, help="keep only the first layers (0: a bag of words and bigrams)")
    parser.add_argument("--only-reference", action="store_true", help="train on the first readers alone")
    parser.add_argument("--take", type=float, default=1.0, help="share of the training works (learning curve)")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    examples = load_examples(args.data / "corpus.jsonl")
    if args.fold == "all":
        kept, held = examples, []
    else:
        fold = int(args.fold)
        kept = [e for e in examples if e.fold != fold]
        held = [e for e in examples if e.fold == fold]
    if args.only_reference:
        kept = [e for e in kept if e.reader == FIRST]
    if args.take < 1:
        kept = [e for e in kept if int(e.id[:6], 16) / 16**6 < args.take]
    print(f"fold {args.fold}: {len(kept)} to learn from, {len(held)} held out", flush=True)
    model = train(
        kept,
        args.encoder,
        epochs=args.epochs,
        rate=args.rate,
        seed=args.seed,
        drop=args.drop,
        layers=args.layers,
        log=lambda line: print(line, flush=True),
    )
    if held:
        np.savez(args.out / f"fold{args.fold}.npz", ids=np.array([e.id for e in held]), **predict(model, held))
    torch.save(
        {
            "config": model.encoder.config.to_dict(),
            "weights": model.state_dict(),
            "args": {k: str(v) for k, v in vars(args).items()},
        },
        args.out / f"reader-{args.fold}.pt",
    )
    print(json.dumps({"fold": args.fold, "learned": len(kept), "held": len(held)}))


if __name__ == "__main__":
    main()
