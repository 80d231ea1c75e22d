"""A Profile as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), and back.

One AnnotationPage a Profile; one Annotation for each claim and each place that carries it. The target is the
work's URN with two selectors for the same words: their offsets, and the words with a little context, by which
other tools find them again in another edition. What the model has no term for (strength, confidence, weight, …)
stands under ``luoshen:`` names, which the page's context declares, so the page is plain JSON-LD.

Carried: genes, themes, imagery, allusions, valence, warnings, decoder, title, author, dynasty. Not carried:
prosody, embedding, a fitted decoder's labels, the probabilities of absent genes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from luoshen.errors import FormatError
from luoshen.genes import profile as profiles
from luoshen.genes.profile import Allusion, Evidence, GeneReading, Image, Profile, ThemeReading
from luoshen.genes.vocabulary import Vocabulary
from luoshen.works.work import Work

TERMS = "https://luoshen.readthedocs.io/terms#"
_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"luoshen": TERMS}]
_WORK = "urn:luoshen:work:"
_PROFILE = "urn:luoshen:profile:"
#: Code points of context on either side of a quote.
_AROUND = 12


def to_annotations(profile: Profile, work: Work, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """The AnnotationPage for a Profile of ``work``, ready for ``json.dumps``.

    Raises :class:`FormatError` if a quote does not stand in the work where the Profile says, and
    :class:`VocabularyError` for a gene or theme that ``vocabulary`` (by default the built-in one) lacks.
    """
    vocabulary = vocabulary or Vocabulary.load()
    page = _PROFILE + quote(profile.id, safe="")
    creator = {"id": f"urn:luoshen:decoder:{quote(profile.decoder, safe='')}", "type": "Software"}
    creator["name"] = profile.decoder
    items: list[dict[str, Any]] = []
    for body, places in _claims(profile, vocabulary):
        for evidence in places or (None,):
            items.append(
                {
                    "id": f"{page}#{len(items) + 1}",
                    "type": "Annotation",
                    "motivation": body["purpose"],
                    "creator": creator,
                    "body": body,
                    "target": _target(profile.id, evidence, work),
                }
            )
    return {
        "@context": _CONTEXT,
        "id": page,
        "type": "AnnotationPage",
        "label": profile.title,
        "creator": creator,
        "luoshen:author": profile.author,
        "luoshen:dynasty": profile.dynasty,
        "startIndex": 0,
        "items": items,
    }


def _claims(profile: Profile, vocabulary: Vocabulary) -> Iterator[tuple[dict[str, Any], Sequence[Evidence]]]:
    """The body of every claim, and its places; without a place it is of the whole work."""
    for gene in profile.genes:
        uri = vocabulary.find(gene.gene).uri
        body = _concept(uri, "classifying", "gene", strength=gene.strength, confidence=gene.confidence)
        yield body, gene.evidence
    for theme in profile.themes:
        uri = vocabulary.find_theme(theme.theme).uri
        yield _concept(uri, "classifying", "theme", confidence=theme.confidence), ()
    for image in profile.imagery:
        yield _words(image.image, "zh", "tagging", "image", label=image.label, kind=image.kind), image.evidence
    for allusion in profile.allusions:
        body = _concept(
            _WORK + quote(allusion.source_id, safe=""),
            "linking",
            "allusion",
            title=allusion.source_title,
            author=allusion.source_author,
            line=allusion.source_line,
            kind=allusion.kind,
        )
        yield body, (allusion.evidence,)
    yield _words(f"{profile.valence:+.2f}", None, "assessing", "valence", valence=profile.valence), ()
    for warning in profile.warnings:
        body = _words(warning.message, "en", "commenting", "warning", code=warning.code, chinese=warning.message_zh)
        yield body, ()


def _concept(source: str, purpose: str, claim: str, **members: Any) -> dict[str, Any]:
    """A body that names a resource: a concept of the vocabulary, or a work."""
    return {"type": "SpecificResource", "source": source} | _ours(purpose, claim, members)


def _words(value: str, language: str | None, purpose: str, claim: str, **members: Any) -> dict[str, Any]:
    """A body that is words, in a language or in none."""
    said = {"type": "TextualBody", "value": value} | ({"language": language} if language else {})
    return said | _ours(purpose, claim, members)


def _ours(purpose: str, claim: str, members: Mapping[str, Any]) -> dict[str, Any]:
    return {"purpose": purpose, "luoshen:claim": claim} | {f"luoshen:{name}": value for name, value in members.items()}


def _target(work_id: str, evidence: Evidence | None, work: Work) -> str | dict[str, Any]:
    source = _WORK + quote(work_id, safe="")
    if evidence is None:
        return source
    _check(evidence, work, f"Profile {work_id}")
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": [
            {"type": "TextPositionSelector", "start": evidence.start, "end": evidence.end},
            {
                "type": "TextQuoteSelector",
                "exact": evidence.quote,
                "prefix": work.text[max(0, evidence.start - _AROUND) : evidence.start],
                "suffix": work.text[evidence.end : evidence.end + _AROUND],
            },
        ],
        "luoshen:weight": evidence.weight,
        "luoshen:method": evidence.method,
    }


def _check(evidence: Evidence, work: Work, place: str) -> None:
    found = work.text[evidence.start : evidence.end]
    if evidence.start < 0 or found != evidence.quote:
        raise FormatError(
            f"{place}: {evidence.quote!r} should stand at {evidence.start}:{evidence.end} of the work"
            f" {work.title or work.id}, but there stands {found!r}; give the text that was decoded"
            f" · 引文与原文该处不符，请使用解读时的原文"
        )


def from_annotations(
    page: Mapping[str, Any], work: Work | None = None, vocabulary: Vocabulary | None = None
) -> Profile:
    """The Profile that :func:`to_annotations` wrote, in what the format carries; foreign annotations are passed over.

    With ``work``, every quote is held against its text. Raises :class:`FormatError` with the JSON pointer of the
    place, and :class:`VocabularyError` for a concept that ``vocabulary`` lacks.
    """
    vocabulary = vocabulary or Vocabulary.load()
    place = ""
    try:
        if page["type"] != "AnnotationPage":
            raise FormatError("Web Annotation, at /type: should be AnnotationPage · 类型应为 AnnotationPage")
        reading = _Reading(vocabulary, work)
        for number, item in enumerate(page["items"]):
            place = f"/items/{number}"
            reading.add(item, place)
        place = ""
        return Profile(
            id=_after(page["id"], _PROFILE),
            title=page.get("label", ""),
            author=page.get("luoshen:author", ""),
            dynasty=page.get("luoshen:dynasty", ""),
            decoder=page["creator"]["name"],
            genes=tuple(GeneReading(*claim, tuple(where)) for claim, where in reading.genes.items()),
            themes=tuple(reading.themes),
            imagery=tuple(Image(*claim, tuple(where)) for claim, where in reading.imagery.items()),
            allusions=tuple(reading.allusions),
            valence=reading.valence,
            warnings=tuple(reading.warnings),
        )
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise FormatError(
            f"Web Annotation, at {place or 'the top'}: {type(error).__name__} {error};"
            f" expected a page written by luoshen · 标注页不合格式，位置 {place or '顶层'}"
        ) from error


class _Reading:
    """Claims gathered from annotations; a claim's several places come together again."""

    def __init__(self, vocabulary: Vocabulary, work: Work | None) -> None:
        self.vocabulary = vocabulary
        self.work = work
        self.genes: dict[tuple[str, int, float], list[Evidence]] = {}
        self.imagery: dict[tuple[str, str, str], list[Evidence]] = {}
        self.themes: list[ThemeReading] = []
        self.allusions: list[Allusion] = []
        self.warnings: list[profiles.Warning] = []
        self.valence = 0.0

    def add(self, item: Mapping[str, Any], place: str) -> None:
        body = item.get("body")
        if not isinstance(body, Mapping):
            return
        claim = body.get("luoshen:claim")
        if claim == "gene":
            gene = self.vocabulary.find(body["source"]).name
            key = (gene, int(body["luoshen:strength"]), float(body["luoshen:confidence"]))
            self.genes.setdefault(key, []).extend(self._evidence(item["target"], place))
        elif claim == "theme":
            theme = self.vocabulary.find_theme(body["source"]).name
            self.themes.append(ThemeReading(theme, float(body["luoshen:confidence"])))
        elif claim == "image":
            image = (body["value"], body["luoshen:label"], body["luoshen:kind"])
            self.imagery.setdefault(image, []).extend(self._evidence(item["target"], place))
        elif claim == "allusion":
            (evidence,) = self._evidence(item["target"], place)
            members = (body["luoshen:title"], body["luoshen:author"], body["luoshen:line"], body["luoshen:kind"])
            self.allusions.append(Allusion(evidence, _after(body["source"], _WORK), *members))
        elif claim == "valence":
            self.valence = float(body["luoshen:valence"])
        elif claim == "warning":
            self.warnings.append(profiles.Warning(body["luoshen:code"], body["value"], body["luoshen:chinese"]))

    def _evidence(self, target: str | Mapping[str, Any], place: str) -> list[Evidence]:
        if isinstance(target, str):
            return []
        position = _selector(target["selector"], "TextPositionSelector")
        evidence = Evidence(
            quote=_selector(target["selector"], "TextQuoteSelector")["exact"],
            start=position["start"],
            end=position["end"],
            weight=float(target["luoshen:weight"]),
            method=target["luoshen:method"],
        )
        if evidence.end - evidence.start != len(evidence.quote):
            raise FormatError(
                f"Web Annotation, at {place}/target: {evidence.quote!r} has {len(evidence.quote)} code points, its"
                f" offsets span {evidence.end - evidence.start} · 引文长度与位置不符"
            )
        if self.work is not None:
            _check(evidence, self.work, f"Web Annotation, at {place}/target")
        return [evidence]


def _selector(selectors: Sequence[Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
    for selector in selectors:
        if selector["type"] == kind:
            return selector
    raise KeyError(kind)


def _after(urn: str, start: str) -> str:
    if not urn.startswith(start):
        raise ValueError(f"{urn!r} is not {start}…")
    return unquote(urn.removeprefix(start))
