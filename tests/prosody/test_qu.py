import pytest

from luoshen.prosody import analyse, arias
from luoshen.prosody.lines import cut
from luoshen.works.script import to_traditional
from luoshen.works.work import Source, Work

QIUSI = "枯藤老树昏鸦，小桥流水人家，古道西风瘦马。夕阳西下，断肠人在天涯。"
TONGGUAN = (
    "峰峦如聚，波涛如怒，山河表里潼关路。望西都，意踌躇。伤心秦汉经行处，宫阙万间都做了土。兴，百姓苦；亡，百姓苦。"
)


@pytest.mark.parametrize(
    ("title", "tune"),
    [
        ("越调・天净沙秋思", "天净沙"),
        ("【双调】水仙子", "水仙子"),
        ("诈妮子调风月・仙吕/点绛唇", "点绛唇"),
        ("雙調·蟾宮曲", "折桂令"),
        ("寿阳曲·远浦帆归", "落梅风"),
        ("静夜思", None),
        ("", None),
    ],
)
def test_a_title_names_its_tune(title, tune):
    assert arias.tune_of(title) == tune


@pytest.mark.parametrize(
    ("tune", "lengths", "rhymes", "tones"),
    [
        ("天净沙", (6, 6, 6, 4, 6), "RRRRR", "平平·去平"),
        ("山坡羊", (4, 4, 7, 3, 3, 7, 7, 1, 3, 1, 3), "RRRRRRR-R-R", "去去去平平去·平·平·"),
        ("水仙子", (7, 7, 7, 6, 7, 0, 0, 4), "RRRRR-RR", "平平去·平仄·平"),
        ("喜春来", (7, 7, 7, 3, 5), "RRRRR", None),
        ("凭阑人", (7, 7, 5, 5), "RRRR", "平平平平"),
        ("梧叶儿", (3, 3, 5, 3, 3, 3, 6), "-RR-RRR", None),
    ],
)
def test_what_was_learned_is_what_the_tables_of_tunes_say(tune, lengths, rhymes, tones):
    aria = arias.patterns(tune)[0]
    assert aria.lengths == lengths
    assert "".join("R" if clause.rhymes >= arias.RHYMES else "-" for clause in aria.clauses) == rhymes
    assert tones is None or "".join(clause.tone or "·" for clause in aria.clauses) == tones
    assert 20 <= aria.uses <= aria.works


def test_every_pattern_stands_on_twenty_arias():
    for tune in arias._data()["tunes"]:
        for aria in arias.patterns(tune):
            assert aria.uses >= 20
            assert len(aria.clauses) >= 3


def test_an_aria_is_known_by_its_shape():
    for text in (QIUSI, to_traditional(QIUSI)):
        verdict = analyse(text)
        assert (verdict.form, verdict.tune and verdict.tune.name, verdict.rhyme) == ("曲", "天净沙", "家麻")
        assert verdict.reason[0] == "qu_shape"
        assert [w.line for w in verdict.rhyme_words] == [0, 1, 2, 3, 4]
    data = verdict.to_dict()
    assert data["tune_variant"]["line_lengths"] == [6, 6, 6, 4, 6]
    assert data["tune_variant"]["count"] == 58
    assert "未题曲牌" in data["form_reason_zh"]
    assert "58" in data["form_reason"]


@pytest.mark.parametrize(
    "text",
    [
        QIUSI.replace("天涯", "天边").replace("人家", "人烟"),  # off the rhyme
        QIUSI.replace("西下", "西斜").replace("昏鸦", "昏瓦").replace("人家", "人下"),  # other end tones
        QIUSI.replace("古道", "那古道"),  # other lengths
    ],
)
def test_a_shape_alone_is_no_aria(text):
    assert analyse(text).form != "曲"


def test_words_beside_the_pattern_are_told():
    verdict = analyse(TONGGUAN, "中吕・山坡羊潼关怀古")
    assert (verdict.form, verdict.rhyme, verdict.reason[0]) == ("曲", "鱼模", "qu_padded")
    assert verdict.tune is not None
    assert not verdict.tune.exact
    assert verdict.lines[0].pattern == "中中中仄"
    assert verdict.notes == ()


def test_an_end_with_another_tone_is_noted():
    verdict = analyse(QIUSI.replace("昏鸦", "昏马"), "天净沙")
    (note,) = verdict.notes
    assert (note.code, note.detail) == ("tune_end", ("马", "level", "rising"))
    assert note.to_dict()["reason_zh"] == "句末“马”为上声，同牌诸曲此句多以平声收。"
    (broken,) = [c for c in verdict.characters if c.verdict == "拗"]
    assert broken.char == "马"


def test_characters_are_those_of_zhongyuan_yinyun():
    by_char = {c.char: c for c in analyse(QIUSI).characters}
    assert by_char["下"].groups == ("家麻去",)
    assert by_char["夕"].tone in {"平", "仄"}  # 入声 is spread over the other tones
    assert "家麻" in by_char["鸦"].reason_zh
    assert "平水" not in "".join(c.reason_zh for c in by_char.values())


def test_several_arias_in_one_text_repeat_the_pattern():
    verdict = analyse(QIUSI * 2, "天净沙")
    assert verdict.tune is not None
    assert verdict.tune.exact
    assert len(verdict.rhyme_words) == 10


def test_another_number_of_lines_is_told():
    verdict = analyse(QIUSI + "天涯。", "天净沙")
    assert verdict.reason[0] == "qu_lines"
    assert all(s.pattern == "" for s in verdict.lines)


def test_an_aria_without_a_learned_tune_keeps_its_rhyme():
    verdict = analyse(Work(text=QIUSI, title="无此曲牌", sources=(Source("yuanqu"),)))
    assert (verdict.form, verdict.rhyme, verdict.tune) == ("曲", "家麻", None)
    assert verdict.reason == ("given",)


def test_ends_without_a_rhyme_have_none():
    assert arias.by_shape([6, 6, 6, 4, 6], [line.text[-1] for line in cut("春，山，月，水，楼")]) is None
