"""The encoder: a small character transformer whose embeddings know words.

Frequent bigrams are looked up on both sides of a character, which costs no multiplication, so
that three narrow layers are left to do what only layers can: put words into their context.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional

from luoshen.decode.features import AFTER_KINDS, MAX_TOKENS, SHAPES


@dataclass(frozen=True)
class EncoderConfig:
    characters: int
    bigrams: int
    width: int = 256
    bigram_width: int = 128
    layers: int = 3
    heads: int = 8
    inner: int = 512
    dropout: float = 0.0

    def to_dict(self) -> dict:
        return asdict(self)


class Neighbours(nn.Module):
    """Each feature mixed with its own past and future by a few places (depthwise convolution).

    Local word order comes for almost nothing, so attention is free for what is far (as in Primer,
    So et al. 2021); without it pre-training waits a long time at the level of single characters.
    """

    def __init__(self, width: int, reach: int) -> None:
        super().__init__()
        self.reach = reach
        self.weight = nn.Parameter(torch.full((2 * reach + 1, width), 0.5 / reach))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        tokens = x.shape[1]
        padded = functional.pad(x, (0, 0, self.reach, self.reach))
        total = padded[:, :tokens] * self.weight[0]
        for place in range(1, 2 * self.reach + 1):
            total = total + padded[:, place : place + tokens] * self.weight[place]
        return total


class Layer(nn.Module):
    """Pre-norm attention over locally mixed states, and feed-forward."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm1 = nn.LayerNorm(config.width)
        self.norm2 = nn.LayerNorm(config.width)
        self.near = Neighbours(config.width, 2)
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)
        self.up = nn.Linear(config.width, config.inner)
        self.down = nn.Linear(config.inner, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        batch, tokens, width = x.shape
        size = width // self.heads
        # Padding is no neighbour: a row's last letters read alike in company and alone.
        normed = self.norm1(x) * real
        q, k, v = self.qkv(normed + self.near(normed)).chunk(3, dim=-1)
        q = q.reshape(batch, tokens, self.heads, size).transpose(1, 2)
        k = k.reshape(batch, tokens, self.heads, size).transpose(1, 2)
        v = v.reshape(batch, tokens, self.heads, size).transpose(1, 2)
        scores = q @ k.transpose(-1, -2) * (size**-0.5) + bias
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
        x = x + self.dropout(self.out(mixed))
        return x + self.dropout(self.down(functional.gelu(self.up(self.norm2(x)), approximate="tanh")))


class Encoder(nn.Module):
    """``(batch, tokens)`` feature arrays to ``(batch, tokens, width)`` states."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.character = nn.Embedding(config.characters, config.width, padding_idx=0)
        self.bigram = nn.Embedding(config.bigrams + 1, config.bigram_width, padding_idx=0)
        self.left = nn.Linear(config.bigram_width, config.width, bias=False)
        self.right = nn.Linear(config.bigram_width, config.width, bias=False)
        self.place = nn.Embedding(MAX_TOKENS, config.width)
        self.shape = nn.Embedding(SHAPES, config.width)
        self.after = nn.Embedding(AFTER_KINDS, config.width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        # Without it the layers' sums drown the small embeddings, and pre-training stalls.
        self.embedded = nn.LayerNorm(config.width)
        self.norm = nn.LayerNorm(config.width)
        self.dropout = nn.Dropout(config.dropout)
        for table in (self.character, self.bigram):
            nn.init.normal_(table.weight, std=0.04)
        for table in (self.place, self.shape, self.after):
            nn.init.normal_(table.weight, std=0.01)

    def forward(
        self, characters: torch.Tensor, bigrams: torch.Tensor, shapes: torch.Tensor, after: torch.Tensor
    ) -> torch.Tensor:
        tokens = characters.shape[1]
        real = (characters > 0).unsqueeze(-1).float()
        pair = self.bigram(bigrams) * real
        following = functional.pad(pair[:, 1:], (0, 0, 0, 1))
        x = self.character(characters) + self.left(pair) + self.right(following)
        x = x + self.place.weight[:tokens] + self.shape(shapes) + self.after(after)
        x = self.dropout(self.embedded(x))
        bias = (real.transpose(1, 2).unsqueeze(1) - 1) * 1e4
        for layer in self.layers:
            x = layer(x, bias, real)
        return self.norm(x)
