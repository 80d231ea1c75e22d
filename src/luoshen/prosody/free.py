"""Verse whose tones are free: its rhymes, which may change; and the tones of lines held against no pattern."""

from __future__ import annotations

from collections.abc import Sequence

from luoshen.prosody import books, explain
from luoshen.prosody.books import BOTH, LEVEL, LEVEL_COUNT, OBLIQUE, pingshui
from luoshen.prosody.lines import STOPS, Line
from luoshen.prosody.rhyme import Rhyme, choose, runs
from luoshen.prosody.verdict import Finding, RhymeWord, Scanned, Verdict

#: Particles that stand after the rhyme word.
_PARTICLES = "兮些只之也矣"


def resolve(text: str, codes: str, pattern: str) -> str:
    """Tones without 两: from the pattern where it asks for one, else from the word, else by use."""
    if BOTH not in codes:
        return codes
    result = list(codes)
    for i, code in enumerate(codes):
        if code == BOTH:
            wanted = pattern[i] if pattern else "中"
            result[i] = wanted if wanted != "中" else books.word_tone(text, i) or books.usual_tone(text[i])
    return "".join(result)


def _ends(lines: Sequence[Line]) -> list[int]:
    """The lines that may rhyme: those with a stop after them, or the even ones if stops do not tell."""
    stopped = [k for k, line in enumerate(lines) if line.stop in STOPS and line.stop]
    if len(stopped) * 3 >= len(lines) and len(stopped) >= 2 and len(stopped) < len(lines):
        return stopped
    return list(range(1, len(lines), 2))


def _rhyme_words(lines: Sequence[Line]) -> tuple[list[int], list[tuple[int, ...]], list[tuple[int, int, Rhyme]]]:
    """The lines that may rhyme, their rhyme words' readings, and the rhymes found."""
    readings = pingshui().readings
    best: tuple[list[int], list[tuple[int, ...]], list[tuple[int, int, Rhyme]]] | None = None
    covered = -1.0
    # Every line may rhyme (柏梁体) when those with stops do not.
    for ends in (_ends(lines), list(range(len(lines)))):
        words = [readings.get(_rhyme_char(lines[k])[0], ()) for k in ends]
        found = runs(words)
        share = sum(end - start for start, end, _ in found) / len(words) if words else 0.0
        if best is None or share > covered + 0.3:
            best, covered = (ends, words, found), share
        if covered >= 0.5:
            break
    return best if best is not None else ([], [], [])


def _rhyme_char(line: Line) -> tuple[str, int]:
    """A line's rhyme word and its place: the last character, or the one before a particle."""
    place = len(line.text) - 1
    if place > 0 and line.text[place] in _PARTICLES:
        place -= 1
    return line.text[place], line.place(place)


def rhyming(lines: Sequence[Line]) -> float:
    """The share of line ends (with a stop, or even) that rhyme with the end before or after them."""
    _, words, found = _rhyme_words(lines)
    return sum(end - start for start, end, _ in found) / len(words) if words else 0.0


def plain(lines: Sequence[Line], tones: Sequence[str]) -> tuple[Scanned, ...]:
    """Lines with their tones, held against no pattern."""
    return tuple(Scanned(line, resolve(line.text, codes, ""), "") for line, codes in zip(lines, tones, strict=True))


def loose(
    lines: Sequence[Line], tones: Sequence[str], form: str, reason: tuple[str, ...], confidence: float
) -> Verdict:
    """Verse whose tones are free: its rhymes, which may change."""
    groups, readings = pingshui().groups, pingshui().readings
    ends, _, found = _rhyme_words(lines)
    rhyme_words = []
    totals: dict[int, int] = {}
    order: list[int] = []
    notes: list[Finding] = []
    for start, end, rhyme in found:
        totals[rhyme.group] = totals.get(rhyme.group, 0) + rhyme.hits
        if order and order[-1] != rhyme.group:
            at = lines[ends[start]].start
            notes.append(Finding("huan_yun", at, lines[ends[start]].end, (groups[order[-1]], groups[rhyme.group])))
        if not order or order[-1] != rhyme.group:
            order.append(rhyme.group)
        for k, group in zip(ends[start:end], rhyme.words, strict=True):
            char, at = _rhyme_char(lines[k])
            rhyme_words.append(RhymeWord(char, at, groups[group] if group is not None else "", k))
            if group is not None and group != rhyme.group:
                notes.append(Finding("lin_yun", at, at + 1, (char, groups[group], groups[rhyme.group])))
    main = max(totals, key=lambda g: totals[g]) if totals else None
    if main is None and len(lines) > 2 and form != "散文":
        notes.append(Finding("wu_yun", lines[0].start, lines[-1].end))
    first = bool(found) and 0 not in ends and found[0][0] == 0
    first = first and found[0][2].group in readings.get(lines[0].text[-1], ())
    if main is not None and main >= LEVEL_COUNT:
        notes.append(Finding("ze_yun", rhyme_words[0].start, rhyme_words[0].start + 1))
    return Verdict(
        form,
        confidence,
        False,
        reason,
        groups[main] if main is not None else None,
        groups[main][-1] if main is not None else None,
        tuple(groups[g] for g in dict.fromkeys(order)),
        "平水韵" if main is not None else None,
        (LEVEL if main < LEVEL_COUNT else OBLIQUE) if main is not None else None,
        tuple(rhyme_words),
        first,
        plain(lines, tones),
        (),
        tuple(notes),
        explain=explain.shi,
    )


def is_huanxisha(lines: Sequence[Line]) -> bool:
    """Six lines of seven whose third, fifth and sixth rhyme with the first, and the fourth does not: 浣溪沙."""
    readings = pingshui().readings
    ends = [readings.get(line.text[-1], ()) for line in lines]
    rhyme = choose([ends[0], ends[1], ends[2], ends[4], ends[5]])
    return (
        rhyme is not None and rhyme.group < LEVEL_COUNT and rhyme.hits + rhyme.near == 5 and rhyme.group not in ends[3]
    )
