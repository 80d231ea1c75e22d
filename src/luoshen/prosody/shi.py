"""Shi in lines of five or of seven: regulated, or old-style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from luoshen.prosody import books, explain, parallel
from luoshen.prosody.books import BOTH, LEVEL, LEVEL_COUNT, OBLIQUE, UNKNOWN, pingshui
from luoshen.prosody.free import loose, resolve
from luoshen.prosody.lines import Line
from luoshen.prosody.meter import Metre, scan
from luoshen.prosody.rhyme import Rhyme, choose
from luoshen.prosody.verdict import Finding, RhymeWord, Scanned, Verdict
from luoshen.prosody.yuefu import promises_old_style

#: Most that may break the metre, a line: above it the poem is old-style. The corpus's poems of eight lines fall
#: into two heaps, one at 0 to 1 and one around 8, with few between.
REGULATED_QUATRAIN = 1.75
REGULATED_LINE = 0.4
#: The same for ten lines and more, where the two heaps lie further apart.
REGULATED_LONG = 0.18
#: How parallel the inner couplets of so long a poem must be (see ``parallel.inner``) if nothing breaks the metre; how
#: much more for each place a line that breaks it, where three level tones at a line's end, the mark of old-style verse
#: (Wang Li), count threefold; and how much more under a title of old-style verse. Chosen on 183 poems near the border,
#: judged by hand.
PARALLEL = -0.1
PARALLEL_IF_BROKEN = 1.5
THREE_LEVEL = 2
OLD_TITLE = 0.15

#: Share of level uses up to which a character with two tones is oblique where a level tone is only better.
RARE = 0.1

#: Marks of a metre that are faults in regulated verse; the others are licences.
_FAULTS = {"ao", "da_ao", "guping", "san_ping_wei", "end_tone", "shi_dui", "shi_nian"}


def even(lines: Sequence[Line], tones: Sequence[str], width: int, title: str = "") -> Verdict:
    """Lines of five or of seven characters: regulated, or old-style."""
    count = len(lines)
    if count == 2:
        return loose(lines, tones, "句", ("couplet",), 0.9)
    readings = pingshui().readings
    ends = [readings.get(line.text[-1], ()) for line in lines]
    words = ends[1::2]
    rhyme = choose(words, ends[0])
    if rhyme is None and count == 4:
        rhyme = _with_first(ends)
    known = sum(map(bool, words))  # a missing character does not count against the rhyme
    spared = 1 if known >= 3 else 0
    if rhyme is None or count % 2 or rhyme.hits + rhyme.near < known - spared - known // 12:
        if count == 4:
            return loose(lines, tones, f"{_numeral(width)}绝", ("jueju_none", str(width)), 0.75)
        verdict = loose(lines, tones, f"{_numeral(width)}古", ("gushi_free", str(count), str(width)), 0.75)
        if len(verdict.rhyme_groups) > 1:
            verdict = replace(verdict, reason=("gushi_huan", str(count), str(width)))
        return verdict

    tone = LEVEL if rhyme.group < LEVEL_COUNT else OBLIQUE
    first = rhyme.group in ends[0]
    metre, judged = _metre(lines, tones, width, rhyme, first)
    if count < 10:
        form, regulated, reason, confidence = _form(count, width, tone, metre.violations, rhyme)
    else:
        form, regulated, reason, confidence = _long(lines, width, metre, rhyme, known, title)
    return _verdict(lines, judged, rhyme, first, metre, form, regulated, reason, confidence)


def _numeral(width: int) -> str:
    return "五" if width == 5 else "七"


def _with_first(ends: Sequence[tuple[int, ...]]) -> Rhyme | None:
    """A quatrain whose second and fourth lines do not rhyme: the first line with either of them."""
    rhyme = choose([ends[0], ends[1], ends[3]])
    if rhyme is None or rhyme.hits < 2:
        return None
    return Rhyme(rhyme.group, rhyme.words[1:], rhyme.hits, max(rhyme.near, 2 - rhyme.hits))


def _metre(
    lines: Sequence[Line], tones: Sequence[str], width: int, rhyme: Rhyme, first: bool
) -> tuple[Metre, list[str]]:
    """The scan, and the tone codes after rhyme and words have settled rare readings."""
    tone = LEVEL if rhyme.group < LEVEL_COUNT else OBLIQUE
    judged = [t if len(t) == width else UNKNOWN * width for t in tones]
    for k in range(1, len(judged), 2):
        if judged[k][-1] != tone and rhyme.words[k // 2] is not None:
            judged[k] = judged[k][:-1] + tone
    if first:
        judged[0] = judged[0][:-1] + tone
    # A first line whose end has both tones may borrow a rhyme (孤雁出群): the metre decides.
    borrows = {judged[0][-1] == tone}
    if judged[0][-1] == BOTH and not books.neighbours()[rhyme.group].isdisjoint(
        pingshui().readings.get(lines[0].text[-1], ())
    ):
        borrows = {False, True}
    metre, first_tone = min(
        ((scan(judged, tone, choice), choice) for choice in sorted(borrows)),
        key=lambda found: (found[0].violations, len(found[0].marks)),
    )
    settled = False
    for code, k, place in metre.marks:
        if code in ("ao", "da_ao", "xiao_ao", "guping") and len(lines[k].text) == width:
            text = lines[k].text
            if judged[k][place] != BOTH and books.both_tones(text[place]):
                word = books.word_tone(text, place)
                if word is not None and word != judged[k][place]:
                    judged[k] = judged[k][:place] + BOTH + judged[k][place + 1 :]
                    settled = True
    for k, pattern in enumerate(metre.patterns):
        text, codes = lines[k].text, judged[k]
        if not pattern.endswith("平平仄仄") or len(text) != width:
            continue
        if codes[-3:-1] == OBLIQUE + BOTH:
            # A place that the word or use makes level after an oblique one is the licensed 平平仄平仄, not 三仄尾.
            if (books.word_tone(text, width - 2) or books.usual_tone(text[-2])) == LEVEL:
                judged[k] = codes[:-2] + LEVEL + codes[-1]
                settled = True
        elif (
            codes[-3:] == BOTH + OBLIQUE * 2
            and (books.level_share(text[-3]) or 0.0) <= RARE
            and books.word_tone(text, width - 3) != LEVEL
        ):
            # 几万里: a reading that use hardly knows does not save the line from 三仄尾.
            judged[k] = codes[:-3] + OBLIQUE * 2 + codes[-1]
            settled = True
    return (scan(judged, tone, first_tone) if settled else metre), judged


#: Form, whether it is regulated, the reason, how sure that is.
_Form = tuple[str, bool, tuple[str, ...], float]


def _form(count: int, width: int, tone: str, violations: float, rhyme: Rhyme) -> _Form:
    """The form of up to nine lines on one rhyme."""
    name = _numeral(width)
    if count == 4:
        if tone == OBLIQUE:
            return f"{name}绝", False, ("zejue", str(width)), 0.9
        if violations <= REGULATED_QUATRAIN:
            return f"{name}绝", True, ("jueju", str(width), pingshui().groups[rhyme.group]), 0.98
        return f"{name}绝", False, ("gujue" if width == 5 else "aojue", str(width)), 0.9
    allowed = REGULATED_LINE * count if tone == LEVEL else 0.5
    if violations <= allowed:
        if count == 8:
            sure = 0.98 if violations < 0.6 * allowed else 0.75
            return f"{name}律", True, ("lushi" if tone == LEVEL else "lushi_ze", str(width)), sure
        # 三韵小律: called old-style by the anthologies
        return f"{name}古", False, ("xiaolu", str(width)), 0.8
    if tone == OBLIQUE:
        return f"{name}古", False, ("gushi_ze", str(count), str(width)), 0.95
    return f"{name}古", False, ("gushi", str(count), str(width)), 0.95 if violations > 1.5 * allowed else 0.75


def _long(lines: Sequence[Line], width: int, metre: Metre, rhyme: Rhyme, words: int, title: str) -> _Form:
    """The form of ten lines or more on one rhyme: 排律 keeps the metre and has its inner couplets parallel."""
    name, size = _numeral(width), (str(len(lines)), str(width))
    if rhyme.group >= LEVEL_COUNT:
        return f"{name}古", False, ("gushi_ze", *size), 0.95
    broken = metre.violations / len(lines)
    if broken > REGULATED_LONG:
        return f"{name}古", False, ("gushi", *size), 0.95 if broken > 1.5 * REGULATED_LONG else 0.75
    if rhyme.hits < words - words // 6:
        return f"{name}古", False, ("gushi_linyun", *size), 0.75
    three_level = sum(code == "san_ping_wei" for code, _, _ in metre.marks)
    wanted = PARALLEL + PARALLEL_IF_BROKEN * (broken + THREE_LEVEL * three_level / len(lines))
    over = parallel.inner([line.text for line in lines]) - wanted
    if over < 0:
        return f"{name}古", False, ("gushi_sanxing" if three_level == 0 else "gushi", *size), 0.75
    if over < OLD_TITLE and promises_old_style(title):
        return f"{name}古", False, ("gushi_yuefu", *size), 0.75
    return f"{name}言排律", True, ("pailu", *size), 0.98 if over > OLD_TITLE and broken < 0.6 * REGULATED_LONG else 0.75


def _verdict(
    lines: Sequence[Line],
    tones: Sequence[str],
    rhyme: Rhyme,
    first: bool,
    metre: Metre,
    form: str,
    regulated: bool,
    reason: tuple[str, ...],
    confidence: float,
) -> Verdict:
    """Everything that the scan and the rhyme show, in words."""
    groups = pingshui().groups
    group = groups[rhyme.group]
    tone = LEVEL if rhyme.group < LEVEL_COUNT else OBLIQUE
    faults: list[Finding] = []
    notes: list[Finding] = []
    if regulated:
        _metre_findings(lines, tones, metre, faults, notes)
    elif len(lines) == 4 and tone == LEVEL:
        notes.append(Finding("gu_jue", lines[0].start, lines[-1].end))
    if tone == OBLIQUE:
        notes.append(Finding("ze_yun", lines[1].place(-1), lines[1].place(-1) + 1))
    rhyme_words = []
    if first:
        rhyme_words.append(RhymeWord(lines[0].text[-1], lines[0].place(-1), group, 0))
    elif metre.ends[0] == tone:
        _borrowed_first(lines[0], rhyme.group, notes)
    seen: set[str] = set()
    for k, found in zip(range(1, len(lines), 2), rhyme.words, strict=True):
        char, at = lines[k].text[-1], lines[k].place(-1)
        rhyme_words.append(RhymeWord(char, at, groups[found] if found is not None else "", k))
        if found != rhyme.group and char != "□":
            _stray(char, at, found, group, regulated, k == len(lines) - 1, faults, notes)
        if char in seen and char != "□":
            (faults if regulated else notes).append(Finding("chong_yun", at, at + 1, (char,)))
        seen.add(char)
    width = max(map(len, tones))
    for line in lines:
        if len(line.text) != width:
            notes.append(Finding("duo_shao", line.start, line.end, (str(len(line.text)), str(width))))
        notes.extend(Finding("que_zi", line.place(i), line.place(i) + 1) for i, c in enumerate(line.text) if c == "□")
    patterns = metre.patterns if regulated else [""] * len(lines)
    scanned = tuple(
        Scanned(line, resolve(line.text, codes if len(codes) == len(line.text) else UNKNOWN * len(line.text), p), p)
        for line, codes, p in zip(lines, tones, patterns, strict=True)
    )
    if rhyme.hits + sum(line.text[-1] == "□" for line in lines[1::2]) < len(rhyme.words):
        confidence *= 0.97
    return Verdict(
        form,
        confidence,
        regulated,
        reason,
        group,
        group[-1],
        (group,),
        "平水韵",
        tone,
        tuple(rhyme_words),
        first,
        scanned,
        tuple(faults),
        tuple(notes),
        None,
        tuple(f.code for f in faults) if regulated else tuple(c for c, _, _ in metre.marks if c in _FAULTS),
        explain.shi,
    )


def _metre_findings(
    lines: Sequence[Line], tones: Sequence[str], metre: Metre, faults: list[Finding], notes: list[Finding]
) -> None:
    """The scan's marks as findings."""
    for code, k, place in metre.marks:
        line = lines[k]
        if code in ("shi_dui", "shi_nian"):
            faults.append(Finding(code, line.start, line.end))
            continue
        at = line.place(place)
        char = line.text[place]
        detail: tuple[str, ...] = (char,)
        end = at + 1
        if code in ("ao", "end_tone"):
            is_level = tones[k][place] == LEVEL
            detail = (char, "oblique" if is_level else "level", "level" if is_level else "oblique")
        elif code in ("da_ao_jiu", "xiao_ao_jiu"):
            healer = len(line.text) - 3
            detail = (char, "third" if healer == 2 else "fifth", lines[k + 1].text[healer])
        elif code == "duiju_xiangjiu":
            healed = [p for c, n, p in metre.marks if n == k - 1 and c in ("da_ao_jiu", "xiao_ao_jiu")]
            detail = (char, "".join(lines[k - 1].text[p] for p in sorted(healed)))
        elif code in explain.AHEAD:
            detail = (char, line.text[place - explain.AHEAD[code]])
        elif code in ("san_ping_wei", "san_ze_wei"):
            detail = (line.text[place : place + 3],)
            end = line.place(place + 2) + 1
        (faults if code in _FAULTS else notes).append(Finding(code, at, end, detail))


def _borrowed_first(line: Line, group: int, notes: list[Finding]) -> None:
    """孤雁出群: the first line ends in a neighbouring group."""
    if group >= LEVEL_COUNT:
        return
    for other in pingshui().readings.get(line.text[-1], ()):
        if other in books.neighbours()[group]:
            at = line.place(-1)
            notes.append(Finding("guyan_chuqun", at, at + 1, (line.text[-1], pingshui().groups[other])))
            return


def _stray(
    char: str,
    at: int,
    found: int | None,
    group: str,
    regulated: bool,
    last: bool,
    faults: list[Finding],
    notes: list[Finding],
) -> None:
    """A rhyme word outside the group: borrowed from a neighbour, or off the rhyme."""
    if found is None:
        (faults if regulated else notes).append(Finding("chu_yun", at, at + 1, (char, group)))
    elif not regulated:
        notes.append(Finding("lin_yun", at, at + 1, (char, pingshui().groups[found], group)))
    elif last:
        notes.append(Finding("guyan_ruqun", at, at + 1, (char, pingshui().groups[found])))
    else:
        faults.append(Finding("chu_yun", at, at + 1, (char, group)))
