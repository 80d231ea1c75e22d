"""A scholar's labelled table (CSV, TSV, JSON, JSON Lines, any encoding) into examples to learn from."""

from __future__ import annotations

import csv
import math
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from luoshen.decode.fitted import Kind
from luoshen.errors import InputError
from luoshen.works.encoding import decode, normalise, text_lines
from luoshen.works.tables import FIELD_LIMIT

MIN_EXAMPLES = 5  #: of a label: one for each fold
MIN_NUMBERS = 20
#: More whole numbers than this are a quantity, not names of classes.
MAX_CLASSES = 10


@dataclass(frozen=True, eq=False)
class Examples:
    """Texts with what a scholar says of them.

    ``targets``: numbers of labels ``(n,)``, booleans ``(n, labels)``, or numbers ``(n,)``, by ``kind``.
    """

    kind: Kind
    texts: list[str]
    targets: np.ndarray
    labels: tuple[str, ...] = ()  #: by number; empty for a number
    groups: list[str] | None = None  #: works of one group never stand on both sides of a test
    unlabelled: int = 0  #: rows left out
    rare: Mapping[str, int] = field(default_factory=dict)  #: labels left out, with their rows
    source: str = ""  #: name of the file

    @property
    def scale(self) -> np.ndarray | None:
        """The labels as numbers, if whole numbers are what they are."""
        if self.kind == "label" and all(_whole(name) is not None for name in self.labels):
            return np.array([float(name) for name in self.labels])
        return None


def read_examples(
    path: str | os.PathLike[str],
    *,
    text_column: str = "text",
    label_column: str = "label",
    group_column: str | None = None,
    kind: Kind | None = None,
) -> Examples:
    """The examples in a table; ``kind`` None: told by the labels.

    Several labels are parted by ``|`` (in JSON they may be a list). Whole numbers of at most
    :data:`MAX_CLASSES` kinds are labels, other numbers are numbers. Rows without a label, and labels
    with fewer than :data:`MIN_EXAMPLES` rows, are left out. Raises :class:`~luoshen.errors.InputError`, naming the
    row, for what cannot be learned from.
    """
    place = Path(path)
    wanted = [text_column, label_column, *([group_column] if group_column else [])]
    texts: list[str] = []
    given: list[list[str]] = []
    groups: list[str] = []
    rows: list[str] = []
    empty: list[str] = []
    unlabelled = 0
    for row, record in _records(place, wanted):
        values = _values(record.get(label_column))
        if not values:
            unlabelled += 1
            continue
        text = record.get(text_column)
        text = "\n".join(map(str, text)) if isinstance(text, list) else str(text or "")
        if not any(map(str.isalpha, text)):
            empty.append(row)
        texts.append(normalise(text))
        given.append(values)
        group = record.get(group_column) if group_column else None
        groups.append(str(group or f"\0{row}"))  # of no group: alone
        rows.append(row)
    if empty:
        more = f" (and {len(empty) - 5} more)" if len(empty) > 5 else ""
        raise InputError(
            f"{place.name}: {', '.join(empty[:5])}{more}: no letters in {text_column!r}; "
            "fill in the text or take the row out · 正文为空，请补上或删去该行"
        )
    if not texts:
        raise InputError(f"{place.name}: no row has a label in {label_column!r} · 没有带标签的行")
    kind = kind or _kind_of(given)
    grouped = groups if group_column else None
    if kind == "number":
        numbers = _numbers(given, rows, place.name, label_column)
        return Examples(kind, texts, numbers, groups=grouped, unlabelled=unlabelled, source=place.name)
    return _labelled(kind, texts, given, grouped, unlabelled, place.name)


def _labelled(
    kind: Kind, texts: list[str], given: list[list[str]], groups: list[str] | None, unlabelled: int, source: str
) -> Examples:
    if kind == "label":
        given = [["|".join(values)] for values in given]
        whole = [_whole(values[0]) for values in given]
        if all(number is not None for number in whole):  # 3.0, as spreadsheets write it, is 3
            given = [[str(number)] for number in whole]
    counts = Counter(name for values in given for name in set(values))
    rare = {name: count for name, count in counts.items() if count < MIN_EXAMPLES}
    labels = sorted(counts.keys() - rare.keys(), key=lambda name: (_whole(name) or 0, name))
    if len(labels) < 2:
        found = ", ".join(f"{name!r} {count}" for name, count in counts.most_common(10))
        raise InputError(
            f"{source}: two labels or more, with {MIN_EXAMPLES} rows each, are needed; there are: {found} · "
            f"至少要有两个标签，每个至少 {MIN_EXAMPLES} 行"
        )
    kept = [row for row, values in enumerate(given) if not rare.keys() >= set(values)]
    targets = np.array([[name in given[row] for name in labels] for row in kept])
    return Examples(
        kind,
        [texts[row] for row in kept],
        targets if kind == "labels" else targets.argmax(axis=1),
        tuple(labels),
        [groups[row] for row in kept] if groups else None,
        unlabelled,
        rare,
        source,
    )


def _numbers(given: list[list[str]], rows: list[str], source: str, column: str) -> np.ndarray:
    numbers = []
    for values, row in zip(given, rows, strict=True):
        number = _number(values[0]) if len(values) == 1 else None
        if number is None:
            raise InputError(f"{source}: {row}: {'|'.join(values)!r} in {column!r} is no number · 不是数")
        numbers.append(number)
    if len(numbers) < MIN_NUMBERS or len(set(numbers)) < 2:
        raise InputError(
            f"{source}: {MIN_NUMBERS} rows or more, with numbers that differ, are needed; there are {len(numbers)} · "
            f"至少要有 {MIN_NUMBERS} 行，且数值不全相同"
        )
    return np.array(numbers)


def _kind_of(given: list[list[str]]) -> Kind:
    if any(len(values) > 1 for values in given):
        return "labels"
    names = {values[0] for values in given}
    if any(_number(name) is None for name in names):
        return "label"
    whole = {_whole(name) for name in names}
    return "number" if None in whole or len(whole) > MAX_CLASSES else "label"


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _whole(text: str) -> int | None:
    number = _number(text)
    return int(number) if number is not None and number.is_integer() else None


def _values(value: Any) -> list[str]:
    """The labels in one field, each once, in NFC."""
    if value is None:
        return []
    items = value if isinstance(value, list) else str(value).replace("｜", "|").split("|")
    return list(dict.fromkeys(filter(None, (normalise(str(item)).strip() for item in items))))


def _records(path: Path, wanted: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each record with its place; every column of ``wanted`` is there."""
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
            yield from _json_records(path, wanted)
        else:
            yield from _table_records(path, wanted)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}) · 无法读取") from error


def _table_records(path: Path, wanted: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    csv.field_size_limit(FIELD_LIMIT)
    with path.open("rb") as stream:
        lines = text_lines(stream, path.name)
        heading = next(lines, "").removeprefix("\ufeff")
        delimiter = max("\t,;|", key=heading.count)
        names = [name.strip() for name in next(csv.reader([heading.rstrip("\n")], delimiter=delimiter), [])]
        _check_columns(path.name, names, wanted)
        table = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        try:
            for row in table:
                if not any(map(str.strip, row)):
                    continue
                number += 1
                if len(row) > len(names):
                    raise InputError(
                        f"{path.name}: row {number}: {len(row)} fields where the first line names {len(names)}: "
                        f"put quotation marks around what holds {delimiter!r} · 该行的列数多于表头"
                    )
                yield f"row {number}", dict(zip(names, row, strict=False))
        except csv.Error as error:
            raise InputError(
                f"{path.name}: row {number + 1}: {error}, line {table.line_num + 1} of the file · 表格有误"
            ) from error


def _json_records(path: Path, wanted: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    text = decode(path.read_bytes(), path.name)
    if path.suffix.lower() == ".json":
        whole = _parse(text, path.name)
        items = [(f"record {number}", item) for number, item in enumerate(whole if isinstance(whole, list) else [], 1)]
    else:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        items = [(f"line {number}", _parse(line, f"{path.name}: line {number}")) for number, line in lines]
    for place, item in items:
        if not isinstance(item, dict):
            raise InputError(f"{path.name}: {place}: an object was expected · 应为 JSON 对象")
    _check_columns(path.name, list(dict.fromkeys(name for _, item in items for name in item)), wanted)
    yield from items


def _parse(text: str, place: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(f"{place}: not valid JSON: {error.msg}, character {error.pos} · JSON 有误") from error


def _check_columns(source: str, names: list[str], wanted: list[str]) -> None:
    for name in wanted:
        if name not in names:
            raise InputError(
                f"{source}: no column {name!r}; there are: {', '.join(map(repr, names)) or 'none'} · 没有这一列"
            )
