"""The Work: a text with its identity."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from luoshen.works.script import to_simplified


@dataclass(frozen=True)
class Note:
    """An editorial note lifted out of a text: it stood before the code point ``at``.

    ``text`` is the note as it came, with its brackets.
    """

    at: int
    text: str
    kind: str = "editorial"


@dataclass(frozen=True)
class Source:
    """Where a work came from: a collection, its own number there, and the licence of that source."""

    name: str
    id: str | None = None
    rights: str | None = None


@dataclass(frozen=True)
class Work:
    """A literary text as it came (NFC, original script), with what is known about it.

    All offsets anywhere in Luoshen are code points into :attr:`text`.
    """

    text: str
    title: str = ""
    author: str = ""
    dynasty: str = ""
    form: str = ""
    language: str = "lzh"
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    tags: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict, compare=False)
    given_id: str | None = None

    def __post_init__(self) -> None:
        if not unicodedata.is_normalized("NFC", self.text):
            if self.notes:
                raise ValueError("normalise the text to NFC before placing notes in it")
            object.__setattr__(self, "text", unicodedata.normalize("NFC", self.text))

    @cached_property
    def id(self) -> str:
        """The id that was given with the text, or :func:`work_id` of the text."""
        return self.given_id or work_id(self.text)


def letters(text: str) -> str:
    """``text`` with everything but letters stripped."""
    return "".join(filter(str.isalpha, text))


def work_id(text: str) -> str:
    """First 12 hex digits of the SHA-256 of the simplified text's letters.

    The same poem in another script, or with other punctuation, has the same id.
    """
    return hashlib.sha256(letters(to_simplified(text)).encode("utf-8", "replace")).hexdigest()[:12]
