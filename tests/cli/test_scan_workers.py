"""Forks judge as one process would, in the order of the texts, and read no further than they judge."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from hedgerow.cli import scan_workers
from hedgerow.cli.scan_workers import CHUNK, Named, judged
from tests.core.test_scanned import BAND, BENCH, typed


def texts(count: int) -> Iterator[Named]:
    for number in range(count):
        yield {"id": number}, typed("casino" if number % 7 == 0 else f"sum {number}")


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})


@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK * 9 + 3])
def test_the_verdicts_are_those_of_one_process(count: int) -> None:
    alone = [(name, BENCH.judge(said, BAND)) for name, said in texts(count)]
    assert list(judged(texts(count), BENCH, BAND)) == alone


@pytest.mark.usefixtures("cores")
def test_a_file_without_end_is_not_read_ahead() -> None:
    read = 0

    def endless() -> Iterator[Named]:
        nonlocal read
        while True:
            read += 1
            yield {"id": read}, typed("casino")

    found = judged(endless(), BENCH, BAND)
    for number in range(1, 2 * CHUNK):
        assert next(found)[0] == {"id": number}
    assert read <= 12 * CHUNK
    found.close()  # type: ignore[attr-defined]
    assert scan_workers._judge is None


@pytest.mark.usefixtures("cores")
def test_a_fault_in_a_fork_is_raised_here() -> None:
    with pytest.raises(KeyError):
        list(judged(texts(CHUNK), BENCH, "no such band"))
