import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.errors import EncodingError
from luoshen.works.encoding import CHUNK, SAMPLE, decode, detect, text_chunks, text_lines
from luoshen.works.script import to_traditional

LINES = (
    "床前明月光，疑是地上霜。", "千山鸟飞绝，万径人踪灭。", "国破山河在，城春草木深。", "红豆生南国，春来发几枝。",
    "锦瑟无端五十弦，一弦一柱思华年。", "大江东去，浪淘尽，千古风流人物。", "枯藤老树昏鸦，小桥流水人家。",
    "关关雎鸠，在河之洲。", "空山新雨后，天气晚来秋。", "今天的天气很好，我们一起去公园玩吧。",
)  # fmt: skip
POEMS = st.lists(st.sampled_from(LINES), min_size=1, max_size=8).map("\n".join)


@given(POEMS, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_simplified_text_comes_back_from_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@given(
    POEMS.map(lambda text: to_traditional(text).replace("牀", "床")),
    st.sampled_from(["big5", "big5hkscs", "cp950", "gb18030", "utf-16-le", "utf-16-be"]),
)
def test_traditional_text_comes_back_from_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("line", LINES)
def test_a_few_characters_are_enough(line: str) -> None:
    for encoding, text in (
        ("gb18030", line[:4]),
        ("big5", to_traditional(line[:4]).replace("牀", "床")),
        ("utf-16-le", line),
    ):
        assert decode(text.encode(encoding)) == text


def test_characters_beyond_the_main_plane() -> None:
    text = "𠮷野家，𪚥字難寫，明月如霜。"
    for encoding in ("utf-8", "gb18030", "utf-16", "utf-16-be"):
        assert decode(text.encode(encoding)) == text


def test_hong_kong_characters() -> None:
    text = "咗嚟睇月光，嘅咁喺度。"
    assert decode(text.encode("big5hkscs")) == text


def test_line_ends_mark_and_normal_form() -> None:
    assert decode("\ufeff明月\r\n清風\r松e\u0301".encode()) == "明月\n清風\n松\u00e9"


def test_directional_and_zero_width_marks_stay() -> None:
    text = "明\u200b月\u202e光\u2069\ufeff"
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        ("明月".encode() + b"\xed\xa0\x80", 6),  # a lone surrogate
        ("明月光".encode()[:-1], 6),  # broken off
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", 0),
        ("caf\u00e9 na\u00efve".encode("latin-1"), 3),
        (b"ab\0cd", 2),
        (b"\xff\xfe" + "明".encode("utf-16-le") + b"\x00\xd8", 4),  # half a pair
        ("明月\0光".encode(), 6),
    ],
)
def test_what_is_no_text_is_refused_with_its_offset_and_a_remedy(data: bytes, offset: int) -> None:
    with pytest.raises(EncodingError, match=rf"^poem.txt: byte {offset}\b.*(save|give)"):
        decode(data, "poem.txt")


@given(st.binary())
def test_bytes_become_normalised_text_or_an_encoding_error(data: bytes) -> None:
    try:
        text = decode(data)
    except EncodingError:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert "\0" not in text
    assert "\r" not in text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-8"])
def test_a_long_stream_is_judged_where_its_chinese_begins(encoding: str) -> None:
    text = "x" * (SAMPLE * 2 + 1) + "\n" + "\n".join(LINES)
    stream = io.BytesIO(text.encode(encoding))
    assert detect(stream, "long.csv") == encoding
    assert "".join(text_chunks(stream, "long.csv")) == text
    assert "".join(text_lines(stream, "long.csv")) == text


def test_a_break_far_into_a_stream_is_found() -> None:
    data = (LINES[0] * (CHUNK // 30)).encode()
    with pytest.raises(EncodingError, match=f"byte {len(data)}"):
        detect(io.BytesIO(data + b"\xff" + LINES[0].encode()), "long.txt")


def test_lines_of_any_length_and_end() -> None:
    long = "明" * CHUNK
    stream = io.BytesIO(f"a\r\n{long}\r\rb\u2028c\n{long}".encode())
    assert list(text_lines(stream, "x")) == ["a\n", f"{long}\n", "\n", "b\u2028c\n", long]
    assert list(text_lines(io.BytesIO(b""), "x")) == []
