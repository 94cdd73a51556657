"""Many texts judged on all cores, in their order: each process is a fork that shares the compiled phrases."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from multiprocessing.pool import AsyncResult, Pool

from hedgerow.core.scanned import Bench, Heard, Said

CHUNK = 250
"""Texts that go to a process at once. Fewer than this are judged here: forks take a tenth of a second."""

_BEFORE = 3
"""Chunks that wait for each process: a file of any length is read as fast as it is judged."""

type Named = tuple[dict[str, object], Said]
type Told = tuple[dict[str, object], Heard]

_judge: tuple[Bench, str] | None = None
"""What a fork judges by; it cannot be sent, only inherited."""


def judged(texts: Iterable[Named], bench: Bench, band: str) -> Iterator[Told]:
    """Each text's name with its verdict."""
    given = iter(texts)
    first = list(islice(given, CHUNK))
    cores = len(os.sched_getaffinity(0))
    # A thread may hold a lock that its fork would wait for without end; the command line has none.
    if len(first) < CHUNK or cores < 2 or threading.active_count() > 1:
        return ((name, bench.judge(said, band)) for name, said in chain(first, given))
    return _forked(first, given, bench, band, cores)


def _forked(first: list[Named], given: Iterator[Named], bench: Bench, band: str, cores: int) -> Iterator[Told]:
    global _judge
    _judge = bench, band
    waiting: deque[tuple[list[dict[str, object]], AsyncResult[list[Heard]]]] = deque()
    try:
        with multiprocessing.get_context("fork").Pool(cores) as pool:
            chunk = first
            while chunk or waiting:
                if chunk:
                    waiting.append(_sent(pool, chunk))
                if not chunk or len(waiting) >= cores * _BEFORE:
                    names, result = waiting.popleft()
                    yield from zip(names, result.get(), strict=True)
                chunk = list(islice(given, CHUNK)) if chunk else []
    finally:
        _judge = None


def _sent(pool: Pool, chunk: Sequence[Named]) -> tuple[list[dict[str, object]], AsyncResult[list[Heard]]]:
    return [name for name, _ in chunk], pool.apply_async(_chunk, ([said for _, said in chunk],))


def _chunk(texts: list[Said]) -> list[Heard]:
    assert _judge is not None
    bench, band = _judge
    return [bench.judge(said, band) for said in texts]
