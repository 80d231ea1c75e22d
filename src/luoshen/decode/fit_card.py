"""The model card of a fitted decoder, written from its figures: Chinese, then English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from luoshen.decode.fitted import FittedDecoder

Lang = Literal["zh", "en"]

SYSTEMS = {
    "fitted": ("本模型", "this decoder"),
    "tfidf": ("仅用字（TF-IDF）", "characters alone (TF-IDF)"),
    "majority": ("不读文本（多数或中位数）", "majority or median"),
}
METRICS = {
    "accuracy": ("准确率", "accuracy"),
    "macro_f1": ("宏平均 F1", "macro-F1"),
    "micro_f1": ("微平均 F1", "micro-F1"),
    "exact": ("全对率", "all labels right"),
    "mae": ("平均绝对误差 ↓", "mean error ↓"),
    "r": ("相关系数 r", "correlation r"),
}
_KINDS = {
    "label": ("每篇一个标签", "one label a work"),
    "labels": ("每篇可有多个标签", "any number of labels a work"),
    "number": ("每篇一个数值", "a number a work"),
}
_MAX_CONFUSION = 12  #: labels for which a table of confusions can still be read


def model_card(decoder: FittedDecoder) -> str:
    """Markdown. Everything in it comes from :attr:`FittedDecoder.figures`."""
    return "\n".join([*_card(decoder, "zh"), "---", "", *_card(decoder, "en")])


def interval(figure: Mapping[str, float]) -> str:
    """A figure with its 95 % interval: ``0.512 [0.490, 0.534]``."""
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def caution(figures: Mapping[str, Any]) -> tuple[str, str] | None:
    """In Chinese and English, that TF-IDF alone did better in the cross-validation; None if it did not."""
    if figures["gain"]["value"] >= 0:
        return None
    metric = figures["metric"]
    ours, alone = (figures["figures"][system][metric]["value"] for system in ("fitted", "tfidf"))
    zh, en = METRICS[metric]
    sure = figures["gain"]["high"] < 0
    return (
        f"注意：交叉验证中，仅用字（TF-IDF）胜过本模型（{zh} {alone:.3f} 比 {ours:.3f}"
        f"{'' if sure else '，差距不显著'}）：编码器于这些标签无益。",
        f"Caution: in the cross-validation characters alone (TF-IDF) did better than this decoder ({en} {alone:.3f} "
        f"against {ours:.3f}{'' if sure else ', which may be chance'}): the encoder does not help with these labels.",
    )


def _card(decoder: FittedDecoder, lang: Lang) -> list[str]:
    figures, data = decoder.figures, decoder.figures["data"]
    zh = lang == "zh"
    title = "# 自训标签模型" if zh else "# A decoder for a scholar's own labels"
    return [
        title,
        "",
        *_use(lang),
        f"## {'数据' if zh else 'Data'}",
        "",
        *_data(decoder, data, lang),
        f"## {'方法' if zh else 'Method'}",
        "",
        *_method(decoder, figures["settings"], lang),
        f"## {'成绩' if zh else 'Figures'}",
        "",
        *_figures(figures, data, lang),
        *_by_label(figures, lang),
        *_confusion(figures, decoder.labels, lang),
        f"## {'局限' if zh else 'Limits'}",
        "",
        *_limits(figures, data, lang),
    ]


def _use(lang: Lang) -> list[str]:
    call = ["```", "luoshen decode --decoder FOLDER poem.txt --json", "```", ""]
    if lang == "zh":
        return ["用法（FOLDER 为本文件夹）：", "", *call]
    return ["Use it with (FOLDER is this folder):", "", *call]


def _data(decoder: FittedDecoder, data: Mapping[str, Any], lang: Lang) -> list[str]:
    zh = lang == "zh"
    kind = _KINDS[decoder.kind][0 if zh else 1]
    rare = ", ".join(f"{_cell(label)} ({count})" for label, count in data["rare"].items())
    facts = [
        (f"来源文件：{_cell(data['source'])}", f"File: {_cell(data['source'])}"),
        (f"用于学习的作品：{data['works']} 篇（{kind}）", f"Works learned from: {data['works']} ({kind})"),
    ]
    if data["unlabelled"]:
        facts.append(
            (f"无标签而略去的行：{data['unlabelled']}", f"Rows left out, without a label: {data['unlabelled']}")
        )
    if rare:
        facts.append((f"因例数过少而略去的标签：{rare}", f"Labels left out, with too few rows: {rare}"))
    if data["repeated"]:
        facts.append((f"文本重复的行：{data['repeated']}", f"Rows that repeat a text: {data['repeated']}"))
    if data["groups"]:
        facts.append((f"分组数：{data['groups']}", f"Groups: {data['groups']}"))
    if decoder.kind == "number":
        low, mean, high = (f"{data[name]:.4g}" for name in ("low", "mean", "high"))
        facts.append((f"数值：{low} 至 {high}，平均 {mean}", f"Numbers: {low} to {high}, mean {mean}"))
    lines = [f"- {fact[0 if zh else 1]}" for fact in facts] + [""]
    if decoder.kind != "number":
        heading = ("标签", "篇数") if zh else ("Label", "Works")
        lines += _table(heading, [(_cell(label), str(count)) for label, count in data["labels"].items()])
    return lines


def _method(decoder: FittedDecoder, settings: Mapping[str, Any], lang: Lang) -> list[str]:
    weight, folds, seed = settings["encoder_weight"], settings["folds"], settings["seed"]
    name = " ".join(decoder.encoder)
    strengths = f"{settings['encoder_strength']:g}, {settings['text_strength']:g}"
    number = decoder.kind == "number"
    if lang == "zh":
        model = "岭回归（正则 alpha" if number else "逻辑回归（正则 C"
        return [
            f"两个线性模型的加权平均：其一读编码器（{name}）的数值，权重 {weight:g}；其二读文本的字与二字组"
            f"（TF-IDF，{settings['vocabulary']} 项，繁简归一），权重 {1 - weight:g}。"
            f"两者都是{model} 依次为 {strengths}）。正则、权重与阈值都在训练部分内部的三折交叉验证里选定，"
            f"成绩来自其外层的 {folds} 折交叉验证：没有一篇作品由见过它的模型来判。同一文本、同一分组的作品"
            f"总在同一折。随机种子 {seed}。",
            "",
        ]
    model = "ridge regressions (alpha" if number else "logistic regressions (C"
    return [
        f"The weighted average of two linear models: one reads the encoder's numbers ({name}), weight {weight:g}; the "
        f"other the text's characters and pairs of characters (TF-IDF, {settings['vocabulary']} of them, in simplified "
        f"script), weight {1 - weight:g}. Both are {model} {strengths}, in this order). Regularisation, weight and "
        f"thresholds were chosen by a three-fold cross-validation inside the training part; the figures come from "
        f"a {folds}-fold one around it, so that no work was judged by a decoder that had seen it. The same text in two "
        f"rows, and works of one group, are always in the same fold. Seed {seed}.",
        "",
    ]


def _figures(figures: Mapping[str, Any], data: Mapping[str, Any], lang: Lang) -> list[str]:
    at = 0 if lang == "zh" else 1
    metrics = list(figures["figures"]["fitted"])
    rows = [
        (SYSTEMS[system][at], *(interval(values[metric]) for metric in metrics))
        for system, values in figures["figures"].items()
    ]
    gain = interval(figures["gain"])
    metric = METRICS[figures["metric"]][at]
    whole = ("组", "groups") if data["groups"] else ("篇", "works")
    errors = "mae" in metrics
    note = (
        f"方括号内为 95% 自助法区间（按{whole[0]}重抽 1000 次）。相对仅用字的提升（{metric}）：{gain}。"
        + ("↓ 平均绝对误差越小越好。" if errors else ""),
        f"In brackets, 95 % intervals from 1,000 bootstrap samples of {whole[1]}. "
        f"Gain over characters alone ({metric}): {gain}."
        + (" ↓ The mean absolute error: lower is better." if errors else ""),
    )
    return [*_table(("", *(METRICS[metric][at] for metric in metrics)), rows), note[at], ""]


def _by_label(figures: Mapping[str, Any], lang: Lang) -> list[str]:
    if "by_label" not in figures:
        return []
    heading = (
        ("标签", "精确率", "召回率", "F1", "篇数") if lang == "zh" else ("Label", "Precision", "Recall", "F1", "Works")
    )
    rows = [
        (_cell(label), *(f"{values[name]:.3f}" for name in ("precision", "recall", "f1")), str(values["count"]))
        for label, values in figures["by_label"].items()
    ]
    return _table(heading, rows)


def _confusion(figures: Mapping[str, Any], labels: tuple[str, ...], lang: Lang) -> list[str]:
    if "confusion" not in figures or len(labels) > _MAX_CONFUSION:
        return []
    said = (
        "行为学者所标，列为模型所答：" if lang == "zh" else "Rows: the scholar's label; columns: the decoder's answer."
    )
    names = [_cell(label) for label in labels]
    rows = [(name, *map(str, counts)) for name, counts in zip(names, figures["confusion"], strict=True)]
    return [said, "", *_table(("", *names), rows)]


def _limits(figures: Mapping[str, Any], data: Mapping[str, Any], lang: Lang) -> list[str]:
    limits = [
        (
            "它学的是这份标注：标注者的分歧与偏好也一并学去，成绩只对与此相似的作品有效。",
            "It has learned this labelling, its readers' leanings included; the figures hold for works like these.",
        ),
        (
            "编码器以汉文古典诗文训练；白话、译文与他种语言不在其内。",
            "The encoder was trained on classical Chinese; vernacular prose and other languages lie outside.",
        ),
        (
            "decoder.json 存有训练文本中至少见于两篇的字与二字组，不含全文；若文本不可公开，分享前请留意。",
            "decoder.json holds characters and pairs of characters found in at least two of the texts, no whole text: "
            "mind that before you share a decoder of texts that are not public.",
        ),
        (
            "只能与所列编码器同用；更换版本后须重新训练。",
            "It works with the encoder named above only; with another version, fit it again.",
        ),
    ]
    if (warned := caution(figures)) is not None:
        limits.insert(0, warned)
    elif figures["gain"]["low"] <= 0:
        limits.insert(
            0,
            (
                "相对仅用字的提升，其区间包含零：这份数据不足以证明编码器有所助益。",
                "The interval of the gain over characters alone includes zero: these data do not show that "
                "the encoder helps.",
            ),
        )
    few = [_cell(label) for label, count in data.get("labels", {}).items() if count < 30]
    if few:
        names = ", ".join(few)
        zh, en = "不足三十篇的标签，其成绩不可靠", "Figures of labels with under 30 works mean little"
        limits.append((f"{zh}：{names}", f"{en}: {names}"))
    if not data["groups"]:
        limits.append(
            (
                "测试时同一作者的作品可能两边都有；要知道它对生疏作者的成绩，请用 --group-column。",
                "An author's works may stand on both sides of a test; to know how it does on authors that it has "
                "not met, fit with --group-column.",
            )
        )
    return [f"- {limit[0 if lang == 'zh' else 1]}" for limit in limits] + [""]


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    ruler = "|".join(["---", *["---:"] * (len(heading) - 1)])
    return [
        f"| {' | '.join(heading)} |",
        f"|{ruler}|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def _cell(text: str) -> str:
    """A label or file name that cannot break a table or become markup."""
    for char in "\\|<>`*_[]#&":
        text = text.replace(char, "\\" + char)
    return " ".join(text.split())
