import pytest

from luoshen.prosody import parallel
from luoshen.prosody.yuefu import promises_old_style
from luoshen.works.script import to_traditional


@pytest.mark.parametrize(
    "couplet",
    ["两个黄鹂鸣翠柳 一行白鹭上青天", "大漠孤烟直 长河落日圆", "烽火连三月 家书抵万金", "明月松间照 清泉石上流"],
)
def test_parallel_lines(couplet):
    line, answer = couplet.split()
    assert parallel.score(line, answer) > 0.5
    assert parallel.score(to_traditional(line), to_traditional(answer)) == parallel.score(line, answer)


@pytest.mark.parametrize("lines", ["长风几万里 吹度玉门关", "总为浮云能蔽日 长安不见使人愁", "家书抵万金 白头搔更短"])
def test_lines_that_are_not(lines):
    assert parallel.score(*lines.split()) < 0


def test_a_character_opposite_itself_counts_against():
    assert parallel.score("明月松间照", "明泉石上流") < parallel.score("明月松间照", "清泉石上流")
    assert parallel.score("春", "春") == parallel.SAME


def test_what_is_not_known_counts_nothing():
    assert parallel.score("□□", "abc") == 0
    assert parallel.score("", "") == 0


def test_the_first_and_the_last_couplet_need_not_be_parallel():
    couplets = ["家书抵万金", "白头搔更短", "烽火连三月", "家书抵万金", "家书抵万金", "白头搔更短"]
    assert parallel.inner(couplets) == parallel.MOST
    assert parallel.inner(couplets[:4]) == 0
    assert parallel.inner([]) == 0


@pytest.mark.parametrize("title", ["关山月", "橫吹曲辭 關山月", "古风 其十九", "拟古九首", "子夜吴歌·秋歌"])
def test_titles_of_the_old_style(title):
    assert promises_old_style(title)


@pytest.mark.parametrize("title", ["", "送李侍御过夏州", "奉和圣制经河上公庙应制", "登岳阳楼"])
def test_other_titles(title):
    assert not promises_old_style(title)
