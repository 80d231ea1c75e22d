"""Write the command reference in ``docs/cli.md`` from the commands' own help.

    python docs/reference.py

What stands between the two markers is generated; the rest of the page is written by hand.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import click

PAGE = Path(__file__).with_name("cli.md")
BEGIN, END = "<!-- from --help: begin -->", "<!-- from --help: end -->"
WIDTH = 100


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


if __name__ == "__main__":
    PAGE.write_text(rewrite(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
