import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.works.heading import lift_heading

STORK = "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。"
SONG = "明月几时有？把酒问青天。不知天上宫阙，今夕是何年。"
BARE = "白日依山尽\n黄河入海流\n欲穷千里目\n更上一层楼"
PROSE = "庆历四年春，滕子京谪守巴陵郡。越明年，政通人和，百废具兴，乃重修岳阳楼，增其旧制，刻唐贤今人诗赋于其上。"


@pytest.mark.parametrize(
    ("top", "title", "author", "dynasty"),
    [
        ("登鹳雀楼", "登鹳雀楼", "", ""),
        ("《登鹳雀楼》", "登鹳雀楼", "", ""),
        ("登鹳雀楼\n王之涣", "登鹳雀楼", "王之涣", ""),
        ("　　登鹳雀楼\n\n　　王之涣\n", "登鹳雀楼", "王之涣", ""),
        ("王之涣\n登鹳雀楼", "登鹳雀楼", "王之涣", ""),
        ("登鹳雀楼 王之涣", "登鹳雀楼", "王之涣", ""),
        ("王之涣 登鹳雀楼", "登鹳雀楼", "王之涣", ""),
        ("登鹳雀楼　　王之涣", "登鹳雀楼", "王之涣", ""),
        ("登鹳雀楼——王之涣", "登鹳雀楼", "王之涣", ""),
        ("登鹳雀楼·王之涣", "登鹳雀楼", "王之涣", ""),
        ("《登鹳雀楼》 王之涣", "登鹳雀楼", "王之涣", ""),
        ("《登鹳雀楼》——〔唐〕王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("王之涣《登鹳雀楼》", "登鹳雀楼", "王之涣", ""),
        ("王之涣：登鹳雀楼", "登鹳雀楼", "王之涣", ""),
        ("登鹳雀楼（王之涣）", "登鹳雀楼", "王之涣", ""),
        ("登鹳雀楼（唐·王之涣）", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼〔唐〕王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼 唐 王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼\n〔唐〕王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼\n（唐）王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼\n唐·王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼\n唐代：王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼\n王之涣〔唐代〕", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼\n作者：王之涣", "登鹳雀楼", "王之涣", ""),
        ("题目：登鹳雀楼\n朝代：唐\n作者：王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鹳雀楼\n唐\n王之涣", "登鹳雀楼", "王之涣", "唐"),
        ("登鸛雀樓\n王之渙", "登鸛雀樓", "王之渙", ""),
        ("江雪 柳宗元", "江雪", "柳宗元", ""),  # 江 is a surname too
        ("秦 观", "", "秦观", ""),  # and Qin a dynasty
        ("贾谊\n李商隐", "贾谊", "李商隐", ""),  # on a poet, by another
        ("登楼\n李小明", "登楼", "李小明", ""),  # no poet that is known, but named like one
        ("登楼\n〔民国〕某某", "登楼", "某某", "民国"),
        ("水调歌头 其一", "水调歌头 其一", "", ""),
        ("念奴娇\n赤壁怀古\n苏轼", "念奴娇 赤壁怀古", "苏轼", ""),
        ("王之涣", "", "王之涣", ""),
    ],
)
def test_a_heading_is_lifted_and_the_body_stays(top: str, title: str, author: str, dynasty: str) -> None:
    for gap in ("\n", "\n\n"):
        assert lift_heading(f"{top}{gap}{STORK}") == (title, author, dynasty, STORK)


@pytest.mark.parametrize(
    "text",
    [
        STORK,
        SONG,
        BARE,
        PROSE,
        STORK.replace("，", "，\n"),
        "白日依山尽\n黄河入海流。\n欲穷千里目，更上一层楼。",  # one stop is missing
        "白日依山尽\n\n黄河入海流。\n\n欲穷千里目，更上一层楼。",
        "白日依山尽\n黄河入海流。\n欲穷千里目\n更上一层楼。",
        f"登鹳雀楼\n{BARE}",  # nothing tells the title from the lines
        f"登鹳雀楼，王之涣。\n{STORK}",
        f"其一\n{STORK}\n其二\n{STORK}",
        f"静夜思\n李白\n{STORK}\n\n登鹳雀楼\n王之涣\n{STORK}",  # two works
        f"登鹳雀楼\n并序\n{STORK}",
        f"第一章\n{PROSE}",
        "登鹳雀楼\n王之涣",
        "登鹳雀楼\n王之涣\n白日。",
        "Stork Tower\n" + STORK,
        "风乍起\n吹皱一池春水。闲引鸳鸯香径里，手挼红杏蕊。斗鸭阑干独倚，碧玉搔头斜坠，终日望君君不至。\n举头闻鹊喜",
        "",
        "\n\n",
    ],
)
def test_where_it_is_not_sure_the_text_stays(text: str) -> None:
    assert lift_heading(text) is None


def test_below_a_sure_author_verse_may_go_without_punctuation() -> None:
    assert lift_heading(f"登鹳雀楼\n王之涣\n{BARE}") == ("登鹳雀楼", "王之涣", "", BARE)
    assert lift_heading(f"登楼\n李小明\n{BARE}") is None


def test_numbers_of_poems_stay_in_the_body() -> None:
    body = f"其一\n{STORK}\n\n其二\n{SONG}"
    assert lift_heading(f"秋兴\n杜甫\n\n{body}") == ("秋兴", "杜甫", "", body)


def test_prose_needs_its_author() -> None:
    assert lift_heading(f"岳阳楼记\n范仲淹\n\n{PROSE}") == ("岳阳楼记", "范仲淹", "", PROSE)
    assert (
        lift_heading("乡愁\n\n小时候我一直以为那座山的后面就是大海。后来我才知道山的后面还是一座又一座连绵不断的山。")
        is None
    )


PIECES = st.sampled_from(
    [*"《》〔〕（）：·— \n，。", "唐", "李白", "静夜思", "其一", "白日依山尽", "黄河入海流", "作者：", STORK]
)


@given(st.lists(PIECES, max_size=24).map("".join))
def test_the_body_is_the_end_of_the_text(text: str) -> None:
    found = lift_heading(text)
    if found is not None:
        assert text.strip("\n").endswith(found.body)
        assert found.body
        assert found.title or found.author
        assert "\n" not in found.title + found.author + found.dynasty
