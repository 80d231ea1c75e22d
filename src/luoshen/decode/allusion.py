"""Lines and phrases that a work takes over from an earlier one, found against a set of works.

What counts: a whole line of the source; a phrase of four letters or more; a line of five with one letter changed
or of seven with one or two (a *variant*). Letters are compared in simplified form, one for one, so that script and
punctuation make no difference. Of places that overlap, the one with most letters in common is kept; of its
sources, the one of the earliest dynasty, and among those the one that was given first.

A phrase that stands in many works is common property and no allusion (:data:`STOCK`); nor are common words that
happen to meet in two works (:data:`CHANCE`), nor four letters that cut through the feet of a line of five or seven.
"""

from __future__ import annotations

import os
import shutil
import tempfile
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
from platformdirs import user_cache_path

from luoshen.decode import ngrams
from luoshen.decode.ngrams import WIDTH, Flags, Keys, Letters, Matches, Positions
from luoshen.errors import FormatError, InputError
from luoshen.genes.profile import Allusion, Evidence
from luoshen.prosody.lines import Line, cut
from luoshen.works.reading import read
from luoshen.works.work import Work

#: Letters in common -> in how many different lines of its dynasty a phrase may stand and still be an allusion to the
#: first of them; longer matches are never stock. (The same line in two works, as anthologies have it, counts once.)
STOCK = {4: 1, 5: 4, 6: 8}
#: How many times words as common as those of a match of up to six letters may be expected to meet in an index of
#: this size by chance. Among all Tang works 无限江山 (0.03) is chance and 豆蔻梢头 (0.00001) is not.
CHANCE = 0.001
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
#: A source of about the same length (the shorter at least the first share of the longer) which has so much in common
#: with the work (the second share) is another edition of it.
_EDITION = (0.8, 0.5)
_FILE = "reuse.npz"
_VERSION = 1
_WORKS_AT_A_TIME = 2000
_KEYS_AT_A_TIME = 1 << 16  #: looked up; bounds what a very long work needs
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
        self._bounds = np.append(first, len(letters))
        self._counts = ngrams.count(letters, starts)

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
        letters = ngrams.fold(line.text for line in lines)
        matches = self._matches(letters, ngrams.line_starts(lines, len(letters)), work)
        if not len(matches.begin):
            return ()
        places = [place for line in lines for place in (line.at or range(line.start, line.end))]
        found = (self._allusion(work.text, places, matches, row) for row in self._choose(letters, matches))
        return tuple(sorted(found, key=lambda allusion: allusion.evidence.start))

    def _matches(self, letters: Letters, starts: Flags, work: Work) -> Matches:
        """All that the lines share with works that they may come from."""
        hashed, base, kind = ngrams.keys(letters, starts)
        own_id, rank = np.uint64(_id_hash(work.id)), dynasty_rank(work.dynasty)
        parts = []
        for begin in range(0, max(len(hashed), 1), _KEYS_AT_A_TIME):
            which, source = ngrams.look_up(self._keys, hashed[begin : begin + _KEYS_AT_A_TIME])
            works = self._work_at(source)
            free = self._ids[works] != own_id
            if rank is not None:
                ranks = self._ranks[works]
                free &= (ranks < rank) | (ranks == _UNKNOWN)
            which = which[free] + begin
            parts.append((base[which], kind[which], source[free]))
        at, kinds, source = (np.concatenate(column) for column in zip(*parts, strict=True))
        run = kinds == 0
        same = ngrams.same_letters(letters, at[run], self._letters, self._starts, source[run])
        changed = [
            ngrams.changed_lines(
                letters, at[kinds == length], self._letters, self._starts, source[kinds == length], length
            )
            for length in ngrams.CHANGES
        ]
        other = self._other_edition(same, len(letters))
        if len(other):
            same, *changed = (part.take(~np.isin(self._work_at(part.source), other)) for part in (same, *changed))
        return ngrams.join([same, ngrams.merge(same), *changed])

    def _other_edition(self, same: Matches, size: int) -> Positions:
        """Works that are much the same as the whole of this one, of ``size`` letters: other editions of it."""
        places, rows = np.unique(self._work_at(same.source) * (size + 1) + same.begin, return_index=True)
        works, work = np.unique(places // (size + 1), return_inverse=True)
        shared = np.bincount(work, weights=same.common[rows])
        sizes = self._bounds[works + 1] - self._bounds[works] - 1
        longer = np.maximum(size, sizes)
        other: Positions = works[(np.minimum(size, sizes) >= _EDITION[0] * longer) & (shared >= _EDITION[1] * longer)]
        return other

    def _work_at(self, source: Positions) -> Positions:
        return np.searchsorted(self._bounds, source, side="right") - 1

    def _choose(self, letters: Letters, matches: Matches) -> Iterator[int]:
        """The rows to report."""
        ranks = self._ranks[self._work_at(matches.source)]
        # best first: letters in common, then a whole line of the source, then the longer, then the earlier source
        span = matches.end - matches.begin
        order = np.lexsort((matches.source, ranks, -span, ~matches.whole, -matches.common))
        _, firsts = np.unique((matches.begin * (len(letters) + 1) + matches.end)[order], return_index=True)
        taken = np.zeros(len(letters), np.bool_)
        for row in order[np.sort(firsts)].tolist():
            begin, end, common = int(matches.begin[row]), int(matches.end[row]), int(matches.common[row])
            if taken[begin:end].any():
                continue
            if common in STOCK:
                if self._by_chance(letters[begin:end], int(matches.source[row])):
                    continue
                holders = (matches.begin <= begin) & (matches.end >= end) & (ranks == ranks[row])
                places = (matches.source - matches.begin)[holders] + begin
                around = zip(
                    self._letters[places - 1].tolist(), self._letters[places + end - begin].tolist(), strict=True
                )
                if len(set(around)) > STOCK[common]:
                    continue
            taken[begin:end] = True
            yield row

    def _by_chance(self, letters: Letters, source: int) -> bool:
        """Whether common words that merely met explain a match of few letters with those at ``source``."""
        same = letters == self._letters[source : source + len(letters)]
        if len(letters) == WIDTH and self._off_beat(source):
            return True
        return self._counts.expected(letters, same) > CHANCE

    def _off_beat(self, source: int) -> bool:
        """Whether four letters at ``source`` cut through the feet of a line of five or seven."""
        begin, end = source, source + WIDTH
        while not self._starts[begin]:
            begin -= 1
        while not self._starts[end]:
            end += 1
        return end - begin in (5, 7) and (source - begin) % 2 == 1

    def _allusion(self, text: str, places: Sequence[int], matches: Matches, row: int) -> Allusion:
        begin, end, source, common, whole, variant = (column[row].item() for column in matches)
        start, stop = places[begin], places[end - 1] + 1
        work = int(np.searchsorted(self._bounds, source, side="right")) - 1
        before = int(self._ends[work - 1]) if work else 0
        source_id, title, author, source_text = orjson.loads(self._records[before : self._ends[work]].tobytes())
        kind = "variant" if variant else "line" if whole else "phrase"
        return Allusion(
            evidence=Evidence(text[start:stop], start, stop, round(common / (end - begin), 3), METHOD),
            source_id=source_id,
            source_title=title,
            source_author=author,
            source_line=_lines_at(source_text, source - int(self._bounds[work]), end - begin),
            kind=kind,
        )

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the index into ``folder``, made if it is not there: aside first, then renamed.

        Raises :class:`OSError` if the disk does not take it.
        """
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
            with place.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                version = file["version"]
                arrays = {name: file[name] for name in _ARRAYS}
        except FileNotFoundError as error:
            raise InputError(f"{folder}: no reuse index here; build one first · 此处没有化用索引，请先建立") from error
        except Exception as error:  # of any kind: zipfile and numpy meet damage with a dozen
            raise _damaged(place, f"{type(error).__name__}: {error}") from error
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
    cache = user_cache_path("luoshen", appauthor=False) / "reuse"
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


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:24]


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
    bounds = np.append(arrays["first"], letters)
    ends = np.append(0, arrays["ends"])
    if bounds[0] != 0 or (np.diff(bounds) < 1).any() or (np.diff(ends) < 1).any() or ends[-1] != len(arrays["records"]):
        raise _damaged(place, "offsets out of order")
    if not (arrays["starts"][bounds[:-1]].all() and arrays["starts"][bounds[1:] - 1].all()):
        raise _damaged(place, "a work without a beginning or an end")
    if len(arrays["keys"]) and int((arrays["keys"] & ngrams.LOW).max()) >= letters:
        raise _damaged(place, "a key beyond the letters")
