import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.decode import imagery
from luoshen.decode.imagery import COLUMNS, Lexicon, find_images
from luoshen.errors import FormatError
from luoshen.works.script import to_traditional

AUTUMN = "枯藤老树昏鸦，小桥流水人家，古道西风瘦马。\n夕阳西下，断肠人在天涯。"
HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af〇]+")


def names(text):
    return [image.image for image in find_images(text)]


def write(folder, *rows):
    path = folder / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


def test_a_poem_gives_its_images_in_order():
    assert names(AUTUMN) == ["藤萝", "树", "乌鸦", "桥", "水", "村", "路径", "风", "马", "夕阳", "断肠", "天涯"]


def test_every_place_is_evidence():
    (moon,) = [image for image in find_images("床前明月光，疑是地上霜。\n举头望明月") if image.image == "月"]
    assert (moon.label, moon.kind) == ("moon", "celestial")
    assert [(e.quote, e.start, e.end) for e in moon.evidence] == [("明月", 2, 4), ("明月", 16, 18)]
    assert {(e.weight, e.method) for e in moon.evidence} == {(1.0, "lexicon")}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("正月", "月"),
        ("岁月悠悠", "月"),
        ("风流人物", "风"),
        ("司马青衫", "马"),
        ("江山如此", "江"),
        ("今日何日", "日"),
        ("天子万年", "天"),
        ("千秋万岁", "秋"),
        ("黄泉", "泉"),
        ("石崇", "石"),
        ("楼兰", "楼"),
    ],
)
def test_an_exception_hides_the_character(text, absent):
    assert absent not in names(text)


@pytest.mark.parametrize("text", ["玉兔", "婵娟", "孤鸿"])
def test_other_words_name_the_image(text):
    assert names(text)


def test_both_scripts_and_variants_give_the_same():
    text = "鴈字回時，月滿西樓。\n花自飄零水自流"
    assert [image.image for image in find_images(text)] == names("雁字回时，月满西楼。\n花自飘零水自流")
    assert names(to_traditional(AUTUMN)) == names(AUTUMN)


def test_nothing_crosses_punctuation_or_a_line():
    assert names("明月") == ["月"]
    for text in ("夕，阳", "夕\n阳", "夕 阳"):
        assert "夕阳" not in names(text)


def test_offsets_hold_behind_characters_outside_the_bmp():
    text = "𠀀𪩘孤舟\ud800月"
    assert [(e.quote, e.start) for image in find_images(text) for e in image.evidence][-2:] == [("孤舟", 2), ("月", 5)]


@given(st.text(alphabet=st.sampled_from("明月風风流雁鴈𠀀江山夕陽阳，\n \ud800aé孤舟"), max_size=40))
def test_evidence_is_what_it_quotes(text):
    places = []
    for image in find_images(text):
        for found in image.evidence:
            assert text[found.start : found.end] == found.quote
            assert HAN.fullmatch(found.quote)
            places.append((found.start, found.end))
    places.sort()
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


def test_the_shipped_lexicon_is_large_and_sound():
    lexicon = Lexicon.load()
    assert len(lexicon.concepts) >= 250
    assert 12 <= len({concept.kind for concept in lexicon.concepts}) <= 24
    assert len({concept.name for concept in lexicon.concepts}) == len(lexicon.concepts)
    assert all(HAN.fullmatch(word) for word in lexicon.words)


def test_a_scholar_adds_concepts_and_overrides_ours(tmp_path):
    path = write(
        tmp_path, ["驿骑", "courier", "person", "驿骑|馹騎", "驿骑曹"], ["蟾", "toad", "beast and insect", "蟾宫", ""]
    )
    mine = Lexicon.load().extended_with(path)
    assert [image.image for image in mine.find("馹騎入蟾宮")] == ["驿骑", "蟾"]
    assert mine.find("驿骑曹") == ()
    assert names("蟾宫") == ["月"]
    assert [image.label for image in Lexicon.load(path).find("明月驿骑")] == ["courier"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["月", "moon", "celestial", "月"]], "row 2"),
        ([["月", "moon", "celestial", "", ""]], "row 2"),
        ([["月", "moon", "celestial", "月，亮", ""]], "Han"),
        ([["月", "moon", "celestial", "月", ""], ["日", "sun", "celestial", "月", ""]], "two concepts"),
        ([["月", "moon", "celestial", "月|明月", "明月"]], "two concepts"),
    ],
)
def test_a_bad_lexicon_is_named(tmp_path, rows, message):
    with pytest.raises(FormatError, match=message):
        Lexicon.load(write(tmp_path, *rows))


def test_a_file_that_is_no_lexicon(tmp_path):
    with pytest.raises(FormatError, match="cannot be read"):
        Lexicon.load(tmp_path / "absent.csv")
    path = tmp_path / "other.csv"
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(FormatError, match="columns"):
        Lexicon.load(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FormatError, match="cannot be read"):
        Lexicon.load(path)


def test_the_forms_have_no_doubles():
    with Path(imagery._SHIPPED).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = [word for row in rows for cell in (row["forms"], row["exceptions"]) for word in cell.split("|") if word]
    assert len(words) == len(set(words))
