"""Fit the scores that tell prose and modern Chinese from verse: ``src/luoshen/decode/outside.json``.

    python train/outside.py corpus.jsonl PACKAGE/dist

``corpus.jsonl`` (from ``prepare.py``) gives the verse, the unpacked ``chinese-poetry`` the classical prose and
paraphrases of poems in modern Chinese, ``outside_modern.txt`` sentences of many kinds that were written for this.
A hash of each text puts it into one of four parts: two to learn from, one to choose the thresholds on, one held out
for the figures printed at the end. The list of words and ``FALSE_ALARMS`` were settled by hand with figures of the
last two parts in view (three values tried), so these are a little too good.

Each score is a ridge logistic regression over characters (per 100 of a text), a list of longer words that share one
weight, and the shape of the segments. It is fitted twice: on the most frequent characters, and on those of them that
weigh most. Texts stand whole and in excerpts, weighted so that no collection drowns another. Half a minute of one core.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from luoshen.decode.outside import Measures, modern_shape, outside_warnings, prose_shape
from luoshen.works.script import to_simplified

SCORES = Path(__file__).parents[1] / "src/luoshen/decode/outside.json"
MODERN = Path(__file__).with_name("outside_modern.txt")
SEED = 3
FEWEST = 8  #: Han characters; what is shorter is never judged
MOST_VERSE, MOST_OTHERS = 4000, 1200  #: texts of a collection that are learnt from
CHARACTERS, KEPT = 2000, 400
RIDGE, WEIGHT = 0.1, 4000  #: scikit-learn's C, and the sum of all weights
SCALE = 0.25  #: of characters against longer words and shape: a smaller one shrinks their weights more
FALSE_ALARMS = 0.0015  #: that either score may give in shi, in ci, in qu, among the texts to choose by

#: The folders of the package with their kinds, and how much each kind weighs.
VERSE = {"quantangshi": "shi", "songci": "ci", "yuanqu": "qu", "shijing": "Songs", "chuci": "Songs of Chu"}
VERSE_WEIGHTS = {"shi": 2, "ci": 2, "qu": 3, "Songs": 4, "Songs of Chu": 3}
CHOOSE_ON = ("shi", "ci", "qu")
#: 65 pieces in all, some of them (卜居, 渔父) unlike any other verse: learnt from whole, so that nothing is held out.
CLOSED = "Songs of Chu"
POEMS_SHARE = 0.13  #: of shi, there being 300,000
BOOKS = {
    "Four Books": ["sishuwujing/daxue", "sishuwujing/mengzi", "sishuwujing/zhongyong"],
    "Analects": ["lunyu/lunyu"],
    "Guwen Guanzhi": ["mengxue/guwenguanzhi"],
    "parallel prose": ["mengxue/youxueqionglin"],
}
#: Pieces of Guwen Guanzhi that are near to verse and so are no examples of prose.
RHAPSODY = re.compile("賦|辭|銘|卜居|滕王|弔|祭|北山")

#: Words of two and more characters, which share one weight: the examples are too few to give each its own. Modern
#: ones by hand, without those that the verse to learn from uses too, such as 一个, 知道 and 其实.
MODERN_WORDS = """
我们 你们 他们 没有 因为 所以 但是 如果 已经 这种 这样 这首 这位 时候 现在 为了 以及 进行 表现 表达 通过 对于 关于
或者 而且 然后 非常 可以 需要 一些 一种 一样 一位 诗人 作者 今天 昨天 明天 孩子 生活 世界 问题 开始 成为 中国 人们
描写 使用 正在 城市 老师 觉得 喜欢 妈妈 地方 作品 之后 之一 方法 然而 甚至 终于 曾经 总是 仿佛 或许 我们的 大家 朋友
工作 一切 下午 早上 每天 看到 听到 心里 特别 其中 由于 以后 声音 希望 告诉 提供 支持 功能 系统 数据 手机 电脑 网络
电话 公司 学校 学生 医院 医生 汽车 火车 地铁 社会 政府 发展 技术 研究 科学 文化 教育 历史 环境 管理 服务 产品 市场
企业 安全 原因 根据 按照 关系 应该 一直 为什么 怎么样 是否 并且 认为 发现 表示 出现 选择 进入 听见 爸爸 小时 分钟 星期
周末 上午 晚上 咖啡 电影 音乐 照片 房间 桌子 椅子 杯子 味道 样子 办法 事情 很多 每个 各种 重要 主要 普通 简单 困难
帮助 提高 增加 减少 改变 改善 继续 完成 决定 参加 组织 活动 会议 项目 计划 目标 任务 条件 标准 质量 数量 价格 成本
专家 记者 群众 市民 人员 部门 单位 机构 地区 当地 全国 我国 国际 世纪 年代 时代 社区 农村 工厂 商店 银行 超市 餐厅
图书馆 公园 马路 街道 门口 旁边 附近 后面 大约 大概 也许 当然 突然 刚才 刚刚 立刻 最后 首先 其次 最近 以前 无论 即使
尽管 尤其 比如 例如 包括 属于 具有 存在 产生 形成 实现 建立 建设 进一步 加强 作用 意义 价值 感情 情感 内容 形式 诗歌
小说 描绘 象征 比喻 抒发 主人公 读者 全诗 表明 介绍 学习 考试 作业 成绩 能力 经验 方式 方面 过程 步骤 文件 程序 软件
用户 设置 安装 点击 下载 上传 登录 密码 自动 保存 列表 函数 接口 模块 配置 版本 运行 代码 开发 测试 处理 分析 显示
请求 她的 它的 的时候 有的 新的 进去 很好 比较 更加 越来越 一次 一起 一边 有点 没什么 对不起 谢谢 请问 您好 亲爱 幸福
温暖 美丽 漂亮 回忆 心灵 生命 爱情 月亮 夏天 冬天 阳光 眼泪 黎明
"""
PROSE_WORDS = """
进士 知州 知县 刺史 侍郎 尚书 学士 为人 今属 今编 事见 官至 累官 元年 二年 三年 四年 五年
六年 七年 八年 九年 十年 不可 未尝 未有 无以 是以 所以 然则 以为 所谓 之所 不知 天下 何以
于是 如此 可谓 其为
"""


@dataclass(frozen=True)
class Kind:
    """One score: what it learns from with weights, its longer words, its shape with the names of the terms."""

    others: dict[str, float]
    words: str
    shape: Callable[[Measures], tuple[float, ...]]
    terms: tuple[str, ...]


KINDS = {
    "modern": Kind(
        {"paraphrases": 2, "sentences": 1.5},
        MODERN_WORDS,
        modern_shape,
        ("segment",),
    ),
    "prose": Kind(
        {"Four Books": 1, "Analects": 0.7, "Guwen Guanzhi": 3, "Tang lives": 0.7, "Song lives": 0.7, "aphorisms": 0.7},
        PROSE_WORDS,
        prose_shape,
        ("song", "even", "short", "long", "closed", "known", "quoted"),
    ),
}

#: Texts by collection and part (0 to 3).
Collections = dict[str, list[list[str]]]


def part(key: str, parts: int = 4) -> int:
    """The part of a text, by hash, so that a changed collection leaves the others' parts as they are."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % parts


def load(corpus: Path, dist: Path) -> Collections:
    """All texts, each collection in four parts; paragraphs of one piece of Guwen Guanzhi stay together."""
    found: Collections = {}
    for name, key, text in (*verse(corpus), *others(dist)):
        if Measures(text).count >= FEWEST:
            found.setdefault(name, [[], [], [], []])[part(key)].append(text.strip())
    return found


def verse(corpus: Path) -> Iterator[tuple[str, str, str]]:
    """Collection, what decides the part, text."""
    with corpus.open(encoding="utf-8") as lines:
        for work in map(json.loads, lines):
            kind = VERSE.get(work["source"])
            if kind and (kind != "shi" or part(work["id"] + "share", 1000) < 1000 * POEMS_SHARE):
                yield kind, work["id"], work["text"]


def others(dist: Path) -> Iterator[tuple[str, str, str]]:
    """The same for what is not verse."""

    def read(name: str) -> list[dict]:
        return json.loads((dist / f"{name}.json").read_text(encoding="utf-8"))

    for name, books in BOOKS.items():
        for chapter in (c for book in books for c in chapters(read(book))):
            title, paragraphs = chapter.get("chapter", ""), list(map(to_simplified, chapter["paragraphs"]))
            guwen = name == "Guwen Guanzhi"
            own = "rhapsodies" if guwen and RHAPSODY.search(title) else name
            yield from ((own, title if guwen else paragraph, paragraph) for paragraph in paragraphs)
            if own == "Guwen Guanzhi":
                yield f"{own}, whole", title, "\n".join(paragraphs)
    lives = {"Tang lives": "quantangshi/authors.tang", "Song lives": "quantangshi/authors.song"}
    for name, file in lives.items():
        yield from ((name, text, text) for text in (to_simplified(r["desc"] or "") for r in read(file)))
    yield from (("aphorisms", r["content"], r["content"]) for r in read("youmengying/youmengying"))
    yield from (("paraphrases", r["prologue"], r["prologue"]) for r in read("shuimotangshi/shuimotangshi"))
    yield from (("sentences", line, line) for line in MODERN.read_text(encoding="utf-8").splitlines())


def chapters(data: object) -> Iterator[dict]:
    """The objects with paragraphs, however deep they lie."""
    if isinstance(data, dict):
        if "paragraphs" in data:
            yield data
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from chapters(value)


def excerpts(text: str, least: int) -> list[str]:
    """``text`` cut after sentences into runs of ``least`` code points or more; a shorter rest is dropped."""
    runs, run = [], ""
    for sentence in re.split("(?<=[。；！？\n])", text):
        run += sentence
        if len(run) >= least:
            runs.append(run.strip())
            run = ""
    return [run for run in runs if Measures(run).count >= FEWEST]


def whole_and_excerpts(texts: list[str], most: int, rng: random.Random) -> Iterator[str]:
    """Up to ``most`` of some texts, each with up to two excerpts of it."""
    for text in rng.sample(texts, min(most, len(texts))):
        yield text
        cut = excerpts(text, rng.choice((12, 20, 30)))
        if len(cut) > 1:
            yield from rng.sample(cut, 2)


def matrix(measured: list[Measures], characters: list[str], kind: Kind) -> sparse.csr_matrix:
    """One row a text: its characters, its longer words together, its shape; as ``Score`` adds them up."""
    column = {character: number for number, character in enumerate(characters)}
    words = re.compile("|".join(sorted(kind.words.split(), key=len, reverse=True)))
    values, columns, ends, rest = [], [], [0], []
    for measures in measured:
        share = 100 / (measures.count + 10)
        found = {column[c]: times * share * SCALE for c, times in Counter(measures.joined).items() if c in column}
        values.extend(found.values())
        columns.extend(found)
        ends.append(len(columns))
        rest.append([len(words.findall(measures.joined)) * share, *kind.shape(measures)])
    counts = sparse.csr_matrix((values, columns, ends), (len(measured), len(characters)))
    return sparse.hstack([counts, np.array(rest)]).tocsr()


def fit(kind: Kind, texts: Collections, rng: random.Random) -> tuple[list[str], np.ndarray, float]:
    """Characters; their weights, that of the longer words and those of the shape; the intercept."""
    measured, target, weight = [], [], []
    for name, share in (VERSE_WEIGHTS | kind.others).items():
        most = MOST_VERSE if name in VERSE_WEIGHTS else MOST_OTHERS
        learnt = list(chain(*(texts[name] if name == CLOSED else texts[name][:2])))
        units = [Measures(text) for text in whole_and_excerpts(learnt, most, rng)]
        measured += units
        target += [name in kind.others] * len(units)
        weight += [share / len(units)] * len(units)
    weights = np.array(weight) * WEIGHT / sum(weight)
    common: Counter[str] = Counter()
    for measures, each in zip(measured, weights, strict=True):
        common.update(dict.fromkeys(set(measures.joined) - {"\n"}, each))
    characters = sorted(common, key=lambda character: (-common[character], character))[:CHARACTERS]
    for last in (False, True):
        model = LogisticRegression(C=RIDGE, max_iter=500)
        model.fit(matrix(measured, characters, kind), target, sample_weight=weights)
        if not last:
            kept = np.argsort(-np.abs(model.coef_[0][: len(characters)]), kind="stable")[:KEPT]
            characters = [characters[i] for i in sorted(kept)]
    return characters, model.coef_[0], float(model.intercept_[0])


def threshold(kind: Kind, texts: Collections, characters: list[str], weights: np.ndarray) -> float:
    """The least sum that keeps false alarms in the choosing part within ``FALSE_ALARMS``."""
    return max(
        float(np.quantile(matrix(list(map(Measures, texts[name][2])), characters, kind) @ weights, 1 - FALSE_ALARMS))
        for name in CHOOSE_ON
    )


def shuffled(text: str, rng: random.Random) -> str:
    """The letters of a text in random order, its marks where they were."""
    letters = [character for character in text if character.isalpha()]
    rng.shuffle(letters)
    following = iter(letters)
    return "".join(next(following) if character.isalpha() else character for character in text)


def report(texts: Collections) -> None:
    """Print what ``outside_warnings`` says of texts that nothing was learnt from or chosen by."""

    def line(name: str, units: Iterable[str]) -> None:
        units = list(units)
        first = Counter(w[0].code if (w := outside_warnings(text)) else "" for text in units)
        shares = ", ".join(f"{code} {100 * n / len(units):.2f} %" for code, n in first.most_common() if code)
        print(f"{name:24} {len(units):6}  {shares or 'none'}")

    rng = random.Random(SEED)
    line(f"{CLOSED} (learnt)", chain(*texts[CLOSED]))
    for name in (*CHOOSE_ON, "Songs"):
        units = texts[name][3] if name in CHOOSE_ON else texts[name][2] + texts[name][3]
        line(name, units)
        if name in CHOOSE_ON:
            line(f"{name}, excerpts", (run for text in units for run in excerpts(text, 16)[:2]))
            line(f"{name}, unpunctuated", (re.sub(r"\W", "", text) for text in units))
            line(f"{name}, shuffled", (shuffled(text, rng) for text in units if len(text) > 24))
    for name in texts:
        if name not in VERSE_WEIGHTS:
            line(name, texts[name][2] + texts[name][3])


def main() -> None:
    """Fit both scores, write them, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("dist", type=Path, help="the folder dist of the unpacked package")
    args = parser.parse_args()
    texts = load(args.corpus, args.dist)
    scores = {}
    for name, kind in KINDS.items():
        characters, weights, intercept = fit(kind, texts, random.Random(SEED))
        least = threshold(kind, texts, characters, weights)
        print(f"{name}: log odds of {least + intercept:.2f} needed", flush=True)
        of = dict(zip(characters, weights[: len(characters)] * SCALE, strict=True))
        of |= dict.fromkeys(kind.words.split(), weights[len(characters)])
        rounded = {word: round(float(weight), 3) for word, weight in sorted(of.items(), key=lambda item: -item[1])}
        shape = zip(kind.terms, weights[len(characters) + 1 :], strict=True)
        scores[name] = {
            "least": round(least, 3),
            "shape": {term: round(float(weight), 3) for term, weight in shape},
            "words": {word: weight for word, weight in rounded.items() if abs(weight) >= 0.005},
        }
    # One score a line, and its words on a line of their own.
    written = json.dumps(scores, ensure_ascii=False, separators=(",", ":"))
    SCORES.write_text(written.replace('},"', '},\n"') + "\n", encoding="utf-8")
    report(texts)


if __name__ == "__main__":
    main()
