import io

import pytest

from luoshen.errors import FormatError
from luoshen.works.records import Columns
from luoshen.works.report import Rejected
from luoshen.works.tables import read_table
from luoshen.works.work import Work


def read(text: str | bytes, columns: Columns | None = None) -> list[Work | Rejected]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_table(io.BytesIO(data), columns or Columns(), name="poems.csv"))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    rows = ["题目,作者,正文", '静夜思,李白,"床前明月光，\r\n疑是地上霜。"', "春晓,孟浩然,春眠不觉晓，处处闻啼鸟。"]
    data = "\r\n".join(row.replace(",", delimiter) for row in rows).encode(encoding)
    first, second = read(data)
    assert isinstance(first, Work)
    assert (first.title, first.author, first.text) == ("静夜思", "李白", "床前明月光，\n疑是地上霜。")
    assert isinstance(second, Work)
    assert second.sources[0].id == "2"


def test_a_single_column_and_a_named_one() -> None:
    (work,) = read("line\n明月\n")
    assert isinstance(work, Work)
    (named,) = read("a,b\n明月,夜\n", Columns(text="a", title="b"))
    assert isinstance(named, Work)
    assert (named.text, named.title) == ("明月", "夜")


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("a,b\n明月,夜\n", Columns(), "There are: 'a', 'b'; say it with text_column"),
        ("a,b\n明月,夜\n", Columns(text="c"), "no column 'c'"),
        ("\n明月\n", Columns(), "first line is empty"),
        ("", Columns(), "first line is empty"),
    ],
)
def test_a_table_without_a_text_is_refused(text: str, columns: Columns, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(text, columns)


def test_bad_rows_are_passed_over_with_their_place() -> None:
    items = read('title,text\n一,明月,多\n二,\n三,"a"b\n\n四,清風\n')
    assert [item.text for item in items if isinstance(item, Work)] == ["清風"]
    wide, empty, quoted = (item for item in items if isinstance(item, Rejected))
    assert "row 1: 3 fields where the first line names 2" in wide.message
    assert empty.reason == "no_text"
    assert quoted.place == "poems.csv: row 3"


def test_a_field_of_ten_megabytes() -> None:
    (work,) = read("text,title\n" + "明" * 3_500_000 + ",夜\n")
    assert isinstance(work, Work)
    assert len(work.text) == 3_500_000
