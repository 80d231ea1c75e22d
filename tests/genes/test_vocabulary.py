import contextlib
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.errors import VocabularyError
from luoshen.genes.vocabulary import GENES, THEMES, Gene, Vocabulary
from luoshen.works.script import to_simplified

CODEBOOK_GENES = (
    "雄浑冲淡纤秾沉着高古典雅洗炼劲健绮丽自然含蓄豪放精神缜密疏野清奇委曲实境悲慨形容超诣飘逸旷达流动哀婉空灵"
)
CODEBOOK_THEMES = "送别思乡羁旅边塞山水田园咏史咏物爱情闺怨宴饮酬赠哲理禅道讽喻节令悼亡游仙题艺隐逸仕途自述颂圣民歌"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load()


def test_genes_and_themes_are_those_of_the_codebook_in_its_order():
    assert "".join(GENES) == CODEBOOK_GENES
    assert "".join(THEMES) == CODEBOOK_THEMES
    assert (len(GENES), len(THEMES)) == (26, 24)


def test_the_three_groups_come_first(vocabulary):
    assert [group.genes for group in vocabulary.groups] == [("典雅",), ("哀婉", "悲慨"), ("空灵", "飘逸")]
    shown = [gene.name for gene in vocabulary.shown()]
    assert shown[:5] == ["典雅", "哀婉", "悲慨", "空灵", "飘逸"]
    assert sorted(shown) == sorted(GENES)


def test_only_the_two_added_genes_lack_the_treatise(vocabulary):
    assert [gene.name for gene in vocabulary.genes if gene.source != "二十四诗品"] == ["哀婉", "空灵"]
    assert "disputed" in vocabulary.note_en
    assert "未定" in vocabulary.note_zh


def test_traditional_names_are_the_simplified_ones_in_the_other_script(vocabulary):
    for concept in (*vocabulary.genes, *vocabulary.themes):
        assert to_simplified(concept.name_hant) == {"沉着": "沉著", "纤秾": "纤秾"}.get(concept.name, concept.name)


def test_pinyin_without_tones_is_the_local_name(vocabulary):
    for concept in (*vocabulary.genes, *vocabulary.themes):
        marks = unicodedata.normalize("NFD", concept.pinyin.replace("ǚ", "yu"))
        assert "".join(c for c in marks if c.isalpha()) == concept.id
        assert concept.uri.endswith("#" + concept.id)


@pytest.mark.parametrize(
    "name",
    [
        "空灵",
        "空靈",
        "ethereality",
        "Ethereality ",
        "kōng líng",
        "kongling",
        "KONG-LING",
        "https://luoshen.readthedocs.io/genes#kongling",
    ],
)
def test_a_gene_is_found_by_any_of_its_names(vocabulary, name):
    assert vocabulary.find(name).name == "空灵"


def test_alternative_names_are_found(vocabulary):
    assert vocabulary.find("沈著").name == "沉着"
    assert vocabulary.find("vigor").name == "劲健"
    assert vocabulary.find("elegance").name == "典雅"
    assert vocabulary.find("melancholy").name == "哀婉"
    assert vocabulary.find_theme("羈旅").name == "羁旅"


@given(st.data())
def test_every_name_finds_its_own_concept(data):
    vocabulary = Vocabulary.load()
    concept = data.draw(st.sampled_from([*vocabulary.genes, *vocabulary.themes]))
    name = data.draw(
        st.sampled_from([concept.name, concept.name_hant, concept.name_en, concept.pinyin, concept.id, concept.uri])
    )
    change = data.draw(st.sampled_from([str.upper, str.lower, str.title, lambda s: f" {s}\n"]))
    find = vocabulary.find if isinstance(concept, Gene) else vocabulary.find_theme
    assert find(change(name)) is concept


def test_an_unknown_name_is_answered_with_the_nearest(vocabulary):
    with pytest.raises(VocabularyError, match=r"'ethereal'.*空灵 ethereality.*相近者"):
        vocabulary.find("ethereal")
    with pytest.raises(VocabularyError, match=r"no theme is called '空灵'"):
        vocabulary.find_theme("空灵")


@given(st.text())
def test_any_text_finds_a_gene_or_raises_our_error(name):
    with contextlib.suppress(VocabularyError):
        assert Vocabulary.load().find(name).name in GENES


def test_close_pairs_are_mutual_and_say_the_same(vocabulary):
    pairs = {}
    for gene in vocabulary.genes:
        for close in gene.close:
            assert close.distinction_zh
            assert close.distinction_en
            pairs.setdefault(frozenset((gene.name, close.gene)), []).append(
                (close.distinction_zh, close.distinction_en)
            )
    assert all(len(said) == 2 and said[0] == said[1] for said in pairs.values())
    assert frozenset(("悲慨", "哀婉")) in pairs
    assert frozenset(("空灵", "飘逸")) in pairs
    assert frozenset(("纤秾", "绮丽")) in pairs


def test_each_gene_is_defined_and_shown_by_examples(vocabulary):
    for gene in vocabulary.genes:
        assert gene.definition_zh.endswith("。")
        assert gene.definition_en.endswith(".")
        assert len(gene.examples) == 2
        for example in gene.examples:
            assert all((example.author, example.title, example.author_en, example.title_en, example.translation))
            assert re.fullmatch(r"[\u4e00-\u9fff]+(?:[，、？][\u4e00-\u9fff]+)*[。？]", example.quote), example.quote


def test_no_line_is_quoted_twice(vocabulary):
    quotes = [example.quote for gene in vocabulary.genes for example in gene.examples]
    assert len(set(quotes)) == len(quotes)


def test_the_built_in_vocabulary_loads_without_rdflib():
    script = (
        "import sys, luoshen.genes.vocabulary as v; v.Vocabulary.load().find('ethereality');"
        "print([name for name in ('rdflib', 'jsonschema', 'rich') if name in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "[]"


def test_the_built_in_vocabulary_is_small():
    assert Path(sys.modules[Vocabulary.__module__].__file__).with_name("vocabulary.json").stat().st_size < 60_000
