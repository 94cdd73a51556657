from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hedgerow.stores import report_taking
from hedgerow.stores.report_model import (
    CARE,
    KINDS,
    TOPICS,
    Context,
    ReportError,
    ReportsFull,
    ReportState,
    ReportsUnavailable,
    read_code,
)
from hedgerow.stores.reports import ReportStore, kinds_with_recipient
from hedgerow.stores.site import Site
from tests.stores.reporting import Clock, opened

DAY = 86_400.0
PAGE = Context(host="forum.example", path="/a", person="p1", band="ages-11-13")
OTHER = Context(host="forum.example", path="/a", person="p2")


@pytest.fixture
def clock() -> Clock:
    return Clock(booted=1_799_999_000.0)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[ReportStore]:
    yield from opened(tmp_path, clock)


def test_a_report_is_there_by_its_code_however_it_is_typed(store: ReportStore) -> None:
    code = store.new("wrong", "This is my homework.", PAGE)
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "o").replace("1", "l"), f" {code} "):
        found = store.outcome(typed)
        assert found is not None and found.state is ReportState.WAITING and found.kind == "wrong"
    assert store.outcome("0000-0000-0000") is None
    assert store.outcome("") is None
    assert "homework" not in repr(store.outcome(code))


def test_codes_have_sixty_bits_and_no_order(store: ReportStore) -> None:
    codes = [store.new("help", "", PAGE) for _ in range(1)] + [store.new("help", str(n), PAGE) for n in range(200)]
    assert len(set(codes)) == 201 and all(read_code(code) == code and len(code) == 14 for code in codes)
    assert codes != sorted(codes)
    letters = [{code[place] for code in codes} for place in (*range(4), *range(5, 9), *range(10, 14))]
    assert all(len(seen) > 25 for seen in letters)  # every place takes nearly all of 32 letters: 12 x 5 bits


def test_only_the_service_reads_the_file(store: ReportStore, tmp_path: Path) -> None:
    store.new("help", "please", PAGE)
    files = list(tmp_path.iterdir())
    assert len(files) == 3 and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_same_person_telling_the_same_again_gets_the_same_code(store: ReportStore) -> None:
    code = store.new("wrong", "My  Homework", PAGE)
    assert store.new("wrong", "my homework ", PAGE) == code
    assert len(store.list()) == 1 and store.list()[0].times == 1
    assert store.new("wrong", "something else", PAGE) != code
    assert store.new("harmful", "my homework", PAGE) != code


def test_another_persons_same_report_has_its_own_code_and_the_same_outcome(store: ReportStore) -> None:
    first, second = store.new("wrong", "", PAGE), store.new("wrong", "", OTHER)
    assert first != second and [report.times for report in store.list()] == [2]
    store.close(second, "Lan", "It is open now.")
    for code in (first, second):
        outcome = store.outcome(code)
        assert outcome is not None and outcome.state is ReportState.CLOSED and outcome.answer == "It is open now."
    again = store.new("wrong", "", OTHER)
    assert again not in (first, second)  # closed: whoever tells it again tells something new
    assert store.counts()[("answered", "wrong")] == 2 and store.counts()[("asked", "wrong")] == 3


def test_no_two_children_who_ask_for_help_are_one(store: ReportStore, clock: Clock) -> None:
    first = store.new("help", "", PAGE)
    assert store.new("help", "", OTHER) != first
    assert store.new("help", "", Context()) != store.new("help", "", Context())  # nobody knows that they are one
    assert store.new("help", "", PAGE) == first  # a double click
    clock.at += 11
    assert store.new("help", "", PAGE) != first


def test_a_double_click_counts_only_once_it_is_on_the_disk(store: ReportStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(report_taking, "count", _raise)
        with pytest.raises(ReportsUnavailable):
            store.new("help", "", PAGE)
    code = store.new("help", "", PAGE)  # the click that failed is not the first of two
    assert [report.code for report in store.list()] == [code] == [store.new("help", "", PAGE)]
    assert store.new("help", "", replace(PAGE, contact="7B")) != code  # nobody is to miss how to be found
    assert store.counts()[("repeated", "help")] == 1


def _raise(*_: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def test_marks_of_an_older_store_join_nothing_any_more(tmp_path: Path, clock: Clock) -> None:
    made = ReportStore(tmp_path / "old.sqlite", clock, up=clock.up)
    made.new("wrong", "", PAGE)
    with made.file.writing() as connection:
        connection.execute("update reports set person = 'one device'")
    with made.file.reading() as connection:
        connection.execute("pragma user_version=0")
    made.close_file()
    made = ReportStore(tmp_path / "old.sqlite", clock, up=clock.up)
    with made.file.reading() as connection:
        assert [row["person"] for row in connection.execute("select person from reports")] == [""]
    made.close_file()


@pytest.mark.parametrize("kind", ["help", "hurt"])
def test_a_request_for_help_cannot_be_closed_without_a_contact(store: ReportStore, kind: str) -> None:
    code = store.new(kind, "", PAGE)
    store.answer(code, "Lan", "Come to room 12.")
    with pytest.raises(ReportError, match="who spoke with the child"):
        store.close(code, "Lan", "done", contact="  ")
    for empty in ("aaaaaaaaaa", "aaaaa aaaaa AAAAA", "a b"):
        with pytest.raises(ReportError, match="two words at least"):
            store.close(code, "Lan", contact=empty)
    assert store.list()[0].closed_at is None
    store.close(code, "Lan", contact="Ms Lan spoke with the child on 24 November")
    notes = store.show(code, "Minh").notes
    assert not store.list() and [note.what for note in notes] == ["answered", "contact", "closed", "read"]


def test_an_earlier_contact_is_enough(store: ReportStore) -> None:
    code = store.new("help", "", PAGE)
    store.contact(code, "Lan", "spoke on the phone")
    store.close(code, "Lan")
    with pytest.raises(ReportError, match="closed already"):
        store.close(code, "Lan")


def test_what_staff_do_is_noted_with_time_and_name(store: ReportStore, clock: Clock) -> None:
    code = store.new("harmful", "bad", PAGE)
    assert [report.code for report in store.list("unread")] == [code]
    clock.at += 60
    assert store.show(code[:4], "Lan").state is ReportState.SEEN
    store.assign(code, "Lan", "Minh")
    assert not store.list("unread") and store.list()[0].assigned == "Minh"
    report = store.show(code, "Lan")
    assert [(note.who, note.what) for note in report.notes] == [("Lan", "read"), ("Lan", "assigned")]
    assert report.read_at == clock.at and report.text == "bad" and report.context == replace(PAGE, person="")
    for call in (store.assign, store.answer):
        with pytest.raises(ReportError, match="a name is needed"):
            call(code, " ", "Minh")


def test_help_stands_first(store: ReportStore, clock: Clock) -> None:
    for kind in ("wrong", "help", "harmful", "hurt"):
        clock.at += 1
        store.new(kind, kind, PAGE)
    assert [report.kind for report in store.list()] == ["help", "hurt", "wrong", "harmful"]
    assert [report.kind for report in store.list(kind="wrong")] == ["wrong"]


def test_huge_and_hostile_texts(store: ReportStore) -> None:
    code = store.new("help", "x" * 1_000_000, Context(host="h" * 10_000, contact="\x1b[2Ja\r\nb"))
    report = store.show(code, "Lan\x1b[31m")
    assert len(report.text) == 4000 and len(report.context.host) == 500
    assert "\x1b" not in report.context.contact + report.notes[0].who and "\n" not in report.context.contact
    assert store.show(store.new("help", "\ud800'; drop table reports; --\x00", PAGE), "Lan").text.startswith("'; drop")
    assert store.show(store.new("help", "می\u200cخواهم", PAGE), "Lan").text == "می\u200cخواهم"


def test_mistakes_are_told(store: ReportStore, tmp_path: Path) -> None:
    for call, words in (
        (lambda: store.new("joke", "", PAGE), "wrong, open, harmful"),
        (lambda: store.show("0000-0000-0000", "Lan"), "no report"),
        (lambda: store.show("0", "Lan"), "no code"),
        (lambda: store.list("lost"), "open, unread, closed, all"),
    ):
        with pytest.raises(ReportError, match=words):
            call()
    (tmp_path / "broken").write_bytes(b"no database" * 500)
    with pytest.raises(ReportsUnavailable):
        ReportStore(tmp_path / "broken")


def test_retention_deletes_the_words_from_the_disk(store: ReportStore, clock: Clock, tmp_path: Path) -> None:
    gone, again = store.new("wrong", "a-secret-sentence", PAGE), store.new("wrong", "a-secret-sentence", OTHER)
    closed, waiting = store.new("help", "closed-words", PAGE), store.new("help", "waiting-words", PAGE)
    clock.at += 29 * DAY
    store.close(closed, "Lan", "an-answer-in-words", contact="a-contact in-words")
    assert store.expire(30) == 0
    clock.at += 2 * DAY
    assert store.expire(30) == 2 and store.outcome(gone) is None and store.outcome(again) is None
    assert store.counts()[("expired-unread", "wrong")] == 1
    disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"a-secret-sentence" not in disk and b"waiting-words" in disk and b"closed-words" in disk
    clock.at += 29 * DAY
    assert store.expire(30) == 1 and store.outcome(closed) is None and store.outcome(waiting) is not None
    disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"-in-words" not in disk and b"closed-words" not in disk
    clock.at += 4000 * DAY
    assert store.expire(30) == 0 and [report.code for report in store.list("all")] == [waiting]


def test_what_was_made_before_the_clock_was_set_is_not_deleted(store: ReportStore, clock: Clock) -> None:
    clock.set_to(300.0)  # a box without a battery begins in 1970
    codes = store.new("help", "", PAGE), store.new("wrong", "", PAGE)
    assert store.expire(30) == 0
    clock.set_to(1_800_000_000.0)
    assert store.expire(30) == 0 and all(store.outcome(code) for code in codes)
    clock.at += 31 * DAY
    assert store.expire(30) == 1 and store.outcome(codes[0])


def test_a_clock_that_jumps_ahead_deletes_nothing(store: ReportStore, clock: Clock) -> None:
    wrong, helped = store.new("wrong", "", PAGE), store.new("help", "", PAGE)
    store.close(helped, "Lan", contact="Ms Lan spoke with the child")
    waiting = store.new("hurt", "unread", PAGE)
    assert store.expire(30) == 0
    right = clock.at
    clock.set_to(right + 3650 * DAY)
    assert store.expire(30) == 0
    clock.at += 3600
    assert store.expire(30) == 0 and all(store.outcome(code) for code in (wrong, helped, waiting))  # still wrong
    clock.set_to(right + 7200)
    assert store.expire(30) == 0
    for _ in range(32):
        clock.at += DAY
        gone = store.expire(30)
    assert gone + store.expire(30) == 0 and store.outcome(wrong) is None and store.outcome(helped) is None
    assert [report.code for report in store.list()] == [waiting]


def test_a_clock_that_was_set_while_the_machine_was_off_deletes_nothing_at_once(
    store: ReportStore, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = store.new("wrong", "", PAGE)
    store.expire(30)
    monkeypatch.setattr("hedgerow.stores.report_taking.boot_id", lambda: "the next boot")
    clock.set_to(clock.at + 300 * DAY)
    other = ReportStore(tmp_path / "reports.sqlite", clock, up=clock.up)
    assert other.expire(30) == 0 and other.outcome(code)
    assert other.expire(30) == 1
    other.close_file()


def test_a_way_to_be_found_is_never_lost_in_another_report(store: ReportStore, clock: Clock) -> None:
    first = store.new("harmful", "", PAGE)
    found = store.new("harmful", "", replace(OTHER, contact="Mai, 7B, please find me"))
    assert {report.context.contact for report in store.list()} == {"", "Mai, 7B, please find me"}
    later = store.new("harmful", "", replace(PAGE, contact="An, 6A"))
    assert later not in (first, found) and store.show(later, "Lan").context.contact == "An, 6A"
    assert store.new("harmful", "", replace(PAGE, contact="An, 6A")) == later
    assert store.new("harmful", "", PAGE) in (first, later)
    helped = store.new("help", "", PAGE)
    clock.at += 2
    again = store.new("help", "", replace(PAGE, contact="An, 6A"))
    assert again != helped and store.show(again, "Lan").context.contact == "An, 6A"


def test_no_page_code_stays_with_who_needs_help(store: ReportStore, tmp_path: Path) -> None:
    page = replace(PAGE, page_code="ABCD-1234")
    for kind in KINDS:
        code = store.new(kind, "", page)
        assert store.show(code, "Lan").context.page_code == ("" if kind in CARE else "ABCD-1234")
    with store.file.writing() as connection:  # as a version before kept it
        connection.execute("update reports set page_code = 'ABCD-1234'")
    other = ReportStore(tmp_path / "reports.sqlite")
    assert {r.kind for r in other.list() if r.context.page_code} == set(KINDS) - CARE
    other.close_file()


def test_requests_for_help_have_an_end_too_far_above_the_others(
    store: ReportStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert report_taking.MAX_CARE >= 2 * report_taking.MAX_REPORTS
    monkeypatch.setattr("hedgerow.stores.report_taking.MAX_CARE", 2)
    for number in range(2):
        store.new("hurt", str(number), PAGE)
    with pytest.raises(ReportsFull):
        store.new("help", "one more", PAGE)
    assert store.counts()[("held", "care-full")] == 1 and store.new("wrong", "", PAGE)


@pytest.mark.parametrize("short", ["x", "a b c d e", "ok" + " " * 20, "spoke"])
def test_a_contact_of_a_word_closes_nothing(store: ReportStore, short: str) -> None:
    code = store.new("help", "", PAGE)
    with pytest.raises(ReportError, match="10 characters"):
        store.contact(code, "Lan", short)
    with pytest.raises(ReportError, match="10 characters"):
        store.close(code, "Lan", contact=short)
    assert store.list()[0].closed_at is None


def test_a_flood_stops_at_the_limit_and_help_does_not(store: ReportStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.stores.report_taking.MAX_REPORTS", 3)
    for number in range(3):
        store.new("wrong", str(number), PAGE)
    with pytest.raises(ReportError, match="full"):
        store.new("wrong", "one more", PAGE)
    assert store.counts()[("held", "full")] == 1
    assert store.new("help", "", PAGE)


def test_kinds_have_a_button_only_with_a_recipient() -> None:
    assert kinds_with_recipient(Site()) == ()
    assert kinds_with_recipient(
        Site(reports={"harmful": ("desk:lead",), "help": (), "fake-news": ("mailto:a@b.example",)})
    ) == (*("harmful", "untrue"),)
    assert set(TOPICS) == {*KINDS, "alert"}
