"""A record with named fields (a JSON object, a row of a table) into a Work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luoshen.errors import FormatError
from luoshen.works.damage import damage
from luoshen.works.encoding import normalise
from luoshen.works.report import Item, Rejected
from luoshen.works.work import Note, Source, Work

#: The names that people give their columns, likeliest first; compared without case and outer blanks.
_NAMES: dict[str, tuple[str, ...]] = {
    part: tuple(names.replace("\n", " ").split(" "))
    for part, names in {
        "text": """text content contents paragraphs para body poem verse lines full_text fulltext
正文 内容 內容 诗文 詩文 原文 全文 文本 诗句 詩句 诗 詩 词 詞 曲 文""",
        "title": "title rhythmic name heading 题目 題目 标题 標題 诗题 詩題 篇名 题 題 词牌 詞牌",
        "author": "author poet writer creator 作者 诗人 詩人 词人 詞人 撰者 著者",
        "id": "id uid uuid identifier key 编号 編號 序号 序號",
        "dynasty": "dynasty era period 朝代 时代 時代 年代",
        "form": "form genre 体裁 體裁 文体 文體",
        "tags": "tags 标签 標籤 主题",
    }.items()
}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Columns:
    """Which fields hold what; None: found by its usual names."""

    text: str | None = None
    title: str | None = None
    author: str | None = None
    id: str | None = None

    def find(self, names: list[str]) -> dict[str, str]:
        """For each part of a work (``text``, ``title``, …) the one of ``names`` that holds it.

        A column that was named but is not there raises :class:`~luoshen.errors.FormatError`.
        """
        asked = {"text": self.text, "title": self.title, "author": self.author, "id": self.id}
        folded: dict[str, str] = {}
        for name in names:
            folded.setdefault(name.strip().casefold(), name)
        found: dict[str, str] = {}
        for part, usual in _NAMES.items():
            column = asked.get(part)
            if column is not None:
                if column not in names:
                    raise FormatError(f"no column {column!r}; there are: {', '.join(map(repr, names))}")
                found[part] = column
                continue
            guess = next(
                (folded[name] for name in usual if name in folded and folded[name] not in asked.values()), None
            )
            if guess is not None:
                found[part] = guess
        return found


def make_work(
    text: str,
    *,
    place: str,
    source: Source,
    title: str = "",
    author: str = "",
    dynasty: str = "",
    form: str = "",
    notes: tuple[Note, ...] = (),
    tags: tuple[str, ...] = (),
    extra: Mapping[str, Any] | None = None,
    given_id: str | None = None,
    chinese_only: bool = False,
) -> Item:
    """The Work, its damage in ``extra["damage"]``; or the reason why it cannot be one.

    With ``notes``, ``text`` is NFC already.
    """
    for name, value in (("text", text), ("title", title), ("author", author), ("id", given_id or "")):
        lone = _SURROGATE.search(value)
        if lone:
            code = f"U+{ord(lone.group()):04X}"
            message = f"{place}: {name}: a lone surrogate {code} at character {lone.start()}: write the whole character"
            return Rejected(place, "bad_record", message, None if name == "id" else given_id)
        if "\0" in value:
            message = f"{place}: {name}: a NUL at character {value.index(chr(0))}: take it out"
            return Rejected(place, "bad_record", message, None if name == "id" else given_id)
    if not any(map(str.isalpha, text)):
        return Rejected(place, "no_text", f"{place}: the text holds no letters: {text[:40]!r}", given_id)
    kinds = damage(text, chinese_only=chinese_only)
    fields = dict(extra or {})
    if kinds:
        fields["damage"] = (*fields.get("damage", ()), *kinds)
    return Work(
        text=text if notes else normalise(text).strip("\n"),
        title=normalise(title).strip(),
        author=normalise(author).strip(),
        dynasty=dynasty.strip(),
        form=form.strip(),
        sources=(source,),
        notes=notes,
        tags=tags,
        extra=fields,
        given_id=given_id,
    )


def work_from_record(record: object, columns: Columns, *, place: str, source: str, number: int) -> Item:
    """The Work in a mapping with any of the usual names for its fields.

    ``text`` is a string or a list of lines; other fields are strings or numbers. Fields with no part in a
    work are kept in ``extra``. ``number`` is the record's own in ``source``, from 1.
    """
    if isinstance(record, str):
        return make_work(record, place=place, source=Source(source, str(number)))
    if not isinstance(record, Mapping):
        kind = "null" if record is None else type(record).__name__
        return Rejected(place, "bad_record", f"{place}: {kind} where an object with a text was expected")
    try:
        found = columns.find([name for name in record if isinstance(name, str)])
        given_id = _plain(record, found, "id") or None
    except FormatError as error:
        return Rejected(place, "bad_record", f"{place}: {error}")
    try:
        if "text" not in found:
            raise FormatError(f"no text; there are: {', '.join(map(repr, record)) or 'no fields'}")
        tags = record.get(found.get("tags", ""), ())
        if isinstance(tags, str):
            tags = [tag.strip() for tag in re.split("[,，;；、|]", tags)]
        if not (isinstance(tags, list | tuple) and all(isinstance(tag, str) for tag in tags)):
            raise FormatError(f"{found['tags']!r} is no list of strings")
        return make_work(
            _text(record[found["text"]], found["text"]),
            place=place,
            source=Source(source, given_id or str(number)),
            title=_plain(record, found, "title"),
            author=_plain(record, found, "author"),
            dynasty=_plain(record, found, "dynasty"),
            form=_plain(record, found, "form"),
            tags=tuple(filter(None, tags)),
            extra={name: value for name, value in record.items() if name not in found.values() and name != "damage"},
            given_id=given_id,
        )
    except FormatError as error:
        return Rejected(place, "bad_record", f"{place}: {error}", given_id)


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    raise FormatError(f"{name!r} is {type(value).__name__}, not a string or a list of lines")


def _plain(record: Mapping[str, object], found: Mapping[str, str], part: str) -> str:
    value = record.get(found[part]) if part in found else None
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise FormatError(f"{found[part]!r} is {type(value).__name__}, not a string")
