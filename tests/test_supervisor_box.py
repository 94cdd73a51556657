"""Box facts in the scrape, with closed sets of labels."""

from __future__ import annotations

from pathlib import Path

from hedgerow.supervisor_box import RELOADS, RESTARTS, Box, render


def filled() -> Box:
    box = Box(version="snap", loaded=5.0, index="idx", index_entries=7, ca_expiry=9.5)
    box.workers = {0: "snap", 1: "snap"}
    box.reloads["refused"] += 2
    return box


def test_box_facts_are_in_the_scrape(tmp_path: Path) -> None:
    text = render(filled(), str(tmp_path)).decode()
    for line in (
        'hedgerow_policy_info{version="snap"} 1.0',
        "hedgerow_ready 1.0",
        "hedgerow_index_entries 7.0",
        "hedgerow_ca_expiry_timestamp_seconds 9.5",
        'hedgerow_reloads_total{result="refused"} 2.0',
        'hedgerow_reloads_total{result="loaded"} 0.0',
        'hedgerow_worker_restarts_total{reason="hang"} 0.0',
        'hedgerow_worker_policy_info{version="snap",worker="1"} 1.0',
    ):
        assert line in text.splitlines()
    assert all(name.startswith(("hedgerow_", "# ")) for name in text.splitlines())


def test_results_are_closed_sets() -> None:
    assert set(RELOADS) == {"loaded", "unchanged", "refused", "failed"}
    assert set(RESTARTS) == {"exit", "hang", "load", "start"}
