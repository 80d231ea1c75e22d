import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, SKOS, Graph, Literal, URIRef

from luoshen.errors import FormatError, InputError, LuoshenError
from luoshen.genes.skos import JSON, TURTLE, plain_json, read_scheme
from luoshen.genes.vocabulary import Vocabulary

SHAPES = TURTLE.with_name("vocabulary.shapes.ttl")
PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix my: <https://example.org/grades/> .
"""
OWN = (
    PREFIXES
    + """
my: a skos:ConceptScheme ; skos:prefLabel "三品"@zh, "Three grades"@en .
my:b a skos:Concept ; skos:notation 10 ; skos:prefLabel "能品"@zh, "competent"@en ; skos:inScheme my: .
my:a a skos:Concept ; skos:notation 2 ; skos:prefLabel "妙品"@zh-Hant, "wonderful"@en ; skos:inScheme my: ;
    skos:definition "Wonderful work."@en ; skos:related my:b ; skos:example "plain words" .
my:c a skos:Concept ; skos:prefLabel "inspired"@en ; skos:inScheme my: .
<https://example.org/t#moon> a skos:Concept ; skos:prefLabel "咏月"@zh, "the moon"@en ;
    skos:inScheme <https://luoshen.readthedocs.io/themes> .
"""
)


def write(tmp_path, text, name="own.ttl"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_json_is_what_the_turtle_gives():
    assert plain_json() == JSON.read_bytes(), "run python -m luoshen.genes.skos"


def test_the_turtle_read_as_a_scholars_own_scheme_is_the_built_in_vocabulary():
    assert Vocabulary.load(TURTLE) == Vocabulary.load()


@pytest.mark.parametrize(("syntax", "suffix"), [("xml", ".rdf"), ("json-ld", ".jsonld"), ("nt", ".nt")])
def test_every_syntax_gives_the_same_vocabulary(tmp_path, syntax, suffix):
    path = tmp_path / f"genes{suffix}"
    Graph().parse(TURTLE).serialize(path, format=syntax, encoding="utf-8")
    assert Vocabulary.load(path) == Vocabulary.load()


def test_a_scheme_of_ones_own(tmp_path):
    vocabulary = Vocabulary.load(write(tmp_path, OWN))
    assert vocabulary.name_en == "Three grades"
    assert [gene.name for gene in vocabulary.genes] == ["妙品", "能品", "inspired"]
    assert [gene.id for gene in vocabulary.genes] == ["a", "b", "c"]
    assert [theme.name for theme in vocabulary.themes] == ["咏月"]
    wonderful, competent, inspired = vocabulary.genes
    assert vocabulary.find("Competent") is competent
    assert inspired.name_en == "inspired"
    assert [close.gene for close in wonderful.close] == ["能品"]
    assert [close.gene for close in competent.close] == ["妙品"]
    assert wonderful.examples[0].quote == "plain words"
    assert vocabulary.shown() == vocabulary.genes


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("own.ttl", PREFIXES + "my: a skos:ConceptScheme .", "holds no skos:Concept"),
        ("own.ttl", PREFIXES + "my:a a skos:Concept .", r"<https://example.org/grades/a> has no skos:prefLabel"),
        (
            "own.ttl",
            PREFIXES + 'my:a a skos:Concept ; skos:prefLabel "x" . my:b a skos:Concept ; skos:prefLabel "x" .',
            "grades/b> and <https://example.org/grades/a> are both labelled x",
        ),
        ("own.ttl", "this is not Turtle", "is not turtle"),
        ("own.rdf", "<rdf", "is not xml"),
        ("own.jsonld", "{", "is not json-ld"),
        ("own.jsonld", "[" * 5000, "is not json-ld"),
        ("own.nt", "a b c", "is not nt"),
        ("own.csv", "a,b", r"the suffix must be one of \.ttl"),
        ("own.jsonld", json.dumps({"@context": "https://example.org/c", "@id": "x:y"}), "@context is an address"),
        ("own.jsonld", json.dumps({"@graph": [{"@context": [{"@import": "https://e.org"}]}]}), "@context is an addr"),
    ],
)
def test_a_scheme_that_cannot_be_used_is_refused_by_name_and_place(tmp_path, name, text, message):
    path = write(tmp_path, text, name)
    with pytest.raises(FormatError, match=message) as caught:
        Vocabulary.load(path)
    assert str(path) in str(caught.value)


def test_a_list_that_runs_in_a_circle_is_refused(tmp_path):
    circle = OWN + (
        "<https://luoshen.readthedocs.io/genes#first> skos:memberList my:l ."
        "my:l rdf:first my:a ; rdf:rest my:m . my:m rdf:first my:b ; rdf:rest my:l ."
    )
    with pytest.raises(FormatError, match="circle"):
        Vocabulary.load(write(tmp_path, circle))


def test_a_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=r"none\.ttl: cannot be read"):
        read_scheme(tmp_path / "none.ttl")


@settings(max_examples=25)
@given(data=st.binary(max_size=60), suffix=st.sampled_from([".ttl", ".rdf", ".jsonld", ".nt"]))
def test_any_bytes_give_a_scheme_or_our_error(tmp_path_factory, data, suffix):
    path = tmp_path_factory.mktemp("any") / f"any{suffix}"
    path.write_bytes(data)
    with pytest.raises(LuoshenError):
        read_scheme(path)


GENE = "https://luoshen.readthedocs.io/genes#"
THEME = "https://luoshen.readthedocs.io/themes#"


def shacl(graph):
    """Whether a graph satisfies the shapes, and the local names of what does not by the message about it."""
    from pyshacl import validate

    conforms, report, _ = validate(graph, shacl_graph=str(SHAPES))
    faults = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = str(report.value(result, SH.focusNode)).rpartition("#")[2]
        faults.setdefault(str(report.value(result, SH.resultMessage)), set()).add(focus)
    return conforms, faults


# pySHACL still uses names of rdflib's Dataset that rdflib is about to change.
pyshacl_warns = pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning")


@pyshacl_warns
def test_the_scheme_satisfies_its_shapes():
    assert shacl(Graph().parse(TURTLE)) == (True, {})


@pyshacl_warns
def test_a_broken_scheme_fails_the_shapes():
    graph = Graph().parse(TURTLE)
    graph.remove((URIRef(GENE + "gaogu"), SKOS.definition, None))
    graph.remove((URIRef(GENE + "hanxu"), SKOS.example, None))
    graph.remove((URIRef(GENE + "ziran"), SKOS.inScheme, None))
    graph.remove((URIRef(THEME + "songbie"), SKOS.prefLabel, Literal("送別", "zh-Hant")))
    graph.remove((URIRef(THEME + "minge"), SKOS.altLabel, None))
    graph.remove((URIRef(GENE + "kongling"), SKOS.related, URIRef(GENE + "piaoyi")))
    graph.remove((URIRef(GENE + "chaoyi"), SKOS.scopeNote, None))
    graph.set((URIRef(GENE + "shuye"), SKOS.notation, Literal(4)))
    graph.set((graph.value(URIRef(GENE + "elegance"), SKOS.memberList), RDF.first, URIRef("https://e.org/#none")))
    conforms, faults = shacl(graph)
    assert not conforms
    assert faults == {
        "A gene is defined in Chinese and in English, and has an example.": {"gaogu", "hanxu"},
        "A concept stands in exactly one scheme of the file.": {"ziran"},
        "A concept has one label each in zh-Hans, zh-Hant and en.": {"songbie"},
        "A concept has its reading in pinyin as an altLabel.": {"minge"},
        "A close pair is stated from both sides, and both share a scopeNote that tells them apart.": {
            "piaoyi",
            "chaoyi",
            "kuangda",
        },
        "Two concepts of one scheme share a label or a notation.": {"shuye", "chenzhuo"},
        "A collection holds concepts or collections of the file.": {"elegance"},
    }
