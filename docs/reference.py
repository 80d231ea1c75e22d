"""Write what the documentation takes from the program itself: the command reference, and real output.

    python docs/reference.py

In ``cli.md``, what stands between ``from --help: begin`` and ``end`` is every command's help. In any page, what
stands between ``<!-- output: COMMAND -->`` and ``<!-- output: end -->`` is what that command prints; what stands
between ``<!-- figures -->`` and ``<!-- figures: end -->`` is the table of the shipped model's figures.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).with_name("cli.md")
BEGIN, END = "<!-- from --help: begin -->", "<!-- from --help: end -->"
WIDTH = 100
FIGURES = ROOT / "src/luoshen/decode/model/figures.json"
TABLE = re.compile(r"(<!-- figures -->).*?(<!-- figures: end -->)", re.DOTALL)
METRICS = {
    "set_f1": ("基因集合 F1", "set of genes, F1"),
    "first_gene": ("首要基因在读者集合中", "first gene in the reader's set"),
    "map": ("平均精度均值 mAP", "mean average precision"),
    "valence_r": ("情感值相关系数 r", "valence, r"),
    "evidence_f1": ("证据字符 F1", "evidence, character F1"),
    "ece": ("期望校准误差", "expected calibration error"),
    "themes_f1": ("题材 F1", "themes, F1"),
}
OUTPUT = re.compile(r"(<!-- output: (?!end)(.+?) -->\n).*?(<!-- output: end -->)", re.DOTALL)


def commands() -> dict[str, click.Context]:
    """A context of every command by what is typed for it, the group first."""
    # By its full name: the package offers a function that is also called main.
    group: click.Group = importlib.import_module("luoshen.cli.main").group
    settings = {"terminal_width": WIDTH, "max_content_width": WIDTH, "resilient_parsing": True}
    return dict(_walk(group.make_context("luoshen", [], **settings)))


def _walk(context: click.Context) -> Iterator[tuple[str, click.Context]]:
    yield context.command_path, context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield from _walk(click.Context(command, parent=context, info_name=name))


def help_of(context: click.Context) -> str:
    """What ``--help`` prints, at a fixed width."""
    return "\n".join(line.rstrip() for line in context.command.get_help(context).splitlines())


def rewrite(page: str) -> str:
    """``page`` with its generated part made anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    parts = [f"## {name}\n\n```text\n{help_of(context)}\n```" for name, context in commands().items()]
    return before + BEGIN + "\n\n" + "\n\n".join(parts) + "\n\n" + END + after


def output_of(command: str) -> str:
    """What ``luoshen …`` prints, as text, from the root of the repository."""
    program, *arguments = shlex.split(command)
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": str(WIDTH), "NO_COLOR": "1"},
        capture_output=True,
        check=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.decode().strip("\n").splitlines())


def with_output(page: str) -> str:
    """``page`` with what its commands print now."""
    return OUTPUT.sub(lambda place: f"{place[1]}\n```text\n{output_of(place[2])}\n```\n\n{place[3]}", page)


def figures_table(*, chinese: bool) -> str:
    """The held-out figures of the shipped model, beside the floor and the goals, as Markdown."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    metrics, floor = figures["metrics"], figures["floor"]
    count, folds = figures["held_out_works"], figures["folds"]
    if chinese:
        lines = [f"{count} 篇作品，{folds} 折，同一诗人不跨折；标签出自大语言模型读者，不是专家。", ""]
        lines += ["| 指标 | 本模型（95 % 区间） | 字符 TF-IDF | 目标 |", "|---|---|---|---|"]
    else:
        lines = [
            f"On {count} held-out works, {folds} folds, no poet on both sides; labels by language-model readers.",
            "",
        ]
        lines += ["| | ours (95 % interval) | character TF-IDF | goal |", "|---|---|---|---|"]
    for name, (zh, en) in METRICS.items():
        figure = metrics[name]
        value = f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"
        below = f"{floor[name]:.3f}" if name in floor else "–"
        goal = f"{'≤' if figure['direction'] == 'lower' else '≥'} {figure['goal']:.2f}" if "goal" in figure else "–"
        lines.append(f"| {zh if chinese else en} | {value} | {below} | {goal} |")
    return "\n".join(lines)


def with_figures(page: str, *, chinese: bool) -> str:
    """``page`` with the figures of the model that ships now."""
    return TABLE.sub(lambda place: f"{place[1]}\n\n{figures_table(chinese=chinese)}\n\n{place[2]}", page)


if __name__ == "__main__":
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        page = path.read_text(encoding="utf-8")
        made = with_figures(with_output(page), chinese=path.stem.endswith(".zh"))
        if made != page:
            path.write_text(made, encoding="utf-8")
