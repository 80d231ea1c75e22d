"""What is given on the command line (a text, a file, a folder, a stream) as Works, and what was left out of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

import click

from luoshen.errors import InputError
from luoshen.works.report import ReadReport
from luoshen.works.work import Work


def works_given(
    inputs: Iterable[str], report: ReadReport, *, title: str = "", text_column: str | None = None
) -> Iterator[Work]:
    """The works in ``inputs``, in order: ``-`` is standard input, what exists is a file or folder, the rest is a text.

    ``title`` is given to each, in place of its own. Raises :class:`~luoshen.errors.InputError` for a path that is not
    there, a file that cannot be read, and a text that is none; what is left out of folders and tables is counted in
    ``report``.
    """
    from luoshen.works.reading import read

    for given in inputs:
        if given == "-":
            stream: BinaryIO = sys.stdin.buffer
            works = read(stream, text_column=text_column, report=report)
        elif _is_path(given):
            works = read(given, text_column=text_column, report=report)
        else:
            works = iter([Work(_typed(given))])
        yield from (replace(work, title=_typed(title)) for work in works) if title else works


def _is_path(given: str) -> bool:
    """A path that exists; and what looks like one, so that a mistyped name is not read as a poem."""
    try:
        if os.path.lexists(given):
            return True
    except ValueError:  # a NUL
        return False
    name = given.rsplit("/", 1)[-1]
    if len(given) < 200 and given.isprintable() and "\n" not in given and "." in name.strip("."):
        suffix = name.rsplit(".", 1)[-1]
        if suffix.isascii() and suffix.isalnum() and len(suffix) <= 5 and " " not in given:
            raise InputError(f"{given}: there is no such file · 没有这个文件")
    return False


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


def say_left_out(report: ReadReport) -> None:
    """On standard error: how many records and files were left out, if any were."""
    records, files = report.left_out.total(), report.files_left_out.total()
    if records or files:
        click.echo(
            f"luoshen: left out {records} records and {files} files · 略过 {records} 条、{files} 个文件", err=True
        )
