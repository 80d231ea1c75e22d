import json
import re
from pathlib import Path

import pytest

from luoshen.errors import FormatError
from luoshen.genes.contract import validate
from luoshen.genes.markdown import reference, rewrite
from luoshen.genes.vocabulary import GENES, THEMES, Vocabulary
from luoshen.works.work import work_id

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": DOCS / "genes.md", "zh": DOCS / "genes.zh.md"}
DEER = "空山不见人，但闻人语响。返景入深林，复照青苔上。"


def blocks(language, kind):
    return re.findall(rf"```{kind}\n(.*?)```", PAGES[language].read_text(encoding="utf-8"), re.S)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_what_the_vocabulary_says(language):
    text = PAGES[language].read_text(encoding="utf-8")
    assert rewrite(text, language) == text, "run python -m luoshen.genes.markdown docs/genes.md docs/genes.zh.md"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reference_holds_every_gene_theme_and_pair(language):
    text = reference(language)
    assert re.findall(r"^### (\w+)", text, re.M) == [gene.name for gene in Vocabulary.load().shown()]
    assert all(f'<a id="{gene.id}"></a>' in text for gene in Vocabulary.load().genes)
    assert all(theme in text for theme in THEMES)
    pairs = sum(len(gene.close) for gene in Vocabulary.load().genes) // 2
    assert len(re.findall(r"^\| \w", text, re.M)) == pairs == 12
    assert len(GENES) == text.count("> —" if language == "en" else "> ——")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_profile_on_the_page_keeps_the_contract(language):
    (block,) = blocks(language, "json")
    profile = json.loads(block)
    validate(profile)
    assert profile["id"] == work_id(DEER)
    for gene in profile["genes"]:
        for evidence in gene["evidence"]:
            assert DEER[evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_code_on_the_page_runs(language, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("profile.json").write_text(blocks(language, "json")[0], encoding="utf-8")
    Path("my-grades.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '<https://example.org/a> a skos:Concept ; skos:prefLabel "神品"@zh .',
        encoding="utf-8",
    )
    names = {}
    for block in blocks(language, "python"):
        exec(compile(block, PAGES[language].name, "exec"), names)
    assert "['神品']" in capsys.readouterr().out
    assert names["result"].set_f1 == pytest.approx(2 / 3)


def test_a_page_without_markers_is_refused():
    with pytest.raises(FormatError, match="the page needs"):
        rewrite("# Genes", "en")
