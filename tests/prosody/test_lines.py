from hypothesis import given
from hypothesis import strategies as st

from luoshen.prosody.lines import cut, split_even


@given(st.text())
def test_every_place_is_a_code_point_of_the_text(text):
    for line in cut(text):
        for i, char in enumerate(line.text):
            assert char == "□" or text[line.place(i)] == char
        assert line.start == line.place(0)
        assert line.end == line.place(-1) + 1


def test_marks_inside_a_line_are_skipped():
    (line,) = cut("“杨柳岸、晓风残月。”")
    assert line.text == "杨柳岸晓风残月"
    assert (line.start, line.end, line.stop) == (1, 9, "。")


def test_stops_are_kept():
    assert [line.stop for line in cut("春眠，不觉。晓\n处处")] == ["，", "。", "\n", ""]


def test_a_missing_or_composed_character_is_one_place():
    (line,) = cut("春{木*子}□花𠀀")
    assert line.text == "春□□花𠀀"
    assert line.at == (0, 1, 6, 7, 8)


def test_notes_in_brackets_are_not_verse():
    assert [line.text for line in cut("白日（一作落）依山尽，黄河[注]入海流")] == ["白日依山尽", "黄河入海流"]


@given(st.integers(1, 12), st.integers(1, 8))
def test_even_pieces_keep_their_places(width, count):
    text = "春" * width * count
    pieces = split_even(cut(text), width)
    assert [p.start for p in pieces] == list(range(0, width * count, width))
    assert {len(p.text) for p in pieces} == {width}
