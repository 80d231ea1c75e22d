"""Make the vocabulary: characters and frequent bigrams of the prepared corpus.

python train/vocabulary.py corpus.jsonl src/luoshen/decode/model/vocabulary.json
"""

from __future__ import annotations

import collections
import json
import re
import sys
from pathlib import Path

import opencc

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from luoshen.decode.features import Vocabulary

MIN_COUNT = 4
BIGRAMS = 24_000


def main(corpus: Path, target: Path) -> None:
    characters: collections.Counter[str] = collections.Counter()
    bigrams: collections.Counter[str] = collections.Counter()
    for line in corpus.open(encoding="utf-8"):
        for segment in re.split(r"[^\w]+", json.loads(line)["text"]):
            characters.update(segment)
            bigrams.update(segment[i : i + 2] for i in range(len(segment) - 1))
    kept = [c for c, n in characters.most_common() if n >= MIN_COUNT and c.isalpha() and c > "\u2e80"]
    known = set(kept)
    pairs = [b for b, _ in bigrams.most_common(BIGRAMS * 2) if b[0] in known and b[1] in known][:BIGRAMS]
    converter = opencc.OpenCC("t2s")
    fold = {}
    for block in (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x2FA20)):
        for code in block:
            simple = converter.convert(chr(code))
            if simple != chr(code) and simple in known and chr(code) not in known:
                fold[chr(code)] = simple
    target.parent.mkdir(parents=True, exist_ok=True)
    Vocabulary("".join(kept), pairs, fold).save(target)
    print(f"{len(kept)} characters, {len(pairs)} bigrams, {len(fold)} folded; rarest bigram {bigrams[pairs[-1]]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
