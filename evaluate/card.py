"""The model card, in English and Chinese, from measured figures: no number in it is written by hand.

    python evaluate/card.py [FOLDER]     # FOLDER/figures.json -> FOLDER/CARD.md, FOLDER/CARD.zh.md

``figures.json`` has ``name``, ``date``, ``labels``, ``folds``, ``metrics`` (each ``{value, low, high, direction,
goal}``), ``floor`` and ``other`` (the same names, of simpler methods), ``per_gene`` (``{ap, f1, support}``),
``speed``, ``size_mb`` and ``training``. What is missing is left out of the card;
a name that is not known here is shown as it is.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from luoshen.decode.local import MODEL_FOLDER
from luoshen.genes.vocabulary import Vocabulary

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
    "reference": ("first readers, readings", "首批读者的标注"),
    "later": ("later readers, readings", "后续读者的标注"),
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
    "cores": ("processor cores", "处理器核数"),
    "start_seconds": ("seconds to start", "启动秒数"),
    "ours_int8": ("this model, int8, works a second", "本模型 int8，每秒作品数"),
    "bert_int8": ("a BERT-base, int8, works a second", "BERT-base int8，每秒作品数"),
    "ours_fp32": ("this model, fp32, works a second", "本模型 fp32，每秒作品数"),
    "bert_fp32": ("a BERT-base, fp32, works a second", "BERT-base fp32，每秒作品数"),
    "ratio_int8": ("times as fast, int8", "int8 倍数"),
    "ratio_fp32": ("times as fast, fp32", "fp32 倍数"),
    "letters": ("letters a work", "每篇字数"),
    "batch": ("works a batch", "每批作品数"),
}
_FOLDS = (
    "All works of a poet are in one fold: no figure rests on a poet with readings in the training folds. "
    "The bare texts are part of the pre-training.",
    "同一诗人的作品都在同一折中：所测诗人的标注，训练各折中一概没有。预训练则见过这些作品的原文（无标注）。",
)
_INTERVALS = (
    "Values in brackets are bootstrap intervals (95 %). ↑: higher is better; ↓: lower is better.",
    "方括号内为自助法（bootstrap）95% 区间。↑ 越高越好，↓ 越低越好。",
)


def number(value: object) -> str:
    """A figure as the card writes it: whole numbers whole, shares to three decimals, ``–`` for what is not known."""
    if value is None or value != value:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}" if abs(value) <= 1 else f"{value:,.1f}"


def card(figures: Figures, language: str) -> str:
    """The card as Markdown, in ``en`` or ``zh``: ``card.en.md`` or ``card.zh.md`` with its places filled.

    A section of which nothing but its heading is left is dropped.
    """
    which = 1 if language == "zh" else 0
    size = figures.get("size_mb")
    about = (figures.get("date"), None if size is None else f"{number(size)} MB")
    filled = Path(__file__).with_name(f"card.{language}.md").read_text(encoding="utf-8")
    for place, parts in {
        "name": [str(figures.get("name") or "Luoshen")],
        "about": [" · ".join(str(part) for part in about if part is not None)],
        "labels": _named(figures.get("labels"), which),
        "training": _named(figures.get("training"), which),
        "figures": _figures(figures, which),
        "genes": _genes(figures.get("per_gene"), which),
        "speed": _named(figures.get("speed"), which),
    }.items():
        filled = filled.replace(f"{{{place}}}", "\n\n".join(parts))
    sections = [
        re.sub(r"\n{3,}", "\n\n", section.strip()) for section in re.split(r"^(?=## )", filled, flags=re.MULTILINE)
    ]
    return "\n\n".join(section for section in sections if "\n" in section) + "\n"


def _figures(figures: Figures, which: int) -> Iterator[str]:
    metrics: Mapping[str, Figures] = figures.get("metrics") or {}
    if not metrics:
        return
    if folds := figures.get("folds"):
        yield (f"{folds}-fold cross-validation. ", f"{folds} 折交叉验证。")[which] + _FOLDS[which]
    floor: Figures = figures.get("floor") or {}
    other: Figures = figures.get("other") or {}
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
        rows.append(row + [_value(column.get("metrics", column).get(name)) for column in columns])
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
    head = [("Gene", "基因")[which], "AP", "F1", ("Readings with it", "含此项的标注")[which]]
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
