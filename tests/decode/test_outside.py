import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshen.decode.outside import outside_warnings
from luoshen.works.script import to_traditional

VERSE = {
    "jueju": "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。",
    "unpunctuated": "床前明月光疑是地上霜举头望明月低头思故乡",
    "gushi": "前不见古人，后不见来者。\n念天地之悠悠，独怆然而涕下。",
    "ci": "寻寻觅觅，冷冷清清，凄凄惨惨戚戚。\n乍暖还寒时候，最难将息。\n三杯两盏淡酒，怎敌他、晚来风急。",
    "qu": "枯藤老树昏鸦，小桥流水人家，古道西风瘦马。\n夕阳西下，断肠人在天涯。",
    "vernacular qu": "我是个蒸不烂煮不熟捶不匾炒不爆响珰珰一粒铜豌豆，"
    "恁子弟每谁教你钻入他锄不断斫不下解不开顿不脱慢腾腾千层锦套头。",
    "songs": "关关雎鸠，在河之洲。窈窕淑女，君子好逑。\n参差荇菜，左右流之。窈窕淑女，寤寐求之。",
    "songs of chu": "帝高阳之苗裔兮，朕皇考曰伯庸。\n摄提贞于孟陬兮，惟庚寅吾以降。",
    "fisherman": "渔父莞尔而笑，鼓枻而去，乃歌曰：“沧浪之水清兮，可以濯吾缨。沧浪之水浊兮，可以濯吾足。”",
    "rhapsody": "其形也，翩若惊鸿，婉若游龙。荣曜秋菊，华茂春松。髣髴兮若轻云之蔽月，飘飖兮若流风之回雪。"
    "远而望之，皎若太阳升朝霞；迫而察之，灼若芙蕖出渌波。秾纤得衷，修短合度。肩若削成，腰如约素。",
    "rhapsody with its opening": "黄初三年，余朝京师，还济洛川。古人有言，斯水之神，名曰宓妃。感宋玉对楚王神女之事，"
    "遂作斯赋。其辞曰：余从京域，言归东藩。背伊阙，越轘辕，经通谷，陵景山。日既西倾，车殆马烦。",
}
OUTSIDE = {
    "too_short": ["", "独坐幽篁里", "!!"],
    "not_chinese": [
        "Because I could not stop for Death, he kindly stopped for me.",
        "Я помню чудное мгновенье: передо мной явилась ты",
        "ふるいけやかわずとびこむみずのおと",
    ],
    "modern_chinese": [
        "轻轻的我走了，正如我轻轻的来；\n我轻轻的招手，作别西天的云彩。",
        "从明天起，做一个幸福的人，喂马，劈柴，周游世界。",
        "这首诗写的是诗人在秋天的夜晚思念远方的家乡，表达了深深的孤独。",
        "研究人员表示，这种新材料能够在高温下保持稳定，因此有望用于航天领域。",
    ],
    "prose": [
        "子曰：“学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？”",
        "初，郑武公娶于申，曰武姜，生庄公及共叔段。庄公寤生，惊姜氏，故名曰寤生，遂恶之。",
        "孟子见梁惠王。王曰：“叟不远千里而来，亦将有以利吾国乎？”孟子对曰：“王何必曰利？亦有仁义而已矣。”",
        "陈抟（？～九八九），字图南，自号扶摇子，人称白云先生，亳州真源人。",
    ],
    "noise": [
        "春" * 20,
        "哈哈哈哈，哈哈哈哈",
        "光床霜明前，地月疑上是。乡举故月低，望思头明头。",
        "慂琄犄珌磢，螉夋耼㩻湴。槊邡掤耑惥，匶矒詉痝蜫。",
    ],
}


@pytest.mark.parametrize("name", VERSE)
@pytest.mark.parametrize("script", [str, to_traditional])
def test_verse_of_every_kind_is_inside(name, script):
    assert outside_warnings(script(VERSE[name])) == ()


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in OUTSIDE.items() for text in texts])
@pytest.mark.parametrize("script", [str, to_traditional])
def test_what_is_not_verse_is_said_to_be_so(code, text, script):
    (warning,) = outside_warnings(script(text))
    assert warning.code == code
    assert warning.message.isprintable()
    assert any(unicodedata.category(c) == "Lo" for c in warning.message_zh)


def test_the_reason_names_what_was_found():
    (warning,) = outside_warnings("轻轻的我走了，正如我轻轻的来；我轻轻的招手，作别西天的云彩。")
    assert "的" in warning.message
    assert "的" in warning.message_zh
    (warning,) = outside_warnings("春" * 20)
    assert "春 20" in warning.message


def test_a_title_in_english_makes_a_poem_mixed():
    (warning,) = outside_warnings("A Quiet Night Thought\n" + VERSE["jueju"])
    assert warning.code == "mixed"


def test_mixed_comes_along_with_another():
    codes = [w.code for w in outside_warnings("A: 从明天起，做一个幸福的人，喂马，劈柴，周游世界。")]
    assert codes == ["modern_chinese"]
    codes = [w.code for w in outside_warnings("Face the sea: 从明天起，做一个幸福的人，喂马，劈柴，周游世界。")]
    assert codes == ["mixed", "modern_chinese"]


def test_han_beyond_the_basic_plane_count():
    assert [w.code for w in outside_warnings("𠀀𠀁𠀂𠀃")] == ["too_short"]
    assert "8" not in outside_warnings("𠀀𠀁𠀂𠀃")[0].message.split(":")[0]


def test_han_after_a_very_long_stretch_of_marks():
    assert outside_warnings("。" * 10_000 + VERSE["jueju"]) == ()


@given(st.text(alphabet=st.sampled_from("春江花月夜之也者曰的，。\n兮“”aあ〇𠀀"), max_size=60))
def test_any_text_is_answered(text):
    warnings = outside_warnings(text)
    assert len(warnings) <= 2
    assert len({w.code for w in warnings}) == len(warnings)


def test_a_long_text_costs_no_more_than_its_beginning():
    text = VERSE["jueju"] * 20_000
    started = time.process_time()
    assert outside_warnings(text) == ()
    assert time.process_time() - started < 0.5
