"""The published form of a Profile in JSON: its schema, and the check against it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.validators import extend

from luoshen.errors import DataError, FormatError

_SCHEMA = Path(__file__).with_name("profile.schema.json")


def validate(data: Any) -> None:
    """Hold one record against ``profile.schema.json``: a Profile, or ``{"id", "error"}``.

    ``data`` is parsed JSON, or what :meth:`Profile.to_dict` gives. Beyond the schema, every quote must be as
    long as its offsets say. Raises :class:`FormatError` with the JSON pointer of the place.
    """
    error = best_match(_validator().iter_errors(data))
    if error is not None:
        # A value may be a whole embedding; the message quotes it, and the head of it is enough.
        raise _fault(_pointer(list(error.absolute_path)), " ".join(error.message.split())[:300])
    for place, evidence in _evidence(data):
        if evidence["end"] - evidence["start"] != len(evidence["quote"]):
            raise _fault(
                _pointer(place),
                f"quote {evidence['quote']!r} has {len(evidence['quote'])} code points,"
                f" but start {evidence['start']} and end {evidence['end']} span {evidence['end'] - evidence['start']}",
            )


def _fault(pointer: str, detail: str) -> FormatError:
    return FormatError(
        f"Profile, at {pointer or 'the top'}: {detail} · 记录不合规范，位置 {pointer or '顶层'}"
        " (https://luoshen.readthedocs.io/schemas/profile.json)"
    )


def _pointer(path: list[str | int]) -> str:
    """RFC 6901."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _evidence(data: dict[str, Any]) -> Iterator[tuple[list[str | int], dict[str, Any]]]:
    for part, claims in data.items():
        if part not in ("genes", "imagery", "allusions"):
            continue
        for number, claim in enumerate(claims):
            found = claim["evidence"]
            if isinstance(found, dict):
                yield [part, number, "evidence"], found
                continue
            for index, evidence in enumerate(found):
                yield [part, number, "evidence", index], evidence


@cache
def _validator() -> Draft202012Validator:
    try:
        schema = orjson.loads(_SCHEMA.read_bytes())
    except (OSError, ValueError) as error:
        raise DataError(f"{_SCHEMA}: {error}; install luoshen again · 数据文件损坏，请重新安装") from error
    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            # Profile.to_dict gives tuples, which JSON writes as arrays; JSON has no NaN and no infinity; and
            # 2.0, which the standard lets pass as an integer, is no offset.
            "array": lambda _, value: isinstance(value, list | tuple),
            "number": lambda _, value: type(value) is int or (isinstance(value, float) and math.isfinite(value)),
            "integer": lambda _, value: type(value) is int,
        }
    )
    validator: Draft202012Validator = extend(Draft202012Validator, type_checker=types)(schema)  # type: ignore[no-untyped-call]
    return validator
