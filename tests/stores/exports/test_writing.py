"""The file as a whole: its head, its lines, and that it is put in place only when it is whole."""

from __future__ import annotations

import io
import os
from datetime import datetime
from pathlib import Path
from typing import IO

import pytest

from hedgerow.stores.exports.hosts import NotSayable
from hedgerow.stores.exports.writing import FORMATS, LOST, About, export, write
from tests.core.house import NOW
from tests.stores.exports.worlds import World

RULES = {"a": (None, True), "b.a": (False, None), "c/path": (None, True)}


def about(until: datetime | None = None) -> About:
    return About("ages-14-17", "p1", "i1", NOW, until)


@pytest.mark.parametrize("format", list(FORMATS))
def test_the_head_says_what_it_is(format: str) -> None:
    file = io.BytesIO()
    wanted = World(RULES, addresses={"192.0.2.7": True}).wanted()
    count = export(wanted, format, "", about(NOW.replace(hour=11)), file)
    lines = file.getvalue().decode().splitlines()
    head = [line for line in lines if line.startswith(f"{FORMATS[format].comment} ")]
    assert lines[: len(head)] == head and count == len(lines) - len(head)
    told = "\n".join(head)
    assert "band ages-14-17" in told and "policy p1, lists i1" in told
    assert "judged for 2026-11-23 09:00 +07; right until 2026-11-23 11:00, then make it anew" in told
    assert "a site that is not named here: let through" in told and "licence" in told
    for what, number in wanted.lost.items():
        assert (f"not in this file: {number} {LOST[what]}" in told) is bool(number)


def test_the_same_world_gives_the_same_file() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for file in (first, second):
        export(World(RULES, closed=True).wanted(), "rpz", "", about(), file)
    assert first.getvalue() == second.getvalue()
    assert b"a site that is not named here: refused" in first.getvalue()
    assert b"right until policies or lists change" in first.getvalue()


def test_what_fails_leaves_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text("before")

    def fill(file: IO[bytes]) -> int:
        file.write(b"half")
        return export(World(RULES, closed=True).wanted(), "hosts", "", about(), file)

    with pytest.raises(NotSayable):
        write(path, fill)
    assert path.read_text() == "before" and os.listdir(tmp_path) == ["hosts"]


def test_a_resolver_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "zone"
    assert write(path, lambda file: file.write(b"a\n")) == 2
    assert path.stat().st_mode & 0o777 == 0o644 and path.read_bytes() == b"a\n"
    with pytest.raises(OSError):
        write(tmp_path / "nowhere" / "zone", lambda file: 0)
