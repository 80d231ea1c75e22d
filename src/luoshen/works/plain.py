"""Plain text and Markdown: a file is one work, unless its headings say that it holds several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from luoshen.works.heading import lift_heading
from luoshen.works.records import make_work
from luoshen.works.report import Item
from luoshen.works.work import Source

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FIELD = re.compile(
    r"^[ \t]*[*_]*(作者|诗人|詩人|朝代|author|dynasty)[*_]*[ \t]*[:：][ \t]*(.*?)[*_ \t]*$", re.IGNORECASE
)
_HARD_BREAK = re.compile(r"(?:[ \t]+|\\)$", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PARTS = {
    "作者": "author",
    "诗人": "author",
    "詩人": "author",
    "author": "author",
    "朝代": "dynasty",
    "dynasty": "dynasty",
}


def read_plain(text: str, *, name: str, stem: str = "") -> Iterator[Item]:
    """The works in a normalised text.

    ``key: value`` lines between two ``---`` at the top are its metadata. Headings of the highest level that
    occurs more than once part the works, and each is the title of its own; a single heading above
    them names the collection and becomes a tag. ``作者：…`` right under a heading is the author.
    Without headings the title is that of the metadata; or title and author are those that stand above the text
    as plain lines, as far as it is sure that they do (:func:`~luoshen.works.heading.lift_heading`); or ``stem``.
    """
    metadata: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        for line in front.group(1).splitlines():
            key, colon, value = line.partition(":")
            if colon and not line.startswith((" ", "\t", "#", "-")):
                metadata[_PARTS.get(key.strip().casefold(), key.strip().casefold())] = value.strip().strip("\"'")
        text = text[front.end() :]
    text = _COMMENT.sub("", text)
    headings = list(_HEADING.finditer(text))
    levels = Counter(len(heading.group(1)) for heading in headings)
    level = min((level for level, count in levels.items() if count > 1), default=None)
    if level is None:
        title = headings[0].group(2) if headings else metadata.get("title", stem)
        body = _HEADING.sub("", text) if headings else text
        if not headings and "title" not in metadata and (found := lift_heading(body)):
            title, body = found.title or title, found.body
            metadata = {"author": found.author, "dynasty": found.dynasty} | metadata
        yield _work(body, title, metadata, (), name=name, number=1)
        return
    tags: tuple[str, ...] = ()
    title = metadata.get("title", stem)
    start = number = 0
    for heading in headings:
        depth = len(heading.group(1))
        if depth > level:
            continue
        body = text[start : heading.start()]
        if body.strip():
            number += 1
            yield _work(body, title, metadata, tags, name=name, number=number)
        title = heading.group(2)
        if depth < level:
            tags = (title,)
        start = heading.end()
    yield _work(text[start:], title, metadata, tags, name=name, number=number + 1)


def _work(body: str, title: str, metadata: dict[str, str], tags: tuple[str, ...], *, name: str, number: int) -> Item:
    parts = {part: metadata.get(part, "") for part in ("author", "dynasty")}
    lines = _HARD_BREAK.sub("", _QUOTE.sub("", body)).strip("\n").split("\n")
    while lines and (field := _FIELD.match(lines[0])):
        parts[_PARTS[field.group(1).casefold()]] = field.group(2)
        lines.pop(0)
    return make_work(
        "\n".join(lines).strip("\n"),
        place=f"{name}: work {number}" if number > 1 else name,
        source=Source(name, str(number), metadata.get("rights") or metadata.get("license")),
        title=title,
        author=parts["author"],
        dynasty=parts["dynasty"],
        form=metadata.get("form", ""),
        tags=tags,
    )
