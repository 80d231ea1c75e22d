"""``luoshen prosody``: form, rhyme, tones at their places, and every fault and licence with its reason."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import orjson

from luoshen.cli.inputs import NAMED, say_left_out, works_given
from luoshen.cli.show import visible
from luoshen.cli.words import Lang, language
from luoshen.prosody import Finding, Scanned, Verdict, analyse
from luoshen.prosody.lines import STOPS
from luoshen.prosody.wording import numeral
from luoshen.works.report import ReadReport
from luoshen.works.script import view
from luoshen.works.work import Work

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_MARKS = {"平": "○", "仄": "●", "中": "◎", "？": "？"}
#: What a character's verdict adds to its mark, and its colour.
_JUDGED = {"拗": ("×", "bold red"), "拗已救": ("△", "yellow"), "救": ("√", "green"), "unknown": ("", "dim")}
_RHYME = "bold magenta"
_CELL = 3  #: columns of the terminal for one character: two of its own and a blank
_INDENT = 2
_WORDS = 40  #: rhyme words that the summary names; the verse marks them all


@click.command("prosody")
@click.argument("inputs", nargs=-1, required=True, metavar="TEXT|FILE|FOLDER|-")
@click.option(
    "--title",
    default="",
    help="Title, in place of the one that stands there; may name a tune. 题目，代替原有的，可含词牌。",
)
@click.option(
    "--json", "as_json", is_flag=True, help="With the reason for every character. One indented, several a line each."
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Language of the output (default: the locale's). 界面语言。"
)
@click.option("--script", type=click.Choice(["simplified", "traditional"]), help="Show the text in this script. 简繁。")
def prosody(inputs: tuple[str, ...], title: str, as_json: bool, lang: str | None, script: str | None) -> None:
    """Form, rhyme and tones, with reasons. 辨体裁、押韵与平仄，并说明理由。

    \b
    luoshen prosody "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
    luoshen prosody poem.txt --lang zh
    luoshen prosody poems/ --json > verdicts.jsonl

    ○ level 平, ● oblique 仄, ◎ either 可平可仄; above the line what the place wants, below it what stands there:
    × breaks the pattern 拗, △ breaks it and is healed 拗已救, √ heals 救.
    """
    report = ReadReport(max_examples=NAMED)
    works = works_given(inputs, report, title=title)
    if as_json:
        _write_json(works)
    else:
        _print(works, language(lang), script)
    if say_left_out(report):
        sys.exit(2)


def _write_json(works: Iterator[Work]) -> None:
    out = sys.stdout.buffer
    first = list(itertools.islice(works, 2))
    if len(first) == 1:
        out.write(orjson.dumps(_data(first[0]), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    else:
        for work in itertools.chain(first, works):
            out.write(orjson.dumps(_data(work), option=orjson.OPT_APPEND_NEWLINE))
    out.flush()


def _data(work: Work) -> dict[str, Any]:
    known = {"id": work.id, "title": work.title, "author": work.author, "dynasty": work.dynasty, "text": work.text}
    return known | analyse(work).to_dict()


def _print(works: Iterator[Work], lang: Lang, script: str | None) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for work in works:
        verdict = analyse(work)
        for part in _shown(work, verdict, lang, script, (console.width - _INDENT) // _CELL):
            console.print(part)
        console.print()
    console.print(
        Text(
            "上行格律，下行实际：○ 平  ● 仄  ◎ 可平可仄  × 拗  △ 拗已救  √ 救  韵 韵脚"
            if lang == "zh"
            else "above: the pattern, below: the tones. ○ level  ● oblique  ◎ either\n"
            "× breaks the pattern  △ breaks it and is healed  √ heals  韵 rhyme",
            style="dim",
        )
    )


def _shown(work: Work, verdict: Verdict, lang: Lang, script: str | None, columns: int) -> Iterator[RenderableType]:
    """The verdict, part by part, so that a book need not be held."""
    from rich.text import Text

    by = " · ".join(filter(None, (work.dynasty, work.author)))
    if work.title or by:
        heading = Text(visible(view(work.title, script)), style="bold")
        yield heading.append(f"{'  ' if heading and by else ''}{visible(view(by, script))}", style="dim")
    yield from _facts(verdict, lang)
    yield from _verse(work, verdict, script, columns)
    if verdict.lines:
        yield Text()
    for findings, sign, style in ((verdict.faults, "×", "red"), (verdict.notes, "·", "cyan")):
        for finding in findings:
            yield _finding(finding, verdict, lang, sign, style)


def _facts(verdict: Verdict, lang: Lang) -> Iterator[Text]:
    from rich.text import Text

    zh = lang == "zh"
    data = verdict.to_dict(characters=False)
    form = Text.assemble((verdict.form, "bold"), "" if zh else f" {verdict.form_en}")
    form.append(f"  {verdict.confidence:.0%}", style="dim")
    yield form
    yield Text(data["form_reason_zh" if zh else "form_reason"], style="dim")
    if verdict.tune is not None:
        tune = verdict.tune
        yield Text(
            f"{'曲' if verdict.form == '曲' else '词'}牌 {tune.name}，第{numeral(tune.variant + 1)}体，"
            f"语料{tune.works}首中{tune.count}首同体"
            if zh
            else f"tune {tune.name}, variant {tune.variant + 1}: {tune.count} of {tune.works} works in the corpus"
        )
    if not verdict.rhyme_words:
        return
    words = " ".join(word.char if word.group else f"{word.char}×" for word in verdict.rhyme_words[:_WORDS])
    if len(verdict.rhyme_words) > _WORDS:
        words += f" … ({len(verdict.rhyme_words)})"
    groups = "、".join(verdict.rhyme_groups) or verdict.rhyme_group or ("无" if zh else "none")
    rhyme = Text.assemble("押韵 " if zh else "rhyme ", (groups, "bold"))
    if verdict.rhyme_book:
        rhyme.append(f"（{verdict.rhyme_book}）" if zh else f" ({verdict.rhyme_book})")
    rhyme.append(f"：{words}" if zh else f": {words}", style=_RHYME)
    if verdict.first_line_rhymes:
        rhyme.append("，首句入韵" if zh else ", first line rhymes", style="dim")
    yield rhyme


class _Cell(NamedTuple):
    """One character, what stands above and below it, and its colour."""

    above: str
    char: str
    below: str
    style: str = ""


def _verse(work: Work, verdict: Verdict, script: str | None, columns: int) -> Iterator[Text]:
    """Sentences a row each, as far as they fit: the pattern, the characters, their tones."""
    shown = view(work.text, script)
    judged = {character.start: character.verdict for character in verdict.characters}
    rhymes = {word.start for word in verdict.rhyme_words}
    row: list[_Cell] = []
    for scanned in verdict.lines:
        cells = _cells(scanned, shown, judged, rhymes, verdict.form == "曲")
        if row and len(row) + len(cells) > columns:
            yield from _row(row)
            row = []
        row += cells
        while len(row) > columns:
            yield from _row(row[:columns])
            row = row[columns:]
        if scanned.line.stop in STOPS or not scanned.line.stop.strip():
            yield from _row(row)
            row = []
    yield from _row(row)


def _cells(scanned: Scanned, shown: str, judged: dict[int, str], rhymes: set[int], qu: bool) -> list[_Cell]:
    line = scanned.line
    cells = []
    for place, (char, tone) in enumerate(zip(line.text, scanned.tones, strict=True)):
        at = line.place(place)
        sign, style = _JUDGED.get(judged.get(at, ""), ("", ""))
        wanted = scanned.pattern[place] if scanned.pattern else ""
        above = "" if qu and wanted == "中" else _MARKS.get(wanted, "")  # of a qu tune the ends alone are learned
        cells.append(
            _Cell(above, char if char == "□" else shown[at], _MARKS[tone] + sign, _RHYME if at in rhymes else style)
        )
    ends = line.text != "" and line.place(-1) in rhymes
    cells.append(_Cell("", line.stop if line.stop.isprintable() else "", "韵" if ends else ""))
    return cells


def _row(cells: list[_Cell]) -> Iterator[Text]:
    from rich.text import Text

    if not cells:
        return
    above, chars, below = (Text(" " * _INDENT, no_wrap=True) for _ in range(3))
    for cell in cells:
        above.append(_padded(cell.above), style="dim")
        chars.append(_padded(cell.char), style=cell.style or "bold")
        below.append(_padded(cell.below), style=cell.style)
    yield Text("\n").join([Text(), *([above] if above.plain.strip() else []), chars, below])


def _padded(text: str) -> str:
    from rich.cells import cell_len

    return text + " " * (_CELL - cell_len(text))


def _finding(finding: Finding, verdict: Verdict, lang: Lang, sign: str, style: str) -> Text:
    from rich.text import Text

    told = finding.to_dict()
    held = (s.line.start <= finding.start and finding.end <= s.line.end for s in verdict.lines)
    place = next((n for n, within in enumerate(held, 1) if within), None)  # none: it is of the whole work
    name, reason = (told["name_zh"], told["reason_zh"]) if lang == "zh" else (told["name_en"], told["reason"])
    where = "" if place is None else f"第{numeral(place)}句 " if lang == "zh" else f"line {place} "
    return Text.assemble(f"{sign} ", (where, "dim"), (name, style), "：" if lang == "zh" else ": ", reason)
