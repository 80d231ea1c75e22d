"""What is given on the command line (a text, a file, a folder, a stream) as Works, and what was left out of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from luoshen.errors import InputError
from luoshen.works.report import REASONS, ReadReport
from luoshen.works.work import Work

NAMED = 10  #: of the files and records left out: how many are named
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_DAMAGE = ("unreadable", "bad_record")


def works_given(
    inputs: Iterable[str], report: ReadReport, *, title: str = "", text_column: str | None = None
) -> Iterator[Work]:
    """The works in ``inputs``, in order: ``-`` is standard input, what exists is a file or folder, the rest is a text.

    ``title`` is given to each, in place of its own. Raises :class:`~luoshen.errors.InputError` for a path that is not
    there, a file that cannot be read, and a text that is none; what is left out of folders and tables is counted in
    ``report``. Where no work is left, that is an error too.
    """
    from luoshen.works.reading import read

    any_work = False
    for given in inputs:
        if given == "-":
            stream: BinaryIO = sys.stdin.buffer
            works = read(stream, text_column=text_column, report=report)
        elif _is_path(given):
            works = read(given, text_column=text_column, report=report)
        else:
            works = iter([Work(_typed(given))])
        for work in works:
            any_work = True
            yield replace(work, title=_typed(title)) if title else work
    if not any_work:
        raise InputError(f"no work in what was given · 所给输入里没有作品{''.join(_told(report)[:1])}")


def _is_path(given: str) -> bool:
    """A path that exists; and what looks like one, so that a mistyped name is not read as a poem."""
    try:
        if os.path.lexists(given):
            return True
    except ValueError:  # a NUL
        return False
    if _looks_like_a_path(given):
        raise InputError(
            f"{given}: there is no such file or folder; give a text that is meant as one by - (standard input)"
            " · 没有这个文件或文件夹；若是正文，请用 - 从标准输入给出"
        )
    return False


def _looks_like_a_path(given: str) -> bool:
    """A short line with a suffix; without a Han character, and either one word or with a separator; or in a folder."""
    if not (0 < len(given) < 200 and given.isprintable() and any(map(str.isalnum, given))):
        return False
    folder, separator, name = given.rpartition("/") if os.sep == "/" else given.replace("\\", "/").rpartition("/")
    suffix = name.strip(".").rpartition(".")[2] if "." in name.strip(".") else ""
    if suffix.isascii() and suffix.isalnum() and len(suffix) <= 5 and " " not in given:
        return True
    if separator and Path(folder or "/").is_dir():
        return True
    return not _HAN.search(given) if separator else given.isascii() and " " not in given


def _typed(text: str) -> str:
    """Text from the command line; bytes that were not UTF-8 arrive as lone surrogates."""
    from luoshen.works.encoding import decode as decode_bytes

    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return decode_bytes(os.fsencode(text), "the command line")
        except UnicodeEncodeError as error:
            raise InputError(
                f"the text holds half a character (a lone surrogate) at {error.start}; take it out · 文本含半个字符"
            ) from error
    if "\0" in text:
        raise InputError("the text holds a NUL character; take it out · 文本含空字符")
    return text


def say_left_out(report: ReadReport) -> bool:
    """Name on standard error what was left out, up to :data:`NAMED`; True if some of it is damaged.

    Files of other kinds, links and the like are left out by rule; a file or record that cannot be read is damaged.
    """
    records, files = report.left_out.total(), report.files_left_out.total()
    if records or files:
        from luoshen.cli.show import visible

        click.echo(
            f"luoshen: left out {records} records and {files} files · 略过 {records} 条、{files} 个文件", err=True
        )
        told = _told(report)[:NAMED]
        for line in told:
            click.echo(visible(f"  {line}"), err=True)
        if (more := records + files - len(told)) > 0:
            click.echo(f"  … {more} more · 另有 {more} 项", err=True)
    return any(report.left_out[reason] or report.files_left_out[reason] for reason in _DAMAGE)


def _told(report: ReadReport) -> list[str]:
    """A line for each example of what was left out, the damaged first."""
    lines = []
    for reason in sorted({*report.left_out, *report.files_left_out}, key=lambda reason: reason not in _DAMAGE):
        zh, en = REASONS[reason]
        for example in report.examples.get(reason, ()):
            place, detail = example["place"], example["detail"]
            # The message of an error has the place and the reason in it.
            lines.append(f"{detail} · {zh}" if detail.startswith(place) else f"{place}: {en} · {zh}")
    return lines
