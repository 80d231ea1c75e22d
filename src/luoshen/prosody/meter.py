"""Regulated metre: one line against its pattern, and the lines of a poem against one another.

The four lines of 近体 (last five places; a seven-character line has two places before them):

    ======  ==========  ==============
    A       仄仄平平仄   oblique, oblique end
    B       平平仄仄平   level, level end
    C       平平平仄仄   level, oblique end
    D       仄仄仄平平   oblique, level end
    ======  ==========  ==============

A line is named by the tone of the second of its last five places (``level``) and by its end. Rules of 拗救
after Wang Li, 汉语诗律学, and Qi Gong, 诗文声律论稿.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from luoshen.prosody.books import BOTH, LEVEL, OBLIQUE, UNKNOWN

PATTERNS = {
    (False, OBLIQUE): ("A", "中仄平平仄", "中平"),
    (True, LEVEL): ("B", "平平中仄平", "中仄"),
    (True, OBLIQUE): ("C", "中平平仄仄", "中仄"),
    (False, LEVEL): ("D", "中仄仄平平", "中平"),
}


class Judged(NamedTuple):
    """A line against one pattern.

    ``cost``: places that break the metre; ``marks``: (code, place) for each thing worth naming; ``saves``: its
    third place from the end is level where an oblique one is usual, so it can heal the line before it.
    """

    cost: float
    pattern: str
    marks: tuple[tuple[str, int], ...]
    saves: bool = False


@cache
def judge(tones: str, level: bool, end: str) -> Judged:
    """``tones`` (five or seven codes) against the pattern named by ``level`` and the tone ``end``."""
    head = len(tones) - 5
    last = tones[head:]
    name, pattern, prefix = PATTERNS[level, end]
    marks: list[tuple[str, int]] = []
    cost = 0.0
    saves = False

    def breaks(place: int, tone: str) -> bool:
        return last[place] not in (tone, BOTH, UNKNOWN)

    # What is named after a line's last places holds only if the end has its tone.
    wrong_end = breaks(4, end)
    if head and tones[1] not in (OBLIQUE if level else LEVEL, BOTH, UNKNOWN):
        marks.append(("ao", 1))
        cost += 1
    if breaks(1, LEVEL if level else OBLIQUE):
        marks.append(("ao", head + 1))
        cost += 1
    if name == "A":
        if breaks(2, LEVEL):
            marks.append(("xiao_ao", head + 2))
        if breaks(3, LEVEL):
            marks.append(("da_ao", head + 3))
            cost += 1
    elif name == "B":
        if breaks(3, OBLIQUE):
            marks.append(("ao", head + 3))
            cost += 1
        elif last[0] == OBLIQUE and not wrong_end:
            if last[1] != OBLIQUE and last[2] == OBLIQUE:
                marks.append(("guping", head))
                cost += 0.5
            elif last[2] != OBLIQUE:
                marks.append(("benju_zijiu", head + 2))
        saves = last[2] in (LEVEL, BOTH)
        pattern = "仄平平仄平" if saves and last[0] == OBLIQUE else pattern
    elif name == "C":
        if breaks(3, OBLIQUE):
            if last[2] != LEVEL and not wrong_end:
                marks.append(("te_ao", head + 3))
                pattern = "中平仄平仄"
            else:
                marks.append(("ao", head + 3))
                cost += 1
        elif breaks(2, LEVEL) and last[3] == OBLIQUE and last[4] in (OBLIQUE, BOTH):
            marks.append(("san_ze_wei", head + 2))
    else:
        if breaks(3, LEVEL):
            marks.append(("ao", head + 3))
            cost += 1
        elif last[2] == LEVEL and not wrong_end:
            marks.append(("san_ping_wei", head + 2))
            cost += 1
    if wrong_end:
        marks.append(("end_tone", head + 4))
        cost += 1
    return Judged(cost, (prefix if head else "") + pattern, tuple(marks), saves)


class Metre(NamedTuple):
    """A poem's lines against the best regulated scheme.

    ``levels``: for each line which of the patterns it follows; ``ends``: the tone its end should have;
    ``marks``: (code, line, place); ``violations``: how much breaks the metre.
    """

    levels: tuple[bool, ...]
    ends: tuple[str, ...]
    patterns: tuple[str, ...]
    marks: tuple[tuple[str, int, int], ...]
    violations: float


#: What it costs to leave the order of lines: opposition within a couplet, and adhesion between couplets.
BREAK_OPPOSITION = 1.0
BREAK_ADHESION = 0.7


def scan(tones: list[str], rhyme: str, first_rhymes: bool) -> Metre:
    """The scheme that ``tones`` (one string a line, all of five or all of seven) break least.

    ``rhyme`` is the tone of the rhyme; ``first_rhymes`` whether the first line ends in that tone too.
    """
    other = OBLIQUE if rhyme == LEVEL else LEVEL
    ends = [rhyme if k % 2 else other for k in range(len(tones))]
    if first_rhymes:
        ends[0] = rhyme
    # Two states a line; the cheaper path into each (Viterbi).
    paths: list[tuple[bool, bool]] = []
    low, high = judge(tones[0], False, ends[0]).cost, judge(tones[0], True, ends[0]).cost
    for k in range(1, len(tones)):
        own_low, own_high = judge(tones[k], False, ends[k]).cost, judge(tones[k], True, ends[k]).cost
        if k % 2:
            stay, change = BREAK_OPPOSITION, 0.0
        else:
            stay, change = 0.0, BREAK_ADHESION
        from_high_low, from_high_high = high + change < low + stay, high + stay <= low + change
        paths.append((from_high_low, from_high_high))
        low, high = (
            (high + change if from_high_low else low + stay) + own_low,
            (high + stay if from_high_high else low + change) + own_high,
        )
    level = high < low
    levels = [level]
    for step in reversed(paths):
        level = step[level]
        levels.append(level)
    levels.reverse()
    return _named(tones, levels, ends, min(low, high))


def _named(tones: list[str], levels: list[bool], ends: list[str], violations: float) -> Metre:
    """The scheme with its breaches named and those healed by the next line taken out."""
    judged = [judge(t, level, end) for t, level, end in zip(tones, levels, ends, strict=True)]
    marks: list[tuple[str, int, int]] = []
    for k, line in enumerate(judged):
        saved = k % 2 == 0 and k + 1 < len(judged) and judged[k + 1].saves
        healed = [(code, place) for code, place in line.marks if saved and code in ("da_ao", "xiao_ao")]
        marks += [(code + "_jiu" * ((code, place) in healed), k, place) for code, place in line.marks]
        if healed:  # one level tone heals them all: 南朝四百八十寺，多少楼台烟雨中
            marks.append(("duiju_xiangjiu", k + 1, len(tones[k]) - 3))
        violations -= ("da_ao", len(tones[k]) - 2) in healed
        if k and levels[k] == levels[k - 1] and k % 2:
            marks.append(("shi_dui", k, len(tones[k]) - 4))
        elif k and levels[k] != levels[k - 1] and not k % 2:
            marks.append(("shi_nian", k, len(tones[k]) - 4))
    return Metre(tuple(levels), tuple(ends), tuple(j.pattern for j in judged), tuple(marks), max(violations, 0.0))
