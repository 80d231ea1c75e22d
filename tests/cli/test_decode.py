import json
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from luoshen.cli.main import group

pytestmark = pytest.mark.model
POEM = "空山不见人，但闻人语响。\n返景入深林，复照青苔上。"


def run(*arguments, **options):
    return CliRunner().invoke(group, ["decode", *arguments], **options)


def test_people_see_the_poem_its_genes_and_the_words_that_carry_them():
    result = run(POEM, "--lang", "zh", "--title", "鹿柴")
    assert result.exit_code == 0, result.output
    for expected in ("鹿柴", "空山不见人", "空灵", "█", "情感", "五绝"):
        assert expected in result.output


def test_a_heading_in_a_plain_file_is_no_verse(tmp_path):
    file = tmp_path / "poem.txt"
    file.write_text(f"鹿柴\n王维\n\n{POEM}\n", encoding="utf-8")
    data = json.loads(run(str(file), "--json").output)
    assert (data["title"], data["author"], data["prosody"]["form"]) == ("鹿柴", "王维", "五绝")
    for gene in data["genes"]:
        for evidence in gene["evidence"]:
            assert POEM[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_a_title_can_be_given_to_files_and_streams_too(tmp_path):
    file = tmp_path / "poem.txt"
    file.write_text(f"无题\n\n{POEM}\n", encoding="utf-8")
    for data in (
        run(str(file), "--json", "--title", "鹿柴"),
        run("-", "--json", "--title", "鹿柴", input=POEM.encode()),
    ):
        assert json.loads(data.output)["title"] == "鹿柴"
        assert json.loads(data.output)["prosody"]["form"] == "五绝"


def test_the_other_script_is_a_view():
    output = run(POEM, "--lang", "en", "--script", "traditional").output
    assert "空山不見人" in output
    assert "ethereal" in output


@pytest.mark.parametrize(("lang", "words"), [("zh", "在 {} 中未见"), ("en", "nothing found in {}")])
def test_where_no_allusion_is_found_it_says_so(tmp_path, monkeypatch, lang, words):
    from luoshen.decode import allusion

    monkeypatch.setattr(allusion, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    earlier = tmp_path / "e.txt"
    earlier.write_text("床前明月光，疑是地上霜。举头望明月，低头思故乡。", encoding="utf-8")
    wide = {"COLUMNS": "300"}
    assert words.format(earlier) in run(POEM, "--lang", lang, "--against", str(earlier), env=wide).output
    found = run(f"{POEM}疑是地上霜。", "--lang", lang, "--against", str(earlier), env=wide).output
    assert "疑是地上霜 ← " in found
    assert words.format(earlier) not in found
    assert words.partition("{")[0] not in run(POEM, "--lang", lang).output


def test_json_of_one_text_is_a_profile(tmp_path):
    file = tmp_path / "poem.txt"
    file.write_text(POEM, encoding="gb18030")
    data = json.loads(run(str(file), "--json", "--all-genes", "--embedding").output)
    assert data["prosody"]["form"] == "五绝"
    assert len(data["all_genes"]) == 26
    assert len(data["embedding"]) == 256
    evidence = data["genes"][0]["evidence"][0]
    assert POEM[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_a_folder_gives_a_line_a_work_and_names_what_it_left_out(tmp_path):
    (tmp_path / "a.txt").write_text(POEM, encoding="utf-8")
    (tmp_path / "b.txt").write_text("床前明月光，疑是地上霜。举头望明月，低头思故乡。", encoding="utf-8")
    (tmp_path / "c.bin").write_bytes(b"\x00\x01")
    result = run(str(tmp_path), "--json")
    rows = [json.loads(row) for row in result.stdout.splitlines()]
    assert [row["genes"] != [] for row in rows] == [True, True]
    assert "1 files" in result.stderr
    assert "  c.bin: not in a format that Luoshen reads · 不认识的格式" in result.stderr.splitlines()
    assert result.exit_code == 0  # files of other kinds are left out by rule


def test_what_is_damaged_is_named_first_and_ends_in_status_2(tmp_path):
    (tmp_path / "a.txt").write_text(POEM, encoding="utf-8")
    for number in range(12):
        (tmp_path / f"picture{number}.png").write_bytes(b"")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "bad.txt").write_bytes(b"\x00\xff\x00\x01")
    for arguments in ((), ("--json",)):
        result = run(str(tmp_path), *arguments)
        assert result.exit_code == 2
        assert result.stdout
        first, *named, more = result.stderr.splitlines()
        assert "14 files" in first
        assert named[0].startswith("  bad.txt: byte ")
        assert named[1].startswith("  empty.txt: empty")
        assert len(named) == 10
        assert more == "  … 4 more · 另有 4 项"


def test_a_bad_record_ends_in_status_2_and_the_rest_is_read(tmp_path):
    file = tmp_path / "works.csv"
    file.write_text(f'text\n"{POEM}"\n"{POEM}","more"\n', encoding="utf-8")
    result = run(str(file), "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["genes"]
    assert "works.csv: row 2" in result.stderr


def test_a_folder_without_a_work_says_why(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\x00\xff\x00\x01")
    result = run(str(tmp_path))
    assert result.exit_code == 2
    assert "no work in what was given" in result.stderr
    assert "bad.txt: byte" in result.stderr


def test_jsonl_goes_on_after_a_bad_line_and_ends_with_status_2():
    lines = json.dumps({"id": "a", "text": POEM}) + "\nnot json\n" + json.dumps({"id": "b", "text": POEM}) + "\n"
    result = run("--jsonl", "-", input=lines.encode())
    assert result.exit_code == 2
    rows = [json.loads(row) for row in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["a", None, "b"]
    assert "error" in rows[1]


def test_an_error_in_jsonl_names_the_file_and_the_line(tmp_path):
    file = tmp_path / "works.jsonl"
    file.write_text("\n" * 300 + "not json\n", encoding="utf-8")
    assert json.loads(run("--jsonl", str(file)).stdout)["error"].startswith(f"{file}: line 301: not valid JSON")
    assert json.loads(run("--jsonl", "-", input=file.read_bytes()).stdout)["error"].startswith("stdin: line 301: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing to decode"),
        (("missing-poem.txt",), "no such file"),
        (("poems/lisao",), "no such file"),
        (("poems/li sao",), "no such file"),
        (("qujiangchu",), "no such file"),
        (("./离骚.txt",), "no such file"),
        (("poèmes/lisao",), "no such file"),
        (("--jsonl", "missing.jsonl"), "cannot be read"),
        (("a\0b",), "NUL"),
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_picture_is_valid_xml_and_holds_the_words(tmp_path):
    target = tmp_path / "out" / "poem.svg"
    result = run(POEM, "--picture", str(target), "--title", "a<b>&\u202e")
    assert result.exit_code == 0
    root = ElementTree.parse(target).getroot()
    assert root.tag.endswith("svg")
    letters = "".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "空灵" in letters
    assert list(tmp_path.joinpath("out").iterdir()) == [target]


def test_a_name_in_a_folder_that_is_there_is_a_path(tmp_path):
    result = run(f"{tmp_path}/离骚")
    assert result.exit_code == 2
    assert "no such file" in result.stderr
    assert " - " in result.stderr


def test_what_has_han_or_blanks_is_a_text_though_it_has_a_stroke():
    for text in ("空山不见人/但闻人语响", "the moon", "42 moons"):
        assert run(text, "--json").exit_code == 0


def test_a_picture_takes_nothing_from_the_json(tmp_path):
    target = tmp_path / "poem.svg"
    assert json.loads(run(POEM, "--json", "--picture", str(target)).stdout)["genes"]
    assert target.exists()
    target.unlink()
    result = run(POEM, POEM, "--json", "--picture", str(target))
    assert len(result.stdout.splitlines()) == 2
    assert target.exists()
