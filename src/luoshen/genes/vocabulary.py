"""The vocabulary: the genes and themes that readings are made of, with names, definitions and close pairs."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import orjson

from luoshen.errors import DataError, VocabularyError

_JSON = Path(__file__).with_name("vocabulary.json")


@dataclass(frozen=True, slots=True)
class Example:
    """Lines in the public domain that carry a gene; ``translation`` and the English names are ours."""

    quote: str
    author: str = ""
    title: str = ""
    author_en: str = ""
    title_en: str = ""
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """A gene that another is easily taken for (by its name), and what tells the two apart."""

    gene: str
    distinction_zh: str = ""
    distinction_en: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """What a work may be about. ``id`` is the last part of ``uri``; ``name`` is in simplified script."""

    id: str
    uri: str
    name: str
    name_hant: str
    name_en: str
    pinyin: str = ""


@dataclass(frozen=True, slots=True)
class Gene:
    """An aesthetic quality. ``name`` (simplified script) is what :attr:`GeneReading.gene` holds.

    ``source`` names the treatise that the gene is taken from, or is empty.
    """

    id: str
    uri: str
    name: str
    name_hant: str
    name_en: str
    pinyin: str = ""
    alternatives: tuple[str, ...] = ()
    definition_zh: str = ""
    definition_en: str = ""
    source: str = ""
    close: tuple[Close, ...] = ()
    examples: tuple[Example, ...] = ()


_Concept = TypeVar("_Concept", bound=Gene | Theme)


@dataclass(frozen=True, slots=True)
class Group:
    """Genes, by name, that are shown together and before the rest."""

    name: str
    name_hant: str
    name_en: str
    genes: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Genes and themes in the order of their scheme; ``note_zh`` and ``note_en`` tell where it comes from."""

    genes: tuple[Gene, ...]
    themes: tuple[Theme, ...] = ()
    groups: tuple[Group, ...] = ()
    uri: str = ""
    name: str = ""
    name_en: str = ""
    note_zh: str = ""
    note_en: str = ""
    _genes_by_key: dict[str, Gene] = field(init=False, repr=False, compare=False)
    _themes_by_key: dict[str, Theme] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_genes_by_key", _index(self.genes))
        object.__setattr__(self, "_themes_by_key", _index(self.themes))

    @classmethod
    def load(cls, path: str | Path | None = None) -> Vocabulary:
        """The built-in vocabulary, or a scholar's own from a SKOS file.

        The file may be Turtle, RDF/XML, JSON-LD or N-Triples, by its suffix; :func:`luoshen.genes.skos.read_scheme`
        says how it is read and which errors it raises.
        """
        if path is None:
            return _built_in()
        from luoshen.genes.skos import read_scheme

        return cls._from_plain(read_scheme(path))

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Vocabulary:
        fields = dict(data)
        fields["genes"] = tuple(
            Gene(
                **{
                    **gene,
                    "alternatives": tuple(gene["alternatives"]),
                    "close": tuple(Close(**close) for close in gene["close"]),
                    "examples": tuple(Example(**example) for example in gene["examples"]),
                }
            )
            for gene in data["genes"]
        )
        fields["themes"] = tuple(Theme(**theme) for theme in data["themes"])
        fields["groups"] = tuple(Group(**{**group, "genes": tuple(group["genes"])}) for group in data["groups"])
        return cls(**fields)

    def find(self, name: str) -> Gene:
        """The gene of that name: either script, English, pinyin with or without tones, local name or URI.

        Raises :class:`VocabularyError`, with the nearest names, when there is none.
        """
        return _find(name, self._genes_by_key, self.genes, "gene", "基因")

    def find_theme(self, name: str) -> Theme:
        """The theme of that name, as :meth:`find` does for genes."""
        return _find(name, self._themes_by_key, self.themes, "theme", "题材")

    def shown(self) -> tuple[Gene, ...]:
        """All genes in the order in which they are shown: those of the groups, then the rest."""
        first = [self._genes_by_key[_key(name)] for group in self.groups for name in group.genes]
        return tuple(dict.fromkeys([*first, *self.genes]))


def _key(name: str) -> str:
    """One form for all ways to write a name: compatibility forms, case, tones, spaces and hyphens do not count."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    marks = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "".join(character for character in marks if not character.isspace() and character not in "-'’_")


def _index(concepts: Sequence[_Concept]) -> dict[str, _Concept]:
    index: dict[str, _Concept] = {}
    # What is most a concept's own comes first, so that no alternative hides another's name.
    named = [(name, c) for c in concepts for name in (c.uri, c.name)]
    named += [(name, c) for c in concepts for name in (c.name_hant, c.name_en, c.id)]
    named += [(name, c) for c in concepts for name in (c.pinyin, *getattr(c, "alternatives", ()))]
    for name, concept in named:
        if _key(name):
            index.setdefault(_key(name), concept)
    return index


def _find(name: str, index: dict[str, _Concept], concepts: Sequence[_Concept], kind: str, kind_zh: str) -> _Concept:
    found = index.get(_key(name))
    if found is not None:
        return found
    near = [index[key] for key in difflib.get_close_matches(_key(name), index, n=6, cutoff=0.5)]
    names = [f"{concept.name} {concept.name_en}" for concept in dict.fromkeys(near)][:3]
    raise VocabularyError(
        f"no {kind} is called {name!r}{'; nearest: ' + ', '.join(names) if names else ''}"
        f" (the vocabulary holds {len(concepts)}; luoshen genes lists the built-in ones)"
        f" · 没有名为“{name}”的{kind_zh}{'，相近者：' + '、'.join(names) if names else ''}"
    )


@cache
def _built_in() -> Vocabulary:
    try:
        return Vocabulary._from_plain(orjson.loads(_JSON.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"{_JSON}: {error}; install luoshen again · 数据文件损坏，请重新安装") from error


#: Names of the built-in genes and themes, in the order of the codebook.
GENES: tuple[str, ...] = tuple(gene.name for gene in _built_in().genes)
THEMES: tuple[str, ...] = tuple(theme.name for theme in _built_in().themes)
