"""Pre-train the encoder on the prepared corpus: masked characters, and the title's words.

    python train/pretrain.py corpus.jsonl --vocabulary VOCAB.json --embeddings embeddings.npz --out DIR

Checkpoints every five minutes and resumes from DIR/encoder.pt. The learning rate follows the
clock (warm-up, then a cosine to zero at the end of the time given), so that a run of any length
ends annealed. Weights that ship are an exponential moving average.
"""

from __future__ import annotations

import argparse
import collections
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
from luoshen.decode.features import MASK, MAX_TOKENS, Vocabulary

TITLE_WORDS = 2000
PREDICTED = 5000  #: the most frequent characters are predicted; the others only read
MASKED = 0.22
AVERAGE = 0.999


def prepare(corpus: Path, vocabulary: Vocabulary, cache: Path) -> dict[str, np.ndarray]:
    """Tokenise the corpus once into flat arrays; window k is ``[starts[k], starts[k + 1])``."""
    if cache.exists():
        return dict(np.load(cache))
    characters, shapes, after, starts, title_ids, title_starts = [], [], [], [0], [], [0]
    titles: collections.Counter[str] = collections.Counter()
    works = [json.loads(line) for line in corpus.open(encoding="utf-8")]
    for work in works:
        titles.update(set(work["title"]))
    words = {c: i for i, (c, _) in enumerate(w for w in titles.most_common(TITLE_WORDS + 60) if w[0].isalpha())}
    words = {c: i for c, i in words.items() if i < TITLE_WORDS}
    total = 0
    for work in works:
        features = vocabulary.features(work["text"])
        named = sorted({words[c] for c in work["title"] if c in words})
        for at in range(0, len(features), MAX_TOKENS):
            cut = slice(at, at + MAX_TOKENS)
            if len(features.characters[cut]) < 8:
                continue
            characters.append(features.characters[cut])
            shapes.append(features.shapes[cut])
            after.append(features.after[cut])
            total += len(features.characters[cut])
            starts.append(total)
            title_ids.extend(named)
            title_starts.append(len(title_ids))
    arrays = {
        "characters": np.concatenate(characters).astype(np.int16),
        "shapes": np.concatenate(shapes).astype(np.int8),
        "after": np.concatenate(after).astype(np.int8),
        "starts": np.array(starts),
        "title_ids": np.array(title_ids, dtype=np.int16),
        "title_starts": np.array(title_starts),
    }
    np.savez(cache, **arrays)
    return arrays


def batches(data: dict[str, np.ndarray], tokens: int, rng: np.random.Generator):
    """Endless batches of windows of like length, about ``tokens`` tokens each."""
    starts = data["starts"]
    lengths = np.diff(starts)
    while True:
        order = rng.permutation(len(lengths))
        for block in np.array_split(order, max(1, len(order) // 20_000)):
            block = block[np.argsort(lengths[block], kind="stable")]
            groups, group, longest = [], [], 0
            for window in block:
                longest = max(longest, lengths[window])
                if group and longest * (len(group) + 1) > tokens:
                    groups.append(group)
                    group, longest = [], lengths[window]
                group.append(window)
            groups.append(group)
            for at in rng.permutation(len(groups)):
                yield np.array(groups[at])


def collate(data: dict[str, np.ndarray], windows: np.ndarray, vocabulary: Vocabulary, rng: np.random.Generator):
    """Padded features with characters masked in runs of one or two, and the title's words."""
    starts = data["starts"]
    longest = int((starts[windows + 1] - starts[windows]).max())
    shape = (len(windows), longest)
    characters, shapes, after = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    title = np.zeros((len(windows), TITLE_WORDS), dtype=np.float32)
    for row, window in enumerate(windows):
        cut = slice(starts[window], starts[window + 1])
        size = cut.stop - cut.start
        characters[row, :size] = data["characters"][cut]
        if rng.random() > 0.08:  # some texts come without punctuation
            shapes[row, :size] = data["shapes"][cut]
            after[row, :size] = data["after"][cut]
        title[row, data["title_ids"][data["title_starts"][window] : data["title_starts"][window + 1]]] = 1
    hit = rng.random(shape) < MASKED / 1.4
    twice = rng.random(shape) < 0.4
    hit[:, 1:] |= hit[:, :-1] & twice[:, :-1]
    hit &= (characters > 0) & (characters < PREDICTED)
    hidden = characters.copy()
    hidden[hit] = MASK
    noise = hit & (rng.random(shape) < 0.1)
    hidden[noise] = characters[hit][rng.integers(0, max(1, hit.sum()), noise.sum())]
    flat = hidden.reshape(-1)
    bigrams = vocabulary.bigram_ids(flat).reshape(shape)
    bigrams[:, 0] = 0
    closed = np.zeros(shape, dtype=bool)
    closed[:, 1:] = after[:, :-1] > 0
    bigrams[closed] = 0
    arrays = (hidden, bigrams.astype(np.int64), shapes, after)
    return (
        [torch.from_numpy(a) for a in arrays],
        torch.from_numpy(characters),
        torch.from_numpy(hit),
        torch.from_numpy(title),
    )


class Pretrainer(nn.Module):
    """The encoder with the two heads that are thrown away afterwards."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        width = encoder.config.width
        self.encoder = encoder
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(PREDICTED))
        self.title = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, TITLE_WORDS))
        nn.init.constant_(self.title[-1].bias, -6.0)

    def forward(self, features, characters, hit, title):
        states = self.encoder(*features)
        logits = self.transform(states[hit]) @ self.encoder.character.weight[:PREDICTED].T + self.bias
        masked = functional.cross_entropy(logits, characters[hit])
        real = (characters > 0).unsqueeze(-1)
        mean = (states * real).sum(1) / real.sum(1)
        top = states.masked_fill(~real, -1e4).amax(1)
        named = functional.binary_cross_entropy_with_logits(
            self.title(torch.cat([mean, top], -1)), title, reduction="sum"
        ) / title.sum().clamp(min=1)
        return masked, named


def start_from_counts(model: Pretrainer, data: dict[str, np.ndarray]) -> None:
    """Output biases begin at the corpus's own frequencies: a step of Adam moves them too little
    to learn in an hour what counting gives at once."""
    seen = np.bincount(data["characters"], minlength=PREDICTED)[:PREDICTED] + 1.0
    titles = np.bincount(data["title_ids"], minlength=TITLE_WORDS) + 1.0
    share = titles / len(data["starts"])
    with torch.no_grad():
        model.transform[-1].weight.fill_(0.25)
        model.bias.copy_(torch.from_numpy(np.log(seen / seen.sum())).float())
        model.title[-1].bias.copy_(torch.from_numpy(np.log(share / (1 - share))).float())


def start_from(encoder: Encoder, vectors: dict[str, np.ndarray]) -> None:
    """Characters and bigrams begin in one space, where what stands together lies together."""
    width, narrow = encoder.config.width, encoder.config.bigram_width
    with torch.no_grad():
        encoder.character.weight[3:] = torch.from_numpy(vectors["characters"][3:, :width]) * 0.8
        encoder.bigram.weight[1:] = torch.from_numpy(vectors["bigrams"][1:, :narrow]) * 0.8
        for side in (encoder.left, encoder.right):
            nn.init.normal_(side.weight, std=0.02)
            side.weight[:narrow] += torch.eye(narrow) * 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--tokens", type=int, default=4096, help="tokens a batch")
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--embeddings", type=Path, help="first values, from cooccurrence.py")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    vocabulary = Vocabulary.load(args.vocabulary)
    data = prepare(args.corpus, vocabulary, args.out / "tokens.npz")
    print(f"{len(data['starts']) - 1} windows, {len(data['characters'])} tokens", flush=True)
    encoder = Encoder(EncoderConfig(vocabulary.size, len(vocabulary.bigrams), layers=args.layers))
    if args.embeddings:
        start_from(encoder, dict(np.load(args.embeddings)))
    model = Pretrainer(encoder)
    start_from_counts(model, data)
    tables = [
        p for n, p in model.named_parameters() if p.dim() < 2 or "encoder.bigram" in n or "encoder.character" in n
    ]
    rest = [
        p for n, p in model.named_parameters() if not (p.dim() < 2 or "encoder.bigram" in n or "encoder.character" in n)
    ]
    groups = [{"params": tables, "weight_decay": 0.0}, {"params": rest, "weight_decay": 0.02}]
    optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98), fused=True)
    average = {n: p.detach().clone() for n, p in model.named_parameters()}
    step, spent, seen = 0, 0.0, 0
    checkpoint = args.out / "pretraining.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        average, step, spent, seen = state["average"], state["step"], state["spent"], state["seen"]
        print(f"resumed at step {step}, {spent / 60:.1f} minutes", flush=True)
    rng = np.random.default_rng(args.seed + step)
    budget = args.minutes * 60
    began, saved = time.monotonic() - spent, time.monotonic()
    recent: list[tuple[float, float]] = []
    for windows in batches(data, args.tokens, rng):
        spent = time.monotonic() - began
        if spent >= budget:
            break
        rate = args.rate * min(1.0, (step + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * min(1, spent / budget)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        features, characters, hit, title = collate(data, windows, vocabulary, rng)
        masked, named = model(features, characters, hit, title)
        optimizer.zero_grad(set_to_none=True)
        (masked + 0.1 * named).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        seen += int((characters > 0).sum())
        with torch.no_grad():
            keep = min(AVERAGE, step / (step + 10))
            if step % 4 == 0:
                names, live = zip(*model.named_parameters(), strict=True)
                torch._foreach_lerp_([average[n] for n in names], list(live), 1 - keep**4)
        recent.append((float(masked.detach()), float(named.detach())))
        if step % 50 == 0:
            loss, title_loss = np.mean(recent, axis=0)
            recent.clear()
            print(
                f"step {step} minute {spent / 60:.1f}/{args.minutes:.0f} loss {loss:.3f} title {title_loss:.2f} "
                f"tokens {seen / 1e6:.1f}M {seen / max(spent, 1):.0f}/s",
                flush=True,
            )
        if time.monotonic() - saved > 300:
            save(args.out, model, optimizer, average, step, spent, seen)
            saved = time.monotonic()
    save(args.out, model, optimizer, average, step, spent, seen)
    print(f"done: {step} steps, {seen / 1e6:.1f}M tokens", flush=True)


def save(out: Path, model: Pretrainer, optimizer, average: dict, step: int, spent: float, seen: int) -> None:
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "average": average}
    torch.save(state | {"step": step, "spent": spent, "seen": seen}, out / "pretraining.tmp")
    (out / "pretraining.tmp").replace(out / "pretraining.pt")
    weights = {n.removeprefix("encoder."): p for n, p in average.items() if n.startswith("encoder.")}
    torch.save({"config": model.encoder.config.to_dict(), "weights": weights, "step": step}, out / "encoder.tmp")
    (out / "encoder.tmp").replace(out / "encoder.pt")


if __name__ == "__main__":
    main()
