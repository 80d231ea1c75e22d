"""Names of poets, by which a heading tells its author from its title: ``works/poets.txt``.

    python train/poets.py DATA/corpus.jsonl src/luoshen/works/poets.txt

Every author of ten works or more in the corpus (``train/prepare.py``) whose name has two to four characters, and
those below, whose works the corpus lacks. One name a line, in simplified script, sorted.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

FEWEST_WORKS = 10
NAME = re.compile("[\u4e00-\u9fff]{2,4}")
#: Authors of the corpus that are no names, or names that are titles as well.
NO_NAMES = re.compile("庙$|歌辞|诸仙|[真仙散]人$|学士$|道者$|^(?:水神|缺名|清江|清昼|梅窗|道世)$")
OTHERS = """
屈原 宋玉 贾谊 枚乘 司马相如 司马迁 项羽 刘邦 刘彻 扬雄 班固 张衡 蔡邕 蔡琰 赵壹 曹操 曹丕 曹植 孔融 王粲
刘桢 陈琳 徐干 阮瑀 诸葛亮 阮籍 嵇康 张华 陆机 陆云 潘岳 左思 张协 刘琨 郭璞 孙绰 王羲之 陶渊明 陶潜 谢灵运
谢惠连 谢庄 颜延之 鲍照 鲍令晖 谢朓 沈约 王融 江淹 任昉 范云 何逊 阴铿 吴均 丘迟 萧统 萧纲 萧绎 徐陵 庾信
庾肩吾 王褒 江总 陆凯 卢思道 薛道衡 杨广 王绩 王勃 杨炯 卢照邻 骆宾王 陈子昂 宋之问 沈佺期 杜审言 贺知章
张若虚 王之涣 李煜 李璟 冯延巳 佚名 无名氏 元好问 蔡松年 吴激 党怀英 赵秉文 完颜亮 马致远 关汉卿 白朴 郑光祖
张养浩 张可久 乔吉 贯云石 睢景臣 徐再思 卢挚 王实甫 虞集 杨载 范梈 揭傒斯 萨都剌 萨都拉 刘因 赵孟頫 王冕
杨维桢 倪瓒 高明 刘基 宋濂 高启 杨基 张羽 袁凯 于谦 李东阳 沈周 祝允明 唐寅 文徵明 王守仁 王阳明 李梦阳
何景明 徐祯卿 边贡 杨慎 归有光 李攀龙 谢榛 王世贞 徐渭 戚继光 汤显祖 袁宏道 袁宗道 袁中道 钟惺 谭元春 张岱
张溥 陈子龙 夏完淳 张煌言 柳如是 钱谦益 吴伟业 顾炎武 王夫之 黄宗羲 屈大均 陈恭尹 施闰章 宋琬 朱彝尊 王士祯
王士禛 陈维崧 纳兰性德 顾贞观 查慎行 曹雪芹 沈德潜 厉鹗 郑燮 郑板桥 袁枚 蒋士铨 赵翼 姚鼐 汪中 黄景仁 洪亮吉
张惠言 张问陶 舒位 王昙 龚自珍 林则徐 魏源 曾国藩 郑珍 蒋春霖 谭献 王鹏运 朱祖谋 况周颐 郑文焯 黄遵宪 陈三立
康有为 梁启超 谭嗣同 丘逢甲 章炳麟 王国维 秋瑾 苏曼殊 柳亚子 鲁迅 毛泽东 李太白 杜子美 王摩诘 孟浩然 白乐天
李义山 杜牧之 苏东坡 苏子瞻 王荆公 陆放翁 辛稼轩 李易安 温飞卿 韦端己 欧阳文忠
"""


def poets(corpus: Path) -> list[str]:
    works: Counter[str] = Counter()
    with corpus.open(encoding="utf-8") as lines:
        works.update(json.loads(line)["author"] for line in lines)
    often = {name for name, count in works.items() if count >= FEWEST_WORKS}
    return sorted({name for name in often if NAME.fullmatch(name) and not NO_NAMES.search(name)} | set(OTHERS.split()))


if __name__ == "__main__":
    names = poets(Path(sys.argv[1]))
    Path(sys.argv[2]).write_text("\n".join(names) + "\n", encoding="utf-8")
