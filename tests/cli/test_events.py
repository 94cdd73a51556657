"""``hedgerow events``: filters, and going on where the last reading stopped."""

from __future__ import annotations

import json
from pathlib import Path

from hedgerow.stores.events import Event
from hedgerow.stores.spool import EventSpool
from tests.cli.conftest import Run


def test_events(hedgerow: Run, school: Path) -> None:
    spool = EventSpool(school / "state" / "events" / "0", lambda count: None)
    for minute, action in ((1, "block"), (2, "warn")):
        event = Event(f"2026-11-23T10:0{minute}:00+07:00", action, "staff", "5-site", "r", "w:1", "C", "v")
        spool.append(event.as_dict())
    spool.close()
    rows = [json.loads(line) for line in hedgerow("events", "--json")[1].splitlines()]
    assert [row["action"] for row in rows] == ["block", "warn"]
    assert hedgerow("events", "--action", "warn")[1].count("\n") == 1
    assert hedgerow("events", "--since", "2026-11-23T10:02")[1].count("\n") == 1
    assert hedgerow("events", "--band", "ages-5-7")[1] == ""
    assert hedgerow("events", "--new")[1].count("\n") == 2
    assert hedgerow("events", "--new")[1] == ""
    assert hedgerow("events")[1].count("\n") == 2
