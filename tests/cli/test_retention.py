"""What must not be kept goes, also while no gateway runs; a mistake in a file shortens nothing."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE
from hedgerow.stores import spans
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.state import prepare
from tests.cli.conftest import Run

DAY = 86_400.0


@pytest.fixture
def state(school: Path) -> Iterator[Path]:
    """With an old and a new piece of the log, an old sealed file and a key whose day is over."""
    place = prepare(school / "state")
    for folder, name in ((place.events, "0/1.events"), (place.events, "0/2.events"), (place.sealed, "0/1.sealed")):
        (folder / name).parent.mkdir(exist_ok=True, mode=0o700)
        (folder / name).touch(0o600)
    (place.pseudonyms / "2025-01-01.key").write_bytes(bytes(32))
    for old in (place.events / "0" / "1.events", place.sealed / "0" / "1.sealed"):
        os.utime(old, (time.time() - 31 * DAY,) * 2)
    yield place.root
    for folder in (place.events, place.sealed, place.pseudonyms):
        shutil.rmtree(folder)


def left(state: Path) -> set[str]:
    folders = [state / name for name in ("events", "sealed", "keys/pseudonyms")]
    return {path.name for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_what_is_too_old_goes_and_nothing_else(hedgerow: Run, state: Path) -> None:
    code, out, _ = hedgerow("retention", "--json")
    assert code == FINE
    gone = json.loads(out)
    assert (gone["keep_days"], gone["segments"], gone["sealed"], gone["pseudonym_keys"]) == (30, 1, 1, 1)
    assert left(state) == {"2.events"}
    code, out, _ = hedgerow("retention")
    assert code == FINE and "kept for 30 days; deleted: 0 pieces of the log" in out


def test_a_mistake_in_a_file_deletes_nothing(hedgerow: Run, state: Path, school: Path) -> None:
    site = school / "local" / "site.yaml"
    right = site.read_text()
    before = left(state)
    site.write_text(right.replace("keep-days: 30", "keep-days: thirty"))
    code, _, err = hedgerow("retention")
    site.write_text(right)
    assert code == BAD and "site.yaml:" in err and left(state) == before


def test_old_reports_go_from_the_second_pass_of_a_boot_on(
    hedgerow: Run, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert spans.boot_id()
    old = ReportStore(state / "reports.sqlite", clock=lambda: time.time() - 40 * DAY)
    old.new("harmful", "from long ago")
    old.close_file()
    reports = [json.loads(hedgerow("retention", "--json")[1])["reports"] for _ in range(2)]
    assert reports == [0, 1]
