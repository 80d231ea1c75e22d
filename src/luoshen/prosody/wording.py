"""Every name and sentence that prosody says, in Chinese and English. Terms after Wang Li, 汉语诗律学."""

from __future__ import annotations

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

#: Why a form was given: (Chinese, English), with places for details.
REASONS = {
    "unknown": ("没有可以判断的汉字诗句。", "There are no lines of Chinese verse to judge."),
    "jueju": ("四句，每句{0}字；粘对合律，押{1}。", "Four lines of {0} characters that keep the metre, rhyme: {1}."),
    "gujue": (
        "四句，每句{0}字，习惯上称绝句；声律不合近体（{1}处），是古绝或拗绝。",
        "Four lines of {0} characters: a quatrain by custom, though {1} places break the metre (old-style).",
    ),
    "zejue": (
        "四句，每句{0}字，押仄声韵：仄韵绝句，从古绝之例。",
        "Four lines of {0} characters on an oblique rhyme: a quatrain by custom, old-style in its rhyme.",
    ),
    "lushi": (
        "八句，每句{0}字，一韵到底，粘对合律（{1}处不合）。",
        "Eight lines of {0} characters on one level rhyme; {1} places break the metre.",
    ),
    "pailu": (
        "{0}句，每句{1}字，一韵到底，粘对合律。",
        "{0} lines of {1} characters on one level rhyme that keep the metre.",
    ),
    "xiaolu": (
        "六句，每句{0}字，三韵而合律（三韵小律），通常归入古体。",
        "Six lines of {0} characters that keep the metre (xiaolü); anthologies count them as old-style.",
    ),
    "gushi": (
        "{0}句，每句{1}字，声律不合近体（{2}处），是古体。",
        "{0} lines of {1} characters; {2} places break the regulated metre: old-style verse.",
    ),
    "gushi_ze": (
        "{0}句，每句{1}字，押仄声韵，是古体。",
        "{0} lines of {1} characters on an oblique rhyme: old-style verse.",
    ),
    "gushi_huan": (
        "{0}句，每句{1}字，中途换韵，是古体。",
        "{0} lines of {1} characters that change their rhyme: old-style verse.",
    ),
    "gujue_none": (
        "{0}句，每句{1}字，习惯上称绝句；二、四句不相押。",
        "{0} lines of {1} characters: a quatrain by custom, but its second and fourth lines do not rhyme.",
    ),
    "gushi_long": ("以{0}字句为主，是古体。", "Lines of {0} characters for the most part: old-style verse."),
    "early": ("作于近体诗形成之前，是古体。", "Written before regulated verse: old-style."),
    "even": ("{0}句，每句{1}字。", "{0} lines of {1} characters."),
    "couplet": ("只有两句。", "Two lines only."),
    "mixed": ("句子长短不齐而有韵。", "Rhymed lines of unequal length."),
    "prose": ("句子长短不齐，又不押韵。", "Lines of unequal length without rhyme."),
    "xi": ("{0}句中有{1}句用“兮”。", "{1} of {0} lines have the particle xi."),
    "given": ("来源已注明。", "The source says so."),
    "title": ("题目已注明。", "The title says so."),
    "ci_exact": (
        "词牌《{0}》，句式与语料中{1}首相同。",
        "The tune {0}; {1} works in the corpus have these line lengths.",
    ),
    "ci_near": (
        "词牌《{0}》，句式与所学各体不尽相同。",
        "The tune {0}; its line lengths differ from every learned variant.",
    ),
    "ci_shape": ("句式与《{0}》相同（语料中{1}首）。", "The line lengths are those of {0} ({1} works in the corpus)."),
    "ci_plain": ("来源注明是词，词牌不详。", "The source says ci; the tune is not known."),
}

#: code: (name in Chinese, in English, reason in Chinese, in English).
FINDINGS = {
    "ao": (
        "拗",
        "tone against the metre",
        "“{0}”处当{1}，而此字为{2}声，又未救。",
        "The place of {0} wants a {1} tone; it is {2}, and nothing heals it.",
    ),
    "da_ao": (
        "大拗",
        "major break",
        "“{0}”处当平而仄，对句未救。",
        "{0} should be level; it is oblique, and the next line does not heal it.",
    ),
    "xiao_ao": (
        "小拗",
        "minor break",
        "“{0}”处宜平而仄，可救可不救。",
        "{0} is better level; it is oblique, which need not be healed.",
    ),
    "da_ao_jiu": (
        "大拗已救",
        "major break, healed",
        "“{0}”处当平而仄，对句第三字（倒数）用平声救。",
        "{0} should be level; the next line heals it.",
    ),
    "xiao_ao_jiu": (
        "小拗已救",
        "minor break, healed",
        "“{0}”处宜平而仄，对句用平声救。",
        "{0} is better level; the next line heals it.",
    ),
    "duiju_xiangjiu": (
        "对句相救",
        "healed across the couplet",
        "“{0}”用平声，救出句之拗。",
        "{0} is level to heal the line before.",
    ),
    "benju_zijiu": (
        "本句自救",
        "healed within the line",
        "“{0}”用平声，免去孤平。",
        "{0} is level, which saves the line from a lone level tone.",
    ),
    "te_ao": (
        "本句自救",
        "the licensed pattern 平平仄平仄",
        "“{0}”用平声，与前一字平仄互换（平平仄平仄）,是常用的特拗。",
        "{0} is level and the place before it oblique: the licensed exchange 平平仄平仄.",
    ),
    "guping": (
        "孤平",
        "lone level tone",
        "除韵脚外只有一个平声字，“{0}”处当平。",
        "But for the rhyme the line has a single level tone; {0} should be level.",
    ),
    "san_ping_wei": ("三平尾", "three level tones at the end", "“{0}”三字皆平。", "{0}: the last three are all level."),
    "san_ze_wei": (
        "三仄尾",
        "three oblique tones at the end",
        "“{0}”三字皆仄。",
        "{0}: the last three are all oblique.",
    ),
    "end_tone": (
        "句脚平仄不合",
        "line end of the wrong tone",
        "句脚“{0}”当{1}而为{2}声。",
        "The line's last character {0} should be {1}; it is {2}.",
    ),
    "shi_dui": (
        "失对",
        "opposition lost",
        "本句第二字与出句平仄相同。",
        "The second place has the same tone as in the line it answers.",
    ),
    "shi_nian": (
        "失粘",
        "adhesion lost",
        "本句第二字与上联对句平仄不同。",
        "The second place differs in tone from the couplet before.",
    ),
    "chu_yun": ("出韵", "off the rhyme", "“{0}”不在{1}韵。", "{0} is not in the group {1}."),
    "lin_yun": (
        "邻韵",
        "neighbouring rhyme",
        "“{0}”属{1}，与{2}相邻，古体可通押。",
        "{0} belongs to {1}, a neighbour of {2}; old-style verse allows it.",
    ),
    "guyan_chuqun": (
        "孤雁出群",
        "first line borrows a rhyme",
        "首句“{0}”借用邻韵{1}。",
        "The first line's {0} borrows the neighbouring group {1}.",
    ),
    "guyan_ruqun": (
        "孤雁入群",
        "last line borrows a rhyme",
        "末句“{0}”借用邻韵{1}。",
        "The last line's {0} borrows the neighbouring group {1}.",
    ),
    "chong_yun": ("重韵", "rhyme word repeated", "韵脚“{0}”重出。", "The rhyme word {0} comes twice."),
    "ze_yun": ("仄韵", "oblique rhyme", "押仄声韵。", "The rhyme is oblique."),
    "huan_yun": ("换韵", "rhyme changes", "由{0}换为{1}。", "The rhyme changes from {0} to {1}."),
    "wu_yun": ("不押韵", "no rhyme", "各句末字无韵可寻。", "No rhyme is to be found at the line ends."),
    "gu_jue": (
        "古绝",
        "old-style quatrain",
        "四句而不合近体声律。",
        "Four lines that do not keep the regulated metre.",
    ),
    "zhe_yao": (
        "折腰体",
        "broken at the waist",
        "第三句失粘，前后两联各自合律。",
        "The two couplets are regulated, but the second does not adhere to the first.",
    ),
    "que_zi": ("缺字", "missing character", "此处缺字，声律不计。", "A character is missing here and is not judged."),
    "duo_shao": (
        "字数不齐",
        "line of another length",
        "此句{0}字，他句{1}字。",
        "This line has {0} characters, the others {1}.",
    ),
    "tune_place": (
        "与词谱不合",
        "against the tune",
        "此处语料多用{1}，“{0}”为{2}声。",
        "The corpus has {1} here for the most part; {0} is {2}.",
    ),
    "tune_shape": (
        "句式有异",
        "line lengths differ",
        "与最近之体的句式不同。",
        "The line lengths differ from the nearest variant.",
    ),
}

#: Reasons for single characters: (Chinese, English).
CHARACTERS = {
    "ok": ("此处当{0}，{1}声合。", "The place wants {0}; {1} agrees."),
    "free": ("此处可平可仄。", "The place takes either tone."),
    "plain": ("不论平仄。", "Tones are not regulated here."),
    "unknown": ("韵书无此字。", "The rhyme book does not have this character."),
    "gap": ("缺字。", "A missing character."),
    "both": ("此字平仄两读，此处从{0}。", "The character has both tones; here it is {0}."),
    "word": ("此字平仄两读，“{0}”中读{1}。", "The character has both tones; in {0} it is {1}."),
    "use": ("此字平仄两读，近体中{0}%读平。", "The character has both tones; regulated verse has it level in {0} %."),
    "rhyme": ("韵脚，属{0}。", "A rhyme word, in {0}."),
    "tune": (
        "《{0}》此体{1}首，此处{2}%用平声。",
        "Of {1} works with this variant of {0}, {2} % have a level tone here.",
    ),
    "tune_rhyme": ("韵位。", "A rhyme place."),
}

_ENGLISH = {"平": "level", "仄": "oblique", "入": "entering", "中": "either", "？": "unknown"}
_CHINESE = {v: k for k, v in _ENGLISH.items()} | {"level tones": "平声", "oblique tones": "仄声"}


def english(tone: str) -> str:
    """The English word for 平, 仄, 入, 中 or ``？``."""
    return _ENGLISH[tone]


def chinese(detail: str) -> str:
    """A detail of a sentence in Chinese: English words for tones back into 平 and 仄, all else as it is."""
    return _CHINESE.get(detail, detail)
