"""``luoshen fit``: a decoder for a scholar's own labels, with its figures and its model card."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

if TYPE_CHECKING:
    import numpy as np

    from luoshen.decode.fit_examples import Examples
    from luoshen.decode.fitted import FittedDecoder

_CHUNK = 128  #: works read between two steps of the progress bar
_PATIENCE = 2.0  #: seconds before progress shows


@click.command("fit")
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--text-column", default="text", show_default=True, help="The column that holds the text. 正文所在的列。")
@click.option("--label-column", default="label", show_default=True, help="The column with your label. 标签所在的列。")
@click.option(
    "--group-column", help="Test on whole groups never learned from, such as the poet. 按此列分组检验(如作者)。"
)
@click.option(
    "--kind",
    type=click.Choice(["label", "labels", "number"]),
    help="One label, several parted by |, or a number (default: told by the labels). 标签的种类。",
)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write. 输出文件夹。"
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the folds. 随机种子。")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON. 以 JSON 输出成绩。")
def fit(
    data: Path,
    text_column: str,
    label_column: str,
    group_column: str | None,
    kind: Any,
    out: Path,
    seed: int,
    as_json: bool,
) -> None:
    """Train a decoder for your own labels on DATA (CSV, TSV, JSON, JSON Lines). 用自己的标注训练模型。

    \b
    luoshen fit data.csv --text-column text --label-column label --out mood/
    luoshen fit poems.csv --label-column mood --group-column poet --out mood/
    luoshen decode --decoder mood/ poem.txt

    OUT holds the decoder and its model card, README.md, with cross-validated figures.
    Several labels of one work are parted by |. 多个标签以 | 分隔。
    """
    from luoshen.decode.fit_card import caution, model_card
    from luoshen.decode.fit_examples import read_examples
    from luoshen.decode.fitted import check_target

    check_target(out)  # before the work, not after it
    examples = read_examples(
        data, text_column=text_column, label_column=label_column, group_column=group_column, kind=kind
    )
    _say_left_out(examples)
    decoder = _fit(examples, seed)
    decoder.save(out, model_card(decoder))
    if as_json:
        click.echo(orjson.dumps(decoder.figures, option=orjson.OPT_INDENT_2).decode())
    else:
        _show(decoder, out)
    if (warned := caution(decoder.figures)) is not None:
        zh, en = warned
        click.echo(f"luoshen: {en} · {zh}", err=True)


def _say_left_out(examples: Examples) -> None:
    if examples.unlabelled:
        count = examples.unlabelled
        click.echo(f"luoshen: left out {count} rows without a label · 略过 {count} 行无标签者", err=True)
    if examples.rare:
        names = ", ".join(f"{label!r} {count}" for label, count in examples.rare.items())
        click.echo(f"luoshen: left out labels with too few rows · 略过例数过少的标签: {names}", err=True)


def _fit(examples: Examples, seed: int) -> FittedDecoder:
    from luoshen.decode.fit import FOLDS, fit

    with _Progress() as progress:
        progress.start("reading · 读取", len(examples.texts))
        features = _features(examples.texts, progress)
        progress.start("fitting · 训练", FOLDS + 1)
        return fit(examples, features, seed=seed, done=progress.add)


def _features(texts: list[str], progress: _Progress) -> np.ndarray:
    import numpy as np

    from luoshen.decode.fitted import encoder_features
    from luoshen.decode.local import shipped_model

    model = shipped_model(0)
    parts = []
    for at in range(0, len(texts), _CHUNK):
        part = texts[at : at + _CHUNK]
        parts.append(encoder_features(model.read(part)))
        progress.add(len(part))
    return np.concatenate(parts)


def _show(decoder: FittedDecoder, out: Path) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from luoshen.decode.fit_card import METRICS, SYSTEMS, interval

    systems = decoder.figures["figures"]
    table = Table(box=box.HORIZONTALS, pad_edge=False)
    table.add_column("")
    metrics = list(systems["fitted"])
    for metric in metrics:
        table.add_column("\n".join(METRICS[metric]), justify="right", no_wrap=True)
    for system, values in systems.items():
        table.add_row(
            "\n".join(SYSTEMS[system]), *(interval(values[metric]).replace(" ", "\n", 1) for metric in metrics)
        )
    console = Console(highlight=False)
    console.print(table)
    works = decoder.figures["data"]["works"]
    click.echo(f"{works} works, cross-validated, 95 % intervals · {works} 篇，交叉验证，95% 区间")
    click.echo(f"model card · 模型卡: {out / 'README.md'}")
    click.echo(f"use it with · 用法: luoshen decode --decoder {out} poem.txt")


def _on_terminal() -> bool:
    return sys.stderr.isatty()


class _Progress:
    """For what takes longer than two seconds: a bar on stderr, or where that is no terminal a line a tenth."""

    def __enter__(self) -> _Progress:
        self._begun = time.monotonic()
        self._bar: Any = None
        self._name, self._total, self._done = "", 0, 0
        return self

    def start(self, name: str, total: int) -> None:
        self._name, self._total, self._done = name, total, 0
        if self._bar is not None:
            self._bar.reset(self._task, description=name, total=total)

    def add(self, count: int = 1) -> None:
        before, self._done = self._done, self._done + count
        if time.monotonic() - self._begun < _PATIENCE:
            return
        if not _on_terminal():
            if self._done * 10 // self._total > before * 10 // self._total:
                click.echo(f"{self._name}: {self._done}/{self._total}", err=True)
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._name, total=self._total)
        self._bar.update(self._task, completed=self._done)

    def __exit__(self, *details: object) -> None:
        if self._bar is not None:
            self._bar.stop()
