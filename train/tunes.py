"""Learn the patterns of ci tunes from the corpus and write ``luoshen/prosody/data/tunes.json``.

    python train/tunes.py SONGCI_FOLDER

``SONGCI_FOLDER`` holds the ``ci.song.*.json`` of ``chinese-poetry`` 2.0.1: records of ``rhythmic`` (the tune) and
``paragraphs``. Works of one tune with the same clause lengths are one variant. For each variant:

* how many works have it, and after which clauses most of them have a full stop;
* for each place the share of works with a level tone there;
* the rhyme places: clause ends with a stop whose rhymes agree, clause after clause, in at least half of the
  works (by 词林正韵); a new letter where the rhyme changes, upper case for level rhymes, lower for oblique.

A tune given as ``望江南・忆江南`` is 忆江南 under the name 望江南.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from luoshen.prosody import books
from luoshen.prosody.lines import STOPS, Line, cut
from luoshen.works.script import to_simplified

OUT = Path(__file__).parents[1] / "src/luoshen/prosody/data/tunes.json"
NOT_TUNES = {"失调名", "失调名断句", "句", "断句", "存目词", "残句"}

#: Names that scholars use and the corpus gives seldom or not at all (钦定词谱), with the tune that they mean.
NAMES = {
    "大江东去": "念奴娇", "酹江月": "念奴娇", "百字令": "念奴娇", "壶中天": "念奴娇", "金缕曲": "贺新郎",
    "金缕歌": "贺新郎", "乳燕飞": "贺新郎", "贺新凉": "贺新郎", "鹊踏枝": "蝶恋花", "凤栖梧": "蝶恋花",
    "望江南": "忆江南", "梦江南": "忆江南", "江南好": "忆江南", "秦楼月": "忆秦娥", "思佳客": "鹧鸪天",
    "江神子": "江城子", "买陂塘": "摸鱼儿", "迈陂塘": "摸鱼儿", "减兰": "减字木兰花", "减字木兰": "减字木兰花",
    "浣纱溪": "浣溪沙", "丑奴儿": "采桑子", "重叠金": "菩萨蛮", "苍梧谣": "十六字令", "疏帘淡月": "桂枝香",
    "龙吟曲": "水龙吟", "小梅花": "梅花引", "台城路": "齐天乐", "满庭霜": "满庭芳", "好女儿": "绣带儿",
    "木兰花": "玉楼春", "山花子": "摊破浣溪沙", "南柯子": "南歌子", "醉桃源": "阮郎归", "一斛珠": "醉落魄",
    "明月棹孤舟": "夜行船",
}  # fmt: skip


#: The corpus's spelling, and the one in use.
RENAMED = {"一翦梅": "一剪梅"}


def main() -> None:
    """Read, learn, write."""
    works = read(Path(sys.argv[1]))
    names: dict[str, Counter[str]] = defaultdict(Counter)
    by_tune: dict[str, list[list[Line]]] = defaultdict(list)
    for name, tune, lines in works:
        names[name][tune] += 1
        by_tune[tune].append(lines)
    for name, tune in (NAMES | RENAMED).items():
        if tune in by_tune:
            names[name][tune] += 0
    tunes = {}
    for tune, texts in sorted(by_tune.items(), key=lambda item: -len(item[1])):
        variants = learn(texts)
        if variants:
            tunes[tune] = [len(texts), variants]
    aliases = {
        name: [t for t, _ in counter.most_common() if t in tunes]
        for name, counter in sorted(names.items())
        if set(counter) != {name}
    }
    data = {"tunes": tunes, "names": {n: t for n, t in aliases.items() if t}}
    OUT.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(len(tunes), "tunes", sum(len(v) for _, v in tunes.values()), "variants", OUT.stat().st_size, "bytes")


def read(folder: Path) -> list[tuple[str, str, list[Line]]]:
    """(name, tune, lines) of each ci."""
    result = []
    for path in [*sorted(folder.glob("ci.song.[0-9]*000.json")), folder / "ci.song.0.json"]:
        for record in json.loads(path.read_text("utf-8")):
            name, _, canonical = to_simplified(record["rhythmic"].strip()).partition("・")
            name, canonical = RENAMED.get(name, name), RENAMED.get(canonical, canonical)
            lines = cut("".join(record["paragraphs"]))
            if name and name not in NOT_TUNES and len(lines) >= 2:
                result.append((name, canonical or name, lines))
    return result


def learn(texts: Sequence[list[Line]]) -> list[list[object]]:
    """The variants of a tune that at least two works have, or else the commonest, most works first."""
    groups: dict[tuple[int, ...], list[list[Line]]] = defaultdict(list)
    for lines in texts:
        groups[tuple(len(line.text) for line in lines)].append(lines)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    kept = [item for item in ranked if len(item[1]) >= 2] or ranked[:1]
    # One work alone may be damaged: it says something about a tune only if it is not full of gaps.
    return [
        variant(lengths, works)
        for lengths, works in kept
        if len(works) > 1 or sum(line.text.count("□") for line in works[0]) <= 2
    ]


def variant(lengths: tuple[int, ...], works: list[list[Line]]) -> list[object]:
    """``[count, lengths with stops, shares, rhymes]`` of works that all have these clause lengths."""
    n = len(works)
    stops = [sum(w[k].stop in STOPS for w in works) * 2 > n for k in range(len(lengths))]
    shares = []
    for k, length in enumerate(lengths):
        for i in range(length):
            known = [s for w in works if (s := books.level_share(w[k].text[i])) is not None]
            shares.append(chr(40 + round(50 * (sum(known) / len(known) if known else 0.5))))
    encoded = "".join(f"{length}{'.' if stop else ','}" for length, stop in zip(lengths, stops, strict=True))
    return [n, encoded, "".join(shares), rhymes(works, stops)]


def parts(lines: list[Line], k: int) -> frozenset[tuple[int, bool]]:
    """The parts of 词林正韵 that clause ``k``'s last character may stand in, told apart by level or not."""
    names = books.cilin().groups
    found = books.cilin().readings.get(lines[k].text[-1], ())
    return frozenset((part, names[part][-2] == "平") for part in found)


def rhymes(works: list[list[Line]], stops: list[bool]) -> str:
    """One character a clause: a letter for a rhyme place, ``-`` for none."""
    ends = [[parts(w, k) for w in works] for k in range(len(stops))]

    def agreement(i: int, j: int) -> float:
        return sum(not a.isdisjoint(b) for a, b in zip(ends[i], ends[j], strict=True)) / len(works)

    heads: list[list[int]] = []
    for k, stop in enumerate(stops):
        if not stop:
            continue
        # Join the latest rhyme that agrees with this end; a rhyme may come back (A B A).
        scored = [(sum(agreement(k, m) for m in h) / len(h), at, h) for at, h in enumerate(heads)]
        best = max(scored, default=None, key=lambda s: (round(s[0], 2), s[1]))
        if best is not None and best[0] >= 0.5:
            best[2].append(k)
        else:
            heads.append([k])
    # Ends with a comma that rhyme too (句中韵) in most works.
    for k, stop in enumerate(stops):
        if not stop and len(works) >= 5:
            for h in heads:
                if len(h) >= 2 and sum(agreement(k, m) for m in h) / len(h) >= 0.7:
                    h.append(k)
                    break
    result = ["-"] * len(stops)
    letter = 0
    for h in sorted(heads, key=min):
        if len(h) < 2:
            continue
        level = sum(books.level_share(w[k].text[-1]) or 0.0 for w in works for k in h) / (len(works) * len(h))
        for k in h:
            result[k] = chr((65 if level >= 0.5 else 97) + letter % 26)
        letter += 1
    return "".join(result)


if __name__ == "__main__":
    main()
