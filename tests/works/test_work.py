import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.works.script import to_traditional
from luoshen.works.work import Note, Work, work_id

LINES = (
    "床前明月光，疑是地上霜。",
    "国破山河在，城春草木深。",
    "锦瑟无端五十弦，一弦一柱思华年。",
    "明月几时有？把酒问青天。",
)


@given(st.lists(st.sampled_from(LINES), min_size=1), st.sampled_from(["", "\n", "　", "！"]))
def test_the_id_is_the_same_in_either_script_and_with_any_punctuation(lines: list[str], between: str) -> None:
    text = "".join(lines)
    assert work_id(between.join(lines)) == work_id(text) == work_id(to_traditional(text))
    assert len(work_id(text)) == 12


def test_another_text_has_another_id() -> None:
    assert len({work_id(line) for line in LINES}) == len(LINES)


@given(st.text(st.characters(), max_size=30))
def test_any_string_has_an_id(text: str) -> None:
    assert len(work_id(text + "\ud800")) == 12


def test_text_is_put_into_nfc_but_not_under_notes() -> None:
    assert Work("e\u0301").text == "\u00e9"
    with pytest.raises(ValueError, match="NFC"):
        Work("e\u0301", notes=(Note(0, "（一作）"),))


def test_a_given_id_goes_before_the_derived_one() -> None:
    assert Work("明月", given_id="a1").id == "a1"
    assert Work("明月").id == work_id("明月。")
