import pytest

from luoshen.prosody import tunes
from luoshen.prosody.lines import cut


@pytest.mark.parametrize(
    ("title", "tune"),
    [
        ("水调歌头", "水调歌头"),
        ("水調歌頭·明月幾時有", "水调歌头"),
        ("菩萨蛮 其一", "菩萨蛮"),
        ("菩萨蛮其一", "菩萨蛮"),
        ("念奴娇・赤壁怀古", "念奴娇"),
        ("望江南", "忆江南"),
        ("金缕曲", "贺新郎"),
        ("鹊踏枝", "蝶恋花"),
    ],
)
def test_a_title_names_its_tune(title, tune):
    assert tune in tunes.tunes_of(title)


@pytest.mark.parametrize("title", ["", "静夜思", "送友人", "春日忆李白", "·", "其一"])
def test_other_titles_name_none(title):
    assert tunes.tunes_of(title) == ()


@pytest.mark.parametrize(
    ("tune", "lengths", "rhymes"),
    [
        ("浣溪沙", (7,) * 6, "AAA-AA"),
        ("菩萨蛮", (7, 7, 5, 5, 5, 5, 5, 5), "aaBBccDD"),
        ("减字木兰花", (4, 7, 4, 7, 4, 7, 4, 7), "aaBBccDD"),
        ("清平乐", (4, 5, 7, 6, 6, 6, 6, 6), "aaaaBB-B"),
        ("虞美人", (7, 5, 7, 9, 7, 5, 7, 9), "aaBBccDD"),
        ("西江月", (6, 6, 7, 6, 6, 6, 7, 6), "-AAb-AAb"),
    ],
)
def test_what_was_learned_is_what_the_tables_of_tunes_say(tune, lengths, rhymes):
    variant = tunes.variants(tune)[0]
    assert variant.lengths == lengths
    assert variant.rhymes == rhymes
    assert variant.uses > 100
    assert [len(p) for p in variant.shares] == list(lengths)


def test_likeness():
    assert tunes.likeness((7, 5, 7), (7, 5, 7)) == 1
    assert tunes.likeness((), ()) == 0
    assert tunes.likeness((7, 5, 7, 5), (7, 5, 3, 4, 5)) == 0.8
    assert tunes.likeness((4, 4), (7, 5, 7, 5)) < 0.3


def test_the_nearest_of_a_tune_need_not_be_exact():
    lines = cut("一曲新词酒一杯，去年天气旧亭台。夕阳西下几时回？无可奈何花落去，似曾相识燕归来。小园香径徘徊。")
    match = tunes.nearest(lines, ["浣溪沙"])
    assert match is not None
    assert 0.7 < match.likeness < 1
    assert tunes.nearest(lines, ["无此调"]) is None


def test_a_shape_that_no_tune_has():
    assert tunes.by_shape(cut("一，二三，四五六，七八九十一二三四。")) is None
