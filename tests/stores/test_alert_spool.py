"""What workers leave for the portal: whole files, nothing lost on a full disk while there is memory, no waiting."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgerow.stores import alert_spool
from hedgerow.stores.alert_spool import AlertSpool, read_alerts, waiting


def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def everything(folder: Path) -> list[str]:
    return [alert["n"] for path in waiting(folder) for alert in read_alerts(path)[0]]


def test_what_is_handed_over_lies_there_whole_and_in_order(tmp_path: Path) -> None:
    spool = AlertSpool(tmp_path / "alerts", 3)
    for number in range(5):
        spool.append({"n": str(number), "evidence": "tự tử\n\x1b[2J"})
    spool.close()
    assert everything(tmp_path / "alerts") == ["0", "1", "2", "3", "4"]
    (path,) = (tmp_path / "alerts").iterdir()
    assert path.name.endswith("-3.alerts") and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_alerts(path)[0][0]["evidence"] == "tự tử\n\x1b[2J" and b"\x1b" not in path.read_bytes()


def test_two_workers_and_two_batches_have_names_of_their_own(tmp_path: Path) -> None:
    spools = [AlertSpool(tmp_path, slot) for slot in (0, 1)]
    for batch in ("a", "b"):
        for spool in spools:
            spool.append({"n": batch})
        until(lambda: len(everything(tmp_path)) == (2 if batch == "a" else 4))  # noqa: B023
    for spool in spools:
        spool.close()
    assert len(waiting(tmp_path)) == 4


def test_what_the_disk_does_not_take_waits_for_it(tmp_path: Path) -> None:
    """No folder stands for every disk that refuses: full, read-only, failing."""
    folder, lost = tmp_path / "alerts", 0

    def dropped(count: int) -> None:
        nonlocal lost
        lost += count

    spool = AlertSpool(folder, 0, dropped)
    folder.rmdir()
    spool.append({"n": "1"})
    time.sleep(0.5)
    spool.append({"n": "2"})
    folder.mkdir()
    until(lambda: everything(folder) == ["1", "2"])
    spool.close()
    assert lost == 0


def test_a_full_queue_drops_and_counts(tmp_path: Path) -> None:
    lost: list[int] = []
    spool = AlertSpool(tmp_path / "alerts", 0, lost.append, queue=2)
    (tmp_path / "alerts").rmdir()
    for number in range(5):
        spool.append({"n": str(number)})
    spool.close()
    assert sum(lost) == 5  # three found no room, two no disk
    assert not (tmp_path / "alerts").exists()


def test_half_a_write_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    spool = AlertSpool(tmp_path, 0)
    spool.append({"n": "1"})
    time.sleep(0.4)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    until(lambda: everything(tmp_path) == ["1"])
    spool.close()


def test_what_nobody_takes_does_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_spool, "MOST_BYTES", 100)
    lost: list[int] = []
    spool = AlertSpool(tmp_path, 0, lost.append)
    spool.append({"n": "1", "evidence": "x" * 200})
    until(lambda: everything(tmp_path) == ["1"])
    spool.append({"n": "2"})
    spool.close()
    assert everything(tmp_path) == ["1"] and lost == [1]


def test_a_torn_line_is_told_and_passed_over(tmp_path: Path) -> None:
    spool = AlertSpool(tmp_path, 0)
    spool.append({"n": "1"})
    spool.append({"n": "2"})
    spool.close()
    (path,) = waiting(tmp_path)
    path.write_bytes(path.read_bytes()[:-4])
    assert read_alerts(path) == ([{"n": "1"}], 1)
    assert waiting(tmp_path / "absent") == []
