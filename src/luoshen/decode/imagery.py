"""The images that a poem names: moon, willow, wild goose, lone sail, frontier pass.

The lexicon (``lexicon.csv``) is open: a table of concepts, each with its English label, its class, the words
that name it (``forms``) and the longer words in which those characters are *not* that image (``exceptions``: the
月 of 正月 is a month). The longest word wins, from left to right, so an exception eats what it holds. Words are
looked for in the text folded to simplified script character by character, so both scripts give the same images
at the same offsets; they hold Han characters only, so no match ever crosses punctuation or a line break.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from luoshen.errors import DataError, FormatError
from luoshen.genes.profile import Evidence, Image
from luoshen.works.script import to_simplified

METHOD = "lexicon"
COLUMNS = ("concept", "english", "class", "forms", "exceptions")

_SHIPPED = Path(__file__).with_name("lexicon.csv")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]+")
#: Variant characters of old editions that OpenCC leaves as they are.
_VARIANTS = dict(
    zip(
        "鴈隠髪簷疎徧牕窻菴蘋嵒嵓巗谿磵隄罇桮巵缾檝櫂舩粧糚蕚蘂蕋涙碪鼔皷猨蜨螘蠏鴎鵶鸎寉崕厓埜琹篴蔆韈筯",
        "雁隐发檐疏遍窗窗庵苹岩岩岩溪涧堤樽杯卮瓶楫棹船妆妆萼蕊蕊泪砧鼓鼓猿蝶蚁蟹鸥鸦莺鹤崖崖野琴笛菱袜箸",
        strict=True,
    )
)


class _Fold(dict[int, int]):
    """For :meth:`str.translate`: each character to its simplified form, asked of OpenCC once."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        simple = _VARIANTS.get(char) or (to_simplified(char) if code > 0x33FF else char)
        # Offsets must hold, so a character that would become several stays as it is.
        folded = self[code] = ord(simple) if len(simple) == 1 else code
        return folded


_FOLD = _Fold()


@dataclass(frozen=True, slots=True)
class Concept:
    """An image of the lexicon: its name in simplified Chinese, its English label, its class."""

    name: str
    label: str
    kind: str


class Lexicon:
    """Words and the images that they name; a word without an image (an exception) hides what stands in it."""

    def __init__(self, words: Mapping[str, Concept | None]) -> None:
        """``words`` in simplified script."""
        self.words = dict(words)
        self._concepts = list(self.words.values())
        self._automaton = AhoCorasick(list(self.words), matchkind=MatchKind.LeftmostLongest)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Lexicon:
        """The lexicon shipped with the package, or one of your own.

        A lexicon is a CSV file in UTF-8 with the columns concept, english, class, forms, exceptions; several
        forms or exceptions are separated by ``|``. Raises :class:`FormatError` for a file that is not so.
        """
        if path is not None:
            return cls(_read(Path(path)))
        try:
            return cls(_read(_SHIPPED))
        except FormatError as error:
            raise DataError(f"{error} — install luoshen again · 请重新安装 luoshen") from error

    def extended_with(self, path: str | Path) -> Lexicon:
        """This lexicon with the rows of a CSV file of yours; where both know a word, yours wins.

        Raises :class:`FormatError` as :meth:`load` does.
        """
        return Lexicon({**self.words, **_read(Path(path))})

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """Every image of the lexicon, in its order."""
        return tuple(dict.fromkeys(concept for concept in self._concepts if concept is not None))

    def find(self, text: str) -> tuple[Image, ...]:
        """The images that ``text`` names, in the order of their first appearance, each with every place it stands."""
        places: dict[Concept, list[Evidence]] = {}
        for number, start, end in self._automaton.find_matches_as_indexes(text.translate(_FOLD)):
            concept = self._concepts[number]
            if concept is not None:
                places.setdefault(concept, []).append(Evidence(text[start:end], start, end, 1.0, METHOD))
        return tuple(Image(c.name, c.label, c.kind, tuple(evidence)) for c, evidence in places.items())


@cache
def _shipped() -> Lexicon:
    return Lexicon.load()


def find_images(text: str) -> tuple[Image, ...]:
    """The images that ``text`` names by the shipped lexicon, in the order of their first appearance."""
    return _shipped().find(text)


def _read(path: Path) -> dict[str, Concept | None]:
    """The words of a lexicon file: forms with their concept, exceptions with ``None``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"{path}: cannot be read as a CSV file in UTF-8 ({error}) · 无法读作 UTF-8 的 CSV") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise FormatError(f"{path}, line 1: the columns must be {','.join(COLUMNS)} · 首行必须是这些列名")
    words: dict[str, Concept | None] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS) or not all(cell.strip() for cell in row[:4]):
            raise FormatError(f"{path}, row {number}: a row has a concept, english, class and forms · 缺列或缺值")
        concept = Concept(row[0], row[1], row[2])
        for cell, value in ((row[3], concept), (row[4], None)):
            folded = [word for word in cell.translate(_FOLD).split("|") if word]
            if not _HAN.fullmatch("".join(folded) or "〇"):
                raise FormatError(f"{path}, row {number}: {cell!r} holds more than Han characters and | · 须全为汉字")
            for word in folded:
                if words.setdefault(word, value) is not value and words[word] != value:
                    raise FormatError(f"{path}, row {number}: {word!r} stands under two concepts · 一词不可两属")
    return words
