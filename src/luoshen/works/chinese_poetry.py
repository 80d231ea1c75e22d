"""The npm package ``chinese-poetry``, folder by folder, with what its files get wrong.

Counted on version 2.0.1. The texts are in the public domain; the package's MIT claim over their compilation
has been questioned in its tracker, so that every work keeps the source and this caution.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import orjson

from luoshen.errors import FormatError
from luoshen.works.notes import Judge, drama, editorial, lift
from luoshen.works.records import make_work
from luoshen.works.report import Item, Rejected
from luoshen.works.work import Note, Source

NAME = "npm chinese-poetry 2.0.1"
RIGHTS = "text: public domain; the package claims MIT for its compilation, which is disputed"

Record = dict[str, Any]


@dataclass(frozen=True)
class Collection:
    """What a file's records have in common, which they do not say themselves."""

    dynasty: str = ""
    form: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    judge: Judge | None = editorial  #: of the bracketed passages; None: brackets are text
    poem: Callable[[Record, _Poem], None] | None = None  #: sets what is particular to this collection


@dataclass
class _Poem:
    """A work under way: set from the record, then by the collection."""

    title: str
    author: str
    dynasty: str
    form: str
    lines: list[str]
    tags: list[str]
    glosses: list[str] = field(default_factory=list)  #: notes that the record holds beside its text
    damage: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


def _ci(record: Record, poem: _Poem) -> None:
    """词: the tune (``name・alias``) is a tag, and the title if there is none."""
    tune = str(record.get("rhythmic") or "").strip()
    if tune:
        poem.title = poem.title or tune
        poem.extra["tune"] = tune
        poem.tags.insert(0, tune.split("・")[0])
    poem.author = poem.author.removesuffix(" 六首")
    if preface := record.get("prologue"):
        poem.extra["preface"] = preface


def _nalan(_: Record, poem: _Poem) -> None:
    """``tune·first words``; a title without the dot is that of a poem in another form."""
    tune, dot, _rest = poem.title.partition("·")
    if dot and tune not in ("汤泉应制", "南海子", "拟古", "拟冬日景忠山应制"):
        poem.form = "词"
        poem.extra["tune"] = tune
        poem.tags.insert(0, tune)


_MODES = frozenset(
    (
        *("仙吕", "南吕", "中吕", "黄钟", "正宫", "道宫", "宫调", "商调", "角调", "越调", "双调"),
        *("大石调", "小石调", "般涉调", "商角调", "高平调", "歇指调", "揭指调"),
    )
)


def _qu(_: Record, poem: _Poem) -> None:
    """曲: ``play・tune``, or ``tune・`` and the first lines of the verse cut off at 32 characters.

    The author may be ``author《play》``.
    """
    head, dot, rest = poem.title.partition("・")
    if dot and re.search("[，。？！；]", rest):
        poem.title = head
        poem.lines = [rest.rstrip("/") + (poem.lines[0] if poem.lines else ""), *poem.lines[1:]]
        poem.damage.append("text_in_title")
        rest = ""
    tune, play = rest or head, head if rest else ""
    if play in _MODES:
        # What follows is the tune and the poem's own title, run together: 天净沙马谦斋园亭.
        poem.extra["mode"], play = play, ""
        tune = tune if len(tune) <= 3 else ""
    if named := re.fullmatch("(.+?)《(.+)》", poem.author):
        poem.author, play = named.groups()
    if play:
        poem.extra["play"] = play
    if tune and tune not in ("同前", "前腔"):
        poem.extra["tune"] = tune
        poem.tags.insert(0, tune)
    kept = [line for line in poem.lines if "Content-Type=" not in line]
    if len(kept) < len(poem.lines):
        poem.lines = kept
        poem.damage.append("http_header")


def _tang(_: Record, poem: _Poem) -> None:
    """Long notes leave the title, of which （二首） and the like are a part."""
    if "（" in poem.title:
        title, notes = lift(poem.title, lambda _bracket, inside: "title" if len(inside) > 8 else "keep")
        poem.title = title.strip()
        poem.extra.update({"title_notes": [note.text for note in notes]} if notes else {})


def _shijing(record: Record, poem: _Poem) -> None:
    poem.tags += [record[name] for name in ("chapter", "section") if record.get(name)]


def _youmengying(record: Record, poem: _Poem) -> None:
    poem.glosses += record.get("comment") or []


_DYNASTIES = {"宋代": "宋", "唐代": "唐", "明代": "明", "兩漢": "汉", "魏晉": "魏晋", "南宋": "宋", "北宋": "宋"}


def _anthology(record: Record, poem: _Poem) -> None:
    """``（唐）孟浩然`` and ``先秦：左丘明`` name the dynasty before the author."""
    if named := re.fullmatch(r"[（(](.+?)[)）]\s*(.*)|(.+?)：(.*)", poem.author):
        dynasty, author = [group for group in named.groups() if group is not None]
        poem.dynasty, poem.author = dynasty.strip(), author.strip()
    poem.dynasty = _DYNASTIES.get(poem.dynasty, poem.dynasty)
    if subtitle := str(record.get("subchapter") or ""):
        if subtitle.startswith("其"):
            poem.title = f"{poem.title} {subtitle}"
        else:
            poem.extra["other_title"] = subtitle
    poem.author = re.split("[（(]", poem.author)[0].strip()


#: Files by their place under ``dist``: the first pattern that fits. A string says why a file is left out.
FILES: tuple[tuple[str, Collection | str], ...] = (
    ("quantangshi/error/*", "subset_flagged_as_wrong"),
    ("yudingquantangshi/*", "damaged_edition"),
    ("strains/*", "tone_patterns"),
    ("rank/*", "hit_counts"),
    ("quantangshi/authors.*", "not_works"),
    ("songci/author.*", "not_works"),
    ("wudaishici/nantang/authors.json", "not_works"),
    ("wudaishici/nantang/intro.json", "not_works"),
    ("quantangshi/表面结构字.json", "not_works"),
    # The folder holds both: whether a poem is Tang or Song stands in the file's own name.
    ("quantangshi/poet.tang.*.json", Collection("唐", "诗", poem=_tang)),
    ("quantangshi/poet.song.*.json", Collection("宋", "诗", poem=_tang)),
    ("quantangshi/唐诗三百首.json", Collection("唐", "诗", tags=("唐诗三百首",), poem=_tang)),
    ("quantangshi/唐诗补录.json", Collection("唐", "诗", poem=_tang)),
    ("songci/*.json", Collection("宋", "词", poem=_ci)),
    ("yuanqu/yuanqu.json", Collection("元", "曲", judge=drama, poem=_qu)),
    ("shijing/shijing.json", Collection("先秦", "诗", tags=("诗经",), judge=None, poem=_shijing)),
    ("chuci/chuci.json", Collection("先秦", "辞", tags=("楚辞",), judge=None, poem=_shijing)),
    ("caocaoshiji/caocao.json", Collection("魏", "诗", "曹操")),
    ("nalanxingde/*.json", Collection("清", "诗", poem=_nalan)),
    ("shuimotangshi/*.json", Collection("唐", "诗", tags=("水墨唐诗",))),
    ("wudaishici/huajianji/*preface.json", Collection("五代", "文", tags=("花间集",))),
    ("wudaishici/huajianji/*.json", Collection("五代", "词", tags=("花间集",), poem=_ci)),
    ("wudaishici/nantang/poetrys.json", Collection("五代", "词", tags=("南唐二主词",), poem=_ci)),
    ("mengxue/tangshisanbaishou.json", Collection("唐", "诗", tags=("唐诗三百首",), poem=_anthology)),
    ("mengxue/qianjiashi.json", Collection("", "诗", tags=("千家诗",), poem=_anthology)),
    ("mengxue/guwenguanzhi.json", Collection("", "文", tags=("古文观止",), judge=None, poem=_anthology)),
    ("mengxue/qianziwen.json", Collection("南北朝", "蒙书", judge=None, poem=_anthology)),
    ("mengxue/baijiaxing.json", Collection("宋", "蒙书", judge=None, poem=_anthology)),
    ("mengxue/sanzijing*.json", Collection("宋", "蒙书", judge=None, poem=_anthology)),
    ("mengxue/youxueqionglin.json", Collection("明", "蒙书", judge=None, poem=_anthology)),
    ("mengxue/zengguangxianwen.json", Collection("明", "蒙书", judge=None, poem=_anthology)),
    ("mengxue/*.json", Collection("清", "蒙书", judge=None, poem=_anthology)),
    ("lunyu/*.json", Collection("先秦", "文", tags=("论语",), judge=None)),
    ("sishuwujing/*.json", Collection("先秦", "文", judge=None)),
    ("youmengying/*.json", Collection("清", "文", "张潮", tags=("幽梦影",), judge=None, poem=_youmengying)),
)
#: Titles of the books whose files do not say them, so that a chapter is not just called 学而篇.
_BOOKS = {"lunyu/lunyu.json": "论语", "sishuwujing/mengzi.json": "孟子", "youmengying/youmengying.json": "幽梦影"}
#: Prefaces and studies by the modern compilers of the supplements, which stand among the poems. They are not
#: in the public domain.
_MODERN_ESSAYS = frozenset(
    {
        "59da975c-ad0a-4cc9-b249-21b056316559",
        "164c3f4a-c71a-4048-a772-3f5f9e7eae67",
        "0ba8d1b3-343e-471a-8b4c-d45e67c09e7a",
        "7405ece2-d677-4e8d-926e-3a3161f0e6cc",
        "7af62b5c-84bb-443c-8135-573e244cb6a2",
    }
)
_BODY = ("paragraphs", "para", "content")


def find_dist(path: Path) -> Path | None:
    """The ``dist`` folder of the package that ``path`` is, holds, or lies in; None if it is another folder."""
    for place in (path, path / "dist", *list(path.parents)[:4]):
        if (place / "songci").is_dir() and (place / "quantangshi").is_dir():
            return place
    return None


def collection_of(name: str) -> Collection | str:
    """What a file of the package holds (``name``: its place under ``dist``), or why it is left out."""
    return next((found for pattern, found in FILES if fnmatchcase(name, pattern)), "unknown_format")


def read_package_file(data: bytes, name: str, collection: Collection) -> Iterator[Item]:
    """Every record of one file of the package, ``name`` being its place under ``dist``.

    Raises :class:`~luoshen.errors.FormatError` if it is no JSON.
    """
    try:
        content = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{name}: not valid JSON: {error.msg}, character {error.pos}") from None
    records = content if isinstance(content, list) else [content]
    number = 0
    for record in records:
        for leaf, title, tags in _leaves(record, _BOOKS.get(name, ""), ()):
            number += 1
            place = f"{name}: record {number}"
            if leaf is None:
                yield Rejected(place, "bad_record", f"{place}: not an object with a text")
                continue
            yield _work(leaf, title, tags, collection, place, f"{name}#{number}")


def _leaves(
    node: Any, book: str, tags: tuple[str, ...], author: str = ""
) -> Iterator[tuple[Record | None, str, tuple[str, ...]]]:
    """The records in a nested file: each with its title and the titles of what it stood in."""
    if not isinstance(node, dict):
        yield None, "", ()
        return
    parts = node.get("paragraphs")
    if isinstance(parts, list) and parts and isinstance(parts[0], dict):  # poems of one title: 其一, 其二
        for part in parts:
            yield from _leaves({**node, **part}, book, tags, author)
        return
    children = node.get("content")
    own = str(node.get("title") or node.get("chapter") or node.get("type") or "").strip()
    if isinstance(children, list) and children and isinstance(children[0], dict):
        inside = (*tags, own) if own and tags else tags
        for child in children:
            yield from _leaves(child, book or own, inside or ((own,) if own else ()), str(node.get("author") or author))
        return
    anthology = "author" in node and bool(tags)
    title = own if anthology or not book or own == book else f"{book}·{own}" if own else book
    yield ({"author": author, **node} if author else node), title, tags[1:] if anthology else ()


def _work(record: Record, title: str, tags: tuple[str, ...], collection: Collection, place: str, number: str) -> Item:
    body: Any = next((record[name] for name in _BODY if record.get(name)), [])
    lines = [body] if isinstance(body, str) else body
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return Rejected(place, "bad_record", f"{place}: the text is no list of lines")
    own_tags = record.get("tags")
    poem = _Poem(
        title=title,
        author=str(record.get("author") or collection.author).strip(),
        dynasty=collection.dynasty,
        form=collection.form,
        lines=[stripped for line in lines if (stripped := line.strip())],
        tags=list(own_tags) if isinstance(own_tags, list) else [],
    )
    if isinstance(record.get("notes"), list):
        poem.glosses += [note for note in record["notes"] if note]
    if collection.poem is not None:
        collection.poem(record, poem)
    if poem.title.startswith("存目"):
        return Rejected(place, "index_only", f"{place}: {poem.title}")
    given = record.get("id")
    if given in _MODERN_ESSAYS:
        return Rejected(place, "modern_essay", f"{place}: {poem.title}, {poem.author}")
    text = unicodedata.normalize("NFC", "\n".join(poem.lines))
    notes: tuple[Note, ...] = ()
    if collection.judge is not None:
        text, notes = lift(text, collection.judge)
    if text == "空。":
        return Rejected(place, "no_text", f"{place}: the text is 空, which stands for a poem that was taken out")
    if poem.glosses:
        notes = tuple(sorted((*notes, *_glosses(text, poem.glosses)), key=lambda note: note.at))
    if poem.damage:
        poem.extra["damage"] = tuple(poem.damage)
    return make_work(
        text,
        place=place,
        source=Source(NAME, given if isinstance(given, str) else number, RIGHTS),
        title=poem.title,
        author=poem.author,
        dynasty=poem.dynasty,
        form=poem.form,
        notes=notes,
        tags=tuple(dict.fromkeys((*collection.tags, *poem.tags, *tags))),
        extra=poem.extra,
        chinese_only=True,
    )


def _glosses(text: str, glosses: list[str]) -> Iterator[Note]:
    """``小山--女子画眉的式样`` stands before the words that it explains; any other note at the end."""
    for gloss in glosses:
        term = re.match(r"(?:\d+[.．、]\s*)?([^-—：:]{1,12}?)\s*[-—]{1,2}", gloss)
        at = text.find(term.group(1)) if term else -1
        yield Note(at if at >= 0 else len(text), gloss, "gloss" if term else "editorial")
