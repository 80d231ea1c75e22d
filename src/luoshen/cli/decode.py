"""``luoshen decode``: a text, a file, a folder or a stream into Profiles."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from luoshen.cli.inputs import NAMED, say_left_out, works_given
from luoshen.errors import InputError
from luoshen.works.report import ReadReport
from luoshen.works.work import Work

if TYPE_CHECKING:
    from luoshen.genes.profile import Profile

_MANY = 200  #: works for a progress bar to appear
_THERE = click.Path(exists=True, path_type=Path)


@click.command("decode")
@click.argument("inputs", nargs=-1, metavar="TEXT|FILE|FOLDER|-")
@click.option("--json", "as_json", is_flag=True, help="Profiles as JSON: one indented, several a line each.")
@click.option(
    "--jsonl",
    metavar="FILE|-",
    help='Read one {"id", "text", "title"?} a line; write one Profile a line, in order. 每行一篇,逐行输出。',
)
@click.option("--all-genes", is_flag=True, help="Add every gene's confidence to the JSON. 输出全部 26 项的置信度。")
@click.option("--embedding", is_flag=True, help="Add the embedding to the JSON. 输出向量。")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language (default: the locale's). 界面语言。")
@click.option("--script", type=click.Choice(["simplified", "traditional"]), help="Show the text in this script. 简繁。")
@click.option("--title", default="", help="Title, in place of the one that stands there. 题目，代替原有的。")
@click.option("--reader", type=click.Choice(["local", "hosted"]), default="local", help="Who reads. 由谁来读。")
@click.option(
    "--decoder", type=click.Path(exists=True, path_type=Path), help="A decoder made by `luoshen fit`. 自训模型。"
)
@click.option(
    "--against", type=click.Path(exists=True, path_type=Path), help="Find allusions to these earlier works. 找典源。"
)
@click.option("--text-column", help="The column that holds the text, in CSV or JSON. 正文所在的列。")
@click.option("--picture", type=click.Path(path_type=Path), help="Draw the (first) Profile as SVG here. 画成图。")
@click.option("--workers", type=click.IntRange(1), help="Processes for many works (default: one a processor). 进程数。")
def decode(inputs: tuple[str, ...], **options: Any) -> None:
    """Decode works into their aesthetic genes, with the words that carry each. 解读作品的审美基因。

    \b
    luoshen decode "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
    luoshen decode poem.txt --lang zh --script traditional
    luoshen decode poems/ --json > profiles.jsonl
    luoshen decode --jsonl works.jsonl > profiles.jsonl
    luoshen decode poem.txt --picture poem.svg

    Exit status: 0 all decoded, though a folder may hold files of other kinds; 2 bad input, such as a file, record or
    line that cannot be read: the rest is decoded all the same. 退出状态：0 全部解读；2 输入有误，其余照常解读。
    """
    if options["jsonl"]:
        if inputs:
            raise click.UsageError("give --jsonl or inputs, not both · --jsonl 与输入只能用其一")
        _jsonl(options)
        return
    if not inputs:
        raise click.UsageError("nothing to decode: give a text, a file, a folder, or - · 请给出文本、文件、文件夹或 -")
    report = ReadReport(max_examples=NAMED)
    works = works_given(inputs, report, title=options["title"], text_column=options["text_column"])
    if options["reader"] == "hosted":
        _hosted(works, options)
    else:
        _local(works, options)
    if say_left_out(report):
        sys.exit(2)


def _local(works: Iterator[Work], options: dict[str, Any]) -> None:
    from luoshen.decode.stream import Settings, decode_works, load_here

    settings = _settings(options, Settings)
    if options["as_json"]:
        first = list(itertools.islice(works, 2))
        several = len(first) > 1
        if options["picture"] or not several:
            profile = load_here(settings, 0).decode(first[:1])[0]
        if options["picture"]:
            _draw(first[0], profile, options)
        if several:
            _stream(itertools.chain(first, works), decode_works, lambda w: len(w.text), settings, options)
            return
        data = profile.to_dict(all_genes=settings.all_genes)
        if not settings.embedding:
            data.pop("embedding", None)
        click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
        return
    decoder = load_here(settings, 0)
    _people(((work, decoder.decode([work])[0]) for work in works), options)


def _settings(options: dict[str, Any], kind: Any) -> Any:
    fitted, against = options["decoder"], options["against"]
    return kind(
        fitted=str(fitted) if fitted else None,
        against=str(against) if against else None,
        all_genes=options["all_genes"],
        embedding=options["embedding"],
    )


def _hosted(works: Iterator[Work], options: dict[str, Any]) -> None:
    from platformdirs import user_cache_path

    from luoshen.decode.decoder import complete
    from luoshen.decode.hosted import HostedReader

    reuse = None
    if options["against"]:
        from luoshen.decode.allusion import index_for

        reuse = index_for(options["against"])
    with HostedReader(cache_dir=user_cache_path("luoshen", appauthor=False) / "hosted") as reader:
        first = list(itertools.islice(works, 2))
        works = itertools.chain(first, works)
        pairs = ((work, complete(reader.read(work), work, reuse)) for work in works)
        if options["as_json"]:
            indent = orjson.OPT_INDENT_2 if len(first) == 1 else 0
            for number, (work, profile) in enumerate(pairs):
                if number == 0 and options["picture"]:
                    _draw(work, profile, options)
                data = profile.to_dict(all_genes=options["all_genes"])
                sys.stdout.buffer.write(orjson.dumps(data, option=orjson.OPT_APPEND_NEWLINE | indent))
        else:
            _people(pairs, options)
        click.echo(str(reader.cost), err=True)


def _people(pairs: Iterable[tuple[Work, Profile]], options: dict[str, Any]) -> None:
    from rich.console import Console

    from luoshen.cli.show import render
    from luoshen.cli.words import language

    lang = language(options["lang"])
    against = str(options["against"]) if options["against"] else None
    console = Console(highlight=False)
    for number, (work, profile) in enumerate(pairs):
        if number == 0 and options["picture"]:
            _draw(work, profile, options)
        console.print(render(work, profile, lang, options["script"], against))
        console.print()


def _draw(work: Work, profile: Profile, options: dict[str, Any]) -> None:
    from luoshen.cli.picture import picture
    from luoshen.cli.words import language

    target: Path = options["picture"]
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(picture(work, profile, language(options["lang"])), encoding="utf-8")
        part.replace(target)
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror}) · 无法写入") from error
    click.echo(f"{target}", err=True)


def _jsonl(options: dict[str, Any]) -> None:
    from luoshen.decode.stream import Settings, decode_lines

    settings: Settings = _settings(options, Settings)
    source = options["jsonl"]
    if source == "-":
        _stream(enumerate(sys.stdin.buffer, 1), decode_lines, lambda line: len(line[1]), settings, options)
        return
    settings = settings._replace(source=os.fsencode(source).decode("utf-8", "replace"))
    try:
        with Path(source).open("rb") as lines:
            _stream(enumerate(lines, 1), decode_lines, lambda line: len(line[1]), settings, options)
    except (OSError, ValueError) as error:
        raise InputError(f"{source}: cannot be read ({error}) · 无法读取") from error


def _stream(items: Iterable[Any], task: Any, size: Any, settings: Any, options: dict[str, Any]) -> None:
    from luoshen.decode.stream import stream

    out = sys.stdout.buffer
    errors = 0
    with _Progress() as progress:
        for lines in stream(items, task, size, settings, options["workers"]):
            out.write(lines.data)
            errors += lines.errors
            progress.add(lines.profiles + lines.errors)
    out.flush()
    if errors:
        click.echo(f'luoshen: {errors} lines could not be read, see "error" · {errors} 行无法读取', err=True)
        sys.exit(2)


class _Progress:
    """Works done and the rate, on stderr, when it is a terminal and the work is long."""

    def __enter__(self) -> _Progress:
        self._done = 0
        self._bar: Any = None
        return self

    def add(self, count: int) -> None:
        self._done += count
        if self._bar is None and self._done >= _MANY and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            columns = (SpinnerColumn(), TextColumn("{task.completed} works · {task.speed:.0f}/s"), TimeElapsedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("decode", total=None)
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)

    def __exit__(self, *details: object) -> None:
        if self._bar is not None:
            self._bar.stop()
