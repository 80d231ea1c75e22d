"""First values for the embeddings: what stands with what, over the whole corpus.

    python train/cooccurrence.py tokens.npz --vocabulary VOCAB.json --out embeddings.npz

Counts how often each character and each frequent bigram stands in one window with each
character, takes positive pointwise mutual information (context smoothed by a power of 0.75,
Levy, Goldberg and Dagan 2015) and keeps its strongest directions (truncated SVD). Two minutes
of counting save an hour of gradient descent.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from luoshen.decode.features import Vocabulary

CONTEXTS = 5000
SPAN = 24  #: letters to a window of counting: a quatrain's worth
SEED = 7


def units(data: dict[str, np.ndarray], vocabulary: Vocabulary) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Windows by characters, and windows by bigrams, as 0/1."""
    characters = data["characters"].astype(np.int64)
    starts = data["starts"]
    lengths = np.diff(starts)
    place = np.arange(len(characters)) - np.repeat(starts[:-1], lengths)
    base = np.concatenate(([0], np.cumsum((lengths + SPAN - 1) // SPAN)))[:-1]
    window = np.repeat(base, lengths) + place // SPAN
    bigrams = vocabulary.bigram_ids(characters)
    bigrams[1:][data["after"][:-1] > 0] = 0
    bigrams[starts[1:-1]] = 0
    count = int(window[-1]) + 1
    ones = np.ones(len(characters), dtype=np.float32)
    by_character = sparse.csr_matrix((ones, (window, characters)), (count, vocabulary.size))
    at = bigrams > 0
    by_bigram = sparse.csr_matrix((ones[at], (window[at], bigrams[at])), (count, len(vocabulary.bigrams) + 1))
    by_character.data[:] = 1
    by_bigram.data[:] = 1
    return by_character, by_bigram


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokens", type=Path)
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    vocabulary = Vocabulary.load(args.vocabulary)
    by_character, by_bigram = units(dict(np.load(args.tokens)), vocabulary)
    context = by_character[:, 3 : 3 + CONTEXTS].tocsr()
    print(f"{context.shape[0]} windows", flush=True)
    rows = sparse.vstack([(by_character.T @ context).tocsr(), (by_bigram.T @ context).tocsr()]).tocsr()
    print(f"{rows.nnz} pairs counted", flush=True)
    row = np.concatenate([np.asarray(by_character.sum(0)).ravel(), np.asarray(by_bigram.sum(0)).ravel()])
    column = np.asarray(context.sum(0)).ravel() ** 0.75
    column /= column.sum()
    coo = rows.tocoo()
    value = np.log(np.maximum(coo.data, 1e-9) / np.maximum(row[coo.row] * 20.0, 1e-9) / column[coo.col])
    keep = value > 0
    ppmi = sparse.csr_matrix((value[keep].astype(np.float32), (coo.row[keep], coo.col[keep])), rows.shape)
    left, strength, _ = randomized_svd(ppmi, 256, n_iter=3, random_state=SEED)
    vectors = left * np.sqrt(strength)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    split = vocabulary.size
    np.savez(args.out, characters=vectors[:split].astype(np.float32), bigrams=vectors[split:].astype(np.float32))
    for word in ("月", "愁", "空山", "佳人", "塞外"):
        number = vocabulary.bigrams.index(word) if len(word) == 2 else vocabulary.characters.index(word)
        if len(word) == 2:
            own = vectors[split:][int(vocabulary.bigram_ids(np.array([vocabulary._id_of[ord(c)] for c in word]))[1])]
        else:
            own = vectors[3 + number]
        near = np.argsort(-(vectors[3:split] @ own))[:12]
        print(word, "".join(vocabulary.characters[i] for i in near))


if __name__ == "__main__":
    main()
