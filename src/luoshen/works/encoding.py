"""Bytes into text: which encoding, and where it breaks.

UTF-8 is taken at its word if the bytes are strictly valid. Otherwise every candidate encoding
decodes the bytes and the likeliest text wins: characters are scored by how common they are, so that
two or three characters are usually enough to tell GB18030 from Big5 and UTF-16.

Bidirectional and zero-width marks stay in the text: offsets point into the text as it came.
Line ends become LF, a byte order mark at the start goes, and the text is put into NFC.
"""

from __future__ import annotations

import codecs
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import BinaryIO

from luoshen.errors import EncodingError

CHUNK = 1 << 20  #: bytes read at a time
SAMPLE = 1 << 18  #: bytes that are enough to judge an encoding by

# UTF-32 first: its little-endian mark starts with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Plain Big5 comes before its extensions, which give a few of its codes another character.
_BIG5 = ("big5", "big5hkscs", "cp950")
_CANDIDATES = ("gb18030", "big5", "utf-16-le", "utf-16-be")
#: Bytes that no text file holds: valid as UTF-8, but more likely UTF-16 without its mark, or a binary file.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: Mean log-probability of the characters outside ASCII below which a text is no text.
_IMPLAUSIBLE = -13.0
_BROKEN_BYTE = math.log(1e-9)
_REMEDY = "it is not UTF-8, UTF-16, GB18030 or Big5 text: open it in an editor and save it as UTF-8"


@cache
def _common() -> dict[str, float]:
    """Log-probability of the 4,500 commonest Han characters, both scripts, and of the usual punctuation.

    ``common_han.txt`` is ranked by frequency in Chinese verse and drama; probability falls
    with rank (Zipf). The figures only have to tell text from misread bytes.
    """
    ranked = resources.files("luoshen.works").joinpath("common_han.txt").read_text("utf-8").replace("\n", "")
    table = {char: math.log(0.08 / (rank + 8)) for rank, char in enumerate(ranked)}
    table.update(dict.fromkeys("，。、？！：；「」『』《》（）“”‘’…—·　□", math.log(0.01)))
    table.update((chr(code), math.log(0.003)) for code in range(0x20, 0x7F))
    table.update(dict.fromkeys("\t\n\r", math.log(0.01)))
    return table


def _log_probability(char: str) -> float:
    known = _common().get(char)
    if known is not None:
        return known
    if "\u4e00" <= char <= "\u9fff":
        return math.log(1e-6)
    category = unicodedata.category(char)
    if category in ("Cc", "Cn", "Co", "Cs"):
        return math.log(1e-12)
    return math.log(1e-7)


def _judge(sample: bytes, *, final: bool) -> str | None:
    """The likeliest encoding of ``sample``, or None if it is broken UTF-8 or no text at all."""
    scores: dict[str, float] = {}
    for candidate in _CANDIDATES:
        for name in _BIG5 if candidate == "big5" else (candidate,):
            try:
                text = codecs.getincrementaldecoder(name)().decode(sample, final)
            except UnicodeDecodeError:
                continue
            counts = Counter(text)
            by_char = {char: count * _log_probability(char) for char, count in counts.items()}
            beyond_ascii = sum(count for char, count in counts.items() if char > "\x7f")
            mean = sum(score for char, score in by_char.items() if char > "\x7f") / (beyond_ascii or 1)
            if mean > _IMPLAUSIBLE:
                scores[name] = sum(by_char.values())
            break
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    # UTF-8 with a few broken bytes also decodes, as nonsense, in GB18030: let it compete.
    repaired = Counter(sample.decode("utf-8", "replace"))
    broken = repaired.pop("\ufffd", 0) * _BROKEN_BYTE
    if broken + sum(count * _log_probability(char) for char, count in repaired.items()) >= scores[best]:
        return None
    return best


def _first_error(stream: BinaryIO, encoding: str) -> int | None:
    """The offset of the first byte that ``encoding`` cannot take, or None. The stream ends anywhere."""
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    start = 0
    while True:
        pending = len(decoder.getstate()[0])
        chunk = stream.read(CHUNK)
        try:
            decoder.decode(chunk, not chunk)
        except UnicodeDecodeError as error:
            return start - pending + error.start
        if not chunk:
            return None
        start += len(chunk)


def _sample(stream: BinaryIO) -> tuple[bytes, bool]:
    """Bytes around the first one beyond ASCII, and whether they reach the end."""
    stream.seek(0)
    start = 0
    while chunk := stream.read(CHUNK):
        if not chunk.isascii() or b"\0" in chunk:
            start += next(at for at, byte in enumerate(chunk) if byte > 0x7F or not byte)
            break
        start += len(chunk)
    # Even, for UTF-16; and from the start where that is near, for more to judge by.
    start = start & ~1 if start > SAMPLE // 2 else 0
    stream.seek(start)
    sample = stream.read(SAMPLE)
    return sample, not stream.read(1)


def detect(stream: BinaryIO, place: str) -> str:
    """The codec that decodes the whole of a seekable ``stream``, checked to its last byte.

    Raises :class:`~luoshen.errors.EncodingError`, with the byte offset, where none does.
    """
    stream.seek(0)
    head = stream.read(SAMPLE)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked:
        error = _first_error(stream, marked)
        if error is None:
            return marked
        raise EncodingError(f"{place}: byte {error} breaks the {marked} text: save the file as UTF-8")
    error = _first_error(stream, "utf-8")
    if error is None and not _CONTROL.search(head):
        return "utf-8"
    sample, final = _sample(stream)
    found = _judge(sample, final=final)
    if found is None:
        if error is None:  # valid UTF-8 with control characters: whoever reads it decides
            return "utf-8"
        raise EncodingError(f"{place}: byte {error}: {_REMEDY}")
    for name in _BIG5 if found in _BIG5 else (found,):
        beyond = _first_error(stream, name)
        if beyond is None:
            return name
    raise EncodingError(f"{place}: byte {beyond} breaks the {found} text: {_REMEDY}")


def text_chunks(stream: BinaryIO, place: str) -> Iterator[str]:
    """The text of a seekable byte stream in its own encoding, piece by piece, with LF line ends.

    Raises :class:`~luoshen.errors.EncodingError` as :func:`detect` does, before the first piece.
    """
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(detect(stream, place))(), translate=True)
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def text_lines(stream: BinaryIO, place: str) -> Iterator[str]:
    """The lines of a seekable byte stream, of any length, with their line ends (:func:`text_chunks`)."""
    unfinished: list[str] = []
    for chunk in text_chunks(stream, place):
        *lines, last = chunk.split("\n")
        for line in lines:
            yield "".join((*unfinished, line, "\n"))
            unfinished.clear()
        if last:
            unfinished.append(last)
    if unfinished:
        yield "".join(unfinished)


def normalise(text: str) -> str:
    """``text`` in NFC, with LF line ends and without a byte order mark at its start."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff"))


def decode(data: bytes, place: str = "input") -> str:
    """``data`` as text, normalised (:func:`normalise`).

    Raises :class:`~luoshen.errors.EncodingError`, with the byte offset and the remedy, for bytes that
    no known encoding takes and for NULs.
    """
    encoding = detect(io.BytesIO(data), place)
    text = data.decode(encoding)
    if "\0" in text:
        at = len(text[: text.index("\0")].encode(encoding))
        raise EncodingError(f"{place}: byte {at} is NUL: this looks like a binary file; give a text file")
    return normalise(text)
