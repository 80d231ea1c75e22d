import io

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshen.errors import EncodingError, FormatError
from luoshen.works import json_file
from luoshen.works.json_file import read_json
from luoshen.works.records import Columns
from luoshen.works.report import Rejected
from luoshen.works.work import Work


def read(data: bytes) -> list[Work | Rejected]:
    return list(read_json(io.BytesIO(data), Columns(), name="poems.json"))


def texts(data: bytes) -> list[str]:
    return [item.text for item in read(data) if isinstance(item, Work)]


@pytest.mark.parametrize(
    "data",
    [
        '[{"text": "明月"}, {"text": "清風"}]',
        ' \n[ "明月" ,\n"清風" ] ',
        '{"title": "集", "poems": [{"text": "明月"}, {"text": "清風"}]}',
        '{"text": "明月"}\n{"text": "清風"}\n',
        '[{"paragraphs": ["明月"], "notes": [{"a": "]}\\",["}]}, {"诗": "清風"}]',
    ],
)
def test_shapes(data: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        assert texts(data.encode(encoding)) == ["明月", "清風"]


def test_a_single_record() -> None:
    (work,) = read('{"title": "夜", "text": ["明月", "清風"]}'.encode())
    assert isinstance(work, Work)
    assert (work.title, work.text) == ("夜", "明月\n清風")


def test_a_broken_record_does_not_take_the_rest() -> None:
    data = '[{"text": "明月"}, {"text" "x"}, {"text": "\\ud800"}, 5, , {"text": "清風"}, {"text": "松'.encode()
    items = read(data)
    assert [type(item).__name__ for item in items] == ["Work", *["Rejected"] * 4, "Work", "Rejected"]
    messages = [item.message for item in items if isinstance(item, Rejected)]
    assert "record 3: a lone surrogate" in messages[1]
    assert "record 7: the file breaks off" in messages[-1]


@pytest.mark.parametrize("data", [b"moon", b'[{"text": "x"', b'{"text": ', b"", b"   "])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"^poems.json: "):
        read(data)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(EncodingError, match="byte 2"):
        read(b'["\xff\xff\xff"]')


JSON = st.recursive(
    st.one_of(st.text(), st.integers(-(2**63), 2**63), st.none()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=12,
)


@given(st.lists(JSON), st.integers(1, 9))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine all is slow
def test_the_array_is_cut_where_its_elements_end(values: list[object], size: int) -> None:
    data = orjson.dumps(values)
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    elements = list(json_file._elements(chunks))
    assert [orjson.loads(element) for element, complete in elements if complete] == values
    assert len(elements) == len(values)


def test_a_large_array_needs_little_memory(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import tracemalloc

    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.write(b"[" + b",".join([orjson.dumps({"text": "明月" * 2000})] * 1500) + b"]")
    assert path.stat().st_size > 15_000_000
    tracemalloc.start()
    with path.open("rb") as stream:
        assert sum(1 for _ in read_json(stream, Columns(), name="big.json")) == 1500
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000
