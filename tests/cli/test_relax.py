"""``hedgerow relax``: begins with a name and a reason, says that it is on, and ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.cli.common import acting
from hedgerow.stores.passes import PassStore
from hedgerow.stores.record import Record
from tests.cli.conftest import Run
from tests.cli.test_passes import explained, store

__all__ = ["store"]


def test_relax(hedgerow: Run, store: PassStore, school: Path) -> None:
    assert hedgerow("relax", "--status")[:2] == (
        FINE,
        "not relaxed: connections are opened and words are read as the policies say\n",
    )
    code, out, _ = hedgerow("relax", "--minutes", "20", "--by", "IT", "--reason", "lab 2 stands still", "--json")
    assert code == FINE and json.loads(out)[0]["kind"] == "relax"
    assert hedgerow("relax", "--status")[0] == FOUND
    answer = explained(hedgerow, "https://en.wikipedia.org/wiki/Hedge")
    assert (answer["action"], answer["capture"]) == ("allow", "names-only")
    assert any("relaxed by IT" in step["text"] for step in answer["steps"])  # type: ignore[attr-defined]
    assert explained(hedgerow, "https://www.bet365.com/")["action"] == "block"
    assert hedgerow("relax", "--end", "--by", "IT")[0] == FINE
    assert hedgerow("relax", "--end")[0] == FOUND
    said = [(entry.kind, entry.why) for entry in Record(school / "state" / "record").entries()]
    assert said == [("relax", "lab 2 stands still"), ("relax", "")]


def test_in_a_hurry_the_account_is_name_enough(hedgerow: Run, store: PassStore, school: Path) -> None:
    assert hedgerow("relax", "--minutes", "20", "--reason", "lab 2 stands still")[0] == FINE
    last = list(Record(school / "state" / "record").entries())[-1]
    assert (last.kind, last.why, last.who) == ("relax", "lab 2 stands still", acting())


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--minutes", "20"),
        ("--minutes", "20", "--by", "IT"),
        ("--minutes", "20", "--by", "IT", "--reason", "   "),
        ("--minutes", "20", "--by", " ", "--reason", "lab 2 stands still"),
        ("--minutes", "241", "--by", "IT", "--reason", "x"),
        ("--end", "--status"),
        ("--minutes", "5", "--end"),
    ],
)
def test_what_must_be_said(hedgerow: Run, store: PassStore, options: tuple[str, ...]) -> None:
    assert hedgerow("relax", *options)[0] == BAD and not store.held()
