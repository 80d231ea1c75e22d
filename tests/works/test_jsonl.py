import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.works.jsonl import read_jsonl
from luoshen.works.records import Columns
from luoshen.works.report import Rejected
from luoshen.works.work import Work


def read(data: bytes, columns: Columns | None = None) -> list[Work | Rejected]:
    return list(read_jsonl(io.BytesIO(data), columns))


def test_records_in_order_with_their_ids() -> None:
    first, second, third = read(
        b"\xef\xbb\xbf" + '{"id": 7, "text": "明月\\r\\n清風", "title": "夜", "年代": "唐", "extra": [1]}\n\n'.encode()
        + '{"paragraphs": ["床前", "明月"], "author": null}\r\n"松風"'.encode()
    )  # fmt: skip
    assert isinstance(first, Work)
    assert (first.id, first.text, first.title, first.dynasty) == ("7", "明月\n清風", "夜", "唐")
    assert first.extra == {"extra": [1]}
    assert isinstance(second, Work)
    assert (second.text, second.author, second.sources[0].id) == ("床前\n明月", "", "3")
    assert isinstance(third, Work)
    assert third.text == "松風"


@pytest.mark.parametrize(
    ("line", "message", "given_id"),
    [
        (b"[1]", "list where an object", None),
        (b"null", "null where an object", None),
        (b"{", "not valid JSON", None),
        ('{"id": "a", "title": "夜"}'.encode(), "no text; there are: 'id', 'title'", "a"),
        (b'{"id": "a", "text": 5}', "'text' is int", "a"),
        (b'{"id": "a", "text": ["x", 5]}', "'text' is list", "a"),
        (b'{"id": "a", "text": "\\ud800"}', "lone surrogate", None),
        (b'{"id": "a", "text": "\xed\xa0\x80"}', "not UTF-8 from byte 21", None),
        ('{"text": "明月"}'.encode("gb18030"), "not UTF-8 from byte 10", None),
        (b'{"id": "a", "text": "x\\u0000y"}', "NUL at character 1", "a"),
        (b'{"id": "a", "text": "x\0y"}', "NUL at byte 22", None),
        ('{"id": "a", "text": "，。"}'.encode(), "no letters", "a"),
        (b'{"id": "a", "text": "x", "title": {}}', "'title' is dict", "a"),
        (b'{"id": ["a"], "text": "x"}', "'id' is list", None),
        (b'{"text": "x", "tags": 5}', "'tags' is no list", None),
    ],
)
def test_a_bad_line_says_why_and_the_next_is_read(line: bytes, message: str, given_id: str | None) -> None:
    bad, good = read(line + b'\n{"text": "moon"}\n')
    assert isinstance(bad, Rejected)
    assert bad.message.startswith("stdin: line 1: ")
    assert message in bad.message
    assert bad.id == given_id
    assert isinstance(good, Work)


def test_a_line_of_ten_megabytes() -> None:
    (work,) = read(orjson.dumps({"text": "明月" * 1_700_000}))
    assert isinstance(work, Work)
    assert len(work.text) == 3_400_000


def test_columns_by_name() -> None:
    line = '{"a": "明月", "b": "夜", "text": "not this"}'.encode()
    (work,) = read(line, Columns(text="a", title="b"))
    assert isinstance(work, Work)
    assert (work.text, work.title) == ("明月", "夜")
    (bad,) = read(line, Columns(text="c"))
    assert isinstance(bad, Rejected)
    assert "no column 'c'; there are: 'a', 'b', 'text'" in bad.message


@given(st.lists(st.binary()))
def test_one_answer_for_every_line_that_is_not_blank(lines: list[bytes]) -> None:
    assert len(list(read_jsonl([b"", *lines]))) == sum(bool(line.strip()) for line in lines)
