"""The one door: a file, a folder or a stream in any format that people have, into a stream of Works."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from luoshen.errors import FormatError, InputError
from luoshen.works.chinese_poetry import Collection, collection_of, find_dist, read_package_file
from luoshen.works.encoding import decode
from luoshen.works.json_file import read_json
from luoshen.works.jsonl import read_jsonl
from luoshen.works.plain import read_plain
from luoshen.works.records import Columns
from luoshen.works.report import Item, ReadReport
from luoshen.works.tables import read_table
from luoshen.works.tei import read_tei
from luoshen.works.work import Work

_FORMATS = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "plain",
    ".markdown": "plain",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".xml": "tei",
    ".tei": "tei",
}
_IN_MEMORY = 1 << 24  #: bytes of a stream that cannot seek which are held in memory, not in a temporary file


def read(
    path: str | os.PathLike[str] | BinaryIO,
    *,
    text_column: str | None = None,
    title_column: str | None = None,
    author_column: str | None = None,
    id_column: str | None = None,
    report: ReadReport | None = None,
) -> Iterator[Work]:
    """The works in a file, in a stream, or in a folder, walked in order; ``chinese-poetry`` is read by its own rules.

    Formats: plain text, Markdown, JSON, JSON Lines, CSV, TSV and TEI P5, in UTF-8, UTF-16, GB18030 or Big5. A stream,
    and a file whose suffix says nothing, is told by its first characters. The ``…_column`` arguments name the fields of
    tables and JSON records where they are not the usual ones. What cannot be read is counted in ``report``, with
    examples, and passed over; a single file that cannot be read at all raises
    :class:`~luoshen.errors.FormatError` or :class:`~luoshen.errors.EncodingError` instead.
    """
    columns = Columns(text_column, title_column, author_column, id_column)
    report = report if report is not None else ReadReport()
    if not isinstance(path, str | os.PathLike):
        return _counted(_read_stream(path, columns), report)
    place = Path(path)
    if not place.exists():
        raise InputError(f"{place}: there is no such file or folder")
    if place.is_dir():
        return _read_folder(place, columns, report)
    if not place.is_file():
        raise InputError(f"{place}: neither a file nor a folder")
    dist = find_dist(place.absolute())
    if dist is not None:
        name = place.absolute().relative_to(dist).as_posix()
        collection = collection_of(name)
        if isinstance(collection, Collection):
            return _counted(read_package_file(place.read_bytes(), name, collection), report)
    return _counted(_read_file(place, place.name, columns), report)


def _counted(items: Iterator[Item], report: ReadReport) -> Iterator[Work]:
    report.files_read += 1
    for item in items:
        report.count(item)
        if isinstance(item, Work):
            yield item


def _read_folder(folder: Path, columns: Columns, report: ReadReport) -> Iterator[Work]:
    here = folder.absolute()
    dist = find_dist(here)
    if dist is not None and dist.is_relative_to(here):
        here = dist  # the package's README and the like are no works
    for path in _walk(here, report):
        name = path.relative_to(dist or here).as_posix()
        try:
            if dist is not None:
                collection = collection_of(name)
                if isinstance(collection, str):
                    report.leave_out_file(name, collection)
                    continue
                items = read_package_file(path.read_bytes(), name, collection)
            elif path.suffix.lower() in _FORMATS:
                items = _read_file(path, name, columns)
            else:
                report.leave_out_file(name, "unknown_format", f"known suffixes: {' '.join(_FORMATS)}")
                continue
            yield from _counted(items, report)
        except (InputError, OSError) as error:
            report.leave_out_file(name, "unreadable", str(error))


def _walk(folder: Path, report: ReadReport) -> Iterator[Path]:
    """Plain files below ``folder``, in order. No link is followed: what it points to is read there, if ours."""
    for entry in sorted(folder.iterdir(), key=_natural):
        name = str(entry)
        if entry.is_symlink():
            inside = entry.resolve().is_relative_to(folder.resolve())
            report.leave_out_file(
                name, "symlink", f"to {entry.readlink()}, {'inside' if inside else 'outside'} its folder"
            )
        elif entry.name.startswith("."):
            report.leave_out_file(name, "hidden")
        elif entry.is_dir():
            yield from _walk(entry, report)
        elif stat.S_ISREG(entry.stat().st_mode):
            yield entry
        else:
            report.leave_out_file(name, "not_a_file")


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """A key that puts ``poet.tang.2000`` before ``poet.tang.10000``."""
    parts: list[tuple[int, int, str]] = []
    for part in path.name.split("."):
        parts.append((0, int(part), "") if part.isascii() and part.isdigit() and len(part) < 19 else (1, 0, part))
    return parts


def _read_file(path: Path, name: str, columns: Columns) -> Iterator[Item]:
    name, stem = (os.fsencode(each).decode("utf-8", "replace") for each in (name, path.stem))
    with path.open("rb") as stream:
        yield from _read_format(stream, _FORMATS.get(path.suffix.lower()) or _sniff(stream), columns, name, stem)


def _read_stream(stream: BinaryIO, columns: Columns) -> Iterator[Item]:
    """A stream that may not seek, such as standard input, in whatever format it is."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield from _read_format(copy, _sniff(copy), columns, "stdin", "")  # type: ignore[arg-type]


def _read_format(stream: BinaryIO, kind: str, columns: Columns, name: str, stem: str) -> Iterator[Item]:
    if kind == "json":
        return read_json(stream, columns, name=name)
    if kind == "jsonl":
        return read_jsonl(stream, columns, name=name)
    if kind == "table":
        return read_table(stream, columns, name=name)
    data = stream.read()
    if not data.strip():
        raise FormatError(f"{name}: empty")
    if kind == "tei":
        return read_tei(data, name=name)
    return read_plain(decode(data, name), name=name, stem=stem)


def _sniff(stream: BinaryIO | tempfile.SpooledTemporaryFile[bytes]) -> str:
    """The format, from the first characters."""
    head = stream.read(4096)
    stream.seek(0)
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return "tei"
    # A brace before Han is a composed character, {木*子}, at the head of a poem.
    record = start.startswith(b"{") and start[1:2].isascii()
    if record or (start.startswith(b"[") and start[1:].lstrip()[:1] in (b"{", b'"', b"]")):
        return "json"
    return "plain"
