"""The Verdict as a whole: its JSON, its offsets, any text whatever."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshen.prosody import analyse, summary
from luoshen.prosody.wording import FORMS
from luoshen.works.script import to_traditional
from luoshen.works.work import Source, Work

GRASS = "离离原上草，一岁一枯荣。野火烧不尽，春风吹又生。远芳侵古道，晴翠接荒城。又送王孙去，萋萋满别情。"
GUAN_SHAN = "昨夜雨疏风骤，浓睡不消残酒。试问卷帘人，却道海棠依旧。知否，知否？应是绿肥红瘦。"

VERSE = "平仄春风不度玉门关看思为重长将一二三，。？！、\n□（）《》「」·兮𠀀髮发雲云 \u3000{}abcÀ1�"


def check(text, title=""):
    verdict = analyse(text, title)
    data = verdict.to_dict()
    text = Work(text=text).text
    json.dumps(data, ensure_ascii=False)
    assert data["form"] in FORMS
    assert 0 <= data["confidence"] <= 1
    for line in data["lines"]:
        assert 0 <= line["start"] < line["end"] <= len(text)
        assert len(line["tones"]) == len(line["text"])
        assert len(line["pattern"]) in (0, len(line["text"]))
    for found in (*data["faults"], *data["notes"]):
        assert 0 <= found["start"] < found["end"] <= len(text)
        assert found["reason"]
        assert found["reason_zh"]
    for char in (*data["characters"], *data["rhyme_words"]):
        assert text[char["start"]] == char["char"] or char["char"] == "□"
    for char in data["characters"]:
        assert char["verdict"] in {"ok", "拗", "拗已救", "救", "free", "unknown"}
        assert char["verdict"] != "拗" or "agrees" not in char["reason"]
        assert char["expected"] in {"平", "仄", "中"}
        assert char["tone"] in {"平", "仄", "入", "？"}
    return verdict


@given(st.text(), st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_text_has_a_verdict(text, title):
    check(text, title)


@given(
    st.text(alphabet=VERSE, max_size=80),
    st.sampled_from(["", "浣溪沙", "水调歌头·某", "仙吕/点绛唇", "某赋", "天净沙"]),
    st.sampled_from(["", "songci", "yuanqu", "chuci"]),
)
@settings(max_examples=250, deadline=None)
def test_any_verse_has_a_verdict(text, title, source):
    check(text, title)
    analyse(Work(text=text, title=title, sources=(Source(source),) if source else ())).to_dict()


@given(st.lists(st.text(alphabet=VERSE[:15], min_size=7, max_size=7), min_size=3, max_size=16))
@settings(max_examples=100, deadline=None)
def test_even_lines_have_a_verdict(lines):
    verdict = check("，".join(lines) + "。")
    assert "".join(s.line.text for s in verdict.lines) == "".join(lines)


def test_the_json_contract():
    data = analyse(GRASS).to_dict()
    assert data["form"] == "五律"
    assert data["form_en"].startswith("five-character regulated")
    assert data["rhyme_group"] == "下平八庚"
    assert data["rhyme"] == "庚"
    assert data["rhyme_book"] == "平水韵"
    assert [w["char"] for w in data["rhyme_words"]] == ["荣", "生", "城", "情"]
    assert data["lines"][2] == {
        "text": "野火烧不尽",
        "start": 12,
        "end": 17,
        "pattern": "中仄平平仄",
        "tones": "仄仄平仄仄",
    }
    by_char = {c["char"]: c for c in data["characters"]}
    assert by_char["吹"]["verdict"] == "救"
    assert by_char["一"]["tone"] == "入"
    assert by_char["生"]["groups"] == ["下平八庚"]
    assert "下平八庚" in by_char["生"]["reason_zh"]


def test_the_summary_is_the_verdict_without_characters():
    full = analyse(GRASS).to_dict()
    del full["characters"]
    assert summary(GRASS) == full


def test_both_scripts_are_judged_alike():
    for text in (GRASS, GUAN_SHAN):
        one, two = analyse(text).to_dict(), analyse(to_traditional(text)).to_dict()
        assert [(s["tones"], s["pattern"]) for s in one["lines"]] == [(s["tones"], s["pattern"]) for s in two["lines"]]
        for key in ("form", "rhyme_group", "tune", "regulated"):
            assert one[key] == two[key]


def test_a_ci_says_what_the_corpus_has_at_a_place():
    verdict = analyse(GUAN_SHAN)
    assert verdict.tune is not None
    assert verdict.tune.name == "如梦令"
    assert verdict.tune.exact
    assert verdict.tune.count > 100
    reasons = [c.reason for c in verdict.characters]
    assert any("works with this variant of 如梦令" in r for r in reasons)


def test_a_ci_place_against_the_tune_is_noted():
    verdict = analyse("昨夜雨疏风骤，浓睡不消残酒。试问卷帘人，却道海棠依旧。知否，知否？应是绿肥红花。", "如梦令")
    notes = {(f.code, verdict.lines[6].line.text[f.start - verdict.lines[6].line.start]) for f in verdict.notes[-1:]}
    assert notes == {("tune_place", "花")}
    assert verdict.characters[-1].verdict == "拗"
    told = verdict.notes[-1].to_dict()
    assert told["reason_zh"] == "“花”为平声，同体诸作此处多用仄声。"
    assert told["reason"].startswith("花 is level;")


@pytest.mark.parametrize(
    ("text", "code", "quote"),
    [
        ("白日依山尽，大河入海流。欲穷千里目，更上一层楼。", "guping", "大"),
        ("白日依山尽，大河归海流。欲穷千里目，更上一层楼。", "benju_zijiu", "归"),
        ("白日依山尽，黄河入海流。欲穷千里目，更上高层楼。", "san_ping_wei", "高层楼"),
        ("白日依山尽，黄河入海流。欲穷万里目，更上一层楼。", "san_ze_wei", "万里目"),
        ("白日依山尽，黄河东海流。欲穷千里目，更上一层流。", "chong_yun", "流"),
    ],
)
def test_named_faults_and_licences(text, code, quote):
    verdict = analyse(text)
    found = {f.code: text[f.start : f.end] for f in (*verdict.faults, *verdict.notes)}
    assert found.get(code) == quote


def test_a_level_end_is_no_part_of_three_oblique_tones():
    verdict = analyse("南朝四百八十寺，多少楼台烟雨中。千里莺啼绿映红，水村山郭酒旗风。")
    assert [f.code for f in verdict.faults] == ["end_tone"]
    assert "san_ze_wei" not in [f.code for f in verdict.notes]


def verdicts(text):
    verdict = analyse(text)
    return {c.char: (c.verdict, c.reason_zh) for c in verdict.characters if c.verdict in {"拗", "拗已救", "救"}}


def test_what_is_healed_and_what_heals_are_told_apart():
    found = verdicts("千里莺啼绿映红，水村山郭酒旗风。南朝四百八十寺，多少楼台烟雨中。")
    assert {char: said for char, (said, _) in found.items()} == {"八": "拗已救", "十": "拗已救", "烟": "救"}
    assert "对句第五字“烟”用平声相救" in found["十"][1]
    assert "救出句“八十”" in found["烟"][1]
    own = verdicts("白日依山尽，大河归海流。欲穷千里目，更上一层楼。")
    assert {char: said for char, (said, _) in own.items()} == {"大": "拗已救", "归": "救"}
    exchange = verdicts("侬居石城下，郎到石城游。自郎石城出，长在石城头。")
    assert {char: said for char, (said, _) in exchange.items()} == {"石": "拗已救", "城": "救"}


def test_a_first_line_with_two_tones_may_borrow_a_rhyme():
    verdict = analyse("风灯雪屋话艰难，各喜诗成咳唾间。早幸渊骞同阙里，终当园季隠商山。")
    assert [f.code for f in verdict.notes] == ["guyan_chuqun"]
    apart = analyse("白日依山看，黄河入海流。欲穷千里目，更上一层楼。")
    assert "guyan_chuqun" not in [f.code for f in apart.notes]
    assert apart.lines[0].tones[-1] == "仄"


def test_lost_adhesion_and_opposition_are_told_apart():
    wei_cheng = "渭城朝雨浥轻尘，客舍青青柳色新。劝君更尽一杯酒，西出阳关无故人。"
    assert [f.code for f in analyse(wei_cheng).faults] == ["shi_nian"]
    lost = "红豆生南国，最思发几枝。愿君多采撷，此物最相思。"
    assert "shi_nian" not in [f.code for f in analyse(lost).faults]


def test_one_word_off_the_rhyme_is_reported_and_tolerated():
    text = "空山新雨后，天气晚来秋。明月松间照，清泉石上声。竹喧归浣女，莲动下渔舟。随意春芳歇，王孙自可留。"
    verdict = analyse(text)
    assert (verdict.form, verdict.rhyme) == ("五律", "尤")
    (fault,) = [f for f in verdict.faults if f.code == "chu_yun"]
    assert text[fault.start : fault.end] == "声"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "空山新雨后，天气晚来秋。明月松间照，清泉石上声。竹喧归浣女，莲动下渔舟。随意春芳歇，王孙自可留。",
            "五言八句，押平声韵，一韵到底，大体合律，惟出韵。",
            "Eight lines of 5 characters on one level rhyme; the rules are kept but for: off the rhyme.",
        ),
        (GRASS, "五言八句，押平声韵，一韵到底，平仄粘对合律。", "one level rhyme; the rules are kept."),
        (
            "忽忽不得意，上书问苍天。苍天一何高，白云自悠然。我马行且止，我心正忧煎。长歌出东门，日暮无人烟。",
            "五言八句，不合近体声律（",
            "outside the regulated metre (",
        ),
    ],
)
def test_a_form_says_what_breaks_the_rules_not_how_many(text, zh, en):
    data = analyse(text).to_dict()
    assert zh in data["form_reason_zh"]
    assert en in data["form_reason"]
    for fault in data["faults"]:
        assert fault["name_zh"] in data["form_reason_zh"]
        assert fault["name_en"] in data["form_reason"]


def test_an_old_style_quatrain_is_a_form_not_a_mistake():
    data = analyse("床前明月光，疑是地上霜。举头望明月，低头思故乡。", "静夜思").to_dict()
    assert data["form"] == "五绝"
    assert data["form_reason_zh"] == "五言四句，押平声韵而不拘近体平仄粘对，是古绝。"
    assert data["form_reason"].endswith("an old-style quatrain (gujue).")
    assert data["faults"] == []


GUAN_SHAN_YUE = (
    "明月出天山，苍茫云海间。长风几万里，吹度玉门关。汉下白登道，胡窥青海湾。由来征战地，不见有人还。"
    "戍客望边色，思归多苦颜。高楼当此夜，叹息未应闲。"
)
SONG_LI = (
    "二川方鼎沸，万里尚戎衣。斜日依山尽，寒江带雨飞。孤城临晓角，远戍闭残晖。碧草连三楚，青云隔九围。"
    "逢人今已老，问客几时归。莫待黄花发，空教白发稀。"
)


def test_long_regulated_verse_has_parallel_couplets():
    for title in ("", "关山月"):
        verdict = analyse(GUAN_SHAN_YUE, title)
        assert (verdict.form, verdict.reason[0], verdict.faults) == ("五古", "gushi_sanxing", ())
    assert "不对仗" in verdict.to_dict()["form_reason_zh"]
    assert analyse(SONG_LI).form == "五言排律"


def test_the_mark_of_old_style_verse_weighs_in_a_long_poem():
    text = (
        "艳色天下重，西施宁久微。朝为越溪女，暮作吴宫妃。贱日岂殊众，贵来方悟稀。邀人傅香粉，不自著罗衣。"
        "君宠益娇态，君怜无是非。当时浣纱伴，莫得同车归。持谢邻家子，效颦安可希。"
    )
    assert analyse(text, "西施咏").form == "五古"


def test_a_title_of_the_old_style_tips_the_scales():
    poem = (
        "行潦沈明月，光辉也不浮。识珍能洞鉴，精宝此来求。几被泥沙杂，常随混浊流。润川终自媚，照乘且何由。"
        "的皪终难掩，晶荧愿见收。蛇行无胫至，饮德已闻酬。"
    )
    assert analyse(poem, "浊水求珠").form == "五言排律"
    assert analyse(poem, "关山月").reason[0] == "gushi_yuefu"
    assert analyse(SONG_LI, "关山月").form == "五言排律"


def test_a_rare_reading_saves_no_line_from_three_oblique_tones():
    verdict = analyse("明月出天山，苍茫云海间。长风几万里，吹度玉门关。")
    found = {f.code: f.detail for f in verdict.notes}
    assert found["san_ze_wei"] == ("几万里",)


def test_lines_that_do_not_change_their_rhyme_are_not_said_to():
    changed = "关关有鸣鸟，白日上高天。故人在何处，相思已几年。秋风起江上，孤舟水上流。明月何时有，与君共登楼。"
    assert analyse(changed).reason[0] == "gushi_huan"
    unrhymed = "关关有鸣鸟，白日上高天。故人在何处，相思明月楼。秋风起江上，孤舟水上行。"
    assert analyse(unrhymed).reason[0] == "gushi_free"


def test_a_missing_character_is_one_place():
    verdict = analyse("白日依山尽，黄河入海□。欲穷千里目，更上一层楼。")
    assert verdict.form == "五绝"
    assert verdict.characters[9].verdict == "unknown"
    assert "que_zi" in {f.code for f in verdict.notes}


def test_editorial_notes_are_not_verse():
    verdict = analyse("白日依山尽（一作近），黄河入海流。欲穷千里目，更上一层楼。")
    assert (verdict.form, verdict.rhyme) == ("五绝", "尤")


@pytest.mark.parametrize("text", ["", "   \n", "Hello, world.", "12345", "ありがとう", "…………", "□□□□□"])
def test_what_is_not_chinese_verse_is_unknown(text):
    verdict = analyse(text)
    assert verdict.form == "未知"
    assert verdict.rhyme_group is None


def test_prose_is_not_called_verse():
    text = (
        "世有伯乐，然后有千里马。千里马常有，而伯乐不常有。故虽有名马，祗辱于奴隶人之手，骈死于槽枥之间，不以千里称也。"
    )
    assert analyse(text).form in {"散文", "杂言"}


def test_what_is_said_about_a_work_decides():
    quatrain = "九曲黄河万里沙，浪淘风簸自天涯。如今直上银河去，同到牵牛织女家。"
    assert analyse(Work(text=quatrain, title="浪淘沙", sources=(Source("songci"),))).form == "词"
    assert analyse(Work(text=quatrain, title="浪淘沙")).form == "七绝"
    assert analyse(Work(text=GUAN_SHAN, form="诗")).form != "词"
    assert analyse(Work(text="帝高阳之苗裔兮，朕皇考曰伯庸。", sources=(Source("chuci"),))).form == "楚辞体"
