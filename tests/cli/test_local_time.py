"""What staff are shown is by the school's clock, whatever the machine's is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hedgerow.cli import BAD
from hedgerow.cli.common import Failure, Place
from hedgerow.cli.local_time import shown, since, written, zone_of
from hedgerow.stores.reports import ReportStore
from tests.cli.conftest import Run

AT = 1_795_500_000.0  # 2026-11-24 06:00 UTC


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock somebody set to another continent."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "site, told",
    [
        ("timezone: Asia/Ho_Chi_Minh\n", "2026-11-24 13:00 +07:00"),
        ("timezone: Asia/Tehran\n", "2026-11-24 09:30 +03:30"),
        ("school: x\n", "2026-11-24 06:00 +00:00"),
        ("timezone: Asia/Hanoi\n", "2026-11-24 06:00 +00:00"),
        ("timezone: [\n", "2026-11-24 06:00 +00:00"),
        (None, "2026-11-24 06:00 +00:00"),
    ],
)
def test_the_zone_is_that_of_site_yaml(tmp_path: Path, elsewhere: None, site: str | None, told: str) -> None:
    if site is not None:
        (tmp_path / "site.yaml").write_text(site)
    zone = zone_of(Place(tmp_path, tmp_path, tmp_path))
    assert shown(AT, zone) == told
    assert written(AT, zone) == told.replace(" ", "T", 1).replace(" ", "")


def test_reports_and_grants_are_told_by_the_schools_clock(hedgerow: Run, school: Path, elsewhere: None) -> None:
    store = ReportStore(school / "state" / "reports.sqlite", lambda: AT)
    code = store.new("wrong", "words")
    store.close_file()
    assert "2026-11-24 13:00 +07:00" in hedgerow("reports", "list")[1]
    assert json.loads(hedgerow("reports", "list", "--json")[1])[0]["at"] == "2026-11-24T13:00+07:00"
    assert "2026-11-24T13:00+07:00" in hedgerow("reports", "show", code)[1]
    out = hedgerow("relax", "--minutes", "5", "--reason", "lab 2 stands still", "--json")[1]
    assert json.loads(out)[0]["until"].endswith("+07:00")
    assert "+07:00 (" in hedgerow("relax", "--end")[1] + hedgerow("relax", "--minutes", "5", "--reason", "lab 2")[1]
    assert hedgerow("relax", "--end")[0] == 0


@pytest.mark.parametrize(
    "text, first",
    [
        ("", ""),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23 10:00:30", "2026-11-23T10:00:30"),
        ("2026-11-23T10:00Z", "2026-11-23T17:00"),
    ],
)
def test_since_is_a_moment_of_the_zone(text: str, first: str) -> None:
    assert since(text, ZoneInfo("Asia/Ho_Chi_Minh")) == first
    assert first <= f"{first}+07:00" and first <= f"{first}:00+07:00"  # of that very minute, as the log may have it


@pytest.mark.parametrize("text", ["yesterday", "23.11.2026", "2026-13-01", "2026-11-23T25:00", "10:00"])
@pytest.mark.parametrize("command", [("record", "list"), ("events",)])
def test_what_is_no_date_is_refused(hedgerow: Run, command: tuple[str, ...], text: str) -> None:
    with pytest.raises(Failure):
        since(text, UTC)
    code, out, err = hedgerow(*command, "--since", text)
    assert code == BAD and not out and "2026-11-23T10:00" in err
