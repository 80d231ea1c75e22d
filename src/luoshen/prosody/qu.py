"""Qu: one rhyme of 中原音韵 through all tones, held against the pattern of its tune where one is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from luoshen.prosody import arias, explain
from luoshen.prosody.arias import Aria
from luoshen.prosody.books import BOTH, LEVEL, OBLIQUE, UNKNOWN, usual_tone
from luoshen.prosody.lines import Line
from luoshen.prosody.verdict import Finding, RhymeWord, Scanned, Tune, Verdict
from luoshen.prosody.wording import TONE_NAMES


def judged(lines: Sequence[Line], aria: Aria | None, *, named: bool = True, confidence: float = 0.95) -> Verdict:
    """An aria; ``aria`` is the pattern of the tune that its title names, or that its lines have (``named`` false)."""
    size = len(aria.clauses) if aria is not None else 0
    whole = size > 0 and len(lines) % size == 0
    group = _rhyme(lines, aria if whole else None)
    words, notes = [], []
    scanned = []
    for k, line in enumerate(lines):
        end, at = line.text[-1], line.place(-1)
        own = group is not None and group in arias.rhymes(end)
        clause = aria.clauses[k % size] if aria is not None and whole else None
        if own and (clause is None or clause.rhymes >= arias.MAY_RHYME):
            words.append(RhymeWord(end, at, group or "", k))
        elif clause is not None and group is not None and clause.rhymes >= arias.RHYMES and end != "□":
            words.append(RhymeWord(end, at, "", k))
        pattern = ""
        if clause is not None:
            pattern = "中" * (len(line.text) - 1) + (clause.tone.replace("上", "仄").replace("去", "仄") or "中")
            tones = arias.tones(end, group or "")
            if clause.tone and not arias.agrees(clause.tone, tones):
                detail = (end, TONE_NAMES[clause.tone], TONE_NAMES[min(tones)])
                notes.append(Finding("tune_end", at, at + 1, detail))
        scanned.append(Scanned(line, _tones(line.text, pattern, group or ""), pattern))
    lengths = tuple(len(line.text) for line in lines)
    exact = (
        aria is not None
        and whole
        and all(length in (0, own) for length, own in zip(aria.lengths * (len(lines) // size), lengths, strict=True))
    )
    return Verdict(
        "曲",
        confidence,
        reason=_reason(aria, whole, exact, named),
        rhyme_group=group,
        rhyme=group,
        rhyme_groups=(group,) if group else (),
        rhyme_book="中原音韵" if group else None,
        rhyme_words=tuple(words),
        first_line_rhymes=bool(words) and words[0].line == 0,
        lines=tuple(scanned),
        notes=tuple(notes),
        tune=Tune(aria.tune, aria.works, aria.number, aria.uses, aria.lengths, exact) if aria is not None else None,
        explain=explain.qu,
    )


def _reason(aria: Aria | None, whole: bool, exact: bool, named: bool) -> tuple[str, ...]:
    if aria is None:
        return ("given",)
    shape = "-".join(str(length) if length else "?" for length in aria.lengths)
    code = "qu_lines" if not whole else "qu_padded" if not exact else "qu_exact" if named else "qu_shape"
    return (code, aria.tune, str(len(aria.clauses)), shape, str(aria.uses))


def _rhyme(lines: Sequence[Line], aria: Aria | None) -> str | None:
    """The rhyme that most line ends share, of those at rhyme places if they are known."""
    votes: Counter[str] = Counter()
    for k, line in enumerate(lines):
        if aria is None or aria.clauses[k % len(aria.clauses)].rhymes >= arias.MAY_RHYME:
            votes.update(arias.rhymes(line.text[-1]))
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else None


def _tones(text: str, pattern: str, rhyme: str) -> str:
    """Tones by 中原音韵, which spreads 入声 over the others; by 平水韵 for a character that it lacks."""
    result = []
    for i, char in enumerate(text):
        own = arias.tones(char, rhyme if i == len(text) - 1 else "")
        if not own:
            result.append(usual_tone(char))
        elif len(own) == 1 or "平" not in own:
            result.append(LEVEL if own == {"平"} else OBLIQUE)
        else:
            wanted = pattern[i] if pattern else "中"
            result.append(wanted if wanted != "中" else usual_tone(char))
    return "".join(UNKNOWN if tone == BOTH else tone for tone in result)
