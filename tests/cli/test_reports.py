"""``hedgerow reports``: what waits, what is done about it, and what is kept of that."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hedgerow.stores.alert_spool import AlertSpool
from hedgerow.stores.alert_taking import AlertTaking
from hedgerow.stores.record import Record
from hedgerow.stores.report_file import ReportFile
from hedgerow.stores.report_model import Context, ReportsUnavailable
from hedgerow.stores.reports import ReportStore
from tests.cli.conftest import Run

EVIL = "=cmd|'/c calc'!A1"
PAGE = Context(host=EVIL, band="ages-8-10", person="0123456789abcdef", contact="class 5a")


@pytest.fixture
def store(school: Path) -> Iterator[ReportStore]:
    for name in ("record", "keys"):
        shutil.rmtree(school / "state" / name, ignore_errors=True)
    for path in (school / "state").glob("reports.sqlite*"):
        path.unlink()
    made = ReportStore(school / "state" / "reports.sqlite")
    yield made
    made.close_file()


def recorded(school: Path) -> list[tuple[str, str]]:
    return [(entry.what, entry.why) for entry in Record(school / "state" / "record").entries()]


def test_list_shows_what_waits_and_no_words(hedgerow: Run, store: ReportStore) -> None:
    wrong, help_ = store.new("wrong", "secret words", PAGE), store.new("help", "secret words", PAGE)
    code, out, _ = hedgerow("reports", "list")
    assert code == 0 and [line[:14] for line in out.splitlines()] == [help_, wrong] and "secret" not in out
    rows = json.loads(hedgerow("reports", "list", "--json", "--kind", "wrong")[1])
    assert [(row["code"], row["state"], row["left-contact"]) for row in rows] == [(wrong, "waiting", True)]
    assert "secret" not in json.dumps(rows) and "class" not in json.dumps(rows)
    assert hedgerow("reports", "list", "--only", "closed") == (0, "", "no reports to show\n")
    assert store.list("unread")  # a list is not a reading
    assert hedgerow("reports", "list", "--only", "lost")[0] == 2


def test_no_output_has_a_mark_that_joins_two_reports(hedgerow: Run, store: ReportStore) -> None:
    for kind in ("help", "wrong"):
        store.new(kind, "", PAGE)
    commands = [("list", "--json"), ("list",), ("export",)]
    commands += [("show", report.code, *more) for report in store.list() for more in ((), ("--json",))]
    outputs = [hedgerow("reports", *command)[1] for command in commands]
    with store.file.reading() as connection:
        marks = [row["person"] for row in connection.execute("select person from reports")]
    assert marks[0] == "" != marks[1]
    assert not [told for told in outputs if "person" in told or PAGE.person in told or marks[1] in told]


def test_show_is_a_reading(hedgerow: Run, store: ReportStore) -> None:
    code = store.new("help", "line one\nline two\x1b[2J", PAGE)
    result, out, _ = hedgerow("reports", "show", code[:6], "--by", "Lan")
    assert result == 0 and "    line one\n    line two [2J\n" in out and "class 5a" in out and "\x1b" not in out
    assert "read by Lan (" in out and not store.list("unread")
    facts = json.loads(hedgerow("reports", "show", code, "--json", "--by", "Lan")[1])
    assert facts["text"] == "line one\nline two [2J" and [note["what"] for note in facts["notes"]] == ["read"]
    facts = json.loads(hedgerow("reports", "show", code, "--json", "--by", "Minh")[1])
    assert [note["what"] for note in facts["notes"]] == ["read", "read"]  # two people have read it


def test_each_persons_first_look_is_recorded(hedgerow: Run, store: ReportStore, school: Path) -> None:
    code = store.new("hurt", "secret words", PAGE)
    for who in ("Lan", "Lan", "Minh"):
        assert hedgerow("reports", "show", code, "--by", who)[0] == 0
    entries = list(Record(school / "state" / "record").entries())
    assert [(entry.kind, entry.what) for entry in entries] == [("report", f"read the report {code[:4]}...")] * 2
    assert [entry.who.split(" (")[0] for entry in entries] == ["Lan", "Minh"]
    assert not any(word in str(entries) for word in ("secret", "class 5a", code))


@pytest.fixture
def unwritable(school: Path, store: ReportStore) -> Iterator[None]:
    """A record that nobody can write."""
    path = school / "state" / "record"
    path.write_text("in the way")
    yield
    if path.is_file():
        path.unlink()


def test_what_nobody_records_nobody_reads(hedgerow: Run, store: ReportStore, unwritable: None) -> None:
    code = store.new("wrong", "secret words", PAGE)
    result, out, err = hedgerow("reports", "show", code, "--by", "Lan")
    assert result == 2 and err and not out and store.list("unread")


@pytest.mark.parametrize("kind", ["help", "hurt"])
def test_a_childs_call_is_read_also_when_nobody_can_record_it(
    hedgerow: Run, store: ReportStore, school: Path, unwritable: None, kind: str
) -> None:
    code = store.new(kind, "secret words", PAGE)
    result, out, err = hedgerow("reports", "show", code, "--by", "Lan")
    assert result == 0 and "secret words" in out and "NOT RECORDED" in err and "read by Lan" in out
    assert json.loads(hedgerow("reports", "show", code, "--by", "Lan", "--json")[1])["unrecorded"]
    assert store.counts()[("unrecorded", kind)] == 2 and not store.list("unread")
    assert hedgerow("reports", "close", code, "--contact", "Lan spoke with the child")[0] == 2 and store.list()
    (school / "state" / "record").unlink()
    result, out, err = hedgerow("reports", "show", code, "--by", "Lan")
    assert result == 0 and not err
    assert [what for what, _ in recorded(school)] == [f"read the report {code[:4]}..."]  # as if it were the first


def test_it_is_read_even_when_not_a_note_can_be_written(
    hedgerow: Run, store: ReportStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: neither the record nor the reports' own file takes a word."""
    code, other = store.new("help", "secret words", PAGE), store.new("wrong", "other words", PAGE)
    monkeypatch.setattr(ReportFile, "writing", full)
    result, out, err = hedgerow("reports", "show", code, "--by", "Lan")
    assert result == 0 and "secret words" in out and "disk is full" in err
    assert hedgerow("reports", "show", other, "--by", "Lan")[0] == 2


@contextmanager
def full(_: ReportFile) -> Iterator[sqlite3.Connection]:
    raise ReportsUnavailable("database or disk is full")
    yield


def test_from_the_report_to_its_end(hedgerow: Run, store: ReportStore, school: Path) -> None:
    code = store.new("help", "secret words", PAGE)
    assert hedgerow("reports", "assign", code, "Lan", "--by", "Minh")[:2] == (0, "assigned to Lan\n")
    assert hedgerow("reports", "answer", code, "Come to room 12.", "--by", "Lan")[0] == 0
    result, _, err = hedgerow("reports", "close", code, "--by", "Lan")
    assert result == 2 and "say who spoke with the child" in err
    assert hedgerow("reports", "contact", code, "Lan spoke with the child", "--by", "Lan")[0] == 0
    assert hedgerow("reports", "close", code, "--by", "Lan", "--reason", "all is well")[0] == 0
    outcome = store.outcome(code)
    assert outcome is not None and (outcome.state, outcome.answer) == ("closed", "Come to room 12.")
    short = f"{code[:4]}..."
    assert recorded(school) == [
        (f"assigned the report {short} to Lan", ""),
        (f"answered the report {short}", ""),
        (f"recorded a contact for the report {short}", ""),
        (f"closed the report {short}", "all is well"),
    ]


def test_what_cannot_be_recorded_is_not_done(hedgerow: Run, store: ReportStore, school: Path) -> None:
    code = store.new("wrong", "", PAGE)
    (school / "state" / "record").write_text("in the way")
    try:
        result, _, err = hedgerow("reports", "close", code, "--by", "Lan")
    finally:
        (school / "state" / "record").unlink()
    assert result == 2 and err and store.list()[0].closed_at is None


def test_export_is_a_table_without_words_or_formulas(
    hedgerow: Run, store: ReportStore, school: Path, tmp_path: Path
) -> None:
    store.new("wrong", "secret words", PAGE)
    code, out, _ = hedgerow("reports", "export", "--by", "Lan", "--reason", "the year's report")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and len(rows) == 1 and rows[0]["host"] == "'" + EVIL and "secret" not in out
    path = tmp_path / "reports.csv"
    assert hedgerow("reports", "export", "--out", str(path))[0] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert hedgerow("reports", "export", "--out", str(path))[0] == 2
    assert recorded(school)[0] == ("exported a list of 1 report", "the year's report")
    assert [what for what, _ in recorded(school)][1:] == [
        "exported a list of 1 report",
        "exported a list of 1 report",
        "did not take place: exported a list of 1 report",
    ]


def test_what_the_store_then_refuses_the_record_takes_back(hedgerow: Run, store: ReportStore, school: Path) -> None:
    code = store.new("wrong", "", PAGE)
    with store.file.writing() as connection:
        connection.execute("create trigger full before insert on notes begin select raise(abort, 'disk is full'); end")
    result, _, err = hedgerow("reports", "answer", code, "Open now.", "--by", "Lan")
    assert result == 2 and "disk is full" in err
    (what, _), (undone, why) = recorded(school)
    assert undone == f"did not take place: {what}" and "disk is full" in why
    assert store.list("unread")


def test_mistakes_are_told(hedgerow: Run, store: ReportStore) -> None:
    for arguments, words in (
        (("show", "0000-0000-0000"), "no report '0000-0000-0000'"),
        (("show", "x"), "no code"),
        (("answer", "0000", " "), "needs words"),
    ):
        result, _, err = hedgerow("reports", *arguments)
        assert result == 2 and words in err


@pytest.fixture
def alert(school: Path, store: ReportStore) -> str:
    """The code of an alert that a worker raised."""
    spool = AlertSpool(school / "state" / "alerts", 0)
    facts = {"topic": "grooming", "severity": "high", "person": "0123456789abcdef", "site": "forum.example"}
    spool.append(facts | {"evidence": EVIL, "band": "ages-8-10", "channel": "posted", "score": "2"})
    spool.close()
    AlertTaking(store, school / "state" / "alerts").take()
    (found,) = store.list("open", "alert")
    return found.code


def test_an_alert_is_read_and_closed_like_a_report(hedgerow: Run, store: ReportStore, alert: str, school: Path) -> None:
    code, out, _ = hedgerow("reports", "list", "--kind", "alert")
    assert code == 0 and out.startswith(f"{alert}  alert ") and "high: grooming" in out and EVIL not in out
    code, out, _ = hedgerow("reports", "show", alert[:4], "--by", "Lan")
    assert code == 0 and f"    {EVIL}\n" in out and "severity   high" in out and "pseudonym  0123456789abcdef" in out
    facts = json.loads(hedgerow("reports", "show", alert, "--json", "--by", "Lan")[1])
    assert (facts["topic"], facts["severity"], facts["channel"]) == ("grooming", "high", "posted")
    assert hedgerow("reports", "answer", alert, "All is well.", "--by", "Lan")[0] == 2
    refused = hedgerow("reports", "close", alert, "--by", "Lan")
    assert refused[0] == 2 and "say what was done" in refused[2]
    assert hedgerow("reports", "close", alert, "--contact", "Ms Lan spoke with the child", "--by", "Lan")[0] == 0
    assert not store.list("open") and f"closed the report {alert[:4]}..." in [what for what, _ in recorded(school)]


def test_alerts_stand_in_the_table_too(hedgerow: Run, store: ReportStore, alert: str) -> None:
    store.new("wrong", "", PAGE)
    rows = list(csv.DictReader(io.StringIO(hedgerow("reports", "export", "--by", "Lan")[1].lstrip("\ufeff"))))
    assert [(row["kind"], row["severity"], row["topic"]) for row in rows] == [
        ("alert", "high", "grooming"),
        ("wrong", "", ""),
    ]
    assert EVIL not in rows[0].values()
