"""``luoshen card``: what the shipped model is, how it was made, how well it does, and where it fails."""

from __future__ import annotations

import click
import orjson

from luoshen.cli.words import language
from luoshen.decode.local import MODEL_FOLDER
from luoshen.errors import ModelError


@click.command("card")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the card (default: the locale's). 语言。")
@click.option("--json", "as_json", is_flag=True, help="The measured figures alone. 只输出测得的数据。")
def card(lang: str | None, as_json: bool) -> None:
    """The card of the shipped model: data, method, figures, limits. 随附模型的说明卡。

    Markdown when the output is not a terminal: luoshen card > CARD.md
    """
    if as_json:
        text = _text("figures.json")
        try:
            figures = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise ModelError(_message("figures.json", f"damaged ({error.msg})", "已损坏")) from error
        click.echo(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())
        return
    text = _text("CARD.zh.md" if language(lang) == "zh" else "CARD.md")
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        click.echo(text, nl=False)


def _text(name: str) -> str:
    try:
        return (MODEL_FOLDER / name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ModelError(_message(name, f"missing or unreadable ({error})", "缺失或无法读取")) from error


def _message(name: str, problem: str, chinese: str) -> str:
    return f"{MODEL_FOLDER / name}: {problem}; install luoshen again · {chinese}，请重新安装 luoshen"
