"""Usage errors in the language that was chosen: Click's own say everything in English.

Ours hold both languages, parted by `` · ``. Where Click says something that is not known here, its English stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import IO, Any

import click

from luoshen.cli.words import language

#: What Click (8.1 to 8.5) says, and how it is said in Chinese. Groups named ``x…`` are sentences, told in their turn.
_SENTENCES = tuple(
    (re.compile(english, re.DOTALL), chinese)
    for english, chinese in (
        (r"Missing (?:argument|parameter)(?: (?P<name>.+?))?\.(?: (?P<x>.+))?", "缺少参数{name}。{x}"),
        (r"Missing option(?: (?P<name>.+?))?\.(?: (?P<x>.+))?", "缺少选项{name}。{x}"),
        (r"Missing command\.", "缺少命令。"),
        (r"No such option:? (?P<name>\S+?)\.?(?: (?P<x>.+))?", "没有选项{name}。{x}"),
        (r"No such command (?P<name>.+?)\.(?: (?P<x>.+))?", "没有命令{name}。{x}"),
        (r"Did you mean (?P<name>.+)\?", "是否指{name}？"),
        (r"\((?:Did you mean one of|Possible options): (?P<name>.+?)\??\)", "是否指{name}？"),
        (r"Choose from:\s*(?P<name>.+)", "可选：{name}。"),
        (r"Got unexpected extra arguments? \((?P<name>.+)\)", "多出参数{name}。"),
        (r"Option (?P<name>.+) requires an argument\.", "选项{name}须带值。"),
        (r"Option (?P<name>.+) does not take a value\.", "选项{name}不带值。"),
        (r"Invalid value for (?P<name>.+?): (?P<x>.+)", "{name}的值不可用：{x}"),
        (r"Invalid value: (?P<x>.+)", "值不可用：{x}"),
        (r"(?P<name>.+) is not (?:one of )?(?P<names>'.+')\.", "{name}不在可选之列：{names}。"),
        (r"(?P<name>.+) is not in the range (?P<range>.+)\.", "{name}不在范围 {range} 之内。"),
        (r"(?P<name>.+) is not a valid (?:integer|float|number)(?: range)?\.", "{name}不是数。"),
        (r"(?:Path|File|Directory) (?P<name>.+) does not exist\.", "没有{name}这个文件或文件夹。"),
        (r"(?:Path|File|Directory) (?P<name>.+) is a file\.", "{name}是文件，须是文件夹。"),
        (r"(?:Path|File|Directory) (?P<name>.+) is a directory\.", "{name}是文件夹，须是文件。"),
        (r"(?:Path|File|Directory) (?P<name>.+) is not readable\.", "{name}不可读。"),
        (r"(?:Path|File|Directory) (?P<name>.+) is not writable\.", "{name}不可写。"),
    )
)
_QUOTED = re.compile(r"'([^']*)'")


def told(error: click.UsageError, arguments: Sequence[str]) -> click.UsageError:
    """``error`` in the language that ``arguments`` ask for, or that of the locale."""
    if type(error).show is not click.UsageError.show:  # help in place of an error
        return error
    message = error.format_message()
    clicks = _chinese(message)
    english, parted, ours = message.partition(" · ")
    if language(_asked(arguments)) == "zh":
        return _Usage(clicks or ours or message, error.ctx)
    return click.UsageError(english, error.ctx) if parted and clicks is None else error


def _chinese(message: str) -> str | None:
    """What Click says, in Chinese; ``None`` for what it does not say."""
    for pattern, chinese in _SENTENCES:
        if found := pattern.fullmatch(message.strip()):
            parts = found.groupdict("")
            return chinese.format(**{k: _chinese(v) or v if k == "x" else _names(v) for k, v in parts.items()})
    return None


def _names(given: str) -> str:
    """Names as Chinese quotes them; those that stand one a line, in a row."""
    listed = "、".join(part.strip() for part in re.split(r",\s+", given))
    return _QUOTED.sub(r"“\1”", listed).replace("”、“", "”“").replace("” / “", "”“")


class _Usage(click.UsageError):
    """A usage error that speaks Chinese."""

    def show(self, file: IO[Any] | None = None) -> None:
        """As Click shows its own."""
        if self.ctx is not None:
            usage = self.ctx.get_usage().replace("Usage: ", "用法：", 1)
            click.echo(f"{usage}\n详见 {self.ctx.command_path} --help\n", file=file, err=file is None)
        click.echo(f"错误：{self.message}", file=file, err=file is None)


def _asked(arguments: Sequence[str]) -> str | None:
    """The value of the last ``--lang``; parsing may have failed before it was read."""
    last = None
    for argument, after in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument == "--lang":
            last = after
        elif argument.startswith("--lang="):
            last = argument.partition("=")[2]
    return last
