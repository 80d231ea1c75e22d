"""JSON files: an array of records (streamed), a single record, an object that holds an array, or JSON Lines.

The array is cut into its elements here and each element is parsed by itself: memory stays flat,
one broken record does not take the rest with it, and a lone surrogate is refused rather than replaced,
as the incremental parsers at hand do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from luoshen.errors import FormatError
from luoshen.works.encoding import text_chunks
from luoshen.works.jsonl import read_json_record, read_jsonl
from luoshen.works.records import Columns, work_from_record
from luoshen.works.report import Item, Rejected

_STRUCTURE = re.compile(rb'["\[\]{},]')
_STRING_END = re.compile(rb'["\\]')


def read_json(stream: BinaryIO, columns: Columns, *, name: str) -> Iterator[Item]:
    """Every record of a seekable JSON stream in any encoding, as a Work or the reason why not.

    Raises :class:`~luoshen.errors.FormatError` if it is no JSON at all.
    """
    chunks = (chunk.encode() for chunk in text_chunks(stream, name))
    head = b""
    for chunk in chunks:
        head += chunk
        if head.strip():
            break
    first = head.lstrip()[:1]
    if first == b"[":
        yield from _read_array(_again(head, chunks), columns, name=name)
    elif first == b"{":
        yield from _read_object(head + b"".join(chunks), columns, name=name)
    else:
        raise FormatError(f"{name}: not JSON: it starts with {head.lstrip()[:20].decode('utf-8', 'replace')!r}")


def _again(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _read_array(chunks: Iterator[bytes], columns: Columns, *, name: str) -> Iterator[Item]:
    for number, (element, complete) in enumerate(_elements(chunks), 1):
        place = f"{name}: record {number}"
        if complete:
            yield read_json_record(element, columns, place=place, source=name, number=number)
        elif number == 1:
            raise FormatError(f"{name}: broken off in its first record: the array is never closed")
        else:
            message = f"{place}: the file breaks off here: the array is never closed"
            yield Rejected(place, "bad_record", message)


def _elements(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The JSON text of every element of a top-level array, and whether it is complete (only the last may not be)."""
    buffer = bytearray()
    depth = 0
    start = 0  # of the element under way
    position = 0  # up to which the buffer has been looked at
    in_string = False
    for chunk in chunks:
        if start:
            del buffer[:start]
            position -= start
            start = 0
        buffer += chunk
        while match := (_STRING_END if in_string else _STRUCTURE).search(buffer, position):
            mark = buffer[match.start()]
            if in_string and mark == 0x5C:  # a backslash: the next byte means nothing here
                if match.end() == len(buffer):
                    position = match.start()
                    break
                position = match.end() + 1
                continue
            position = match.end()
            if mark == 0x22:
                in_string = not in_string
            elif mark in b"[{":
                depth += 1
                if depth == 1:
                    start = position
            elif mark in b"]}":
                depth -= 1
                if depth == 0:
                    if element := bytes(buffer[start : match.start()]).strip():
                        yield element, True
                    return
            elif depth == 1:
                yield bytes(buffer[start : match.start()]).strip(), True
                start = position
        else:
            position = len(buffer)
    yield bytes(buffer[start:]), False


def _read_object(data: bytes, columns: Columns, *, name: str) -> Iterator[Item]:
    try:
        record = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        lines = data.split(b"\n")
        try:  # JSON Lines under the name of JSON
            orjson.loads(lines[0])
        except orjson.JSONDecodeError:
            raise FormatError(f"{name}: not valid JSON: {error.msg}, character {error.pos}") from None
        yield from read_jsonl(lines, columns, name=name)
        return
    lists: list[list[Any]] = [
        value for value in record.values() if isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    if lists and "text" not in columns.find([key for key in record if not isinstance(record[key], list)]):
        longest = max(lists, key=len)
        for number, element in enumerate(longest, 1):
            place = f"{name}: record {number}"
            yield work_from_record(element, columns, place=place, source=name, number=number)
    else:
        yield work_from_record(record, columns, place=f"{name}: record 1", source=name, number=1)
