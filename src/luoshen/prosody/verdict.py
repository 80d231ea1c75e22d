"""The Verdict: what prosody says of a text, and why, character by character."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from luoshen.prosody import wording
from luoshen.prosody.lines import Line


class Finding(NamedTuple):
    """Something worth naming at ``text[start:end]``: a fault, or a licence taken.

    ``code`` is one of :data:`luoshen.prosody.wording.FINDINGS`; ``detail`` fills its sentence.
    """

    code: str
    start: int
    end: int
    detail: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """With names and reasons in Chinese and English."""
        name_zh, name_en, reason_zh, reason = wording.FINDINGS[self.code]
        return {
            "code": self.code,
            "name_zh": name_zh,
            "name_en": name_en,
            "start": self.start,
            "end": self.end,
            "reason": reason.format(*self.detail),
            "reason_zh": reason_zh.format(*(wording.chinese(d) for d in self.detail)),
        }


class RhymeWord(NamedTuple):
    """A rhyme word: where it stands, the group it is read in (``""`` if it has none that fits), its line."""

    char: str
    start: int
    group: str
    line: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON; ``end`` follows from one character."""
        return {"char": self.char, "start": self.start, "end": self.start + 1, "group": self.group, "line": self.line}


class Scanned(NamedTuple):
    """A line with its tones (``平仄？``, one for each place) and the pattern it is held against (``平仄中``)."""

    line: Line
    tones: str
    pattern: str


@dataclass(frozen=True)
class Character:
    """One character: its tone here (平, 仄, 入, or ``？``), its groups, what the place expects, and why.

    ``verdict``: ``ok``, ``拗`` (breaks the pattern), ``拗已救`` (breaks it, and another place heals it), ``救`` (heals
    another place), ``free`` (the place takes either tone), ``unknown``.
    """

    char: str
    start: int
    tone: str
    groups: tuple[str, ...]
    expected: str
    verdict: str
    reason: str
    reason_zh: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {**self.__dict__, "groups": list(self.groups), "end": self.start + 1}


@dataclass(frozen=True)
class Tune:
    """A tune, of ci or qu, and the learned variant nearest to a text.

    ``works``: works in the corpus to this tune; ``count``: those of this variant, by the lengths of their lines (of qu,
    by their number); ``line_lengths``: 0 where a tune of qu does not settle it; ``exact``: the text has them too.
    """

    name: str
    works: int
    variant: int
    count: int
    line_lengths: tuple[int, ...]
    exact: bool

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {**self.__dict__, "line_lengths": list(self.line_lengths)}


@dataclass(frozen=True)
class Verdict:
    """What prosody says of a text. ``confidence`` (0 to 1) is that of the form.

    ``form`` is a Chinese name such as 七绝 (``未知`` when there is nothing to judge); ``rhyme_group`` is the main
    group's full name, ``rhyme`` its bare name. ``faults`` break the rules of the form, ``notes`` do not.
    ``broken``: the code of each place where verse, regulated or old-style, breaks the rules of regulated verse.
    """

    form: str
    confidence: float
    regulated: bool = False
    reason: tuple[str, ...] = ("unknown",)
    rhyme_group: str | None = None
    rhyme: str | None = None
    rhyme_groups: tuple[str, ...] = ()
    rhyme_book: str | None = None
    rhyme_tone: str | None = None
    rhyme_words: tuple[RhymeWord, ...] = ()
    first_line_rhymes: bool = False
    lines: tuple[Scanned, ...] = ()
    faults: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    tune: Tune | None = None
    broken: tuple[str, ...] = ()
    explain: Callable[[Verdict], tuple[Character, ...]] | None = field(default=None, repr=False, compare=False)

    @property
    def form_en(self) -> str:
        """The form's name in English."""
        return wording.FORMS[self.form]

    @cached_property
    def characters(self) -> tuple[Character, ...]:
        """Every character with its reason; worked out when first asked for."""
        return self.explain(self) if self.explain is not None else ()

    def to_dict(self, *, characters: bool = True) -> dict[str, Any]:
        """The JSON form; without ``characters`` it costs a fraction."""
        code, *detail = self.reason
        zh, en = wording.reason(code, detail, self.broken)
        data: dict[str, Any] = {
            "form": self.form,
            "form_en": self.form_en,
            "form_reason": en,
            "form_reason_zh": zh,
            "regulated": self.regulated,
            "rhyme_group": self.rhyme_group,
            "rhyme": self.rhyme,
            "rhyme_groups": list(self.rhyme_groups),
            "rhyme_book": self.rhyme_book,
            "rhyme_tone": self.rhyme_tone,
            "rhyme_words": [w.to_dict() for w in self.rhyme_words],
            "first_line_rhymes": self.first_line_rhymes,
            "lines": [
                {"text": s.line.text, "start": s.line.start, "end": s.line.end, "pattern": s.pattern, "tones": s.tones}
                for s in self.lines
            ],
            "faults": [f.to_dict() for f in self.faults],
            "notes": [n.to_dict() for n in self.notes],
            "tune": self.tune.name if self.tune else None,
            "tune_variant": self.tune.to_dict() if self.tune else None,
            "confidence": round(self.confidence, 3),
        }
        if characters:
            data["characters"] = [c.to_dict() for c in self.characters]
        return data
