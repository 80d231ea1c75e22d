import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import XSD

from luoshen.errors import FormatError, LuoshenError, VocabularyError
from luoshen.genes import profile as profiles
from luoshen.genes.annotation import TERMS, from_annotations, to_annotations
from luoshen.genes.profile import Allusion, Evidence, GeneReading, Image, Profile, ThemeReading
from luoshen.works.work import Work

from .profiles import texts_and_profiles

OA = Namespace("http://www.w3.org/ns/oa#")
TEXT = "空山不见人，但闻人语响。\n返景入深林，复照青苔上。"
WORK = Work(TEXT, title="鹿柴", author="王维", dynasty="唐")
PROFILE = Profile(
    id=WORK.id,
    title="鹿柴",
    author="王维",
    dynasty="唐",
    genes=(
        GeneReading(
            "空灵", 3, 0.9, (Evidence("空山不见人", 0, 5, 1.0, "model"), Evidence("人语", 8, 10, 0.5, "model"))
        ),
        GeneReading("洗炼", 1, 0.5),
    ),
    valence=0.25,
    themes=(ThemeReading("山水", 0.8),),
    imagery=(Image("苔", "moss", "plant", (Evidence("青苔", 21, 23),)),),
    allusions=(Allusion(Evidence("深林", 16, 18), "a b/c", "诗", "谢灵运", "入深林", "phrase"),),
    decoder="luoshen local 1.0",
    warnings=(profiles.Warning("short", "The text is short.", "文本过短。"),),
)

#: The parts of http://www.w3.org/ns/anno.jsonld that a page uses, from the vocabulary's specification
#: (https://www.w3.org/TR/annotation-vocab/), so that the test needs no network.
CONTEXT = {
    "oa": str(OA),
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": str(RDF),
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": str(XSD),
    "as": "http://www.w3.org/ns/activitystreams#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "id": {"@id": "@id", "@type": "@id"},
    "type": {"@id": "@type", "@type": "@vocab"},
    "Annotation": "oa:Annotation",
    "SpecificResource": "oa:SpecificResource",
    "TextualBody": "oa:TextualBody",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "AnnotationPage": "as:OrderedCollectionPage",
    "Software": "as:Application",
    "classifying": "oa:classifying",
    "tagging": "oa:tagging",
    "linking": "oa:linking",
    "assessing": "oa:assessing",
    "commenting": "oa:commenting",
    "body": {"@type": "@id", "@id": "oa:hasBody"},
    "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"},
    "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
    "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": {"@type": "xsd:nonNegativeInteger", "@id": "oa:start"},
    "end": {"@type": "xsd:nonNegativeInteger", "@id": "oa:end"},
    "value": "rdf:value",
    "language": "dc:language",
    "label": "rdfs:label",
    "name": "foaf:name",
    "creator": {"@type": "@id", "@id": "dcterms:creator"},
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "startIndex": {"@type": "xsd:nonNegativeInteger", "@id": "as:startIndex"},
}

#: What the model demands (https://www.w3.org/TR/annotation-model/) of the parts that we write.
MODEL = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
        "id": {"type": "string", "format": "iri"},
        "type": {"const": "AnnotationPage"},
        "startIndex": {"type": "integer", "minimum": 0},
        "items": {"type": "array", "items": {"$ref": "#/$defs/annotation"}},
    },
    "$defs": {
        "annotation": {
            "type": "object",
            "required": ["id", "type", "target"],
            "properties": {
                "id": {"type": "string"},
                "type": {"const": "Annotation"},
                "motivation": {"$ref": "#/$defs/motivation"},
                "body": {
                    "type": "object",
                    "required": ["type", "purpose"],
                    "properties": {"purpose": {"$ref": "#/$defs/motivation"}},
                    "oneOf": [
                        {"required": ["source"], "properties": {"type": {"const": "SpecificResource"}}},
                        {"required": ["value"], "properties": {"type": {"const": "TextualBody"}}},
                    ],
                },
                "creator": {"type": "object", "required": ["id", "type", "name"]},
                "target": {
                    "anyOf": [
                        {"type": "string", "pattern": "^urn:luoshen:work:"},
                        {
                            "type": "object",
                            "required": ["type", "source", "selector"],
                            "properties": {
                                "type": {"const": "SpecificResource"},
                                "selector": {
                                    "prefixItems": [
                                        {
                                            "required": ["type", "start", "end"],
                                            "properties": {"type": {"const": "TextPositionSelector"}},
                                        },
                                        {
                                            "required": ["type", "exact"],
                                            "properties": {"type": {"const": "TextQuoteSelector"}},
                                        },
                                    ],
                                    "items": False,
                                    "minItems": 2,
                                },
                            },
                        },
                    ]
                },
            },
        },
        "motivation": {"enum": ["classifying", "tagging", "linking", "assessing", "commenting"]},
    },
}


@pytest.fixture(scope="module")
def page():
    return json.loads(json.dumps(to_annotations(PROFILE, WORK)))


def graph_of(page):
    local = {**page, "@context": [CONTEXT, page["@context"][1]]}
    return Graph().parse(data=json.dumps(local), format="json-ld")


def carried(profile):
    """What a page carries of a Profile."""
    data = profile.to_dict()
    for name in ("prosody", "embedding", "label", "labels"):
        data.pop(name, None)
    return data


def test_a_page_has_the_form_of_the_model(page):
    Draft202012Validator(MODEL).validate(page)
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert len({item["id"] for item in page["items"]}) == len(page["items"]) == 8


def test_the_first_annotation_is_this(page):
    assert page["items"][0] == {
        "id": f"urn:luoshen:profile:{WORK.id}#1",
        "type": "Annotation",
        "motivation": "classifying",
        "creator": {
            "id": "urn:luoshen:decoder:luoshen%20local%201.0",
            "type": "Software",
            "name": "luoshen local 1.0",
        },
        "body": {
            "type": "SpecificResource",
            "source": "https://luoshen.readthedocs.io/genes#kongling",
            "purpose": "classifying",
            "luoshen:claim": "gene",
            "luoshen:strength": 3,
            "luoshen:confidence": 0.9,
        },
        "target": {
            "type": "SpecificResource",
            "source": f"urn:luoshen:work:{WORK.id}",
            "selector": [
                {"type": "TextPositionSelector", "start": 0, "end": 5},
                {
                    "type": "TextQuoteSelector",
                    "exact": "空山不见人",
                    "prefix": "",
                    "suffix": "，但闻人语响。\n返景入深",
                },
            ],
            "luoshen:weight": 1.0,
            "luoshen:method": "model",
        },
    }


def test_selectors_point_at_the_words(page):
    targets = [item["target"] for item in page["items"] if isinstance(item["target"], dict)]
    assert len(targets) == 4
    for target in targets:
        position, words = target["selector"]
        assert TEXT[position["start"] : position["end"]] == words["exact"]
        assert words["prefix"] + words["exact"] + words["suffix"] in TEXT


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_a_page_is_linked_data(page):
    graph = graph_of(page)
    annotations = set(graph.subjects(RDF.type, OA.Annotation))
    assert len(annotations) == 8
    luoshen = Namespace(TERMS)
    body = next(graph.subjects(OA.hasSource, URIRef("https://luoshen.readthedocs.io/genes#kongling")))
    assert graph.value(body, luoshen.strength) == Literal(3)
    annotation = next(graph.subjects(OA.hasBody, body))
    assert graph.value(annotation, OA.motivatedBy) == OA.classifying
    target = graph.value(annotation, OA.hasTarget)
    assert graph.value(target, OA.hasSource) == URIRef(f"urn:luoshen:work:{WORK.id}")
    selectors = {graph.value(s, RDF.type) for s in graph.objects(target, OA.hasSelector)}
    assert selectors == {OA.TextPositionSelector, OA.TextQuoteSelector}
    # A term that the context does not declare would be dropped in silence: none is.
    keys = set()
    queue = [page["items"], {k: v for k, v in page.items() if k != "@context"}]
    while queue:
        item = queue.pop()
        queue.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else [])
        keys |= set(item) if isinstance(item, dict) else set()
    assert {key for key in keys if not key.startswith("luoshen:")} <= set(CONTEXT)


def test_what_is_carried_comes_back(page):
    assert from_annotations(page, WORK) == PROFILE


@settings(deadline=None)
@given(texts_and_profiles())
def test_any_profile_comes_back_in_what_is_carried(pair):
    text, profile = pair
    work = Work(text, given_id=profile.id)
    page = json.loads(json.dumps(to_annotations(profile, work)))
    assert carried(from_annotations(page, work)) == carried(profile)


def test_annotations_of_others_are_passed_over(page):
    foreign = {"type": "Annotation", "body": [{"value": "nice"}], "target": "urn:x:y"}
    mixed = {**page, "items": [foreign, *page["items"], {"type": "Annotation", "target": "urn:x:y"}]}
    assert from_annotations(mixed, WORK) == PROFILE


def test_a_quote_that_does_not_stand_there_is_refused(page):
    other = Work(TEXT.replace("空山", "山空"), title="鹿柴")
    with pytest.raises(FormatError, match=r"'空山不见人' should stand at 0:5 of the work 鹿柴"):
        to_annotations(PROFILE, other)
    with pytest.raises(FormatError, match=r"at /items/0/target"):
        from_annotations(page, other)
    assert from_annotations(page) == PROFILE


def test_a_gene_of_another_vocabulary_is_refused():
    with pytest.raises(VocabularyError, match="no gene is called '神韵'"):
        to_annotations(Profile("a", (GeneReading("神韵", 1, 1.0),), 0.0, (), "x"), WORK)


def places(value, path=()):
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield from places(inner, (*path, key))


PAGE = to_annotations(PROFILE, WORK)
PLACES = [place for place in places(json.loads(json.dumps(PAGE))) if place and place[0] != "@context"]


@settings(deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from([None, 7, -1, "x", [], {}, True, ["type"], {"type": "x"}]))
def test_a_damaged_page_gives_a_profile_or_our_error(place, value):
    page = copy.deepcopy(json.loads(json.dumps(PAGE)))
    inner = page
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    try:
        profile = from_annotations(page, WORK)
    except LuoshenError:
        return
    for gene in profile.genes:
        for evidence in gene.evidence:
            assert TEXT[evidence.start : evidence.end] == evidence.quote


@pytest.mark.parametrize("page", [None, [], {}, {"type": "Annotation"}, {"type": "AnnotationPage"}])
def test_what_is_no_page_is_refused(page):
    with pytest.raises(FormatError, match="Web Annotation, at"):
        from_annotations(page)


def test_every_body_is_of_one_build():
    for item in to_annotations(PROFILE, WORK)["items"]:
        assert item["motivation"] == item["body"]["purpose"]
        kind = item["body"]["type"]
        assert list(item["body"])[:2] == ["type", {"SpecificResource": "source", "TextualBody": "value"}[kind]]
        assert "luoshen:claim" in item["body"]
