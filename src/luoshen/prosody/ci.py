"""Ci against the variants learned for its tune."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from luoshen.prosody import explain, tunes
from luoshen.prosody.books import BOTH, LEVEL, OBLIQUE, UNKNOWN, cilin
from luoshen.prosody.free import plain as plain_lines
from luoshen.prosody.free import resolve
from luoshen.prosody.lines import STOPS, Line
from luoshen.prosody.tunes import Match, Variant
from luoshen.prosody.verdict import Finding, RhymeWord, Scanned, Tune, Verdict

#: A place is level (or oblique) in a tune when at least this share of its works have it so.
SETTLED = 0.85


def judged(lines: Sequence[Line], tones: Sequence[str], match: Match, *, named: bool = True) -> Verdict:
    """A ci of a known tune; ``named``: its title says which, not only its shape."""
    variant = match.variant
    aligned = _align([len(line.text) for line in lines], variant.lengths)
    scanned = []
    faults: list[Finding] = []
    notes: list[Finding] = []
    exact = match.likeness == 1.0
    if not exact:
        notes.append(Finding("tune_shape", lines[0].start, lines[-1].end))
    for k, (line, codes) in enumerate(zip(lines, tones, strict=True)):
        clause = aligned.get(k)
        pattern = "" if clause is None else "".join(map(_expected, variant.shares[clause]))
        scanned.append(Scanned(line, resolve(line.text, codes, pattern), pattern))
        for i, wanted in enumerate(pattern):
            if wanted != "中" and codes[i] not in (wanted, BOTH, UNKNOWN):
                at = line.place(i)
                detail = (line.text[i], _tones(wanted), "level" if codes[i] == LEVEL else "oblique")
                notes.append(Finding("tune_place", at, at + 1, detail))
    rhyme_words, parts = _rhymes(lines, variant, aligned)
    names = cilin().groups
    main = Counter(part for part in parts if part is not None).most_common(1)
    order = tuple(dict.fromkeys(names[p] for p in parts if p is not None))
    code = ("ci_exact" if exact else "ci_near") if named else ("ci_shape" if exact else "ci_shape_near")
    group = names[main[0][0]] if main else None
    return Verdict(
        "词",
        match.confidence,
        False,
        (code, variant.tune, str(variant.uses)),
        group,
        group[:-2] if group else None,
        order,
        "词林正韵" if group else None,
        (LEVEL if group[-2] == "平" else OBLIQUE) if group else None,
        tuple(rhyme_words),
        bool(rhyme_words) and rhyme_words[0].line == 0,
        tuple(scanned),
        tuple(faults),
        tuple(notes),
        Tune(variant.tune, variant.works, variant.number, variant.uses, variant.lengths, exact),
        explain=partial(explain.ci, variant=variant, aligned=aligned),
    )


def _expected(share: float) -> str:
    return LEVEL if share >= SETTLED else OBLIQUE if share <= 1 - SETTLED else "中"


def _tones(wanted: str) -> str:
    return "level tones" if wanted == LEVEL else "oblique tones"


def _align(lengths: Sequence[int], other: Sequence[int]) -> dict[int, int]:
    """Clauses that correspond: equal from the start, and equal from the end."""
    head = 0
    while head < min(len(lengths), len(other)) and lengths[head] == other[head]:
        head += 1
    result = {k: k for k in range(head)}
    tail = 1
    while tail <= min(len(lengths), len(other)) - head and lengths[-tail] == other[-tail]:
        result[len(lengths) - tail] = len(other) - tail
        tail += 1
    return result


def _rhymes(
    lines: Sequence[Line], variant: Variant, aligned: dict[int, int]
) -> tuple[list[RhymeWord], list[int | None]]:
    """The rhyme words at the tune's rhyme places, each in the part that its rhyme shares."""
    by_letter: dict[str, list[int]] = {}
    for k, line in enumerate(lines):
        clause = aligned.get(k)
        letter = variant.rhymes[clause] if clause is not None else ("?" if line.stop in STOPS and line.stop else "-")
        if letter != "-":
            by_letter.setdefault(letter, []).append(k)
    if "?" in by_letter:  # clauses that fit no place of the tune: with the rhyme that most of it has
        rest = by_letter.pop("?")
        longest = max(by_letter, key=lambda x: len(by_letter[x]), default="A")
        by_letter[longest] = sorted([*by_letter.get(longest, []), *rest])
    names = cilin().groups
    chosen: dict[int, int | None] = {}
    for letter, places in by_letter.items():
        part = _shared(lines, places, letter.isupper())
        for k in places:
            own = cilin().readings.get(lines[k].text[-1], ())
            chosen[k] = part if part in own else None
    words = [
        RhymeWord(lines[k].text[-1], lines[k].place(-1), names[part] if part is not None else "", k)
        for k, part in sorted(chosen.items())
    ]
    return words, [part for _, part in sorted(chosen.items())]


def _shared(lines: Sequence[Line], places: Sequence[int], level: bool) -> int | None:
    """The part that most of the line ends share; of two as common, the one in the tune's own tone."""
    names = cilin().groups
    votes: Counter[int] = Counter()
    for k in places:
        votes.update(set(cilin().readings.get(lines[k].text[-1], ())))
    if not votes:
        return None
    return max(votes, key=lambda p: (votes[p], (names[p][-2] == "平") == level, -p))


def keeps(lines: Sequence[Line], variant: Variant) -> bool:
    """Whether a text that a variant's clause lengths fit also has its tones and rhymes, so that it is no accident."""
    aligned = _align([len(line.text) for line in lines], variant.lengths)
    if sum(len(lines[k].text) for k in aligned) < 14 or len(aligned) < 0.6 * len(lines):
        return False
    at = variant._replace(shares=tuple(variant.shares[clause] for clause in aligned.values()))
    if tunes.fit([lines[k] for k in aligned], at) < -0.55:
        return False
    by_letter: dict[str, list[int]] = {}
    for k, clause in aligned.items():
        if variant.rhymes[clause] != "-":
            by_letter.setdefault(variant.rhymes[clause], []).append(k)
    kept = total = 0
    for letter, places in by_letter.items():
        part = _shared(lines, places, letter.isupper())
        kept += sum(part in cilin().readings.get(lines[k].text[-1], ()) for k in places)
        total += len(places)
    # Common tunes forgive a loose rhyme; a shape that few works have must be borne out.
    return kept >= (0.5 if variant.uses >= 20 and len(lines) >= 6 else 0.7) * total


def plain(lines: Sequence[Line], tones: Sequence[str]) -> Verdict:
    """A ci whose tune is not known: its rhyme by the stops."""
    ends = [k for k, line in enumerate(lines) if line.stop in STOPS and line.stop] or list(range(len(lines)))
    names = cilin().groups
    part = _shared(lines, ends, True)
    words = tuple(
        RhymeWord(lines[k].text[-1], lines[k].place(-1), names[part], k)
        for k in ends
        if part is not None and part in cilin().readings.get(lines[k].text[-1], ())
    )
    group = names[part] if part is not None and len(words) >= 2 else None
    return Verdict(
        "词",
        0.9,
        reason=("ci_plain",),
        rhyme_group=group,
        rhyme=group[:-2] if group else None,
        rhyme_groups=(group,) if group else (),
        rhyme_book="词林正韵" if group else None,
        rhyme_tone=(LEVEL if group[-2] == "平" else OBLIQUE) if group else None,
        rhyme_words=words if group else (),
        lines=plain_lines(lines, tones),
        explain=explain.shi,
    )
