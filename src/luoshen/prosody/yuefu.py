"""Titles that promise old-style verse: those of 乐府诗集, and those that say that they imitate the ancients.

Soft evidence only: poets wrote regulated verse under them too.
"""

from __future__ import annotations

from luoshen.prosody.tunes import pieces

#: Sections of 乐府诗集, as the corpus puts them before a title, and words by which a poem calls itself old.
_SAID = (
    "相和歌辞", "鼓吹曲辞", "横吹曲辞", "清商曲辞", "舞曲歌辞", "琴曲歌辞", "杂曲歌辞", "近代曲辞", "杂歌谣辞",
    "新乐府", "乐府", "古风", "古意", "古诗", "效古", "拟古", "学古", "古体",
)  # fmt: skip

#: Old titles that poets of Tang and Song took up again.
_TITLES = frozenset(
    (
        "关山月", "出塞", "前出塞", "后出塞", "入塞", "塞上曲", "塞下曲", "塞上", "塞下", "从军行", "陇头水",
        "陇头吟", "陇西行", "折杨柳", "梅花落", "紫骝马", "骢马", "骢马曲", "洛阳道", "长安道", "雨雪曲", "刘生",
        "捉搦歌", "幽州胡马客歌", "战城南", "将进酒", "有所思", "君马黄", "临高台", "芳树", "巫山高", "上之回",
        "上陵", "雉子斑", "钓竿", "蜀道难", "行路难", "梁甫吟", "长歌行", "短歌行", "燕歌行", "饮马长城窟行",
        "陌上桑", "日出东南隅行", "罗敷行", "白头吟", "怨歌行", "怨诗行", "长门怨", "婕妤怨", "铜雀台", "铜雀妓",
        "王昭君", "昭君怨", "明妃曲", "班婕妤", "野田黄雀行", "猛虎行", "君子行", "苦寒行", "北上行", "豫章行",
        "善哉行", "东门行", "西门行", "门有车马客行", "放歌行", "棹歌行", "艳歌行", "公无渡河", "箜篌引", "董逃行",
        "秋胡行", "对酒", "对酒行", "从军有苦乐行", "长相思", "子夜歌", "子夜吴歌", "子夜四时歌", "乌夜啼", "乌栖曲",
        "采莲曲", "采菱曲", "江南曲", "江南弄", "阳春歌", "大堤曲", "襄阳曲", "襄阳乐", "估客乐", "石城乐", "莫愁乐",
        "三洲歌", "丁督护歌", "白纻辞", "白纻歌", "独漉篇", "少年行", "结客少年场行", "侠客行", "游侠篇", "白马篇",
        "名都篇", "美女篇", "轻薄篇", "妾薄命", "长干行", "长干曲", "远别离", "久别离", "生别离", "古别离", "独不见",
        "空城雀", "车遥遥", "自君之出矣", "玉阶怨", "行行游且猎篇", "雉朝飞", "别鹤操", "胡笳曲", "胡笳十八拍",
        "渌水曲", "凤台曲", "司马将军歌", "邯郸才人嫁为厮养卒妇", "悲歌",
    )
)  # fmt: skip


def promises_old_style(title: str) -> bool:
    """Whether a title is one of 乐府, or says that the poem is in the old style; in either script."""
    found = pieces(title)
    return any(name in _TITLES or any(said in name for said in _SAID) for name in found)
