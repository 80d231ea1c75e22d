import io
import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.errors import EncodingError, FormatError, InputError
from luoshen.works.reading import read
from luoshen.works.report import ReadReport

POEM = "床前明月光，疑是地上霜。"
TEI = f"<TEI><text><body><l>{POEM}</l></body></text></TEI>"
FILES = {
    "a.txt": POEM.encode("gb18030"),
    "b.md": f"# 靜夜思\n{POEM}".encode(),
    "c.json": f'[{{"text": "{POEM}"}}]'.encode(),
    "d.jsonl": f'{{"text": "{POEM}"}}\n'.encode(),
    "e.csv": f"正文\n{POEM}\n".encode("utf-16"),
    "f.tsv": f"题目\t正文\n夜\t{POEM}\n".encode(),
    "g.xml": TEI.encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_one_file_of_every_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    (work,) = read(path)
    assert work.text == POEM
    assert work.sources[0].name == name
    (work,) = read(str(path))
    assert work.text == POEM


@pytest.mark.parametrize("name", ["a.txt", "b.md", "c.json", "d.jsonl", "g.xml"])
def test_a_stream_is_told_by_its_first_characters(name: str) -> None:
    (work,) = read(io.BytesIO(FILES[name]))
    assert work.text == POEM


def test_a_pipe_that_cannot_seek() -> None:
    inlet, outlet = os.pipe()
    os.write(outlet, FILES["c.json"])
    os.close(outlet)
    with os.fdopen(inlet, "rb") as stream:
        (work,) = read(stream)
    assert work.text == POEM


def test_a_folder_in_order_with_its_report(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("密", "utf-8")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for name, data in FILES.items():
        (folder / "sub" / name).write_bytes(data)
    (folder / "poem.10.txt").write_text("十", "utf-8")
    (folder / "poem.9.txt").write_text("九", "utf-8")
    (folder / "bad.txt").write_bytes(b"\x00\xff\x00\x01")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "bad.json").write_bytes(b"no")
    (folder / "mixed.jsonl").write_bytes(b'{"text": "x"}\nno\n')
    (folder / "image.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text("x", "utf-8")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "same.txt").symlink_to(folder / "poem.9.txt")
    os.mkfifo(folder / "fifo.txt")
    report = ReadReport(max_examples=9)
    works = list(read(folder, report=report))
    assert [work.text for work in works] == ["x", "九", "十"] + [POEM] * len(FILES)
    assert works[-1].sources[0].name == "sub/g.xml"
    assert report.left_out == {"bad_record": 1}
    assert report.seen == len(works) + 1
    assert report.files_left_out == {"unreadable": 3, "unknown_format": 1, "hidden": 1, "symlink": 3, "not_a_file": 1}
    details = " ".join(example["detail"] for example in report.examples["symlink"])
    assert details.count("outside its folder") == 2
    assert details.count("inside its folder") == 1


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.txt", b"\x00\xff\x00\x01", EncodingError),
        ("a.txt", b" \n", FormatError),
        ("a.json", b"no", FormatError),
        ("a.csv", b"a,b\n1,2\n", FormatError),
        ("a.xml", b"<TEI", FormatError),
    ],
)
def test_a_single_file_that_cannot_be_read_raises(
    tmp_path: Path, name: str, data: bytes, error: type[Exception]
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=name):
        list(read(tmp_path / name))


def test_a_path_that_is_not_there_raises_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere.txt: there is no such file"):
        read(tmp_path / "nowhere.txt")


def test_columns_reach_tables_and_json(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"k,x,y,z\n7,{POEM},夜,李白\n", "utf-8")
    (work,) = read(table, text_column="x", title_column="y", author_column="z", id_column="k")
    assert (work.id, work.text, work.title, work.author) == ("7", POEM, "夜", "李白")
    (work,) = read(io.BytesIO(f'[{{"x": "{POEM}", "y": "夜"}}]'.encode()), text_column="x", title_column="y")
    assert (work.text, work.title) == (POEM, "夜")


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are bytes elsewhere")
def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.txt"
    with open(path, "wb") as file:  # noqa: PTH123 - a Path takes no bytes
        file.write(POEM.encode())
    report = ReadReport()
    (work,) = read(tmp_path, report=report)
    assert work.text == POEM


FRAGMENTS = st.sampled_from(
    [
        *('[{"text": "', '"}]', "{", "}", ",", "\n", '"', "<TEI>", "<text><body><p>", "&a;"),
        *("# ", "---\n", "text,title\n", "明月", "\\ud800", "\0"),
    ]
).map(str.encode)
NOISE = st.lists(st.one_of(FRAGMENTS, st.binary(max_size=4))).map(b"".join)


@given(NOISE, st.sampled_from(sorted(FILES)))
def test_any_bytes_give_works_or_an_error_of_ours(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        report = ReadReport()
        for reading in (lambda: read(path, report=report), lambda: read(io.BytesIO(data), report=report)):
            try:
                for work in reading():
                    assert work.id
                    assert any(map(str.isalpha, work.text))
            except InputError as error:
                message = str(error)
            else:
                continue
            assert message.startswith((name, "stdin"))


def test_a_composed_character_at_the_head_of_a_stream_is_no_json():
    (work,) = read(io.BytesIO("{木*子}花开。".encode()))
    assert work.text == "{木*子}花开。"
    with pytest.raises(FormatError, match="not valid JSON"):
        list(read(io.BytesIO(b"{'text': 1}")))
