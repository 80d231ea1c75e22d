"""From a work to its Verdict: cut it into lines, recognise the form, judge it by that form's rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from luoshen.prosody import arias, ci, free, qu, shi, tunes
from luoshen.prosody.books import UNKNOWN, polyphones
from luoshen.prosody.lines import Line, cut, split_even
from luoshen.prosody.verdict import Verdict
from luoshen.works.work import Work

#: Source folders whose name settles the kind of a work.
_SOURCES = {
    "songci": "ci",
    "wudaishici": "ci",
    "huajianji": "ci",
    "nantang": "ci",
    "yuanqu": "qu",
    "chuci": "chuci",
}
_FORMS = {"词": "ci", "詞": "ci", "ci": "ci", "曲": "qu", "散曲": "qu", "qu": "qu", "赋": "fu", "賦": "fu", "fu": "fu"}
_SHI = {"诗", "詩", "shi", "绝句", "律诗", "古诗", "五绝", "七绝", "五律", "七律", "五古", "七古", "排律"}
#: Before regulated verse: what keeps its metre keeps it by chance.
_EARLY = (
    "先秦",
    "周",
    "春秋",
    "战国",
    "秦",
    "汉",
    "西汉",
    "东汉",
    "三国",
    "魏",
    "晋",
    "西晋",
    "东晋",
    "南北朝",
    "南朝",
    "北朝",
)
#: 宫调: a title that begins with one is an aria's.
_KEYS = (
    "仙吕",
    "中吕",
    "南吕",
    "正宫",
    "双调",
    "越调",
    "商调",
    "黄钟",
    "黄钟宫",
    "大石调",
    "小石调",
    "般涉调",
    "商角调",
    "高平调",
)

#: 曲牌 that are not ci tunes too.
ARIAS = frozenset(
    (
        "天净沙", "山坡羊", "水仙子", "折桂令", "蟾宫曲", "清江引", "沉醉东风", "寿阳曲", "落梅风", "四块玉",
        "大德歌", "一半儿", "普天乐", "红绣鞋", "朝天子", "小桃红", "凭阑人", "殿前欢", "塞鸿秋", "醉太平",
        "叨叨令", "滚绣球", "一枝花", "得胜令", "雁儿落", "庆东原", "庆宣和", "拨不断", "驻马听", "卖花声",
        "喜春来", "阳春曲", "迎仙客", "黑漆弩", "鹦鹉曲", "干荷叶", "梧叶儿", "金字经", "骂玉郎", "采茶歌",
        "耍孩儿", "混江龙", "油葫芦", "天下乐", "那吒令", "寄生草", "村里迓鼓", "元和令", "上马娇", "胜葫芦",
        "倘秀才", "脱布衫", "小梁州", "十二月", "尧民歌", "梁州第七", "收江南", "沽美酒", "太平令", "快活三",
        "碧玉箫", "楚天遥", "湘妃怨", "凌波仙", "潘妃曲", "步步娇", "绿么遍",
    )
)  # fmt: skip

#: Below this share of characters that a rhyme book knows, a text is not Chinese verse.
_KNOWN = 0.6


def analyse(work: Work | str, title: str = "") -> Verdict:
    """What prosody says of a work, or of a text with an optional title.

    Never raises on a text: one without Chinese verse gives the form ``未知``.
    """
    if isinstance(work, str):
        work = Work(text=work, title=title)
    lines = cut(work.text)
    if not lines:
        return Verdict("未知", 1.0)
    codes = polyphones().codes
    tones = ["".join([codes.get(c, UNKNOWN) for c in line.text]) for line in lines]
    letters = sum(map(len, tones))
    missing = sum(line.text.count("□") for line in lines)
    if sum(t.count(UNKNOWN) for t in tones) - missing > (1 - _KNOWN) * letters or letters < 4:
        return Verdict("未知", 0.9)
    return _recognise(work, lines, tones)


def summary(work: Work | str, title: str = "") -> dict[str, object]:
    """:func:`analyse` as JSON without the characters: form, rhyme, faults. The quick way through a corpus."""
    return analyse(work, title).to_dict(characters=False)


def _recognise(work: Work, lines: list[Line], tones: list[str]) -> Verdict:
    """The form, from what is said about the work, then from its shape."""
    kind = _kind(work)
    if kind == "qu":
        return qu.judged(lines, arias.named(work.title, len(lines)))
    lengths = [len(line.text) for line in lines]
    named = tunes.tunes_of(work.title) if work.title and kind != "shi" else ()
    if kind == "ci":
        return _ci(lines, tones, named)
    if kind == "chuci":
        return free.loose(lines, tones, "楚辞体", ("given",), 0.95)
    if kind == "fu":
        return free.loose(lines, tones, "赋", ("title",), 0.9)

    width = _width(lengths)
    if width in (5, 7) and len(lines) > 4 and work.dynasty in _EARLY and lengths.count(width) == len(lines):
        return free.loose(lines, tones, "五古" if width == 5 else "七古", ("early",), 0.95)
    if width:
        if any(length != width for length in lengths) and all(length % width == 0 for length in lengths):
            lines = split_even(lines, width)
            return _even(lines, _again(lines), width, named, work.title)
        return _even(lines, tones, width, named, work.title)
    if len(lines) == 1:
        return _unmarked(lines[0], named, work.title)
    if named:
        match = tunes.nearest(lines, named)
        if match is not None and match.likeness >= 0.6:
            return ci.judged(lines, tones, match)
    return _uneven(lines, tones, lengths, kind)


def _kind(work: Work) -> str:
    """``ci``, ``qu``, ``fu``, ``chuci``, ``shi``, or ``""`` when nothing is said."""
    for said in (work.form, *work.tags):
        if said in _FORMS:
            return _FORMS[said]
        if said in _SHI:
            return "shi"
    for source in work.sources:
        for name, kind in _SOURCES.items():
            if name in source.name:
                return kind
    title = work.title.strip()
    if title.startswith(_KEYS) or any(f"{sep}{key}" in title for sep in "・·【" for key in _KEYS):
        return "qu"
    if title and not ARIAS.isdisjoint(tunes.pieces(title)):
        return "qu"
    if title.endswith(("赋", "賦")) and len(work.text) > 150:
        return "fu"
    return ""


def _width(lengths: Sequence[int]) -> int:
    """The common length of all lines (or of all but one in four or more), 0 if there is none."""
    first = lengths[0]
    if len(lengths) > 1 and all(length == first for length in lengths):
        if first in (10, 14):
            return first // 2
        return first if first in (3, 4, 5, 6, 7) else 0
    if len(lengths) >= 2:
        for width in (5, 7):
            if all(length in (width, 2 * width) for length in lengths):
                return width
        width, count = Counter(lengths).most_common(1)[0]
        if width in (5, 7) and len(lengths) in (4, 8) and count == len(lengths) - 1 and len(lengths) * width <= 56:
            odd = next(length for length in lengths if length != width)
            if abs(odd - width) == 1:
                return width
    return 0


def _again(lines: Sequence[Line]) -> list[str]:
    codes = polyphones().codes
    return ["".join([codes.get(c, UNKNOWN) for c in line.text]) for line in lines]


def _even(lines: list[Line], tones: list[str], width: int, named: Sequence[str], title: str) -> Verdict:
    """Lines of one length."""
    if named and len(lines) > 4:
        # 玉楼春, 生查子, 浣溪沙 have even lines; a quatrain under a tune's name is a quatrain by custom.
        match = tunes.nearest(lines, named)
        if match is not None and match.likeness == 1.0 and match.variant.uses >= 3:
            return ci.judged(lines, tones, match)
    if width in (5, 7):
        if _xi(lines) * 2 >= len(lines):
            return free.loose(lines, tones, "骚体", ("xi", str(len(lines)), str(_xi(lines))), 0.8)
        if width == 7 and len(lines) == 6 and not named:
            match = tunes.by_shape(lines)
            if match is not None and match.variant.tune == "浣溪沙" and free.is_huanxisha(lines):
                return ci.judged(lines, tones, match._replace(confidence=0.8), named=False)
        return shi.even(lines, tones, width, title)
    form = {3: "三言", 4: "四言", 6: "六绝" if len(lines) == 4 else "六律" if len(lines) == 8 else "六言"}[width]
    return free.loose(lines, tones, form, ("even", str(len(lines)), str(width)), 0.95)


def _unmarked(line: Line, named: Sequence[str], title: str) -> Verdict:
    """A text without any punctuation."""
    length = len(line.text)
    candidates: list[tuple[float, int, int, list[Line]]] = []
    for width in (5, 7, 6, 4):
        if length % width == 0 and length // width in (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 60):
            pieces = split_even([line], width)
            score = free.rhyming(pieces) - (0.3 if width in (4, 6) else 0.0)
            candidates.append((score, -len(candidates), width, pieces))
    if named:
        found = _ci_unmarked(line, named)
        if found is not None:
            return found
    if candidates:
        _, _, width, pieces = max(candidates)
        verdict = _even(pieces, _again(pieces), width, (), title)
        return _with_confidence(verdict, 0.9 if len(candidates) == 1 else 0.75)
    return Verdict("未知", 0.5, lines=free.plain([line], _again([line])))


def _ci_unmarked(line: Line, named: Sequence[str]) -> Verdict | None:
    """A ci without punctuation whose title names its tune: cut it as the commonest variant of that many places."""
    for tune in named:
        for variant in tunes.variants(tune):
            if sum(variant.lengths) == len(line.text):
                pieces, at = [], 0
                for length in variant.lengths:
                    end = at + length
                    places = line.at[at:end] if line.at is not None else None
                    pieces.append(Line(line.text[at:end], line.place(at), line.place(end - 1) + 1, places))
                    at = end
                return ci.judged(pieces, _again(pieces), tunes.Match(variant, 1.0, 0.9))
    return None


def _with_confidence(verdict: Verdict, confidence: float) -> Verdict:
    return replace(verdict, confidence=min(verdict.confidence, confidence))


def _ci(lines: list[Line], tones: list[str], named: Sequence[str]) -> Verdict:
    """A text known to be ci."""
    match = tunes.nearest(lines, named)
    if match is not None:
        return ci.judged(lines, tones, match)
    match = tunes.by_shape(lines)
    return ci.judged(lines, tones, match, named=False) if match is not None else ci.plain(lines, tones)


def _xi(lines: Sequence[Line]) -> int:
    return sum("兮" in line.text for line in lines)


def _uneven(lines: list[Line], tones: list[str], lengths: list[int], kind: str) -> Verdict:
    """Lines of unequal length and no title to help."""
    count = len(lines)
    common, times = Counter(lengths).most_common(1)[0]
    xi = _xi(lines)
    if xi >= 2 and xi * 4 >= count:
        return free.loose(lines, tones, "骚体", ("xi", str(count), str(xi)), 0.8)
    if kind != "shi" and count >= 4:
        match = tunes.by_shape(lines)
        if match is not None and (match.variant.uses >= 3 or count >= 8) and ci.keeps(lines, match.variant):
            return ci.judged(lines, tones, match, named=False)
        if match is None and count >= 6 and times < 0.7 * count:
            match = tunes.near_shape(lines)
            if match is not None and ci.keeps(lines, match.variant):
                return ci.judged(lines, tones, match, named=False)
    if not kind:
        aria = arias.by_shape(lengths, [line.text[-1] for line in lines])
        if aria is not None:
            return qu.judged(lines, aria, named=False, confidence=0.8)
    rhyme = free.rhyming(lines)
    if times >= 0.8 * count and common in (4, 5, 6, 7):
        form = {4: "四言", 5: "五古", 6: "六言", 7: "七古"}[common]
        return free.loose(lines, tones, form, ("gushi_long", str(common)), 0.8)
    if rhyme < 0.25 and times < 0.6 * count:
        return free.loose(lines, tones, "散文", ("prose",), 0.6)
    return free.loose(lines, tones, "杂言", ("mixed",), 0.6)
