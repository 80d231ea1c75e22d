import pytest

from luoshen.works.plain import read_plain
from luoshen.works.report import Rejected
from luoshen.works.work import Work


def read(text: str, stem: str = "file") -> list[Work]:
    items = list(read_plain(text, name="poems.md", stem=stem))
    assert not any(isinstance(item, Rejected) for item in items)
    return [item for item in items if isinstance(item, Work)]


def test_a_text_without_headings_is_one_work() -> None:
    (work,) = read("床前明月光，\n疑是地上霜。\n\n舉頭望明月，\n", "靜夜思")
    assert (work.title, work.text) == ("靜夜思", "床前明月光，\n疑是地上霜。\n\n舉頭望明月，")


def test_a_single_heading_is_the_title() -> None:
    (work,) = read("# 靜夜思\n作者：李白\n**朝代**: 唐\n\n> 床前明月光，  \n> 疑是地上霜。\\\n")
    assert (work.title, work.author, work.dynasty, work.text) == ("靜夜思", "李白", "唐", "床前明月光，\n疑是地上霜。")


def test_front_matter() -> None:
    (work,) = read('---\ntitle: "靜夜思"\nauthor: 李白\nform: 诗\nlicense: CC0\nlist:\n  - a\n---\n明月\n<!-- 不要 -->')
    assert (work.title, work.author, work.form, work.text) == ("靜夜思", "李白", "诗", "明月")
    assert work.sources[0].rights == "CC0"


def test_several_headings_are_several_works() -> None:
    works = read("# 李白集\n\n## 靜夜思\n明月\n\n### 其二\n清光\n## 夜宿 ##\n高樓\n# 杜甫集\n## 春望\n國破\n")
    assert [work.title for work in works] == ["李白集", "杜甫集"]  # the highest level that occurs twice
    works = read("# 李白集\n\n## 靜夜思\n明月\n\n### 其二\n清光\n## 夜宿 ##\n高樓\n")
    assert [(work.title, work.text, work.tags) for work in works] == [
        ("靜夜思", "明月\n\n### 其二\n清光", ("李白集",)),
        ("夜宿", "高樓", ("李白集",)),
    ]


def test_a_heading_without_a_text_is_reported() -> None:
    items = list(read_plain("# 一\n明月\n# 二\n\n", name="poems.md"))
    assert isinstance(items[0], Work)
    assert isinstance(items[1], Rejected)
    assert items[1].reason == "no_text"


@pytest.mark.parametrize("text", ["", "。\n", "---\ntitle: x\n---\n"])
def test_no_text(text: str) -> None:
    (item,) = read_plain(text, name="poems.md")
    assert isinstance(item, Rejected)


LUSHI = "风急天高猿啸哀，渚清沙白鸟飞回。\n无边落木萧萧下，不尽长江滚滚来。"


def test_title_and_author_above_the_text_as_plain_lines() -> None:
    (work,) = read(f"登高\n〔唐〕杜甫\n\n{LUSHI}\n", "stem")
    assert (work.title, work.author, work.dynasty, work.text) == ("登高", "杜甫", "唐", LUSHI)
    (work,) = read(f"杜甫\n{LUSHI}", "登高")  # the file's name is the title
    assert (work.title, work.author, work.text) == ("登高", "杜甫", LUSHI)
    (work,) = read(LUSHI, "登高")
    assert (work.title, work.author, work.text) == ("登高", "", LUSHI)


def test_a_title_in_the_metadata_is_the_title() -> None:
    (work,) = read(f"---\ntitle: 登高\n---\n九日\n{LUSHI}")
    assert (work.title, work.text) == ("登高", f"九日\n{LUSHI}")
    (work,) = read(f"---\nform: 七律\ndynasty: 盛唐\n---\n登高 唐·杜甫\n{LUSHI}")
    assert (work.title, work.author, work.dynasty, work.form) == ("登高", "杜甫", "盛唐", "七律")
