import pytest

from luoshen.errors import FormatError
from luoshen.works.records import Columns, make_work, work_from_record
from luoshen.works.report import Rejected
from luoshen.works.work import Source, Work


@pytest.mark.parametrize("name", ["text", "Content", " 正文 ", "内容", "诗", "paragraphs", "body"])
def test_the_usual_names_of_the_text(name: str) -> None:
    assert Columns().find(["id", name, "other"])["text"] == name


def test_the_likeliest_name_wins_and_a_named_column_is_not_guessed_again() -> None:
    assert Columns().find(["诗", "text"])["text"] == "text"
    found = Columns(text="title", title="text").find(["title", "text", "content"])
    assert (found["text"], found["title"]) == ("title", "text")
    assert Columns(title="text").find(["text", "content"])["text"] == "content"


def test_a_missing_column_names_those_there_are() -> None:
    with pytest.raises(FormatError, match="no column 'x'; there are: 'a', 'b'"):
        Columns(author="x").find(["a", "b"])


def test_all_the_parts_of_a_record() -> None:
    record = {
        "编号": "9",
        "题目": " 夜 ",
        "作者": "李白",
        "朝代": "唐",
        "体裁": "诗",
        "标签": "月, 思乡",
        "正文": "明月",
        "x": 1,
    }
    work = work_from_record(record, Columns(), place="p", source="s.csv", number=3)
    assert isinstance(work, Work)
    assert (work.id, work.title, work.author, work.dynasty, work.form) == ("9", "夜", "李白", "唐", "诗")
    assert work.tags == ("月", "思乡")
    assert work.sources == (Source("s.csv", "9"),)
    assert work.extra == {"x": 1}


@pytest.mark.parametrize(
    ("field", "value"), [("text", "a\ud800"), ("title", "\udfff"), ("author", "a\0"), ("given_id", "\0")]
)
def test_broken_characters_are_refused_in_any_field(field: str, value: str) -> None:
    fields = {"text": "明月", field: value}
    item = make_work(fields.pop("text"), place="p", source=Source("s"), **fields)  # type: ignore[arg-type]
    assert isinstance(item, Rejected)
    assert item.reason == "bad_record"


def test_damage_is_kept_with_the_work() -> None:
    work = make_work("明□月\ufffd", place="p", source=Source("s"))
    assert isinstance(work, Work)
    assert work.text == "明□月\ufffd"
    assert work.extra["damage"] == ("lacuna", "replacement")
