"""Lines and phrases that a work takes over from an earlier one, found against a set of works.

What counts: a whole line of the source; a phrase of four letters or more; a line of five with one letter changed
or of seven with one or two (a *variant*). Letters are compared in simplified form, one for one, so that script and
punctuation make no difference. Of places that overlap, the one with most letters in common is kept; of its
sources, the one of the earliest dynasty, and among those the one that was given first.

A phrase that stands in many works is common property and no allusion: see :data:`STOCK`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import orjson

from luoshen.decode import ngrams
from luoshen.decode.ngrams import Flags, Keys, Letters, Matches, Positions
from luoshen.errors import FormatError, InputError
from luoshen.genes.profile import Allusion, Evidence
from luoshen.prosody.lines import Line, cut
from luoshen.works.reading import read
from luoshen.works.work import Work

#: Letters in common -> in how many works of its dynasty a phrase or line may stand and still be an allusion to the
#: first of them; longer ones are never stock.
STOCK = {4: 2, 5: 4, 6: 8}
_DYNASTIES = (
    "先秦 周 春秋 战国 戰國 秦",
    "汉 漢 西汉 西漢 东汉 東漢 两汉 兩漢",
    "魏 三国 三國 曹魏 蜀汉 蜀漢 吴 吳 东吴 東吳",
    "晋 晉 西晋 西晉 东晋 東晉 两晋 兩晉",
    "南北朝 南朝 北朝 刘宋 劉宋 南朝宋 齐 齊 南齐 南齊 南朝齐 南朝齊 梁 南朝梁 陈 陳 南朝陈 南朝陳 "
    "北魏 东魏 東魏 西魏 北齐 北齊 北周",
    "隋",
    "唐 初唐 盛唐 中唐 晚唐 武周",
    "五代 五代十国 五代十國 南唐 前蜀 后蜀 後蜀 吴越 吳越",
    "宋 北宋 南宋 辽 遼",
    "金",
    "元",
    "明",
    "清",
)
_RANK = {name: rank for rank, names in enumerate(_DYNASTIES) for name in names.split()}
_UNKNOWN = 99
METHOD = "reuse"
#: A source that shares so much of the longer of the two texts is an edition of the same work.
_EDITION = 0.6
_FILE = "reuse.npz"
_VERSION = 1
_WORKS_AT_A_TIME = 2000
_LETTERS_AT_A_TIME = 2000  #: of a work that is looked at; bounds what a very long one needs
_EMPTY = np.empty(0, np.int64)
_NONE = Matches(_EMPTY, _EMPTY, _EMPTY, _EMPTY, _EMPTY.astype(np.bool_), _EMPTY.astype(np.bool_))
#: The arrays of an index and their types.
_ARRAYS = {
    "letters": "u4",
    "starts": "b1",
    "keys": "u8",
    "first": "i8",
    "ranks": "i1",
    "ids": "u8",
    "records": "u1",
    "ends": "i8",
}
_END = Line(ngrams.GAP_SIGN, 0, 0)  #: after each work, so that no match runs over into the next


def dynasty_rank(dynasty: str) -> int | None:
    """The place of a dynasty in the order from 先秦 (0) to 清 (12), in either script; None if it is not known."""
    name = dynasty.strip()
    rank = _RANK.get(name)
    return rank if rank is not None or len(name) < 2 or name[-1] not in "代朝" else _RANK.get(name[:-1])


class ReuseIndex:
    """Earlier works, ready to be asked for what a work takes from them."""

    def __init__(
        self,
        letters: Letters,
        starts: Flags,
        keys: Keys,
        first: Positions,
        ranks: npt.NDArray[np.int8],
        ids: npt.NDArray[np.uint64],
        records: npt.NDArray[np.uint8],
        ends: Positions,
    ) -> None:
        """The arrays that :meth:`build` makes; ``letters`` holds a gap after each work, ``first`` each work's first."""
        self._letters, self._starts, self._keys = letters, starts, keys
        self._first, self._ranks, self._ids = first, ranks, ids
        self._records, self._ends = records, ends

    def __len__(self) -> int:
        """How many works it holds."""
        return len(self._ranks)

    @classmethod
    def build(cls, works: Iterable[Work]) -> Self:
        """An index of ``works``, which are read once, in order."""
        letters: list[Letters] = []
        starts: list[Flags] = []
        sizes, ends, ids = array("q"), array("q"), array("Q")
        ranks = array("b")
        records = bytearray()
        stream = iter(works)
        while some := list(islice(stream, _WORKS_AT_A_TIME)):
            lines: list[Line] = []
            for work in some:
                own = cut(work.text)
                own.append(_END)
                lines += own
                sizes.append(sum(len(line.text) for line in own))
                rank = dynasty_rank(work.dynasty)
                ranks.append(_UNKNOWN if rank is None else rank)
                ids.append(_id_hash(work.id))
                records += orjson.dumps([_clean(part) for part in (work.id, work.title, work.author, work.text)])
                ends.append(len(records))
            letters.append(ngrams.fold(line.text for line in lines))
            starts.append(ngrams.line_starts(lines, len(letters[-1])))
        all_letters = np.concatenate(letters) if letters else np.empty(0, np.uint32)
        all_starts = np.concatenate(starts) if starts else np.empty(0, np.bool_)
        del letters, starts
        return cls(
            letters=all_letters,
            starts=all_starts,
            keys=ngrams.sorted_keys(all_letters, all_starts),
            first=np.cumsum(sizes, dtype=np.int64) - np.array(sizes, dtype=np.int64),
            ranks=np.array(ranks, dtype=np.int8),
            ids=np.array(ids, dtype=np.uint64),
            records=np.frombuffer(bytes(records), dtype=np.uint8),
            ends=np.array(ends, dtype=np.int64),
        )

    def find(self, work: Work) -> tuple[Allusion, ...]:
        """What ``work`` takes over from works of the index, in the order of the text; no two overlap.

        Never from itself (the same id, or the same text in another edition). Where both dynasties are known, only
        from works of an earlier one.
        """
        lines = cut(work.text)
        rank = dynasty_rank(work.dynasty)
        barred = self._ids == np.uint64(_id_hash(work.id))
        if rank is not None:
            barred |= (self._ranks >= rank) & (self._ranks != _UNKNOWN)
        places = [place for line in lines for place in (line.at or range(line.start, line.end))]
        chosen = self._choose(self._matches(lines, barred), len(places))
        found = (self._allusion(work.text, places, match) for match in chosen)
        return tuple(sorted(found, key=lambda allusion: allusion.evidence.start))

    def _matches(self, lines: Sequence[Line], barred: Flags) -> Matches:
        """All that the lines share with works that are not barred; letters are counted from the first line."""
        parts = [_NONE]
        begin = 0
        for some in _portions(lines):
            letters = ngrams.fold(line.text for line in some)
            hashed, base, kind = ngrams.keys(letters, ngrams.line_starts(some, len(letters)))
            which, source = ngrams.look_up(self._keys, hashed)
            free = ~barred[self._work_at(source)]
            source, at, kind = source[free], base[which[free]], kind[which[free]]
            run = kind == 0
            for part in (
                ngrams.same_letters(letters, at[run], self._letters, self._starts, source[run]),
                *(
                    ngrams.changed_lines(letters, at[kind == n], self._letters, self._starts, source[kind == n], n)
                    for n in ngrams.CHANGES
                ),
            ):
                parts.append(part._replace(begin=part.begin + begin, end=part.end + begin))
            begin += len(letters)
        return ngrams.join(parts)

    def _work_at(self, source: Positions) -> Positions:
        return np.searchsorted(self._first, source, side="right") - 1

    def _choose(self, matches: Matches, size: int) -> Iterator[Matches]:
        """The matches to report, a row each; ``size`` is the number of letters of the work."""
        matches = matches.take(~self._other_edition(matches, size))
        matches = ngrams.join([matches, ngrams.merge(matches.take(~matches.variant))])
        works = self._work_at(matches.source)
        ranks = self._ranks[works]
        span = matches.end - matches.begin
        # best first: letters in common, then a whole line of the source, then the longer, then the earlier source
        order = np.lexsort((matches.source, ranks, -span, ~matches.whole, -matches.common))
        _, firsts = np.unique(np.stack((matches.begin, matches.end))[:, order], axis=1, return_index=True)
        taken = np.zeros(size, np.bool_)
        for row in order[np.sort(firsts)]:
            begin, end = matches.begin[row], matches.end[row]
            if taken[begin:end].any():
                continue
            limit = STOCK.get(int(matches.common[row]))
            if limit is not None:
                holders = (matches.begin <= begin) & (matches.end >= end) & (ranks == ranks[row])
                if len(np.unique(works[holders])) > limit:
                    continue
            taken[begin:end] = True
            yield matches.take(np.array([row]))

    def _other_edition(self, matches: Matches, size: int) -> Flags:
        """Which rows are from a work that is much the same as the whole of this one: another edition of it."""
        works = self._work_at(matches.source)
        shared = np.zeros(len(self) + 1, np.int64)
        np.add.at(shared, works, np.where(matches.variant, 0, matches.common))
        sizes = np.diff(np.append(self._first, len(self._letters)))
        other: Flags = shared[works] >= _EDITION * np.maximum(size, sizes[works] - 1)
        return other

    def _allusion(self, text: str, places: Sequence[int], match: Matches) -> Allusion:
        begin, end, source = (int(column[0]) for column in match[:3])
        common, whole, variant = int(match.common[0]), bool(match.whole[0]), bool(match.variant[0])
        start, stop = places[begin], places[end - 1] + 1
        work = int(self._work_at(match.source)[0])
        before = int(self._ends[work - 1]) if work else 0
        source_id, title, author, source_text = orjson.loads(self._records[before : self._ends[work]].tobytes())
        kind = "variant" if variant else "line" if whole else "phrase"
        return Allusion(
            evidence=Evidence(text[start:stop], start, stop, round(common / (end - begin), 3), METHOD),
            source_id=source_id,
            source_title=title,
            source_author=author,
            source_line=_lines_at(source_text, source - int(self._first[work]), end - begin),
            kind=kind,
        )

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the index into ``folder``, made if it is not there: aside first, then renamed."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=place, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, version=np.int64(_VERSION), **{name: getattr(self, f"_{name}") for name in _ARRAYS})
            Path(aside).replace(place / _FILE)
        except BaseException:
            with suppress(OSError):
                Path(aside).unlink()
            raise

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Self:
        """The index that :meth:`save` wrote into ``folder``.

        Raises :class:`~luoshen.errors.FormatError` if it is damaged or of another version,
        :class:`~luoshen.errors.InputError` if there is none.
        """
        place = Path(folder) / _FILE
        try:
            with np.load(place, allow_pickle=False) as file:
                version = file["version"]
                arrays = {name: file[name] for name in _ARRAYS}
        except FileNotFoundError as error:
            raise InputError(f"{folder}: no reuse index here; build one first · 此处没有化用索引，请先建立") from error
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, SyntaxError) as error:
            raise _damaged(place, str(error)) from error
        if version.shape != () or version != _VERSION:
            raise _damaged(place, f"version {version}, not {_VERSION}")
        _check(place, arrays)
        return cls(**arrays)


def index_for(path: str | os.PathLike[str]) -> ReuseIndex:
    """The index of the works in a file or folder, in any format that :func:`luoshen.works.reading.read` knows.

    It is kept in the user's cache folder, and built again when the path, the size or the time of a file in it
    changes. Raises :class:`~luoshen.errors.InputError` if nothing can be read there.
    """
    place = Path(path)
    if not place.exists():
        raise InputError(f"{place}: there is no such file or folder · 没有这个文件或文件夹")
    name, state = _digest(str(place.resolve())), _digest(*_state(place))
    cache = _cache_folder()
    folder = cache / f"{name}-{state}"
    with suppress(InputError):
        return ReuseIndex.load(folder)
    index = ReuseIndex.build(read(place))
    if not len(index):
        raise InputError(f"{place}: holds no works that could be read · 其中没有可读的作品")
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        index.save(folder)
        for old in cache.glob(f"{name}-*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
    return index


def _state(place: Path) -> Iterator[str]:
    """What changes when a file at or below ``place`` does; and the version of the index."""
    yield str(_VERSION)
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        with suppress(OSError):
            status = path.stat()
            yield f"{path.relative_to(place)}\0{status.st_mtime_ns}\0{status.st_size}"


def _cache_folder() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "luoshen" / "reuse"


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:24]


def _portions(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """``lines`` a few thousand letters at a time (but never less than one line)."""
    some: list[Line] = []
    size = 0
    for line in lines:
        some.append(line)
        size += len(line.text)
        if size >= _LETTERS_AT_A_TIME:
            yield some
            some, size = [], 0
    if some:
        yield some


def _lines_at(text: str, first: int, length: int) -> str:
    """The whole lines of ``text`` that hold ``length`` letters from letter number ``first``, as they stand."""
    start = end = None
    at = 0
    for line in cut(text):
        after = at + len(line.text)
        if after > first and start is None:
            start = line.start
        if at < first + length:
            end = line.end
        at = after
    return text[start:end]


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no form in JSON


def _id_hash(work_id: str) -> int:
    return int.from_bytes(blake2b(work_id.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _damaged(place: Path, why: str) -> FormatError:
    return FormatError(
        f"{place}: damaged, or written by another version ({why}); build it again · 索引损坏，请重新建立"
    )


def _check(place: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """That every offset in the arrays leads to a place in them."""
    for name, kind in _ARRAYS.items():
        if arrays[name].ndim != 1 or arrays[name].dtype != np.dtype(kind):
            raise _damaged(place, f"{name} is not a row of {np.dtype(kind)}")
    letters, works = len(arrays["letters"]), len(arrays["first"])
    if len(arrays["starts"]) != letters or any(len(arrays[name]) != works for name in ("ranks", "ids", "ends")):
        raise _damaged(place, "arrays of different lengths")
    first, ends = arrays["first"], arrays["ends"]
    size = len(arrays["records"])
    if works and not (
        first[0] == 0
        and (np.diff(first) > 0).all()
        and first[-1] < letters
        and ends[0] > 0
        and (np.diff(ends) > 0).all()
        and ends[-1] == size
    ):
        raise _damaged(place, "offsets out of order")
    if len(arrays["keys"]) and (not works or int((arrays["keys"] & ngrams.LOW).max()) >= letters):
        raise _damaged(place, "a key beyond the letters")
