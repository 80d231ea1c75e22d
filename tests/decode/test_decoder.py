"""The shipped model, end to end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import luoshen
from luoshen.decode.decoder import Decoder
from luoshen.genes.contract import validate
from luoshen.genes.profile import Profile

pytestmark = pytest.mark.model

LU_ZHAI = "空山不见人，但闻人语响。返景入深林，复照青苔上。"
DENG_GAO = (
    "风急天高猿啸哀，渚清沙白鸟飞回。\n无边落木萧萧下，不尽长江滚滚来。\n"
    "万里悲秋常作客，百年多病独登台。\n艰难苦恨繁霜鬓，潦倒新停浊酒杯。"
)


@pytest.fixture(scope="module")
def decoder():
    return Decoder(threads=1)


def test_an_empty_mountain_is_ethereal_and_a_sick_exile_laments():
    quiet, lament = luoshen.decode(LU_ZHAI), luoshen.decode(DENG_GAO)
    assert "空灵" in {g.gene for g in quiet.genes}
    assert {"悲慨", "沉着", "雄浑"} & {g.gene for g in lament.genes[:2]}
    assert lament.valence < -0.8 < quiet.valence


def test_every_claim_quotes_the_text_and_meets_the_contract(decoder):
    for text in (LU_ZHAI, DENG_GAO):
        profile = decoder.decode([luoshen.Work(text)])[0]
        for gene in profile.genes:
            assert 1 <= gene.strength <= 3
            assert gene.evidence
            for evidence in gene.evidence:
                assert text[evidence.start : evidence.end] == evidence.quote
                assert 0 < evidence.weight <= 1
        data = profile.to_dict(all_genes=True)
        validate(data)
        assert len(data["all_genes"]) == 26
        assert Profile.from_dict(data).genes == profile.genes


def test_both_scripts_have_one_id_and_one_reading(decoder):
    a, b = decoder.decode([luoshen.Work(LU_ZHAI), luoshen.Work("空山不見人，但聞人語響。返景入深林，復照青苔上。")])
    assert a.id == b.id
    assert a.genes[0].gene == b.genes[0].gene
    assert a.confidences == pytest.approx(b.confidences, abs=0.02)


def test_a_batch_reads_as_one_by_one(decoder):
    works = [luoshen.Work(LU_ZHAI), luoshen.Work(""), luoshen.Work(DENG_GAO), luoshen.Work("月")]
    together = decoder.decode(works)
    for work, profile in zip(works, together, strict=True):
        assert decoder.decode([work])[0] == profile


def test_a_long_work_keeps_evidence_in_its_place(decoder):
    text = "\n".join([LU_ZHAI] * 30 + [DENG_GAO])
    profile = decoder.decode([luoshen.Work(text)])[0]
    spans = [e for g in profile.genes for e in g.evidence]
    assert max(e.end for e in spans) > 300
    assert all(text[e.start : e.end] == e.quote for e in spans)


def test_nothing_to_read_is_said_and_nothing_is_claimed(decoder):
    for text in ("12345 !!", "The quick brown fox jumps over the lazy dog"):
        profile = decoder.decode([luoshen.Work(text)])[0]
        assert profile.genes == profile.themes == ()
        assert profile.warnings


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_has_a_profile_with_true_offsets(decoder, text):
    work = luoshen.Work(text)
    profile = decoder.decode([work])[0]
    for evidence in [e for g in profile.genes for e in g.evidence] + [e for i in profile.imagery for e in i.evidence]:
        assert work.text[evidence.start : evidence.end] == evidence.quote
