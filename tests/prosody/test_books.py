import pytest

from luoshen.prosody import books
from luoshen.prosody.rhyme import choose, runs

GROUPS = books.pingshui().groups


def groups(char):
    return {GROUPS[g] for g in books.pingshui().readings[char]}


def test_there_are_106_groups_and_30_are_level():
    assert len(GROUPS) == 106
    assert GROUPS[0] == "上平一东"
    assert GROUPS[14] == "上平十五删"
    assert GROUPS[15] == "下平一先"
    assert GROUPS[29] == "下平十五咸"
    assert GROUPS[-1] == "入声十七洽"
    assert all(name[1] == "平" for name in GROUPS[: books.LEVEL_COUNT])


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("发", "發髮"),
        ("干", "乾幹干"),
        ("斗", "鬥斗"),
        ("后", "後后"),
        ("里", "裏裡里"),
        ("云", "雲云"),
        ("台", "臺颱"),
    ],
)
def test_a_simplified_character_has_the_readings_of_all_its_sources(simplified, traditional):
    for char in traditional:
        if char in books.pingshui().readings:
            assert groups(char) <= groups(simplified)


def test_sources_are_not_mixed_up_in_traditional_script():
    assert groups("鬥") == {"去声二十六宥"}
    assert groups("髮") == {"入声六月"}


@pytest.mark.parametrize(
    "pair",
    [
        "黄黃",
        "却卻",
        "真眞",
        "青靑",
        "叹歎",
        "裏裡",
        "馀餘",
        "峰峯",
        "群羣",
        "羹羮",
        "图圗",
        "肠膓",
        "颐頥",
        "彝彜",
        "船舡",
        "洼漥",
    ],
)
def test_variants_are_read_alike(pair):
    one, two = pair
    assert groups(one) & groups(two)


def test_readings_that_the_tables_leave_out():
    assert groups("犁") == {"上平八齐", "上平四支"}
    assert "下平二萧" in groups("苖")  # written for 苗


def test_a_reading_that_regulated_verse_never_uses_counts_for_rhyme_only():
    codes = books.polyphones().codes
    assert codes["不"] == books.OBLIQUE
    assert codes["看"] == books.BOTH
    assert codes["流"] == books.LEVEL
    assert books.both_tones("不")


@pytest.mark.parametrize("word", ["不思平", "乡思仄", "九重平", "何胜平", "制胜仄", "丞相仄", "思量平"])
def test_words_settle_polyphones(word):
    assert books.word_tone(word[:2], 1) == word[2]


def test_words_are_not_sought_across_the_pause():
    assert books.word_tone("上相", 1) == "仄"
    assert books.word_tone("马上相逢无纸笔", 2) == "平"


def test_the_other_books():
    cilin, zhongyuan = books.cilin(), books.zhongyuan()
    assert {cilin.groups[g] for g in cilin.readings["愁"]} == {"第十二部平声"}
    assert {cilin.groups[g] for g in cilin.readings["月"]} == {"第十八部入声"}
    assert {cilin.groups[g] for g in cilin.readings["論"]} >= {"第六部平声"}
    assert {zhongyuan.groups[g][:-1] for g in zhongyuan.readings["鸦"]} == {"家麻"}


def test_neighbours_are_mutual():
    near = books.neighbours()
    for i, row in enumerate(near):
        assert i not in row
        assert all(i in near[j] for j in row)
    assert GROUPS.index("上平二冬") in near[0]


def readings(chars):
    return [books.pingshui().readings[c] for c in chars]


def test_polyphones_take_the_group_that_the_others_share():
    rhyme = choose(readings("看安寒干"))
    assert rhyme is not None
    assert GROUPS[rhyme.group] == "上平十四寒"
    assert rhyme.hits == 4
    oblique = choose(readings("看岸乱"))
    assert oblique is not None
    assert GROUPS[oblique.group] == "去声十五翰"


def test_no_rhyme_is_none():
    assert choose(readings("天楼")) is None
    assert choose([]) is None


def test_a_changing_rhyme_is_cut_into_runs():
    found = runs(readings("天年流秋愁月雪"))
    assert [(start, end, GROUPS[r.group][-1]) for start, end, r in found][:2] == [(0, 2, "先"), (2, 5, "尤")]


def test_damaged_data_is_a_data_error(monkeypatch, tmp_path):
    from luoshen.errors import DataError

    (tmp_path / "pingshui.json").write_text("{", "utf-8")
    monkeypatch.setattr(books, "DATA", tmp_path)
    with pytest.raises(DataError, match="pingshui"):
        books.load("pingshui.json")
    with pytest.raises(DataError, match="install the package again"):
        books.load("none.json")
