"""Every name and sentence that prosody says, in Chinese and English. Terms after Wang Li, 汉语诗律学."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

FORMS = {
    "五绝": "five-character quatrain (wujue)",
    "七绝": "seven-character quatrain (qijue)",
    "六绝": "six-character quatrain (liujue)",
    "五律": "five-character regulated verse (wulü)",
    "七律": "seven-character regulated verse (qilü)",
    "六律": "six-character regulated verse (liulü)",
    "五言排律": "long five-character regulated verse (pailü)",
    "七言排律": "long seven-character regulated verse (pailü)",
    "五古": "five-character old-style verse (wugu)",
    "七古": "seven-character old-style verse (qigu)",
    "六言": "six-character verse",
    "三言": "three-character verse",
    "四言": "four-character verse",
    "杂言": "old-style verse in lines of mixed length (zayan)",
    "词": "ci, lyric to a tune",
    "曲": "qu, aria",
    "骚体": "verse in the sao manner",
    "楚辞体": "verse of the Chuci",
    "赋": "fu, rhapsody",
    "句": "couplet or fragment",
    "散文": "prose",
    "未知": "unknown",
}

#: Why a form was given: (Chinese, English). Numbers with ``:n`` are written out in Chinese; ``{metre}`` says whether
#: the metre is kept, ``{broken}`` by what it is broken.
REASONS = {
    "unknown": ("没有可供判断的诗句。", "There are no lines of Chinese verse to judge."),
    "jueju": ("{0:n}言四句，押{1}，{metre}。", "Four lines of {0} characters on the rhyme {1}; {metre}."),
    "gujue": (
        "{0:n}言四句，押平声韵而不拘近体平仄粘对，是古绝。",
        "Four lines of {0} characters on a level rhyme, free of the regulated metre: an old-style quatrain (gujue).",
    ),
    "aojue": (
        "{0:n}言四句，押平声韵而不拘近体平仄粘对，是古绝，也称拗绝。",
        "Four lines of {0} characters on a level rhyme, free of the regulated metre: an old-style quatrain (aojue).",
    ),
    "zejue": (
        "{0:n}言四句，押仄声韵，是仄韵绝句，通常归入古绝。",
        "Four lines of {0} characters on an oblique rhyme: usually counted among the old-style quatrains.",
    ),
    "jueju_none": (
        "{0:n}言四句，习称绝句，但二、四句不相押。",
        "Four lines of {0} characters: a quatrain by custom, but its second and fourth lines do not rhyme.",
    ),
    "lushi": (
        "{0:n}言八句，押平声韵，一韵到底，{metre}。",
        "Eight lines of {0} characters on one level rhyme; {metre}.",
    ),
    "lushi_ze": (
        "{0:n}言八句，押仄声韵，一韵到底，{metre}，是仄韵律诗。",
        "Eight lines of {0} characters on one oblique rhyme; {metre}: regulated verse, rare with such a rhyme.",
    ),
    "pailu": (
        "{1:n}言{0:n}句，押平声韵，一韵到底，{metre}，中间多用对仗。",
        "{0} lines of {1} characters on one level rhyme, their inner couplets parallel; {metre}.",
    ),
    "xiaolu": (
        "{0:n}言六句，三韵而合律，即三韵小律，选本多归古体。",
        "Six lines of {0} characters that keep the metre (xiaolü); anthologies count them as old-style.",
    ),
    "gushi": (
        "{1:n}言{0:n}句，不合近体声律（{broken}），是古体。",
        "{0} lines of {1} characters outside the regulated metre ({broken}): old-style verse.",
    ),
    "gushi_sanxing": (
        "{1:n}言{0:n}句，平仄近律，但中间各联多不对仗，是古体。",
        "{0} lines of {1} characters near the regulated metre, but few inner couplets are parallel: old-style verse.",
    ),
    "gushi_yuefu": (
        "{1:n}言{0:n}句，平仄近律，但题属古体乐府，中间又少对仗，归入古体。",
        "{0} lines of {1} characters near the regulated metre, but under an old-style title and with few parallel "
        "couplets: old-style verse.",
    ),
    "gushi_linyun": (
        "{1:n}言{0:n}句，平仄近律而邻韵通押，归入古体。",
        "{0} lines of {1} characters near the regulated metre, but they mix neighbouring rhymes: old-style verse.",
    ),
    "gushi_ze": (
        "{1:n}言{0:n}句，押仄声韵，是古体。",
        "{0} lines of {1} characters on an oblique rhyme: old-style verse.",
    ),
    "gushi_huan": (
        "{1:n}言{0:n}句，中间换韵，是古体。",
        "{0} lines of {1} characters that change their rhyme: old-style verse.",
    ),
    "gushi_free": (
        "{1:n}言{0:n}句，用韵不合近体之例，是古体。",
        "{0} lines of {1} characters that do not rhyme as regulated verse does: old-style verse.",
    ),
    "gushi_long": ("以{0:n}言句为主，是古体。", "Lines of {0} characters for the most part: old-style verse."),
    "early": ("作于近体诗定型之前，是古体。", "Written before regulated verse took shape: old-style verse."),
    "even": ("{1:n}言{0:n}句。", "{0} lines of {1} characters."),
    "couplet": ("只有两句。", "Two lines only."),
    "mixed": ("长短句相杂而有韵。", "Rhymed lines of mixed length."),
    "prose": ("句子长短不齐，也不押韵。", "Lines of mixed length without rhyme."),
    "xi": ("{0:n}句中{1:n}句用“兮”。", "{1} of {0} lines have the particle xi."),
    "given": ("体裁依来源所注。", "The source says so."),
    "title": ("体裁依题目所示。", "The title says so."),
    "ci_exact": (
        "词牌《{0}》，句式与语料中{1}首相同。",
        "The tune {0}; {1} works in the corpus have these line lengths.",
    ),
    "ci_near": (
        "词牌《{0}》，句式与所收各体不尽相同。",
        "The tune {0}; the line lengths differ from every variant learned.",
    ),
    "ci_shape": (
        "未题词牌，句式合《{0}》（语料中{1}首同体）。",
        "No tune is named; the line lengths fit {0} ({1} works in the corpus have them).",
    ),
    "ci_shape_near": (
        "未题词牌，句式近《{0}》。",
        "No tune is named; the line lengths are near those of {0}.",
    ),
    "qu_exact": (
        "曲牌《{0}》，{1:n}句（{2}），与语料中{3}曲同格。",
        "The tune {0}: {1} lines ({2}), the pattern of {3} arias in the corpus.",
    ),
    "qu_padded": (
        "曲牌《{0}》，本格{1:n}句（{2}，据语料{3}曲）；此曲字数有出入，多因衬字。",
        "The tune {0}: {1} lines ({2}, from {3} arias in the corpus); lengths differ here, mostly by padding words.",
    ),
    "qu_lines": (
        "曲牌《{0}》，语料中{3}曲为{1:n}句（{2}），此曲句数不同。",
        "The tune {0}; {3} arias in the corpus have {1} lines ({2}), this one has another number.",
    ),
    "qu_shape": (
        "未题曲牌，句式（{2}）、用韵与句末平仄合《{0}》（据语料{3}曲）。",
        "No tune is named; line lengths ({2}), rhymes and end tones fit {0} ({3} arias in the corpus).",
    ),
    "ci_plain": ("来源注明是词，词牌不详。", "The source says ci; the tune is not known."),
}

#: code: (name in Chinese, in English, reason in Chinese, in English).
FINDINGS = {
    "ao": (
        "拗",
        "tone against the metre",
        "“{0}”字当{1}用{2}，未救。",
        "{0} is {2} where the metre wants {1}; nothing heals it.",
    ),
    "da_ao": (
        "大拗",
        "major break",
        "“{0}”字当平用仄，对句未救。",
        "{0} is oblique and should be level; the next line does not heal it.",
    ),
    "xiao_ao": (
        "小拗",
        "minor break",
        "“{0}”字宜平用仄，可救可不救。",
        "{0} is oblique and better level; it may stand unhealed.",
    ),
    "da_ao_jiu": (
        "大拗已救",
        "major break, healed",
        "“{0}”字当平用仄，对句第{1}字“{2}”用平声相救。",
        "{0} is oblique and should be level; {2}, {1} in the next line, heals it.",
    ),
    "xiao_ao_jiu": (
        "小拗已救",
        "minor break, healed",
        "“{0}”字宜平用仄，对句第{1}字“{2}”用平声相救。",
        "{0} is oblique and better level; {2}, {1} in the next line, heals it.",
    ),
    "duiju_xiangjiu": (
        "对句相救",
        "heals the line before",
        "“{0}”字用平声，救出句“{1}”之拗。",
        "{0} is level, which heals {1} in the line before.",
    ),
    "benju_zijiu": (
        "本句自救",
        "healed within the line",
        "“{1}”字用仄，“{0}”字用平声救，不犯孤平。",
        "{1} is oblique; {0} is level, which saves the line from a lone level tone.",
    ),
    "te_ao": (
        "特拗",
        "licensed exchange",
        "“{1}”“{0}”二字平仄互换，作平平仄平仄，近体常用。",
        "{1} is oblique and {0} level: 平平仄平仄, a licence of regulated verse.",
    ),
    "guping": (
        "孤平",
        "lone level tone",
        "“{0}”字当平用仄，句犯孤平。",
        "{0} is oblique and should be level: a level tone is left alone between obliques.",
    ),
    "san_ping_wei": (
        "三平尾",
        "three level tones at the end",
        "句末“{0}”三字皆平。",
        "The last three, {0}, are all level.",
    ),
    "san_ze_wei": (
        "三仄尾",
        "three oblique tones at the end",
        "句末“{0}”三字皆仄。",
        "The last three, {0}, are all oblique.",
    ),
    "end_tone": (
        "句脚不合",
        "wrong tone at the line's end",
        "句脚“{0}”当{1}用{2}。",
        "The last character, {0}, is {2} and should be {1}.",
    ),
    "shi_dui": (
        "失对",
        "lost opposition",
        "与出句平仄不相对。",
        "Its tones are not opposed to those of the line it answers.",
    ),
    "shi_nian": (
        "失粘",
        "lost adhesion",
        "与上联对句平仄不相粘。",
        "Its tones do not follow on from the line before, as a new couplet's should.",
    ),
    "chu_yun": ("出韵", "off the rhyme", "“{0}”不在{1}。", "{0} is not in {1}."),
    "lin_yun": (
        "邻韵",
        "neighbouring rhyme",
        "“{0}”属{1}，与{2}为邻韵，古体可通押。",
        "{0} is in {1}, a neighbour of {2}; old-style verse lets them rhyme.",
    ),
    "guyan_chuqun": (
        "孤雁出群",
        "first line borrows a rhyme",
        "首句“{0}”借用邻韵{1}。",
        "The first line's {0} borrows from the neighbour {1}.",
    ),
    "guyan_ruqun": (
        "孤雁入群",
        "last line borrows a rhyme",
        "末句“{0}”借用邻韵{1}。",
        "The last line's {0} borrows from the neighbour {1}.",
    ),
    "chong_yun": ("重韵", "rhyme word repeated", "韵脚“{0}”重出。", "{0} rhymes more than once."),
    "ze_yun": ("仄韵", "oblique rhyme", "押仄声韵。", "The rhyme is oblique."),
    "huan_yun": ("换韵", "rhyme changes", "由{0}转{1}。", "From {0} to {1}."),
    "wu_yun": ("不押韵", "no rhyme", "句末无韵可寻。", "No rhyme is found at the line ends."),
    "gu_jue": (
        "古绝",
        "old-style quatrain",
        "不拘平仄粘对，失粘、失对不为病。",
        "The regulated metre does not bind it; to leave it is no fault.",
    ),
    "que_zi": ("缺字", "missing character", "此处缺字，不论平仄。", "A character is missing here; it is not judged."),
    "duo_shao": (
        "字数不齐",
        "line of another length",
        "此句{0:n}字，余句{1:n}字。",
        "This line has {0} characters, the others {1}.",
    ),
    "tune_place": (
        "与词谱不合",
        "against the tune",
        "“{0}”为{2}声，同体诸作此处多用{1}。",
        "{0} is {2}; works to this tune have {1} here for the most part.",
    ),
    "tune_end": (
        "句末声调有异",
        "other tone at the line's end",
        "句末“{0}”为{2}声，同牌诸曲此句多以{1}声收。",
        "{0} ends the line with a {2} tone; arias to this tune mostly end it {1}.",
    ),
    "tune_shape": (
        "句式有异",
        "other line lengths",
        "句式与最近之体不尽相同。",
        "The line lengths differ from those of the nearest variant.",
    ),
}

#: Reasons for single characters: (Chinese, English).
CHARACTERS = {
    "ok": ("此处当{0}，{1}声合律。", "The place wants {0}; {1} agrees."),
    "off": ("此处当{0}，此字为{1}声。", "The place wants {0}; this is {1}."),
    "free": ("此处可平可仄。", "The place takes either tone."),
    "open": ("语料未能定此处平仄。", "The corpus does not settle the tone here."),
    "plain": ("不拘平仄。", "Tones are free here."),
    "unknown": ("韵书未收此字。", "The rhyme book does not have this character."),
    "gap": ("缺字。", "A missing character."),
    "both": ("此字平仄两读，此处读{0}。", "The character has both tones; here it is {0}."),
    "word": ("此字平仄两读，“{0}”中读{1}。", "The character has both tones; in {0} it is {1}."),
    "use": ("此字平仄两读，近体中{0}%读平。", "The character has both tones; in regulated verse it is level in {0} %."),
    "rhyme": ("韵脚，属{0}。", "A rhyme word, in {0}."),
    "tune": (
        "《{0}》此体{1}首，{2}%于此用平。",
        "Of {1} works with this variant of {0}, {2} % have a level tone here.",
    ),
}

#: 平, 上, 去 of 中原音韵, and 仄 for the last two, in English.
TONE_NAMES = {"平": "level", "上": "rising", "去": "departing", "仄": "oblique"}
_ENGLISH = {"平": "level", "仄": "oblique", "入": "entering", "中": "either", "？": "unknown"}
_CHINESE = {v: k for k, v in _ENGLISH.items()} | {
    "level tones": "平声",
    "oblique tones": "仄声",
    "rising": "上",
    "departing": "去",
    "third": "三",
    "fifth": "五",
}


def english(tone: str) -> str:
    """The English word for 平, 仄, 入, 中 or ``？``."""
    return _ENGLISH[tone]


_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number in Chinese: 十二, 一百零六; from 1,000 on in digits."""
    if not 0 <= number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds:
        ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        return f"{ten}{_DIGITS[ones] if ones or not tens else ''}"
    low = "" if not rest else f"零{_DIGITS[ones]}" if not tens else f"{_DIGITS[tens]}十{_DIGITS[ones] if ones else ''}"
    return f"{_DIGITS[hundreds]}百{low}"


class _Detail(str):
    """A detail of a Chinese sentence; with the format ``n`` a number is written out."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return numeral(int(self)) if form == "n" else str(self)


def chinese(detail: str) -> str:
    """A detail of a sentence in Chinese: English words for tones and places translated, all else as it is."""
    return _Detail(_CHINESE.get(detail, detail))


def _counted(codes: Iterable[str]) -> tuple[str, str]:
    """The names of findings, each once, with how often it comes: (Chinese, English)."""
    counts = Counter(codes)
    zh = [FINDINGS[c][0] + ("" if n == 1 else f"{'两' if n == 2 else numeral(n)}处") for c, n in counts.items()]
    en = [FINDINGS[c][1] + ("" if n == 1 else f" ({n})") for c, n in counts.items()]
    return "、".join(zh), ", ".join(en)


def reason(code: str, detail: Iterable[str], broken: Iterable[str]) -> tuple[str, str]:
    """Why a form was given: (Chinese, English). ``broken``: codes of what breaks the regulated metre or its rhyme."""
    zh, en = REASONS[code]
    detail = tuple(detail)
    names, names_en = _counted(broken)
    metre = f"大体合律，惟{names}" if names else "平仄粘对合律"
    metre_en = f"the rules are kept but for: {names_en}" if names else "the rules are kept"
    return (
        zh.format(*map(chinese, detail), metre=metre, broken=names),
        en.format(*detail, metre=metre_en, broken=names_en),
    )
