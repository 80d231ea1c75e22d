"""From the network's numbers to decisions: which genes, how strong, and which words.

The same functions serve decoding and evaluation, so that what is measured is what ships.
Shapes: ``n`` works, ``t`` tokens, ``g`` genes.
"""

from __future__ import annotations

import numpy as np

MIN_SPAN, MAX_SPAN = 2, 7  #: letters of evidence, as in the codebook
MAX_CLAUSE = 10  #: a whole clause may be longer: cut at seven letters it would be no words at all
MAX_GENES = 5  #: of a text that is read at once, as in the codebook
MAX_GENES_LONG = 8  #: of a long work, whose parts each carry their own
#: Of readers' evidence that could be a whole segment, 97 % is one: such a run is worth this much more.
#: (A value from 1.2 to 3 gives the same evidence F1 on held-out folds within 0.001.)
WHOLE = 1.5


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Logistic function, without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30, 30))))


def choose_genes(presence: np.ndarray, most: np.ndarray | int = MAX_GENES) -> np.ndarray:
    """The set of genes whose expected F1 with a reader's set is highest, per work.

    ``presence`` are calibrated probabilities ``(n, g)``; the result is a mask of that shape. With
    genes sorted by probability, the best set of size k is the first k; its expected F1 is close
    to 2 S(k) / (k + S(g)), S being sums of probabilities (plug-in rule; Lewis 1995, Dembczynski
    et al. 2011), and never more than ``most`` (of each work). Works of which nothing is likely
    (the sum of probabilities is below a half) get none.
    """
    order = np.argsort(-presence, axis=1, kind="stable")
    ranked = np.take_along_axis(presence, order, axis=1)
    gained = np.cumsum(ranked, axis=1)
    sizes = np.arange(1, presence.shape[1] + 1)
    value = 2 * gained / (sizes + gained[:, -1:])
    best = np.minimum(value.argmax(axis=1) + 1, most)
    best[gained[:, -1] < 0.5] = 0
    mask = np.zeros_like(presence, dtype=bool)
    np.put_along_axis(mask, order, np.arange(presence.shape[1])[None, :] < best[:, None], axis=1)
    return mask


def strengths(levels: np.ndarray) -> np.ndarray:
    """Strength 1 to 3 of genes held present, from P(>=1), P(>=2), P(>=3) of shape ``(..., 3)``.

    The most likely of the three, given that the gene is there.
    """
    ordered = np.minimum.accumulate(levels, axis=-1)
    one, two, three = ordered[..., 0], ordered[..., 1], ordered[..., 2]
    return np.asarray(np.stack([one - two, two - three, three], axis=-1).argmax(axis=-1) + 1)


def best_spans(attention: np.ndarray, segments: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, size and value of the run of tokens that best fits each row of attention.

    ``attention`` ``(m, t)`` sums to 1 a row; ``segments`` ``(m, t)`` numbers the segment of each
    token, -1 for padding; a run never leaves its segment. ``length`` is how long a reader's
    evidence is on average: the run of size s with mass M has an expected character F1 of about
    2 M length / (s + length); the run that makes this largest is taken, whole segments favoured.
    """
    rows, tokens = attention.shape
    breaks = np.ones((rows, tokens + 1), dtype=bool)
    breaks[:, 1:-1] = segments[:, 1:] != segments[:, :-1]
    mass = np.concatenate([np.zeros((rows, 1)), np.cumsum(attention, axis=1)], axis=1)
    best_value = np.full(rows, -1.0)
    best_start = np.zeros(rows, dtype=np.int64)
    best_size = np.ones(rows, dtype=np.int64)
    for size in range(1, min(MAX_CLAUSE, tokens) + 1):
        inside = mass[:, size:] - mass[:, :-size]
        same = (segments[:, : tokens - size + 1] == segments[:, size - 1 :]) & (segments[:, size - 1 :] >= 0)
        # A lone character only where nothing longer stands in one segment.
        value = np.where(same, 2 * inside * length / (size + length), -1.0) * (1.0 if size >= MIN_SPAN else 1e-3)
        whole = breaks[:, : tokens - size + 1] & breaks[:, size:]
        value = np.where(whole, value * WHOLE, value if size <= MAX_SPAN else -1.0)
        at = value.argmax(axis=1)
        top = value[np.arange(rows), at]
        better = top > best_value
        best_value[better], best_start[better], best_size[better] = top[better], at[better], size
    return best_start, best_size, best_value
