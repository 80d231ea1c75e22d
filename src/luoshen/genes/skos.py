"""SKOS in and out: a scheme in Turtle, RDF/XML, JSON-LD or N-Triples as the plain form of the vocabulary.

Reading RDF takes half a second of imports, so the built-in scheme is also kept in that plain form, as
``vocabulary.json``. After a change of ``vocabulary.ttl``, ``python -m luoshen.genes.skos`` writes it anew.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import orjson
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DC, DCTERMS, RDF, SKOS
from rdflib.term import Node

from luoshen.errors import FormatError, InputError

FORMATS = {
    ".ttl": "turtle",
    ".rdf": "xml",
    ".xml": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
    ".nt": "nt",
}
TURTLE = Path(__file__).with_name("vocabulary.ttl")
JSON = Path(__file__).with_name("vocabulary.json")
GENES = Namespace("https://luoshen.readthedocs.io/genes#")
THEMES = URIRef("https://luoshen.readthedocs.io/themes")

#: Language tags from the one that we would rather have to the one that will do.
SIMPLIFIED = ("zh-hans", "lzh-hans", "zh-cn", "zh", "lzh", "zh-hant", "lzh-hant", "zh-tw")
TRADITIONAL = ("zh-hant", "lzh-hant", "zh-tw", "zh-hk")
ENGLISH = ("en", "en-gb", "en-us")
PINYIN = ("zh-latn-pinyin", "zh-latn")


def read_graph(path: str | Path) -> Graph:
    """The RDF graph in a file; the suffix tells the syntax (see :data:`FORMATS`).

    Raises :class:`InputError` if the file cannot be opened and :class:`FormatError` if it does not parse.
    """
    path = Path(path)
    syntax = FORMATS.get(path.suffix.lower())
    if syntax is None:
        raise FormatError(f"{path}: the suffix must be one of {', '.join(FORMATS)} · 文件后缀须为其中之一")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}) · 无法读取该文件") from error
    graph = Graph(bind_namespaces="none")  # only the prefixes of the file itself
    try:
        if syntax == "json-ld":
            _refuse_remote_contexts(json.loads(data), path)
        with warnings.catch_warnings():
            # rdflib's own JSON-LD parser uses a class that rdflib deprecates.
            warnings.simplefilter("ignore", DeprecationWarning)
            graph.parse(data=data, format=syntax, publicID=path.absolute().as_uri())
    except FormatError:
        raise
    except Exception as error:  # the parsers share no root for their errors, and all that they read is the input
        detail = " ".join(str(error).split())[:200]
        raise FormatError(f"{path}: is not {syntax} ({detail}) · 文件不合 {syntax} 语法") from error
    return graph


def _refuse_remote_contexts(data: Any, path: Path) -> None:
    """A vocabulary must not make us open a network address, so every JSON-LD context has to stand in the file."""
    queue = [data]
    while queue:
        item = queue.pop()
        if isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            context = item.get("@context", [])
            parts = context if isinstance(context, list) else [context]
            if any(isinstance(part, str) or (isinstance(part, dict) and "@import" in part) for part in parts):
                raise FormatError(
                    f"{path}: its @context is an address; put the context itself into the file"
                    " · @context 不可为网址，请将其内容写入文件"
                )
            queue.extend(item.values())


def read_scheme(path: str | Path) -> dict[str, Any]:
    """The plain form of the scheme in a file: what ``vocabulary.json`` holds for the built-in one.

    Genes are all ``skos:Concept`` but those in the scheme ``https://luoshen.readthedocs.io/themes``, which are
    themes; both go by ``skos:notation`` and then by URI. Raises as :func:`read_graph` does, and
    :class:`FormatError` for a file without concepts, a concept without label, or a label used twice.
    """
    graph = read_graph(path)
    themes = set(graph.subjects(SKOS.inScheme, THEMES))
    concepts = [concept for concept in graph.subjects(RDF.type, SKOS.Concept) if isinstance(concept, URIRef)]
    concepts = sorted(set(concepts), key=lambda concept: (_order(graph, concept), concept))
    genes = [concept for concept in concepts if concept not in themes]
    if not genes:
        raise FormatError(f"{path}: holds no skos:Concept with a URI · 文件中没有带 URI 的 skos:Concept")
    names: dict[Node, str] = {}
    for concept in concepts:
        name = _text(graph, concept, SKOS.prefLabel, (*SIMPLIFIED, *ENGLISH, ""))
        if not name:
            raise FormatError(f"{path}: <{concept}> has no skos:prefLabel · 该概念缺少 skos:prefLabel")
        names[concept] = name
    for group in (genes, [concept for concept in concepts if concept in themes]):
        seen: dict[str, Node] = {}
        for concept in group:
            if names[concept] in seen:
                raise FormatError(
                    f"{path}: <{concept}> and <{seen[names[concept]]}> are both labelled {names[concept]}"
                    " · 两个概念同名"
                )
            seen[names[concept]] = concept
    schemes = sorted(set(graph.subjects(RDF.type, SKOS.ConceptScheme)) - {THEMES}, key=str)
    scheme = schemes[0] if schemes else BNode()
    return {
        "uri": str(scheme) if isinstance(scheme, URIRef) else "",
        "name": _text(graph, scheme, SKOS.prefLabel, SIMPLIFIED),
        "name_en": _text(graph, scheme, SKOS.prefLabel, ENGLISH),
        "note_zh": _note(graph, scheme, SIMPLIFIED, ""),
        "note_en": _note(graph, scheme, ENGLISH, " "),
        "groups": _groups(graph, names),
        "genes": [_gene(graph, concept, names) for concept in genes],
        "themes": [_labels(graph, concept, names) for concept in concepts if concept in themes],
    }


def _labels(graph: Graph, concept: URIRef, names: dict[Node, str]) -> dict[str, Any]:
    name = names[concept]
    return {
        "id": str(concept).rstrip("/#").rpartition("#" if "#" in str(concept) else "/")[2] or str(concept),
        "uri": str(concept),
        "name": name,
        "name_hant": _text(graph, concept, SKOS.prefLabel, TRADITIONAL) or name,
        "name_en": _text(graph, concept, SKOS.prefLabel, ENGLISH) or name,
        "pinyin": _text(graph, concept, SKOS.altLabel, PINYIN),
    }


def _gene(graph: Graph, concept: URIRef, names: dict[Node, str]) -> dict[str, Any]:
    source = graph.value(concept, DCTERMS.source)
    alternatives = [label for label in graph.objects(concept, SKOS.altLabel) if isinstance(label, Literal)]
    return {
        **_labels(graph, concept, names),
        "alternatives": sorted(str(a) for a in alternatives if (a.language or "").lower() not in PINYIN),
        "definition_zh": _text(graph, concept, SKOS.definition, SIMPLIFIED),
        "definition_en": _text(graph, concept, SKOS.definition, (*ENGLISH, "")),
        "source": _text(graph, source, DC.title, (*SIMPLIFIED, *ENGLISH, "")) if source else "",
        "close": _close(graph, concept, names),
        "examples": _examples(graph, concept),
    }


def _close(graph: Graph, concept: URIRef, names: dict[Node, str]) -> list[dict[str, str]]:
    # skos:related is symmetric, whichever of the two a file states it of.
    related = set(graph.objects(concept, SKOS.related)) | set(graph.subjects(SKOS.related, concept))
    notes = {
        other: note
        for note in sorted(graph.objects(concept, SKOS.scopeNote), key=str)
        for other in graph.objects(note, DCTERMS.references)
        if other != concept
    }
    close = []
    for other in sorted(related & names.keys(), key=lambda other: (_order(graph, other), other)):
        note = notes.get(other)
        close.append(
            {
                "gene": names[other],
                "distinction_zh": _text(graph, note, RDF.value, SIMPLIFIED) if note else "",
                "distinction_en": _text(graph, note, RDF.value, ENGLISH) if note else "",
            }
        )
    return close


def _examples(graph: Graph, concept: URIRef) -> list[dict[str, str]]:
    examples = []
    for node in graph.objects(concept, SKOS.example):
        if isinstance(node, Literal):
            example = {"quote": str(node)}
        else:
            example = {
                "quote": _text(graph, node, RDF.value, (*SIMPLIFIED, "")),
                "translation": _text(graph, node, RDF.value, ENGLISH),
                "author": _text(graph, node, DC.creator, (*SIMPLIFIED, "")),
                "author_en": _text(graph, node, DC.creator, ENGLISH),
                "title": _text(graph, node, DC.title, (*SIMPLIFIED, "")),
                "title_en": _text(graph, node, DC.title, ENGLISH),
            }
        if example["quote"]:
            examples.append((_order(graph, node), example["quote"], example))
    return [example for _, _, example in sorted(examples, key=lambda item: item[:2])]


def _groups(graph: Graph, names: dict[Node, str]) -> list[dict[str, Any]]:
    """The collections in the ordered collection ``…/genes#first``: what is shown before the rest."""
    groups = []
    for group in _members(graph, GENES.first):
        genes = [names[concept] for concept in _members(graph, group) if concept in names]
        if genes:
            name = _text(graph, group, SKOS.prefLabel, SIMPLIFIED)
            groups.append(
                {
                    "name": name,
                    "name_hant": _text(graph, group, SKOS.prefLabel, TRADITIONAL) or name,
                    "name_en": _text(graph, group, SKOS.prefLabel, ENGLISH) or name,
                    "genes": genes,
                }
            )
    return groups


def _members(graph: Graph, collection: Node) -> list[Node]:
    head = graph.value(collection, SKOS.memberList)
    if head is None:
        return []
    try:
        return list(Collection(graph, head))
    except ValueError as error:  # a list that runs in a circle
        raise FormatError(f"<{collection}>: its skos:memberList runs in a circle · 列表首尾相接") from error


def _note(graph: Graph, scheme: Node, languages: tuple[str, ...], joint: str) -> str:
    source = graph.value(scheme, DCTERMS.source)
    notes = [_text(graph, scheme, SKOS.historyNote, languages)]
    if source is not None:
        notes.append(_text(graph, source, SKOS.note, languages))
    return joint.join(filter(None, notes))


def _order(graph: Graph, node: Node) -> tuple[int, str]:
    """Where a node stands by its ``skos:notation``: numbers first, in their order, then other notations."""
    notations = sorted(str(notation) for notation in graph.objects(node, SKOS.notation))
    if notations and notations[0].isascii() and notations[0].isdecimal():
        return int(notations[0]), ""
    return 10**9, notations[0] if notations else "\U0010ffff"


def _text(graph: Graph, node: Node, predicate: URIRef, languages: tuple[str, ...]) -> str:
    """The literal of a node in the first of ``languages`` that it has; ``""`` there means no language tag."""
    texts: dict[str, str] = {}
    for value in sorted(graph.objects(node, predicate), key=str):
        if isinstance(value, Literal):
            texts.setdefault((value.language or "").lower(), str(value))
    return next((texts[language] for language in languages if language in texts), "")


def plain_json(path: str | Path = TURTLE) -> bytes:
    """``vocabulary.json`` as the Turtle gives it."""
    return orjson.dumps(read_scheme(path), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def serialize(syntax: str, uri: str | None = None) -> str:
    """The built-in scheme, or the description of one of its concepts, as ``turtle`` or ``json-ld``."""
    if syntax == "turtle" and uri is None:
        return TURTLE.read_text(encoding="utf-8")
    whole = read_graph(TURTLE)
    graph = whole
    if uri is not None:
        graph = Graph(bind_namespaces="none")
        for prefix, namespace in whole.namespaces():
            graph.bind(prefix, namespace)
        for node in (URIRef(uri), *whole.objects(URIRef(uri), SKOS.scopeNote)):
            graph += whole.cbd(node)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # as for reading
        if syntax == "turtle":
            return graph.serialize(format="turtle")
        return graph.serialize(format="json-ld", auto_compact=True, ensure_ascii=False)


if __name__ == "__main__":
    JSON.write_bytes(plain_json())
