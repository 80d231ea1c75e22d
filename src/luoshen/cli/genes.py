"""``luoshen genes``: the vocabulary, as a table, gene by gene, or as linked data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
import orjson

from luoshen.genes.vocabulary import Gene, Theme, Vocabulary

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table


@click.command("genes")
@click.argument("name", required=False)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="One language only. 只用一种语言。")
@click.option("--json", "as_json", is_flag=True, help="JSON.")
@click.option("--format", "syntax", type=click.Choice(["turtle", "jsonld"]), help="Linked data (SKOS). 关联数据。")
def genes(name: str | None, lang: str | None, as_json: bool, syntax: str | None) -> None:
    """The aesthetic genes and themes, or one gene in full. 审美基因与题材词表。

    NAME is a gene in Chinese (either script), English or pinyin. 基因名可用简繁中文、英文或拼音。
    """
    if as_json and syntax:
        raise click.UsageError("give --json or --format, not both · --json 与 --format 只能用其一")
    vocabulary = Vocabulary.load()
    gene = vocabulary.find(name) if name is not None else None
    if syntax:
        from luoshen.genes.skos import serialize

        click.echo(serialize({"jsonld": "json-ld"}.get(syntax, syntax), gene.uri if gene else None).rstrip("\n"))
    elif as_json:
        data = {part: value for part, value in asdict(vocabulary).items() if not part.startswith("_")}
        click.echo(orjson.dumps(asdict(gene) if gene else data, option=orjson.OPT_INDENT_2).decode())
    else:
        from rich.console import Console

        # The console wraps by the width of the terminal, and by 80 columns in a pipe.
        console = Console(highlight=False)
        languages = (lang,) if lang else ("zh", "en")
        console.print(_one(gene, languages) if gene else _all(vocabulary, languages))


def _all(vocabulary: Vocabulary, languages: tuple[str, ...]) -> Group:
    from rich.console import Group
    from rich.text import Text

    grouped = {name for group in vocabulary.groups for name in group.genes}
    rest = [gene for gene in vocabulary.genes if gene.name not in grouped]
    table = _table()
    for group in vocabulary.groups:
        for name in group.genes:
            table.add_row(*_row(vocabulary.find(name), languages))
        table.add_section()
    for gene in rest:
        table.add_row(*_row(gene, languages))
    parts: list[RenderableType] = [table]
    parts += [Text(_in(language, vocabulary.note_zh, vocabulary.note_en), style="dim") for language in languages]
    for language in languages:
        names = _in(language, "、", "; ").join(_name(theme, language) for theme in vocabulary.themes)
        parts.append(Text(_in(language, "题材：", "Themes: ") + names))
    return Group(*parts)


def _table() -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.HORIZONTALS, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style="cyan")
    table.add_column(ratio=1, overflow="fold")  # Chinese has no spaces to break at
    return table


def _row(gene: Gene, languages: tuple[str, ...]) -> tuple[str, str, str]:
    names = {"zh": gene.pinyin, "en": gene.name_en}
    definitions = {"zh": gene.definition_zh, "en": gene.definition_en}
    return (
        gene.name,
        "\n".join(names[language] for language in languages),
        "\n".join(definitions[language] for language in languages),
    )


def _one(gene: Gene, languages: tuple[str, ...]) -> Group:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    names = dict.fromkeys([gene.name, gene.name_hant, gene.pinyin, gene.name_en])
    parts: list[RenderableType] = [Text("  ".join(filter(None, names)), style="bold")]
    parts += [Text(_in(language, gene.definition_zh, gene.definition_en)) for language in languages]
    if gene.close:
        parts.append(Text("\n" + _both(languages, "勿与相混", "Not to be confused with"), style="bold"))
    for close in gene.close:
        other = Vocabulary.load().find(close.gene)
        said = [_in(language, close.distinction_zh, close.distinction_en) for language in languages]
        text = Text.assemble((f"{other.name} {other.name_en}", "cyan"), "\n", "\n".join(said))
        parts.append(Padding(text, (0, 0, 0, 2), expand=False))
    if gene.examples:
        parts.append(Text("\n" + _both(languages, "例", "Examples"), style="bold"))
    for number, example in enumerate(gene.examples):
        lines = [example.quote]
        if "zh" in languages:
            lines.append(f"——{example.author}《{example.title}》")
        if "en" in languages:
            lines += [example.translation, f"— {example.author_en}, {example.title_en}"]
        parts.append(Padding(Text("\n".join(lines)), (1 if number else 0, 0, 0, 2), expand=False))
    return Group(*parts)


def _name(concept: Theme, language: str) -> str:
    return _in(language, concept.name, f"{concept.name} {concept.name_en}")


def _in(language: str, chinese: str, english: str) -> str:
    return chinese if language == "zh" else english


def _both(languages: tuple[str, ...], chinese: str, english: str) -> str:
    return " ".join(_in(language, chinese, english) for language in languages)
