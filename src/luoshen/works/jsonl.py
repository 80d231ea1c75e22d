"""JSON Lines: one record a line, and a bad line never stops the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from luoshen.works.records import Columns, work_from_record
from luoshen.works.report import Item, Rejected

_BOM = b"\xef\xbb\xbf"


def read_jsonl(
    lines: Iterable[bytes], columns: Columns | None = None, *, name: str = "stdin", first: int = 1
) -> Iterator[Item]:
    """A Work or a :class:`~luoshen.works.report.Rejected` for every line that is not blank, in order.

    ``lines``: a binary stream, or anything else that gives its lines; UTF-8, of any length. A line may
    hold an object with a text (see :mod:`luoshen.works.records`) or just a string. ``first``: the number in the
    file of the first of ``lines``, for what is said of them.
    """
    columns = columns or Columns()
    for number, line in enumerate(lines, first):
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.strip():
            continue
        yield read_json_record(line, columns, place=f"{name}: line {number}", source=name, number=number)


def read_json_record(data: bytes, columns: Columns, *, place: str, source: str, number: int) -> Item:
    """The Work in the JSON text of one record, or why there is none."""
    try:
        record = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return Rejected(place, "bad_record", f"{place}: {_explain(data, error)}")
    return work_from_record(record, columns, place=place, source=source, number=number)


def _explain(data: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as broken:
        return f"not UTF-8 from byte {broken.start} of the record: convert the input to UTF-8"
    if "surrogate" in error.msg:
        return "a lone surrogate (half of a \\uD8.. \\uDC.. pair): write the whole character"
    if b"\0" in data:
        return f"a NUL at byte {data.index(0)} of the record: take it out"
    return f"not valid JSON: {error.msg}, character {error.pos}"
