"""TEI P5: the text of an edition as Works, its notes and variants lifted out of it.

https://tei-c.org/release/doc/tei-p5-doc/en/html/ (chapters 3, 6, 7, 11 and 12). The parser takes no document
type, expands no entities and never opens the network.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator

from lxml import etree

from luoshen.errors import FormatError
from luoshen.works.records import make_work
from luoshen.works.report import Item
from luoshen.works.work import Note, Source

_NAMESPACE = "{http://www.tei-c.org/ns/1.0}"
#: Elements that stand on lines of their own.
_BLOCKS = frozenset(
    {"l", "p", "ab", "lg", "div", "sp", "head", "speaker", "stage", "quote", "cit", "floatingText", "body"}
)
#: Elements that are no part of the running text and carry nothing to note.
_SILENT = frozenset({"fw", "figure", "graphic", "index", "del", "surplus", "teiHeader", "front", "back", "listWit"})
_NOTES = {"note": "editorial", "rdg": "variant", "stage": "stage", "speaker": "stage", "trailer": "editorial"}
#: Of a pair, the reading that the edition stands for, first.
_CHOICES = ("corr", "reg", "expan", "sic", "orig", "abbr")


def read_tei(data: bytes, *, name: str) -> Iterator[Item]:
    """The works of a TEI document: each text of a corpus or group, and each innermost ``div`` with a ``head``.

    Raises :class:`~luoshen.errors.FormatError` for XML that is broken, declares a document type with entities, or
    is no TEI.
    """
    root = _parse(data, name)
    documents = [root] if _tag(root) == "TEI" else [child for child in root if _tag(child) == "TEI"]
    if not documents:
        raise FormatError(f"{name}: the root element is {_tag(root)!r}: a TEI document has TEI or teiCorpus there")
    number = 0
    for document in documents:
        header = _header(document)
        for text in _texts(document):
            book = header["title"]
            divisions = _divisions(text)
            for division in divisions:
                number += 1
                head = _words(_child(division, "head"))
                yield _work(division, header, head or book, (book,) if head and book else (), name=name, number=number)


def _parse(data: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        tree = etree.parse(io.BytesIO(data), parser)
    except etree.XMLSyntaxError as error:
        # libxml2 puts some of its messages on two lines.
        problem = " ".join(str(error.msg).split())
        raise FormatError(f"{name}: not well-formed XML: {problem}") from None
    subset = tree.docinfo.internalDTD
    if isinstance(subset, etree.DTD) and any(True for _ in subset.iterentities()):  # type: ignore[attr-defined]
        raise FormatError(f"{name}: the document type declares entities: write the characters themselves instead")
    return tree.getroot()


def _tag(element: etree._Element) -> str:
    tag = element.tag
    return tag.removeprefix(_NAMESPACE) if isinstance(tag, str) else ""


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _tag(child) == name), None)


def _descendants(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (found for found in element.iter() if _tag(found) == name)


def _words(element: etree._Element | None) -> str:
    """The text of an element on one line, without its notes."""
    return "" if element is None else " ".join(_body(element)[0].split())


def _header(document: etree._Element) -> dict[str, str]:
    header = _child(document, "teiHeader")
    found = {"title": "", "author": "", "date": "", "rights": ""}
    if header is None:
        return found
    # The work itself is described in the sourceDesc, if it is; the digital edition in the titleStmt.
    for part in ("title", "author"):
        found[part] = next((words for each in _descendants(header, part) if (words := _words(each))), "")
    creation = next(_descendants(header, "creation"), None)
    dates = [] if creation is None else list(_descendants(creation, "date"))
    found["date"] = _words(dates[0]) if dates else ""
    licence = next(_descendants(header, "licence"), None)
    if licence is not None:
        found["rights"] = licence.get("target") or _words(licence)
    return found


def _texts(document: etree._Element) -> list[etree._Element]:
    """The bodies of a document; those of a group one by one."""
    return list(_descendants(document, "body"))


def _divisions(body: etree._Element) -> list[etree._Element]:
    """The innermost titled divisions, if there are several and they hold all the text; else the body itself."""
    inner = [
        div
        for div in _descendants(body, "div")
        if _child(div, "head") is not None and not any(d is not div for d in _descendants(div, "div"))
    ]
    return inner if len(inner) > 1 else [body]


def _work(
    element: etree._Element, header: dict[str, str], title: str, tags: tuple[str, ...], *, name: str, number: int
) -> Item:
    text, notes = _body(element, skip_head=bool(title))
    byline = next(_descendants(element, "byline"), None)
    author = _words(next(_descendants(element, "docAuthor"), byline))
    return make_work(
        text,
        place=f"{name}: work {number}",
        source=Source(
            name, element.get("{http://www.w3.org/XML/1998/namespace}id") or str(number), header["rights"] or None
        ),
        title=title,
        author=author or header["author"],
        dynasty=header["date"],
        notes=notes,
        tags=tags,
    )


def _body(element: etree._Element, *, skip_head: bool = False) -> tuple[str, tuple[Note, ...]]:
    """The running text of an element in NFC, a line for each of its lines, and its notes with their places."""
    lines = _Lines(skip_head)
    lines.walk(element)
    lines.end_line()
    return "\n".join(lines.done), tuple(Note(at, text, kind) for at, text, kind in lines.notes)


class _Lines:
    """Collects lines of text; XML white space counts as nothing between Han and as one blank elsewhere."""

    def __init__(self, skip_head: bool) -> None:
        self.done: list[str] = []
        self.notes: list[tuple[int, str, str]] = []
        self._skipped = frozenset({"head", "byline", "docAuthor"}) if skip_head else frozenset[str]()
        self._length = 0  # of the finished lines, each with its line end
        self._line = ""

    def add(self, text: str | None) -> None:
        for index, word in enumerate((text or "").split()):
            blank = index or (text or "")[:1].isspace()
            if blank and self._line[-1:].isascii() and self._line and word[0].isascii():
                self._line += " "
            # Normalised as it grows, so that the places of notes are those of the final text.
            self._line = unicodedata.normalize("NFC", self._line + word)

    def end_line(self) -> None:
        if self._line:
            self.done.append(self._line)
            self._length += len(self._line) + 1
            self._line = ""

    def note(self, element: etree._Element, kind: str) -> None:
        text, _ = _body(element)
        if text:
            # After a finished line and before the next one has begun, a note belongs to the finished one.
            at = self._length + len(self._line) if self._line or not self._length else self._length - 1
            self.notes.append((at, text.replace("\n", ""), kind))

    def walk(self, element: etree._Element) -> None:
        tag = _tag(element)
        if tag in _BLOCKS:
            self.end_line()
        self.add(element.text)
        for child in element:
            self._child(child)
            self.add(child.tail)
        if tag in _BLOCKS:
            self.end_line()

    def _child(self, child: etree._Element) -> None:
        tag = _tag(child)
        if not tag or tag in _SILENT or tag in self._skipped:
            return
        if tag in _NOTES:
            self.note(child, _NOTES[tag])
        elif tag == "lb":
            self.end_line()
        elif tag == "gap":
            self.add("□" * _extent(child))
        elif tag == "choice":
            readings = sorted(child, key=lambda each: _CHOICES.index(_tag(each)) if _tag(each) in _CHOICES else 99)
            for index, reading in enumerate(readings):
                if index:
                    self.note(reading, "variant")
                else:
                    self.walk(reading)
        else:
            self.walk(child)


def _extent(gap: etree._Element) -> int:
    """How many characters are lost; 1 if the edition does not say."""
    quantity = gap.get("quantity", "")
    return (
        min(int(quantity), 1000)
        if quantity.isascii() and quantity.isdigit() and gap.get("unit", "char") == "char"
        else 1
    )
