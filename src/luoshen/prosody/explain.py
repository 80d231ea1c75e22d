"""The reason for each character of a Verdict, worked out from its lines when someone asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from luoshen.prosody import books
from luoshen.prosody.books import LEVEL, LEVEL_COUNT, UNKNOWN, pingshui, zhongyuan
from luoshen.prosody.tunes import Variant
from luoshen.prosody.verdict import Character, Finding, RhymeWord, Scanned, Verdict
from luoshen.prosody.wording import CHARACTERS, chinese, english

#: What a finding makes of its character; of the others it leaves the verdict as it is.
_VERDICTS = {
    "da_ao_jiu": "拗已救",
    "xiao_ao_jiu": "拗已救",
    "duiju_xiangjiu": "救",
    "benju_zijiu": "救",
    "te_ao": "救",
}
#: How many places before it a character is healed within its own line.
AHEAD = {"benju_zijiu": 2, "te_ao": 1}
_LINE_WIDE = {"shi_dui", "shi_nian", "duo_shao", "gu_jue", "wu_yun", "huan_yun", "tune_shape", "ze_yun"}

#: For a place: (expected tone, verdict, reason code, its details).
Expectation = tuple[str, str, str, tuple[str, ...]]


def shi(verdict: Verdict) -> tuple[Character, ...]:
    """Characters of shi and of every verse without a tune."""
    return _against_patterns(verdict, "free")


def qu(verdict: Verdict) -> tuple[Character, ...]:
    """Characters of an aria, by 中原音韵; what its tune asks for is known at the ends of lines alone."""
    return _against_patterns(verdict, "open")


def _against_patterns(verdict: Verdict, either: str) -> tuple[Character, ...]:
    """Characters against their lines' patterns; ``either`` is the reason where a pattern has 中."""

    def expectation(k: int, i: int, tone: str) -> Expectation:
        pattern = verdict.lines[k].pattern
        if not pattern:
            return "中", "free", "plain", ()
        wanted = pattern[i]
        if wanted == "中":
            return wanted, "free", either, ()
        agrees = tone == wanted
        return wanted, "ok" if agrees else "拗", "ok" if agrees else "off", (english(wanted), english(tone))

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
    findings: dict[int, list[Finding]] = {}
    for finding in (*verdict.notes, *verdict.faults):
        if finding.code not in _LINE_WIDE:
            findings.setdefault(finding.start, []).append(finding)
    rhymes = {w.start: w for w in verdict.rhyme_words}
    describe = _described_qu if verdict.form == "曲" else _described
    for k, scanned in enumerate(verdict.lines):
        for i, (char, tone) in enumerate(zip(scanned.line.text, scanned.tones, strict=True)):
            at = scanned.line.place(i)
            if tone == UNKNOWN:
                yield _unknown(char, at, scanned.pattern[i] if scanned.pattern else "中")
                continue
            expected, judged, code, detail = expectation(k, i, tone)
            own = findings.get(at, [])
            ahead = _healed_ahead(scanned, i, findings)
            if ahead:
                judged = "拗已救"
            judged = next((_VERDICTS[f.code] for f in own if f.code in _VERDICTS), judged)
            reason = _reason(code, detail, own or ahead)
            shown, groups, more = describe(scanned.line.text, i, tone, expected, rhymes.get(at))
            zh, en = zip(reason, *more, strict=True)
            yield Character(char, at, shown, tuple(groups), expected, judged, " ".join(en), "".join(zh))


def _healed_ahead(scanned: Scanned, i: int, findings: dict[int, list[Finding]]) -> list[Finding]:
    """The findings that heal place ``i`` at a later place of its line."""
    later = [(code, i + step) for code, step in AHEAD.items() if i + step < len(scanned.line.text)]
    return [f for code, place in later for f in findings.get(scanned.line.place(place), ()) if f.code == code]


def _unknown(char: str, at: int, expected: str) -> Character:
    zh, en = CHARACTERS["gap" if char == "□" else "unknown"]
    return Character(char, at, UNKNOWN, (), expected, "unknown", en, zh)


#: A sentence in Chinese and in English.
Told = tuple[str, str]


def _reason(code: str, detail: tuple[str, ...], findings: Sequence[Finding]) -> Told:
    """Why a place is judged as it is: what was found there, or else what it expects."""
    if not findings:
        zh, en = CHARACTERS[code]
        return zh.format(*map(chinese, detail)), en.format(*detail)
    told = [finding.to_dict() for finding in findings]
    return (
        "".join(f"{f['name_zh']}：{f['reason_zh']}" for f in told),
        " ".join(f"{f['name_en']}: {f['reason']}" for f in told),
    )


def _described(
    text: str, i: int, tone: str, expected: str, rhyme: RhymeWord | None
) -> tuple[str, list[str], list[Told]]:
    """The tone shown, the groups of 平水韵 with it, and what else is to be said of a character."""
    char = text[i]
    names = pingshui().groups
    fitting = [names[g] for g in pingshui().readings.get(char, ()) if (g < LEVEL_COUNT) == (tone == LEVEL)]
    told = []
    if rhyme is not None and rhyme.group:
        told.append(_rhyme(rhyme))
        fitting.sort(key=lambda name: name != rhyme.group)
    elif books.both_tones(char):
        zh, en, more = _two_tones(text, i, tone, expected)
        told.append((zh.format(*map(chinese, more)), en.format(*more)))
    return "入" if tone != LEVEL and books.entering(char) else tone, fitting, told


def _described_qu(
    text: str, i: int, tone: str, expected: str, rhyme: RhymeWord | None
) -> tuple[str, list[str], list[Told]]:
    """The same by 中原音韵, whose groups are a rhyme and a tone: 家麻去."""
    names = zhongyuan().groups
    fitting = [names[g] for g in zhongyuan().readings.get(text[i], ()) if (names[g][-1] in "阴阳") == (tone == LEVEL)]
    return tone, fitting, [_rhyme(rhyme)] if rhyme is not None and rhyme.group else []


def _rhyme(rhyme: RhymeWord) -> Told:
    zh, en = CHARACTERS["rhyme"]
    return zh.format(rhyme.group), en.format(rhyme.group)


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
