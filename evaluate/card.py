"""The model card, in English and Chinese, from measured figures: no number in it is written by hand.

    python evaluate/card.py [FOLDER]     # FOLDER/figures.json -> FOLDER/CARD.md, FOLDER/CARD.zh.md

``figures.json`` has ``name``, ``date``, ``labels``, ``folds``, ``metrics`` (each ``{value, low, high, direction, goal}``),
``floor`` and ``other`` (the same names, of simpler methods), ``per_gene`` (``{ap, f1, support}``), ``speed``,
``size_mb`` and ``training``. What is missing is left out of the card; a name that is not known here is shown as it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from luoshen.decode.local import MODEL_FOLDER  # noqa: E402
from luoshen.genes.vocabulary import Vocabulary  # noqa: E402

Figures = Mapping[str, Any]

#: Every name in ``figures.json`` that people should not have to guess: (English, Chinese).
NAMES = {
    "set_f1": ("Set of genes, F1 against the reader's set", "基因集合与读者所标之 F1"),
    "first_gene": ("First gene stands in the reader's set", "首列基因在读者所标之中"),
    "first_gene_in_set": ("first gene stands in the other's set", "首列基因在对方所标之中"),
    "map": ("Mean average precision over genes", "各基因平均精度之均值（mAP）"),
    "valence_r": ("Valence, Pearson r with the reader's", "情感值与读者之相关系数 r"),
    "evidence_f1": ("Evidence, character F1 against the reader's quotation", "证据与读者引文之字级 F1"),
    "ece": ("Calibration error of the confidences (ECE)", "置信度校准误差（ECE）"),
    "themes_f1": ("Themes, F1 against the reader's", "题材与读者所标之 F1"),
    "reference": ("first readers, readings", "首批读者的读数"),
    "later": ("later readers, readings", "后续读者的读数"),
    "blind": ("read blind by both", "两批读者盲读的作品"),
    "all": ("all", "合计"),
    "works": ("works", "作品数"),
    "alpha": ("Krippendorff's alpha", "Krippendorff α"),
    "pretraining_tokens": ("characters seen in pre-training", "预训练所见字数"),
    "minutes": ("minutes of training", "训练时长（分钟）"),
    "seed": ("random seed", "随机种子"),
    "works_per_second": ("works a second", "每秒作品数"),
    "characters_per_second": ("characters a second", "每秒字数"),
    "threads": ("threads", "线程数"),
    "start_seconds": ("seconds to start", "启动秒数"),
}
_WHOLE = (
    (
        "Luoshen decodes a classical Chinese text into a profile: which of 26 aesthetic genes it carries (Sikong Tu's "
        "twenty-four grades, with 哀婉 wistful melancholy and 空灵 ethereality), how strongly, which words carry each, "
        "its valence from -2 to 2, its themes, and an embedding. This is the small network inside the package. It runs "
        "offline on an ordinary processor; no text leaves the machine."
    ),
    (
        "洛神把一篇中国古典文学作品解读为一份画像：它具有 26 项审美基因（司空图二十四品，加哀婉、空灵）中的哪些，各有多强，"
        "由哪些字句承载，情感值（-2 至 2），题材，以及一个向量。本卡所说的是软件包内的小型网络：离线运行，普通处理器即可，文本不出本机。"
    ),
)
_DATA = (
    (
        "Pre-training: Tang and Song verse, ci, Yuan arias and older poetry from the npm package `chinese-poetry` (public "
        "domain texts), each work once, in simplified script. Fine-tuning: the readings counted below. Each is of one text "
        "of 16 to 140 characters and holds genes with a strength of 1 to 3 and a quotation for each, a valence and themes. "
        "The sample: anthologies, some 75 major poets, and a random draw from the rest."
    ),
    (
        "预训练：npm 软件包 `chinese-poetry` 中的唐宋诗、词、元曲与更早的诗歌（公有领域文本），每篇一次，用简体。微调：下列读数，"
        "每条针对一篇 16 至 140 字的作品，给出基因（强度 1 至 3，各附引文）、情感值与题材。抽样：选本、约 75 位名家，以及其余作品的随机抽取。"
    ),
)
_LABELS = (
    (
        "**The labels are not the judgement of human experts.** Each text was read by itself, without its author's name, "
        "after a written codebook, by instances of a large language model that worked independently of each other; a "
        "checker held the form (known genes, quotations verbatim). All readers are of one kind and read one codebook, so "
        "that their agreement, and every figure below, is an upper bound on agreement with experts. Works read both by "
        "first and by later readers are kept out of training."
    ),
    (
        "**标注不是人类专家的判断。** 每篇作品单独阅读，隐去作者，依照书面编码手册，由大语言模型的多个彼此独立的实例标注；"
        "程序只核对格式（基因名、引文逐字见于原文）。读者同出一类、同用一册，因此其一致程度以及下列各项数据，都只是与专家一致程度的上限。"
        "首批与后续读者都读过的作品不参与训练。"
    ),
)
_METHOD = (
    (
        "A small transformer over characters (simplified script; bigrams, the place in the line and the pause after each "
        "letter are features beside it) is pre-trained to restore hidden characters. Each gene then has an attention query "
        "of its own, whose attention is the evidence. An offset for each group of readers takes up how freely they name a "
        "gene; that of the first group ships. Confidences are calibrated on held-out folds, and the set of genes shown is "
        "the one with the highest expected F1. Longer texts are read in overlapping windows."
    ),
    (
        "以字为单位的小型 Transformer（简体；字对、句中位置与字后停顿为附加特征），先以复原被遮盖的字作预训练；然后每项基因各有一个注意力查询，"
        "其注意力即为证据。各批读者命名基因的宽严之差由各自的偏移量承担，随包发布的是首批读者的。置信度在留出的折上校准，"
        "所列基因取期望 F1 最高的一组。长文按相互重叠的窗口阅读。"
    ),
)
_FIGURES = (
    "All works of a poet are in one fold, so that no figure rests on a poet seen in training.",
    "同一诗人的作品都在同一折中，因此各项数据都不依赖训练中见过的诗人。",
)
_INTERVALS = (
    "Values in brackets are bootstrap intervals (95 %). ↑: higher is better; ↓: lower is better.",
    "方括号内为自助法（bootstrap）95% 区间。↑ 越高越好，↓ 越低越好。",
)
_LIMITS = (
    (
        "Made for classical verse, of which it has seen Tang and Song above all: prose, drama and modern Chinese are read "
        "with a warning, and other languages not at all.",
        "Genes with little support in the table below are found less reliably.",
        "It reads the text alone: no knowledge of the author, the occasion or an allusion's source.",
        "A confidence is the probability that such a reader would name the gene, not that a scholar must agree.",
        "The words shown as evidence are where the network looked; they are an aid to checking, not a proof.",
    ),
    (
        "为古典诗词而作，所见以唐宋为主：散文、戏曲与现代汉语虽可读，会附警告；其他语言不可读。",
        "下表中样本少的基因，判断较不可靠。",
        "只读文本本身，不知作者、背景与典故出处。",
        "置信度是此类读者会举出该基因的概率，并不意味着学者必然同意。",
        "所示证据是网络着眼之处，便于核对，并非证明。",
    ),
)
_USE = (
    (
        "For reading, teaching, search and exploring corpora, with the evidence at hand. Not for grading students, ranking "
        "poets, attributing works, or as a substitute for a human reading in an argument."
    ),
    "用于阅读、教学、检索与语料探索，并对照证据。不宜用来给学生评分、为诗人排名、判定作者，或在论证中代替人的阅读。",
)
_LICENCE = (
    "Apache-2.0, weights and labels alike. The texts are not part of the model.",
    "权重与标注均为 Apache-2.0。作品文本不在模型之中。",
)


def number(value: object) -> str:
    """A figure as the card writes it: whole numbers whole, others to three decimals, ``–`` for what is not known."""
    if value is None or value != value:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"


def card(figures: Figures, language: str) -> str:
    """The card as Markdown, in ``en`` or ``zh``."""
    which = 1 if language == "zh" else 0

    def say(english: str, chinese: str) -> str:
        return (english, chinese)[which]

    name, date = figures.get("name"), figures.get("date")
    about = " · ".join(str(part) for part in (date, _size(figures, which)) if part)
    sections = [
        (f"# {name or 'Luoshen'}", [about, _WHOLE[which]]),
        (say("## Data", "## 数据"), [_DATA[which], *_named(figures.get("labels"), which)]),
        (say("## How the labels were made", "## 标注如何产生"), [_LABELS[which]]),
        (say("## Method", "## 方法"), [_METHOD[which], *_named(figures.get("training"), which)]),
        (say("## Figures", "## 数据表现"), list(_figures(figures, which))),
        (say("## Gene by gene", "## 逐项基因"), list(_genes(figures.get("per_gene"), which))),
        (say("## Speed", "## 速度"), list(_named(figures.get("speed"), which))),
        (say("## Limits", "## 局限"), ["\n".join(f"- {limit}" for limit in _LIMITS[which])]),
        (say("## Intended use", "## 适用范围"), [_USE[which]]),
        (say("## Licence", "## 许可"), [_LICENCE[which]]),
    ]
    return "\n\n".join("\n\n".join(filter(None, (title, *parts))) for title, parts in sections if any(parts)) + "\n"


def _size(figures: Figures, which: int) -> str:
    size = figures.get("size_mb")
    return "" if size is None else f"{number(size)} MB"


def _figures(figures: Figures, which: int) -> Iterator[str]:
    metrics: Mapping[str, Figures] = figures.get("metrics") or {}
    if not metrics:
        return
    if folds := figures.get("folds"):
        yield (f"{folds}-fold cross-validation. ", f"{folds} 折交叉验证。")[which] + _FIGURES[which]
    floor, other = figures.get("floor") or {}, figures.get("other") or {}
    head = [("Measure", "指标")[which], ("This model", "本模型")[which], ("Goal", "目标")[which]]
    columns = [column for column in (floor, other) if column]
    if floor:
        head.append(str(floor.get("name") or ("Floor (simple baseline)", "底线（简单基准）")[which]))
    if other:
        head.append(str(other.get("name") or ("Another method", "另一方法")[which]))
    rows = []
    for name, metric in metrics.items():
        arrow = {"higher": " ↑", "lower": " ↓"}.get(metric.get("direction", ""), "")
        row = [_label(name, which) + arrow, _value(metric), _goal(metric, which)]
        rows.append(row + [_value(column.get(name)) for column in columns])
    yield _table(head, rows)
    yield _INTERVALS[which]


def _value(metric: object) -> str:
    """``0.712 [0.700, 0.724]``, of a metric or of a bare number."""
    if not isinstance(metric, Mapping):
        return number(metric)
    shown = number(metric.get("value"))
    if metric.get("low") is not None and metric.get("high") is not None:
        shown += f" [{number(metric['low'])}, {number(metric['high'])}]"
    return shown


def _goal(metric: Figures, which: int) -> str:
    goal, value = metric.get("goal"), metric.get("value")
    if goal is None or value is None:
        return number(goal)
    reached = value <= goal if metric.get("direction") == "lower" else value >= goal
    said = (("reached", "已达"), ("not reached", "未达"))[not reached][which]
    return f"{number(goal)} ({said})" if which == 0 else f"{number(goal)}（{said}）"


def _genes(per_gene: Mapping[str, Figures] | None, which: int) -> Iterator[str]:
    if not per_gene:
        return
    head = [("Gene", "基因")[which], "AP", "F1", ("Readings with it", "含此项的读数")[which]]
    order = sorted(per_gene, key=lambda gene: -(per_gene[gene].get("support") or 0))
    rows = [
        [_gene(gene, which), *(number(per_gene[gene].get(part)) for part in ("ap", "f1", "support"))] for gene in order
    ]
    yield _table(head, rows)


def _gene(gene: str, which: int) -> str:
    names = {known.name: known.name_en for known in Vocabulary.load().genes}
    return f"{gene} {names[gene]}" if which == 0 and gene in names else gene


def _named(values: object, which: int) -> Iterator[str]:
    """Nested names and numbers as one table; nothing for nothing."""
    rows = [[name, value] for name, value in _flat(values, which)]
    if rows:
        yield _table(["", ""], rows)


def _flat(values: object, which: int, before: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    if isinstance(values, Mapping):
        for name, value in values.items():
            yield from _flat(value, which, (*before, _label(name, which)))
    elif isinstance(values, list | tuple):
        yield (": ", "：")[which].join(before), ", ".join(map(number, values))
    elif values is not None:
        yield (": ", "：")[which].join(before), number(values)


def _label(name: str, which: int) -> str:
    return NAMES[name][which] if name in NAMES else name.replace("_", " ")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main() -> None:
    """Write both cards beside the figures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL_FOLDER
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    for language, name in (("en", "CARD.md"), ("zh", "CARD.zh.md")):
        (folder / name).write_text(card(figures, language), encoding="utf-8")


if __name__ == "__main__":
    main()
