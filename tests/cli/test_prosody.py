import json

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from luoshen.cli.main import group
from luoshen.prosody import analyse
from luoshen.works.work import work_id

CHUNWANG = "国破山河在，城春草木深。感时花溅泪，恨别鸟惊心。烽火连三月，家书抵万金。白头搔更短，浑欲不胜簪。"
YANGGUAN = "渭城朝雨浥轻尘，客舍青青柳色新。劝君更尽一杯酒，西出阳关无故人。"
SHUIDIAO = (
    "明月几时有？把酒问青天。不知天上宫阙，今夕是何年。我欲乘风归去，又恐琼楼玉宇，高处不胜寒。起舞弄清影，何似在人间。"
    "转朱阁，低绮户，照无眠。不应有恨，何事长向别时圆？人有悲欢离合，月有阴晴圆缺，此事古难全。但愿人长久，千里共婵娟。"
)


def luoshen_prosody(*arguments, stdin=None):
    return CliRunner().invoke(group, ["prosody", *arguments], input=stdin)


def shown(*arguments):
    result = luoshen_prosody(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_form_rhyme_and_tones():
    output = shown(CHUNWANG, "--title", "春望", "--lang", "zh")
    lines = output.splitlines()
    assert lines[0] == "春望"
    assert lines[1].startswith("五律  ")
    assert "押韵 下平十二侵（平水韵）：深 心 金 簪" in lines
    at = next(n for n, line in enumerate(lines) if "国 破 山 河 在" in line)
    assert lines[at].split() == list("国破山河在，城春草木深。")
    assert lines[at - 1].split() == list("◎●○○●○○◎●○")
    assert lines[at + 1].split() == [*"●●○○●○○●●○", "韵"]


def test_marks_stand_under_their_characters():
    lines = shown(CHUNWANG, "--lang", "zh").splitlines()
    at = next(n for n, line in enumerate(lines) if "国 破 山 河 在" in line)
    columns = [cell_len(lines[at][:place]) for place, char in enumerate(lines[at]) if char.isalpha()]
    for row in (lines[at - 1], lines[at + 1]):
        marks = [cell_len(row[:place]) for place, char in enumerate(row) if char in "○●◎"]
        assert marks == columns


def test_faults_and_licences_have_their_line_and_reason():
    lines = shown(YANGGUAN, "--lang", "zh").splitlines()
    assert any(line.startswith("× 第三句 失粘：") for line in lines)
    assert any(line.startswith("· 第四句 对句相救：“无”") for line in lines)
    assert any("●△" in line for line in lines)
    assert any("○√" in line for line in lines)
    assert "△ 拗已救  √ 救" in lines[-1]
    assert "首句入韵" in "".join(lines)
    english = shown(YANGGUAN, "--lang", "en")
    assert "× line 3 lost adhesion:" in english
    assert "失粘" not in english
    assert "seven-character quatrain" in english


def test_a_note_on_the_whole_poem_names_no_line():
    lines = shown("床前明月光，疑是地上霜。举头望明月，低头思故乡。", "--lang", "zh").splitlines()
    assert any(line.startswith("· 古绝：") for line in lines)


def test_a_break_of_the_pattern_is_marked_at_its_character():
    lines = shown("千里莺啼绿映绿，水村山郭酒旗风。南朝四百八十寺，多少楼台烟雨红。", "--lang", "zh").splitlines()
    verdict = analyse("千里莺啼绿映绿，水村山郭酒旗风。南朝四百八十寺，多少楼台烟雨红。")
    broken = sum(character.verdict == "拗" for character in verdict.characters)
    assert sum(line.count("×") for line in lines if "○" in line and "上行" not in line) == broken


def test_a_tune_shows_its_variant():
    output = shown(SHUIDIAO, "--title", "水调歌头", "--lang", "zh")
    assert "词牌 水调歌头，第三体，" in output
    assert "第七部平声（词林正韵）" in output


def test_of_an_aria_the_ends_alone_have_a_pattern():
    lines = shown("枯藤老树昏鸦，小桥流水人家，古道西风瘦马。夕阳西下，断肠人在天涯。", "--lang", "zh").splitlines()
    assert lines[1] == "未题曲牌，句式（6-6-6-4-6）、用韵与句末平仄合《天净沙》（据语料58曲）。"
    assert "曲牌 天净沙，第一体，语料59首中58首同体" in lines
    assert "押韵 家麻（中原音韵）：鸦 家 马 下 涯，首句入韵" in lines
    at = next(n for n, line in enumerate(lines) if "枯 藤" in line)
    assert lines[at - 1].split() == ["○", "○"]


def test_script_is_a_view():
    output = shown(CHUNWANG, "--script", "traditional", "--lang", "zh")
    assert "國 破 山 河 在" in output
    assert "恨 別 鳥 驚 心" in output


def test_json_has_the_reason_of_every_character():
    data = json.loads(shown(CHUNWANG, "--title", "春望", "--json"))
    assert data["id"] == work_id(CHUNWANG)
    assert data["title"] == "春望"
    assert (data["form"], data["rhyme_group"]) == ("五律", "下平十二侵")
    assert len(data["characters"]) == 40
    for character in data["characters"]:
        assert data["text"][character["start"] : character["end"]] == character["char"]
        assert character["reason"]
        assert character["reason_zh"]


def test_several_works_are_a_line_each(tmp_path):
    path = tmp_path / "poems.jsonl"
    path.write_text("\n".join(json.dumps({"id": n, "text": text}) for n, text in (("a", CHUNWANG), ("b", YANGGUAN))))
    lines = shown(str(path), "--json").splitlines()
    assert [(json.loads(line)["id"], json.loads(line)["form"]) for line in lines] == [("a", "五律"), ("b", "七绝")]
    output = shown(str(path), "--lang", "zh")
    assert output.index("五律") < output.index("七绝")
    assert output.count("上行格律") == 1


def test_a_file_in_another_encoding_and_standard_input(tmp_path):
    path = tmp_path / "春望.txt"
    path.write_bytes(CHUNWANG.encode("gb18030"))
    assert "春望" in shown(str(path))
    assert "下平十二侵" in luoshen_prosody("-", stdin=CHUNWANG.encode("big5", "ignore")).stdout


def test_what_is_no_verse_is_said_to_be_unknown():
    assert shown("，。", "--lang", "zh").startswith("未知")
    assert json.loads(shown("，。", "--json"))["characters"] == []


def test_a_long_line_wraps_in_whole_cells():
    text = "山" * 104 + "水" * 107
    rows = [line for line in shown(text, "--lang", "zh").splitlines() if line.startswith(("  山", "  水"))]
    assert "".join(rows).replace(" ", "") == text
    assert max(map(cell_len, rows)) in range(75, 81)


def test_the_summary_of_a_long_poem_stays_short():
    head, _, _ = shown(CHUNWANG * 100, "--lang", "zh").partition("国 破")
    assert "… (400)" in head
    assert len(head) < 600


def test_a_record_that_cannot_be_read_is_counted(tmp_path):
    path = tmp_path / "poems.jsonl"
    path.write_text(json.dumps(CHUNWANG) + "\n{\n")
    result = luoshen_prosody(str(path))
    assert result.exit_code == 2
    assert result.stdout
    assert "left out 1 records" in result.stderr
    assert "poems.jsonl: line 2: not valid JSON" in result.stderr


@pytest.mark.parametrize("content", [b"", b"\n", "，。！".encode(), b"\x00\x01\x02\xff" * 99])
def test_a_file_without_a_work_is_bad_input(tmp_path, content):
    path = tmp_path / "poem.txt"
    path.write_bytes(content)
    for arguments in ([], ["--json"]):
        result = luoshen_prosody(str(path), *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith("luoshen: ")
        assert "poem.txt" in result.stderr


def test_a_title_cannot_steer_the_terminal():
    output = shown(CHUNWANG, "--title", "\x1b[31m春\u202e望\u200b")
    assert "\x1b" not in output
    assert "\u202e" not in output


def test_nothing_given_is_a_usage_error():
    assert luoshen_prosody().exit_code == 2
