"""Tables: CSV and TSV with any column names, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from luoshen.errors import FormatError
from luoshen.works.encoding import text_lines
from luoshen.works.records import Columns, work_from_record
from luoshen.works.report import Item, Rejected

#: A whole novel may stand in one field. The limit, the csv module's own and one for the whole process,
#: only keeps a quotation mark that nothing closes from filling the memory.
FIELD_LIMIT = 1 << 27


def read_table(stream: BinaryIO, columns: Columns, *, name: str) -> Iterator[Item]:
    """Every row of a seekable stream in any encoding, as a Work or the reason why not.

    The first row names the columns. Commas, tabs, semicolons or bars separate them, whichever the first
    row has most of. Raises :class:`~luoshen.errors.FormatError` if no column can hold the text.
    """
    csv.field_size_limit(FIELD_LIMIT)
    lines = text_lines(stream, name)
    heading = next(lines, "").removeprefix("\ufeff")
    if not heading.strip():
        raise FormatError(f"{name}: the first line is empty: it should name the columns")
    delimiter = max("\t,;|", key=heading.count)
    names = next(csv.reader([heading.rstrip("\n")], delimiter=delimiter))
    if len(names) == 1 and columns.text is None:
        columns = Columns(text=names[0], title=columns.title, author=columns.author, id=columns.id)
    try:
        found = columns.find(names)
    except FormatError as error:
        raise FormatError(f"{name}: {error}") from None
    if "text" not in found:
        raise FormatError(
            f"{name}: which column holds the text? There are: {', '.join(map(repr, names))}; "
            "say it with text_column (--text-column)"
        )
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        place = f"{name}: row {number}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(place, "bad_record", f"{place}: {error}; line {rows.line_num + 1} of the file")
            if "field limit" in str(error):
                return  # the rest is one field that nothing closes
            continue
        if not any(map(str.strip, row)):
            number -= 1
            continue
        if len(row) > len(names):
            problem = f"{len(row)} fields where the first line names {len(names)}"
            yield Rejected(
                place, "bad_record", f"{place}: {problem}: put quotation marks around what holds {delimiter!r}"
            )
            continue
        record = {column: value for column, value in zip(names, row, strict=False) if value}
        # An empty cell is an empty text, not a missing column.
        record = {**dict.fromkeys(found.values(), ""), **record}
        yield work_from_record(record, columns, place=place, source=name, number=number)
