"""``luoshen``: the group of commands, and the one place where errors become exit statuses."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from luoshen.errors import InputError, LuoshenError

#: Loaded only when called, so that each command starts with what it needs and no more.
COMMANDS = {
    "decode": "luoshen.cli.decode",
    "prosody": "luoshen.cli.prosody",
    "genes": "luoshen.cli.genes",
    "fit": "luoshen.cli.fit",
    "card": "luoshen.cli.card",
}


class LazyGroup(click.Group):
    """Commands by module; their errors end in one line and exit status 2 (bad input) or 1 (ours)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order that a reader meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, its module loaded now."""
        module = COMMANDS.get(cmd_name)
        return getattr(importlib.import_module(module), cmd_name) if module else None

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse the group's own options; keep the arguments, which may ask for a language."""
        given = list(args)
        try:
            context = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _told(error, given) from error
        context.meta["luoshen.arguments"] = given
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of ours is one line."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _told(error, ctx.meta["luoshen.arguments"]) from error
        except LuoshenError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"luoshen: {error}", err=True)
            ctx.exit(2 if isinstance(error, InputError) else 1)


def _told(error: click.UsageError, arguments: list[str]) -> click.UsageError:
    from luoshen.cli.usage import told

    return told(error, arguments)


@click.group(cls=LazyGroup)
@click.version_option(package_name="luoshen")
@click.option("--debug", is_flag=True, help="Show the traceback of an error. 出错时显示调用栈。")
def _group(debug: bool) -> None:
    """Decode classical Chinese literature into its aesthetic genes. 解读中国古典文学的审美基因。

    \b
    luoshen decode 关山月.txt
    luoshen decode "空山不见人，但闻人语响。"
    luoshen genes 空灵
    """


#: The click group; what documentation and tests walk.
group = _group


def main() -> None:
    """Run the command line."""
    if hasattr(sys.stdout, "reconfigure"):
        # A lone surrogate in a file name must not end a listing in a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    group(prog_name="luoshen")
