"""The reason for each character of a Verdict, worked out from its lines when someone asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from luoshen.prosody import books
from luoshen.prosody.books import LEVEL, LEVEL_COUNT, UNKNOWN, pingshui
from luoshen.prosody.tunes import Variant
from luoshen.prosody.verdict import Character, Finding, RhymeWord, Scanned, Verdict
from luoshen.prosody.wording import CHARACTERS, chinese, english

_HEALED = {"da_ao_jiu", "xiao_ao_jiu", "benju_zijiu", "duiju_xiangjiu", "te_ao"}
_LINE_WIDE = {"shi_dui", "shi_nian", "duo_shao", "gu_jue", "wu_yun", "huan_yun", "tune_shape", "ze_yun"}

#: For a place: (expected tone, verdict, reason code, its details).
Expectation = tuple[str, str, str, tuple[str, ...]]


def shi(verdict: Verdict) -> tuple[Character, ...]:
    """Characters of shi and of every verse without a tune."""

    def expectation(k: int, i: int, tone: str) -> Expectation:
        pattern = verdict.lines[k].pattern
        if not pattern:
            return "中", "free", "plain", ()
        wanted = pattern[i]
        if wanted == "中":
            return wanted, "free", "free", ()
        return wanted, "ok" if tone == wanted else "拗", "ok", (english(wanted), english(tone))

    return tuple(_characters(verdict, expectation))


def ci(verdict: Verdict, variant: Variant, aligned: dict[int, int]) -> tuple[Character, ...]:
    """Characters of a ci; ``aligned`` maps its clauses to the variant's."""

    def expectation(k: int, i: int, tone: str) -> Expectation:
        clause = aligned.get(k)
        if clause is None:
            return "中", "free", "plain", ()
        share = variant.shares[clause][i]
        wanted = verdict.lines[k].pattern[i]
        detail = (variant.tune, str(variant.uses), f"{100 * share:.0f}")
        verdict_ = "free" if wanted == "中" else "ok" if tone == wanted else "拗"
        return wanted, verdict_, "tune", detail

    return tuple(_characters(verdict, expectation))


def _characters(verdict: Verdict, expectation: Callable[[int, int, str], Expectation]) -> Iterator[Character]:
    findings = {f.start: f for f in (*verdict.notes, *verdict.faults) if f.code not in _LINE_WIDE}
    rhymes = {w.start: w for w in verdict.rhyme_words}
    for k, scanned in enumerate(verdict.lines):
        for i, (char, tone) in enumerate(zip(scanned.line.text, scanned.tones, strict=True)):
            at = scanned.line.place(i)
            if tone == UNKNOWN:
                yield _unknown(char, at, scanned.pattern[i] if scanned.pattern else "中")
                continue
            expected, judged, code, detail = expectation(k, i, tone)
            yield _character(scanned, i, at, tone, expected, judged, code, detail, findings.get(at), rhymes.get(at))


def _unknown(char: str, at: int, expected: str) -> Character:
    zh, en = CHARACTERS["gap" if char == "□" else "unknown"]
    return Character(char, at, UNKNOWN, (), expected, "unknown", en, zh)


def _character(
    scanned: Scanned,
    i: int,
    at: int,
    tone: str,
    expected: str,
    judged: str,
    code: str,
    detail: tuple[str, ...],
    finding: Finding | None,
    rhyme: RhymeWord | None,
) -> Character:
    char = scanned.line.text[i]
    names = pingshui().groups
    fitting = [names[g] for g in pingshui().readings.get(char, ()) if (g < LEVEL_COUNT) == (tone == LEVEL)]
    zh, en = CHARACTERS[code]
    reasons_zh = [zh.format(*map(chinese, detail))]
    reasons = [en.format(*detail)]
    if finding is not None:
        told = finding.to_dict()
        if finding.code in _HEALED:
            judged = "救"
        reasons_zh = [f"{told['name_zh']}：{told['reason_zh']}"]
        reasons = [f"{told['name_en']}: {told['reason']}"]
    if rhyme is not None and rhyme.group:
        zh, en = CHARACTERS["rhyme"]
        reasons_zh.append(zh.format(rhyme.group))
        reasons.append(en.format(rhyme.group))
        fitting.sort(key=lambda name: name != rhyme.group)
    elif books.both_tones(char):
        zh, en, more = _two_tones(scanned.line.text, i, tone, expected)
        reasons_zh.append(zh.format(*map(chinese, more)))
        reasons.append(en.format(*more))
    shown = "入" if tone != LEVEL and books.entering(char) else tone
    return Character(char, at, shown, tuple(fitting), expected, judged, " ".join(reasons), "".join(reasons_zh))


def _two_tones(text: str, i: int, tone: str, expected: str) -> tuple[str, str, tuple[str, ...]]:
    """Why a character with both tones has this one here."""
    word = books.word_tone(text, i)
    if word == tone:
        before = i > 0 and books.polyphones().words.get(text[i - 1 : i + 1] + "1") is not None
        return *CHARACTERS["word"], (text[i - 1 : i + 1] if before else text[i : i + 2], english(tone))
    share = books.polyphones().level.get(text[i])
    if expected == "中" and share is not None:
        return *CHARACTERS["use"], (str(share[0]),)
    return *CHARACTERS["both"], (english(tone),)
