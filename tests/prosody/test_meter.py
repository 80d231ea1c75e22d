from itertools import product

import pytest

from luoshen.prosody.books import LEVEL, OBLIQUE
from luoshen.prosody.meter import judge, scan


@pytest.mark.parametrize(
    ("tones", "level", "end"),
    [("仄仄平平仄", False, "仄"), ("平平仄仄平", True, "平"), ("平平平仄仄", True, "仄"), ("仄仄仄平平", False, "平")],
)
def test_the_four_lines_break_nothing(tones, level, end):
    for full in (tones, ("平平" if tones[1] == "仄" else "仄仄") + tones):
        judged = judge(full, level, end)
        assert judged.cost == 0
        assert judged.marks == ()


@pytest.mark.parametrize(
    ("tones", "level", "end", "mark"),
    [
        ("仄平仄仄平", True, "平", ("guping", 0)),
        ("仄平平仄平", True, "平", ("benju_zijiu", 2)),
        ("平平仄平仄", True, "仄", ("te_ao", 3)),
        ("平平仄仄仄", True, "仄", ("san_ze_wei", 2)),
        ("仄仄平平平", False, "平", ("san_ping_wei", 2)),
        ("仄仄平仄仄", False, "仄", ("da_ao", 3)),
        ("仄仄仄平仄", False, "仄", ("xiao_ao", 2)),
        ("仄仄仄平仄仄平", True, "平", ("guping", 2)),
        ("平仄仄仄平平仄", False, "仄", ("ao", 1)),
    ],
)
def test_breaks_are_named_at_their_place(tones, level, end, mark):
    assert mark in judge(tones, level, end).marks


@pytest.mark.parametrize("end", [LEVEL, OBLIQUE])
@pytest.mark.parametrize("level", [True, False])
def test_what_is_said_of_a_line_is_true_of_its_tones(level, end):
    claims = {"san_ping_wei": "平平平", "san_ze_wei": "仄仄仄"}
    for tones in map("".join, product("平仄", repeat=5)):
        for code, place in judge(tones, level, end).marks:
            if code in claims:
                assert tones[place:] == claims[code], tones
            if code == "te_ao":
                assert tones[2:] == "仄平仄"
            if code == "guping":
                assert tones == "仄平仄仄平"


def test_a_place_that_may_be_either_is_never_a_fault():
    assert judge("两两两两两", True, LEVEL).cost == 0
    assert judge("两平仄仄平", True, LEVEL).marks == ()


def test_the_next_line_heals():
    healed = scan(["仄仄平仄仄", "平平平仄平"], LEVEL, False)
    assert healed.violations == 0
    assert {code for code, _, _ in healed.marks} == {"da_ao_jiu", "duiju_xiangjiu"}
    broken = scan(["仄仄平仄仄", "平平仄仄平"], LEVEL, False)
    assert broken.violations == 1


def test_order_of_lines():
    regular = ["仄仄平平仄", "平平仄仄平", "平平平仄仄", "仄仄仄平平"]
    assert scan(regular, LEVEL, False).marks == ()
    lost = [regular[0], regular[1], regular[0], regular[1]]
    assert [m[0] for m in scan(lost, LEVEL, False).marks] == ["shi_nian"]
    same = [regular[0], regular[3], regular[2], regular[3]]
    assert "shi_dui" in [m[0] for m in scan(same, LEVEL, False).marks]


def test_an_oblique_rhyme_turns_the_ends():
    assert scan(["仄仄仄平平", "平平平仄仄", "平平仄仄平", "仄仄平平仄"], OBLIQUE, False).violations == 0
