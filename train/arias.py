"""Learn the patterns of qu tunes (曲牌) from the corpus and write ``luoshen/prosody/data/arias.json``.

    python train/arias.py YUANQU.json

``YUANQU.json`` is that of ``chinese-poetry`` 2.0.1: records of ``title``, ``author`` and ``paragraphs``. An aria may
have words beside its pattern (衬字) in any line, so lengths vary and what is learned is less than for ci: how many
lines a tune has, and for each line its length without such words, how often its end rhymes (中原音韵, all tones
together), and how often the end is level, rising, departing. A tune is kept if twenty arias or more have its number
of lines, and they are at least half of those known.

What the corpus is like, and what is done about it:

* the tune stands last in the title (``诈妮子调风月・仙吕/点绛唇``), with the subject joined to it
  (``越调・天净沙秋思``): the longest known name at the start counts, and not if a second tune follows (带过曲);
* speech and stage directions stand in brackets: arias with any bracket are left out;
* southern plays, whose authors are given as ``高明《蔡伯喈琵琶记》``, have other tunes under the same names: left out;
* several arias of one tune are one record, with the later ones' subjects joined to their first lines: such a record
  is cut into arias by the tune's number of lines, and only its first line of all counts for the first line's length.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

from luoshen.prosody import books
from luoshen.prosody.analyse import ARIAS
from luoshen.prosody.lines import Line, cut

OUT = Path(__file__).parents[1] / "src/luoshen/prosody/data/arias.json"
FEWEST, FEWEST_RECORDS, AGREEING = 20, 5, 0.5
#: Other names of a tune (太和正音谱, 北词广正谱), with the one in use.
NAMES = {
    "蟾宫曲": "折桂令", "天香引": "折桂令", "秋风第一枝": "折桂令", "湘妃怨": "水仙子", "凌波仙": "水仙子",
    "凌波曲": "水仙子", "寿阳曲": "落梅风", "阳春曲": "喜春来", "朱履曲": "红绣鞋", "凤将雏": "殿前欢",
    "沈醉东风": "沉醉东风", "朝天曲": "朝天子", "阅金经": "金字经", "知秋令": "梧叶儿", "平湖乐": "小桃红",
    "梁州": "梁州第七", "凯歌回": "得胜令", "平沙落雁": "雁儿落", "鹦鹉曲": "黑漆弩", "续断弦": "拨不断",
    "江儿水": "清江引",
}  # fmt: skip
#: Endings and repeats, which are of no one tune.
_NOT_TUNES = re.compile(r"^前腔|^同前|^[幺么]|^带$|^赚|^楔子$|煞|尾$|尾声|换头")
_BRACKET = re.compile(r"[（(〔\[［【)）]")
_JOINED = re.compile(r"^(?:[过带兼]|与)")


def main() -> None:
    """Read, learn, write."""
    records = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    texts: dict[str, list[list[Line]]] = defaultdict(list)
    for tune, lines in arias(records):
        texts[tune].append(lines)
    tunes = {}
    for tune, works in sorted(texts.items(), key=lambda item: -len(item[1])):
        if found := learn(works):
            tunes[tune] = found
    names = {name: tune for name, tune in NAMES.items() if tune in tunes}
    OUT.write_text(
        json.dumps({"tunes": tunes, "names": names}, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
    )
    print(len(tunes), "tunes of", len(texts), OUT.stat().st_size, "bytes")
    for tune, (known, patterns) in tunes.items():
        for count, rows in patterns:
            shape = "-".join(str(length) for length, *_ in rows)
            print(tune, f"{count}/{known}", shape, "".join(mark(row) for row in rows))


def mark(row: Sequence[int]) -> str:
    return "R" if row[2] >= 70 else "r" if row[2] >= 35 else "-"


def arias(records: Sequence[dict[str, object]]) -> Iterator[tuple[str, list[Line]]]:
    """(tune, lines) of each record that can be used, once."""
    known = Counter(last(str(record["title"])) for record in records)
    names = {name for name, n in known.items() if 2 <= len(name) <= 6 and n >= 5} | ARIAS | set(NAMES)
    names = {name for name in names if not _NOT_TUNES.search(name)}
    seen = set()
    for record in records:
        title, author = last(str(record["title"])), str(record["author"])
        text = "".join(map(str, record["paragraphs"]))  # type: ignore[call-overload]
        name = max((n for n in names if title.startswith(n)), key=len, default=None)
        if name is None or "《" in author or _BRACKET.search(title + text) or re.search("[，。？！]", title):
            continue
        rest = title[len(name) :]
        if _JOINED.search(rest) or any(n in rest for n in names if len(n) > 2) or text in seen:
            continue
        seen.add(text)
        lines = cut(text)
        if len(lines) >= 2:
            yield NAMES.get(name, name), lines


def last(title: str) -> str:
    """The part of a title that begins with the tune."""
    return title.split("・")[-1].split("/")[-1].strip()


def learn(works: Sequence[list[Line]]) -> list[object] | None:
    """``[arias, patterns]``, or ``None`` where they agree too little; a pattern is ``[arias that have it, lines]``.

    A line is ``[length, share of arias with it, share that rhyme, level, rising, departing]``, shares in per cent.
    """
    alone = Counter(map(len, works))
    common = [n for n in alone if n >= 3 and alone[n] >= 0.2 * max(alone.values())]
    # Of a number and its multiple one is the tune's, the other that of pairs, or of fragments: lengths tell.
    for n, k in permutations(sorted(common), 2):
        if k % n == 0 and n in common and k in common:
            pairs = [lines for lines in works if len(lines) % k == 0]
            several = sum(map(len, pairs)) >= FEWEST_RECORDS * k
            common.remove(n if several and agreement(pairs, k) > agreement(pairs, n) + 0.1 else k)
    sets: dict[int, list[list[Line]]] = {}
    left = list(works)
    while common:
        size = max(common, key=lambda n: sum(len(lines) // n for lines in left if len(lines) % n == 0))
        common.remove(size)
        sets[size] = [lines for lines in left if len(lines) % size == 0]
        left = [lines for lines in left if len(lines) % size]
    arias_of = {k: sum(len(lines) // k for lines in whole) for k, whole in sets.items()}
    known = len(left) + sum(arias_of.values())
    kept = [
        k
        for k, n in sorted(arias_of.items(), key=lambda item: -item[1])
        if n >= FEWEST and len(sets[k]) >= FEWEST_RECORDS
    ]
    if not kept or sum(arias_of[k] for k in kept) < AGREEING * known:
        return None
    return [known, [[arias_of[k], pattern(sets[k], k)] for k in kept]]


def agreement(whole: Sequence[list[Line]], size: int) -> float:
    """How alike arias of ``size`` lines are: the mean share of each line's commonest length."""
    lengths = [
        Counter(len(lines[k].text) for lines in whole for k in range(at, len(lines), size)) for at in range(size)
    ]
    return sum(max(of.values()) / of.total() for of in lengths) / size


def pattern(whole: Sequence[list[Line]], size: int) -> list[list[int]]:
    """The lines of a pattern, from records of one aria or of several."""
    agreeing = [lines[k : k + size] for lines in whole for k in range(0, len(lines), size)]
    groups = [main_rhyme(lines) for lines in agreeing]
    rows = []
    for k in range(size):
        lengths = Counter(len(lines[k].text) for lines in (agreeing if k else whole))
        length = own_length(lengths)
        ends = [lines[k].text[-1] for lines in agreeing]
        rhyming = sum(group in rhymes(end) for group, end in zip(groups, ends, strict=True))
        tones = [0.0, 0.0, 0.0]
        for group, end in zip(groups, ends, strict=True):
            for tone, share in end_tones(end, group).items():
                tones[tone] += share
        shares = (lengths[length] / lengths.total(), rhyming / len(agreeing), *(t / (sum(tones) or 1) for t in tones))
        rows.append([length, *(round(100 * share) for share in shares)])
    return rows


def own_length(lengths: Counter[int]) -> int:
    """The length without 衬字, which only add: the shortest that is common."""
    total, most = lengths.total(), max(lengths.values())
    shorter = 0
    for length in sorted(lengths):
        if lengths[length] >= max(0.12 * total, 0.5 * most) or shorter + lengths[length] > 0.25 * total:
            return length
        shorter += lengths[length]
    return max(lengths, key=lambda n: lengths[n])


def rhymes(char: str) -> set[str]:
    book = books.zhongyuan()
    return {book.groups[g][:-1] for g in book.readings.get(char, ())}


def main_rhyme(lines: Sequence[Line]) -> str:
    counts = Counter(rhyme for line in lines for rhyme in rhymes(line.text[-1]))
    return counts.most_common(1)[0][0] if counts else ""


def end_tones(char: str, group: str) -> dict[int, float]:
    """0 level, 1 rising, 2 departing, with their shares; of readings in the aria's rhyme if there are any."""
    book = books.zhongyuan()
    names = [book.groups[g] for g in book.readings.get(char, ())]
    names = [n for n in names if n[:-1] == group] or names
    result: dict[int, float] = {}
    for name in names:
        tone = {"阴": 0, "阳": 0, "上": 1, "去": 2}[name[-1]]
        result[tone] = result.get(tone, 0.0) + 1 / len(names)
    return result


if __name__ == "__main__":
    main()
