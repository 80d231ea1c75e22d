import string

import pytest

from luoshen.prosody import wording


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "零"), (5, "五"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "一百"), (106, "一百零六"),
     (110, "一百一十"), (253, "二百五十三"), (1000, "1000")],
)  # fmt: skip
def test_numbers_are_written_out(number, words):
    assert wording.numeral(number) == words


def _places(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", [*wording.REASONS, *wording.FINDINGS, *wording.CHARACTERS])
def test_both_languages_say_the_same_things(code):
    pairs = [wording.REASONS.get(code), wording.FINDINGS.get(code, ())[2:], wording.CHARACTERS.get(code)]
    for pair in filter(None, pairs):
        zh, en = pair
        assert _places(zh) == _places(en)
        assert zh.endswith("。")
        assert en.endswith(".")
