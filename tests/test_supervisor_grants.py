"""Grants in the scrape, read from a real file."""

from __future__ import annotations

from pathlib import Path

from hedgerow.stores.pass_facts import facts
from hedgerow.stores.passes import PassStore, Scope, Target
from hedgerow.stores.record import Record
from hedgerow.supervisor_box import Box, render
from tests.stores.test_passes import NOW, SECRET


def test_what_is_in_force_and_what_was_typed(tmp_path: Path) -> None:
    path = tmp_path / "grants.sqlite"
    box = Box(grants=lambda: facts(path))
    assert "hedgerow_relaxed_until_timestamp_seconds 0.0" in render(box, str(tmp_path)).decode()
    store = PassStore(path, SECRET, Record(tmp_path / "record"))
    scope, target = Scope(band="ages-8-10"), Target("wiki.test", digests=frozenset({"d"}))
    store.add_pass(scope, target, 60, "Ms Lan", "x")
    store.start_exam(scope, [("exam.test", "")], 60, "Ms Lan", "x")
    until = store.relax(60, "IT", "x").span.wall_end
    code, _ = store.issue(scope, target, 60, 60, 2, "Ms Lan", "x")
    store.redeem(code, "a", "10.0.0.1", "wiki.test", NOW, "ages-8-10")
    for _ in range(14):
        store.redeem("0" * 8, "b", "10.0.0.2", "wiki.test", NOW, "ages-8-10")
    store.close()  # what was refused unseen is written at the latest now
    lines = render(box, str(tmp_path)).decode().splitlines()
    for line in (
        'hedgerow_grants_in_force{kind="pass"} 2.0',
        'hedgerow_grants_in_force{kind="exam"} 1.0',
        "hedgerow_unlock_codes_live 1.0",
        'hedgerow_unlock_attempts_total{outcome="redeemed"} 1.0',
        'hedgerow_unlock_attempts_total{outcome="unknown"} 10.0',
        'hedgerow_unlock_attempts_total{outcome="too-many"} 4.0',
        'hedgerow_unlock_locked_total{scope="person"} 4.0',
        'hedgerow_unlock_locked_total{scope="all"} 0.0',
    ):
        assert line in lines
    shown = next(line for line in lines if line.startswith("hedgerow_relaxed_until_timestamp_seconds "))
    assert abs(float(shown.split()[1]) - until) < 1


def test_a_damaged_file_is_no_end_of_the_scrape(tmp_path: Path) -> None:
    path = tmp_path / "grants.sqlite"
    path.write_bytes(b"no database at all" * 100)
    assert facts(path).passes == 0
