"""Many works, several processors, little memory: chunks go out to processes and come back in order."""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import NamedTuple, TypeVar

import orjson

from luoshen.decode.decoder import Decoder, load_decoder
from luoshen.errors import LuoshenError
from luoshen.works.jsonl import read_jsonl
from luoshen.works.work import Work

Item = TypeVar("Item")

CHUNK = 256  #: works to a task: enough to fill batches of like length, few enough to stay small
#: A task also closes at so many bytes or letters, so that memory holds a few long works, not 256.
CHUNK_SIZE = 1 << 20
FEW = 64  #: as many works as one process has done before another has started


class Lines(NamedTuple):
    """Profiles (or errors) as JSON lines, with how many there are of each."""

    data: bytes
    profiles: int
    errors: int


class Settings(NamedTuple):
    """How to decode and what to write; crosses to other processes."""

    fitted: str | None = None
    against: str | None = None
    all_genes: bool = False
    embedding: bool = False
    source: str = "stdin"  #: the name of what lines come from, for errors


def decode_works(decoder: Decoder, works: list[Work], settings: Settings) -> Lines:
    """A JSON line a work, in order."""
    return _written(decoder, list(works), settings)


def decode_lines(decoder: Decoder, lines: list[tuple[int, bytes]], settings: Settings) -> Lines:
    """A JSON line for each line that is not blank, in order: its Profile, or ``{"id", "error"}``.

    ``lines`` follow each other, each with its number in ``settings.source``.
    """
    read = read_jsonl((line for _, line in lines), name=settings.source, first=lines[0][0])
    items = [item if isinstance(item, Work) else (item.id, item.message) for item in read]
    return _written(decoder, items, settings)


def _written(decoder: Decoder, items: list[Work | tuple[str | None, str]], settings: Settings) -> Lines:
    works = [item for item in items if isinstance(item, Work)]
    profiles = iter(decoder.decode(works))
    out = []
    for item in items:
        if isinstance(item, Work):
            data = next(profiles).to_dict(all_genes=settings.all_genes)
            if not settings.embedding:
                data.pop("embedding", None)
        else:
            data = {"id": item[0], "error": item[1]}
        out.append(orjson.dumps(data, option=orjson.OPT_APPEND_NEWLINE))
    return Lines(b"".join(out), len(works), len(items) - len(works))


def stream(
    items: Iterable[Item],
    task: Callable[[Decoder, list[Item], Settings], Lines],
    size: Callable[[Item], int],
    settings: Settings,
    workers: int | None = None,
) -> Iterator[Lines]:
    """``task`` over chunks of ``items``, results in the order of the items.

    A few items are done here; more go to ``workers`` processes (default: one a processor), never
    more than two chunks a process under way, so that memory does not grow with the input.
    """
    workers = workers or os.cpu_count() or 1
    chunks = _chunks(items, size)
    first = next(chunks, None)
    if first is None:
        return
    if workers == 1 or len(first) <= FEW:
        decoder = load_here(settings, threads=0 if workers > 1 else 1)
        for chunk in itertools.chain([first], chunks):
            yield task(decoder, chunk, settings)
        return
    # Not forked: a forked copy of threads that hold locks can hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(settings,)) as pool:
        under_way: deque[Future[Lines]] = deque()
        for chunk in itertools.chain([first], chunks):
            under_way.append(pool.submit(_run, task, chunk))
            while len(under_way) > 2 * workers or (under_way and under_way[0].done()):
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def load_here(settings: Settings, threads: int) -> Decoder:
    """The Decoder that ``settings`` ask for."""
    from pathlib import Path

    fitted = Path(settings.fitted) if settings.fitted else None
    against = Path(settings.against) if settings.against else None
    return load_decoder(threads=threads, fitted=fitted, against=against)


def _chunks(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    total = 0
    for item in items:
        chunk.append(item)
        total += size(item)
        if len(chunk) == CHUNK or total >= CHUNK_SIZE:
            yield chunk
            chunk, total = [], 0
    if chunk:
        yield chunk


_worker: tuple[Decoder, Settings] | None = None


def _start(settings: Settings) -> None:
    global _worker
    try:
        _worker = load_here(settings, threads=1), settings
    except LuoshenError:
        # The error is raised again, with its message, where the first chunk asks for the decoder.
        _worker = None
    _settings_of_worker.append(settings)


_settings_of_worker: list[Settings] = []


def _run(task: Callable[[Decoder, list[Item], Settings], Lines], chunk: list[Item]) -> Lines:
    if _worker is None:
        load_here(_settings_of_worker[-1], threads=1)
        raise LuoshenError("the decoder could not be loaded in a worker process; try --workers 1")
    decoder, settings = _worker
    return task(decoder, chunk, settings)
