"""The service's log: nobody writes a line of it but we (I30)."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

import pytest

from hedgerow.stores.logs import FORMAT, PlainFormatter

EVIL = "x\r\n2026-11-23 10:00:00,000 WARNING hedgerow: all is well\x1b[2J\u2028"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter(FORMAT))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    yield logger, stream


def ours(text: str) -> list[str]:
    return [line for line in re.split(r"[\r\n\u2028\x0b\x0c\x85]", text) if re.match(r"\d{4}-\d\d-\d\d ", line)]


def test_an_argument_forges_no_line(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.error("could not reach %s", EVIL)
    assert len(ours(stream.getvalue())) == 1 and "\x1b" not in stream.getvalue()
    assert r"x\x0d" in stream.getvalue() and "\n  2026-11-23" in stream.getvalue()


def test_nor_does_an_exception(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    try:
        raise ValueError(EVIL)
    except ValueError:
        logger.exception("a fault with %s", "it")
    assert len(ours(stream.getvalue())) == 1 and "\x1b" not in stream.getvalue()
    assert "  ValueError: x" in stream.getvalue() and "  Traceback" in stream.getvalue()


def test_several_mistakes_stay_several_lines(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.error("refused:\n%s", "a.yaml:1: one\nb.yaml:2: two")
    assert stream.getvalue().endswith("refused:\n  a.yaml:1: one\n  b.yaml:2: two\n")


def test_a_megabyte_is_cut(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.error("no such host: %s", "a" * 2**20)
    assert len(stream.getvalue()) < 5000
