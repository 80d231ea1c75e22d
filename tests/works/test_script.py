import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.works.script import Script, convert, detect_script, to_simplified, to_traditional, view

SCRIPTS: list[Script] = ["simplified", "traditional"]
CHINESE = st.text(st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), st.sampled_from("，。\n𠮷①")))


@pytest.mark.parametrize("text", ["雲\0雨", "雲\ud800雨", "\udfff", "\0"])
def test_nuls_and_lone_surrogates_do_not_stop_the_conversion(text: str) -> None:
    for converted in (to_simplified, to_traditional):
        assert len(converted(text)) == len(text)
    assert to_simplified("雲\0雨") == "云\0雨"
    assert to_simplified("雲\ud800雨") == "云\ufffd雨"


def test_phrases_are_converted_as_phrases() -> None:
    assert to_traditional("头发，后羿，出发") == "頭髮，后羿，出發"
    assert convert("头发，后羿，出发", "traditional") == "頭髮，后羿，出發"


@given(st.one_of(CHINESE, st.text(st.characters())))
def test_the_view_has_the_length_of_the_text_line_by_line(text: str) -> None:
    for script in SCRIPTS:
        view = convert(text, script)
        assert len(view) == len(text)
        assert [at for at, char in enumerate(view) if char == "\n"] == [i for i, c in enumerate(text) if c == "\n"]


def test_a_line_whose_length_would_change_is_converted_by_character(monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshen.works import script

    plain = script._convert
    monkeypatch.setattr(script, "_convert", lambda text, to: plain(text, to) + ("!" if text == "雲龍" else ""))
    assert convert("雲龍\n風", "simplified") == "云龙\n风"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("国破山河在，城春草木深。", "simplified"),
        ("國破山河在，城春草木深。", "traditional"),
        ("明月几时有", "simplified"),
        ("明月幾時有", "traditional"),
        ("白日依山", "both"),
        ("皇后征北斗", "both"),  # 后, 征, 斗 belong to both
        ("", "both"),
        ("The moon", "both"),
        ("黄河遠上白雲間", "traditional"),
    ],
)
def test_which_script(text: str, script: str) -> None:
    assert detect_script(text) == script


def test_a_view_never_converts_what_is_in_its_script_already():
    assert view("咸陽城東樓，一上高城萬里愁", "traditional") == "咸陽城東樓，一上高城萬里愁"
    assert view("空山不见人", "traditional") == "空山不見人"
    assert view("空山不見人", "simplified") == "空山不见人"
    assert view("空山不见人", None) == "空山不见人"
