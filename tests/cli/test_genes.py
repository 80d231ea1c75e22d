import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from rdflib import SKOS, Graph, URIRef

from luoshen.cli.genes import genes
from luoshen.errors import VocabularyError
from luoshen.genes.skos import TURTLE
from luoshen.genes.vocabulary import GENES, THEMES

KONGLING = "https://luoshen.readthedocs.io/genes#kongling"


def luoshen_genes(*arguments):
    return CliRunner().invoke(genes, arguments, catch_exceptions=False)


def test_the_table_shows_every_gene_in_both_languages_with_the_three_groups_first():
    result = luoshen_genes()
    assert result.exit_code == 0
    assert all(gene in result.output for gene in GENES)
    assert all(theme in result.output for theme in THEMES)
    assert "ethereality" in result.output
    assert "kōng líng" in result.output
    places = [result.output.index(f" {name} ") for name in ("典雅", "哀婉", "悲慨", "空灵", "飘逸", "雄浑", "流动")]
    assert places == sorted(places)


def test_no_definition_is_cut_short():
    assert "…" not in luoshen_genes().output
    assert "百转千回" in luoshen_genes("--lang", "zh").output


def test_one_language_leaves_the_other_out():
    chinese = luoshen_genes("--lang", "zh").output
    assert "ethereality" not in chinese
    assert "空明寂静" in chinese
    english = luoshen_genes("--lang", "en").output
    assert "空明寂静" not in english
    assert "luminous stillness" in english
    assert "空灵" in english


@pytest.mark.parametrize("name", ["空灵", "空靈", "ethereality", "kongling", "Kōng Líng"])
def test_one_gene_in_full(name):
    output = luoshen_genes(name).output
    for part in ("空灵  空靈  kōng líng  ethereality", "空灵静而虚，飘逸动而自由。", "——王维《鹿柴》", "Wang Wei"):
        assert part in output


def test_one_gene_in_one_language():
    assert "Wang Wei" not in luoshen_genes("空灵", "--lang", "zh").output
    assert "王维" not in luoshen_genes("空灵", "--lang", "en").output


def test_a_gene_without_close_pairs_has_no_heading_for_them():
    assert "Not to be confused" not in luoshen_genes("典雅").output


def test_json():
    data = json.loads(luoshen_genes("--json").output)
    assert [gene["name"] for gene in data["genes"]] == list(GENES)
    assert [theme["name"] for theme in data["themes"]] == list(THEMES)
    assert not [name for name in data if name.startswith("_")]
    assert json.loads(luoshen_genes("ethereality", "--json").output)["uri"] == KONGLING


@pytest.mark.parametrize(("option", "syntax"), [("turtle", "turtle"), ("jsonld", "json-ld")])
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_linked_data(option, syntax):
    whole = Graph().parse(data=luoshen_genes("--format", option).output, format=syntax)
    assert whole.isomorphic(Graph().parse(TURTLE))
    one = Graph().parse(data=luoshen_genes("空灵", "--format", option).output, format=syntax)
    assert set(one.predicates(URIRef(KONGLING))) >= {SKOS.prefLabel, SKOS.example, SKOS.related, SKOS.scopeNote}
    assert len(one) < 80


def test_an_unknown_gene_is_our_error_with_the_nearest():
    with pytest.raises(VocabularyError, match="nearest: 空灵 ethereality"):
        luoshen_genes("ethereal")


def test_two_output_forms_at_once_are_a_usage_error():
    result = luoshen_genes("--json", "--format", "turtle")
    assert result.exit_code == 2
    assert "not both" in result.output


def test_rdflib_stays_out_until_a_format_needs_it():
    script = (
        "import sys; from luoshen.cli.genes import genes; genes(sys.argv[1:], standalone_mode=False);"
        "sys.exit('rdflib' in sys.modules)"
    )
    for arguments in ([], ["空灵"], ["--json"]):
        assert subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True).returncode == 0
