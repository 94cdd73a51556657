from __future__ import annotations

from hedgerow.core.model import Where
from hedgerow.stores.formats import LineError
from hedgerow.stores.importing.names import NoListSaysIt
from hedgerow.stores.importing.report import Outcome, Report


def test_neighbours_are_one_row() -> None:
    report = Report("x")
    for line in (1, 2, 3, 5):
        report.carried(Where("a", line), Where("b", line + 10))
    report.carried(Where("a", 6), Where("b", 99))
    assert [(row.source, row.target) for row in report.rows] == [("a:1-3", "b:11-13"), ("a:5", "b:15"), ("a:6", "b:99")]


def test_a_line_is_counted_once_whatever_it_becomes() -> None:
    report = Report("x")
    report.changed(Where("a", 1), "here so", Where("b", 1))
    report.carried(Where("a", 1), Where("c", 1))
    report.left(Where("a", 2), "nowhere")
    report.bad(Where("a", 3), "no name")
    report.refuse(Where("a", 4), "leads out")
    assert report.counts() == {"carried over": 0, "changed": 1, "not carried over": 3}
    assert (report.unreadable, report.refused) == (1, 1)
    assert [row.again for row in report.rows] == [False, True, False, False, False]
    assert [how for how, _ in report.grouped(Outcome.LEFT)] == [
        "cannot be read: no name",
        "nowhere",
        "refused: leads out",
    ]


def test_what_no_list_can_say_is_no_bad_line() -> None:
    report = Report("x")
    report.unlisted(Where("a", 1), NoListSaysIt("a query"))
    report.unlisted(Where("a", 2), LineError("nothing"))
    assert [row.how for row in report.rows] == ["a query", "cannot be read: nothing"] and report.unreadable == 1


def test_notes_are_said_once_and_all_of_it_is_for_programs() -> None:
    report = Report("x")
    report.note("so")
    report.note("so")
    report.left(Where("a", 1), "why")
    facts = report.facts()
    assert facts["notes"] == ["so"] and facts["files"] == {
        "a": {"carried over": 0, "changed": 0, "not carried over": 1}
    }
    assert facts["rows"] == [{"outcome": "not carried over", "from": "a:1", "to": "", "how": "why", "again": False}]
