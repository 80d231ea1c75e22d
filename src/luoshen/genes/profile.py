"""The Profile: what decoding gives, every claim with the Evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from luoshen.errors import FormatError


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that carry a claim: ``text[start:end] == quote``, in code points.

    ``weight`` (0 to 1) says how much of the claim these words carry; ``method`` what found them.
    """

    quote: str
    start: int
    end: int
    weight: float = 1.0
    method: str = ""


@dataclass(frozen=True, slots=True)
class GeneReading:
    """One gene of a work: strength 1 (a secondary note) to 3 (what it is remembered for).

    ``confidence`` is the calibrated probability that the gene is present at all.
    """

    gene: str
    strength: int
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeReading:
    """A theme with the probability that a reader would name it."""

    theme: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Image:
    """An image that a work names: the lexicon's concept, its class, and each place it stands."""

    image: str
    label: str  #: English
    kind: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Allusion:
    """Words that stand in an earlier work too, with that work and the place there."""

    evidence: Evidence
    source_id: str
    source_title: str
    source_author: str
    source_line: str
    kind: str  #: ``line`` (a whole line taken over), ``phrase``, or ``variant`` (taken over with changes)


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the Profile's own word for it
    """Why this reading should be trusted less: a code for programs, a sentence for people."""

    code: str
    message: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A reading of one work. ``genes`` strongest first, only those present.

    ``valence`` runs from -2 (openly sorrowful) to 2 (openly joyful). ``confidences`` holds the
    probability of every gene. ``prosody`` is the JSON form of a :class:`luoshen.prosody.Verdict`.
    """

    id: str
    genes: tuple[GeneReading, ...]
    valence: float
    themes: tuple[ThemeReading, ...]
    decoder: str
    title: str = ""
    author: str = ""
    dynasty: str = ""
    imagery: tuple[Image, ...] = ()
    allusions: tuple[Allusion, ...] = ()
    prosody: Mapping[str, Any] | None = None
    confidences: Mapping[str, float] = field(default_factory=dict)
    embedding: tuple[float, ...] | None = None
    labels: Mapping[str, float] | None = None  #: a fitted decoder's own labels, with probabilities
    label: str | float | None = None  #: the fitted decoder's answer
    warnings: tuple[Warning, ...] = ()

    def to_dict(self, *, all_genes: bool = False) -> dict[str, Any]:
        """The JSON contract (``luoshen/genes/profile.schema.json``)."""
        data: dict[str, Any] = {name: _plain(getattr(self, name)) for name in _ALWAYS}
        if all_genes:
            data["all_genes"] = dict(self.confidences)
        for name in ("label", "labels", "prosody"):
            value = getattr(self, name)
            if value is not None:
                data[name] = value
        if self.embedding is not None:
            data["embedding"] = list(self.embedding)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """The Profile that :meth:`to_dict` wrote.

        Raises :class:`FormatError` for anything that has not its members; :func:`luoshen.genes.contract.validate`
        checks their values too, and names the place.
        """
        try:
            return cls._from_dict(data)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise FormatError(f"not a Profile ({type(error).__name__}: {error}) · 不是 Profile 记录") from error

    @classmethod
    def _from_dict(cls, data: Mapping[str, Any]) -> Profile:
        fields = dict(data)
        fields["confidences"] = dict(fields.pop("all_genes", {}))
        fields["genes"] = tuple(GeneReading(**{**g, "evidence": _evidence(g["evidence"])}) for g in data["genes"])
        fields["themes"] = tuple(ThemeReading(**t) for t in data["themes"])
        fields["imagery"] = tuple(Image(**{**i, "evidence": _evidence(i["evidence"])}) for i in data.get("imagery", ()))
        fields["allusions"] = tuple(
            Allusion(**{**a, "evidence": Evidence(**a["evidence"])}) for a in data.get("allusions", ())
        )
        fields["warnings"] = tuple(Warning(**w) for w in data.get("warnings", ()))
        if data.get("embedding") is not None:
            fields["embedding"] = tuple(data["embedding"])
        return cls(**fields)


def _evidence(items: list[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**item) for item in items)


_ALWAYS = tuple(
    f.name for f in fields(Profile) if f.name not in {"confidences", "label", "labels", "prosody", "embedding"}
)
_PARTS = (Evidence, GeneReading, ThemeReading, Image, Allusion, Warning)


def _plain(value: Any) -> Any:
    """Parts as dicts. (``dataclasses.asdict`` copies every leaf, which cost more than reading the work.)"""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, _PARTS):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    return value
