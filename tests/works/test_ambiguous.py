import json

import pytest

from luoshen.errors import DataError
from luoshen.works import ambiguous
from luoshen.works.ambiguous import resolve
from luoshen.works.script import convert, to_traditional, view

#: Simplified, and what the editions have; OpenCC alone gets the last column wrong or right.
VERSE = [
    ("余亦能高咏，斯人不可闻。", "余亦能高詠，斯人不可聞。"),  # 餘
    ("征人怨", "征人怨"),  # 徵
    ("里中", "里中"),  # 裏
    ("万里长征人未还", "萬里長征人未還"),
    ("北斗阑干南斗斜", "北斗闌干南斗斜"),
    ("明月松间照", "明月松間照"),
    ("御宇多年求不得", "御宇多年求不得"),
    ("只隻", "只隻"),
    ("几回魂梦与君同", "幾回魂夢與君同"),
    ("秋阴不散霜飞晚，留得枯荷听雨声", "秋陰不散霜飛晚，留得枯荷聽雨聲"),
    ("白发三千丈", "白髮三千丈"),
    ("山寺钟鸣昼已昏", "山寺鐘鳴晝已昏"),
    ("浮云游子意", "浮雲遊子意"),
    ("不知乘月几人归，落月摇情满江树", "不知乘月幾人歸，落月搖情滿江樹"),
    ("干戈寥落四周星", "干戈寥落四周星"),
]


@pytest.mark.parametrize(("text", "edition"), VERSE)
def test_verse_is_as_editions_have_it(text: str, edition: str) -> None:
    assert convert(text, "traditional") == edition


def test_opencc_alone_has_some_of_them_wrong() -> None:
    wrong = [text for text, edition in VERSE if to_traditional(text) != edition]
    assert wrong[:3] == ["余亦能高咏，斯人不可闻。", "征人怨", "里中"]


def test_only_the_view_is_changed() -> None:
    assert to_traditional("余亦能高咏") == "餘亦能高詠"
    assert view("余亦能高咏，斯人不可闻。", "traditional") == "余亦能高詠，斯人不可聞。"
    assert view("餘亦能高詠，斯人不可聞。", "traditional") == "餘亦能高詠，斯人不可聞。"


def test_neighbours_decide_and_punctuation_is_one() -> None:
    assert [resolve(text, "?" * len(text))[1] for text in ("白云生", "诗云何")] == ["雲", "云"]
    assert resolve("", "") == ""
    assert resolve("明月", "明月") == "明月"


def test_the_table_keeps_its_counts_and_is_small() -> None:
    path = ambiguous.resources.files("luoshen.works").joinpath("ambiguous.json")
    data = json.loads(path.read_text("utf-8"))
    assert len(path.read_bytes()) < 150_000
    for char, entry in data["characters"].items():
        counts = list(entry["counts"].values())
        assert counts == sorted(counts, reverse=True)
        assert min(counts) >= 20
        for side in ("left", "right"):
            assert set(entry.get(side, {})) <= set(list(entry["counts"])[1:])
        assert len(char) == 1


def test_nothing_is_loaded_before_that_view_is_asked_for() -> None:
    ambiguous._table.cache_clear()
    convert("餘", "simplified")
    to_traditional("余")
    assert ambiguous._table.cache_info().currsize == 0
    convert("余", "traditional")
    assert ambiguous._table.cache_info().currsize == 1


def test_a_damaged_table_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    ambiguous._table.cache_clear()
    monkeypatch.setattr(ambiguous, "_FILE", "nowhere.json")
    with pytest.raises(DataError, match="install luoshen again"):
        resolve("余", "餘")
    ambiguous._table.cache_clear()
