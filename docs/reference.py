"""Write what the documentation takes from the program itself: the command reference, and real output.

    python docs/reference.py

In ``cli.md``, what stands between ``from --help: begin`` and ``end`` is every command's help. In any page, what
stands between ``<!-- output: COMMAND -->`` and ``<!-- output: end -->`` is what that command prints.
"""

from __future__ import annotations

import importlib
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


if __name__ == "__main__":
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        page = path.read_text(encoding="utf-8")
        if (made := with_output(page)) != page:
            path.write_text(made, encoding="utf-8")
