"""Notices: told when they must be, once, to whoever can be reached, and forgotten when they are over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hedgerow.stores.alert_spool import AlertSpool
from hedgerow.stores.alert_taking import AlertTaking
from hedgerow.stores.report_facts import read_facts
from hedgerow.stores.report_notices import KEPT_SECONDS, TROUBLES, Notices
from hedgerow.stores.report_outbox import Message, Outbox
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site
from tests.stores.reporting import Clock, opened

IT, LEAD = "mailto:it@school.example", "https://hooks.school.example/x"
HOURS = {day: (time(8), time(16)) for day in range(5)}
SITE = Site(timezone="Asia/Ho_Chi_Minh", hours=HOURS, reports={"technical": (IT, "desk:Minh"), "alerts": (LEAD,)})
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE).timestamp()
HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[ReportStore]:
    yield from opened(tmp_path, clock)


def told(store: ReportStore, troubles: tuple[str, ...] = (), site: Site = SITE) -> list[tuple[str, list[str]]]:
    """What goes out now; it is taken."""
    Notices(store.file).tell(site, troubles, store.clock())
    outbox = Outbox(store)
    found = outbox.due()
    for message in found:
        outbox.sent(message)
    return [(message.recipient, [notice.name for notice in message.notices]) for message in found]


def due(store: ReportStore) -> tuple[Message, ...]:
    return Outbox(store).due()


def test_a_trouble_is_told_once_a_day_while_it_lasts(store: ReportStore, clock: Clock) -> None:
    assert told(store) == []
    assert told(store, ("disk", "record")) == [(IT, ["record", "disk"])]
    clock.at += HOUR
    assert told(store, ("disk", "record")) == [] == told(store)  # it came and went and came: that is one trouble
    assert told(store, ("disk", "policy")) == [(IT, ["policy"])]
    clock.at += 23 * HOUR
    assert told(store, ("disk", "policy")) == [(IT, ["disk"])]
    clock.at -= 30 * DAY  # the clock was wrong: what it said is no reason to be silent
    assert told(store, ("disk",)) == [(IT, ["disk"])]
    assert told(store, ("nonsense",)) == []


def test_unread_help_is_told_once_in_each_school_hour(store: ReportStore, clock: Clock) -> None:
    code, _ = store.new("help", "words"), store.new("hurt", "words")
    store.new("wrong", "words")
    clock.at += HOUR
    assert told(store) == []
    clock.at += 60
    Notices(store.file).tell(SITE, (), clock.at)
    (message,) = due(store)
    assert (message.recipient, message.items, message.notices[0].number) == (LEAD, (), 2)
    Outbox(store).sent(message)
    clock.at += HOUR - 120
    assert told(store) == []
    clock.at += 120
    assert told(store) == [(LEAD, ["unread"])]
    clock.at = datetime(2026, 11, 23, 15, 59, tzinfo=ZONE).timestamp()
    assert told(store) == [(LEAD, ["unread"])]
    clock.at = datetime(2026, 11, 24, 8, 30, tzinfo=ZONE).timestamp()
    assert told(store) == []  # the night is no school
    store.show(code, "Lan")
    store.show(store.list("unread")[0].code, "Lan")
    clock.at += 5 * HOUR
    assert told(store) == []


def test_a_desk_alone_or_nobody_gets_no_message_and_whoever_is_named_later_gets_one(
    store: ReportStore, clock: Clock
) -> None:
    store.new("help", "")
    clock.at += 2 * HOUR
    nobody = replace(SITE, reports={"technical": ("desk:Minh",)})
    assert told(store, ("disk",), nobody) == []
    assert sorted(told(store, ("disk",))) == [(LEAD, ["unread"]), (IT, ["disk"])]


def test_it_waits_in_the_outbox_under_one_id_until_it_is_taken(
    store: ReportStore, clock: Clock, tmp_path: Path
) -> None:
    Notices(store.file).tell(SITE, ("disk",), clock.at)
    (message,) = due(store)
    Outbox(store).failed(message, "no route to host")
    clock.at += 6
    (again,) = due(store)
    assert (again.id, again.tries) == (message.id, 1)
    facts = read_facts(tmp_path / "reports.sqlite", SITE, datetime.fromtimestamp(clock.at, ZONE))
    assert (facts.untold, facts.untold_seconds) == (1, 6.0)
    clock.at += KEPT_SECONDS
    Notices(store.file).tidy(clock.at)
    Outbox(store).tidy()
    assert due(store) == ()
    assert told(store, ("disk",)) == [(IT, ["disk"])]


def test_whoever_is_not_named_any_more_is_told_nothing_more(store: ReportStore, clock: Clock) -> None:
    Notices(store.file).tell(SITE, ("disk",), clock.at)
    Outbox(store).route(replace(SITE, reports={"technical": ("mailto:new@school.example",)}))
    assert due(store) == ()


def test_every_trouble_has_its_order(store: ReportStore) -> None:
    assert told(store, tuple(reversed(TROUBLES))) == [(IT, list(TROUBLES))]


def typed(store: ReportStore, folder: Path, person: str, severity: str = "high") -> None:
    spool = AlertSpool(folder, 0)
    spool.append({"topic": "self-harm", "severity": severity, "person": person, "at": f"{store.clock():.0f}"})
    spool.close()
    AlertTaking(store, folder).take()


def test_unread_alerts_of_high_severity_are_told_once_in_each_school_hour(
    store: ReportStore, clock: Clock, tmp_path: Path
) -> None:
    typed(store, tmp_path / "alerts", "p1", "medium")
    clock.at += 2 * HOUR
    assert told(store) == []
    typed(store, tmp_path / "alerts", "p1")
    typed(store, tmp_path / "alerts", "p2")
    clock.at += HOUR + 1
    Notices(store.file).tell(SITE, (), store.clock())
    assert [[(one.name, one.number) for one in message.notices] for message in due(store)] == [[("unread-alerts", 2)]]
    assert told(store) == [(LEAD, ["unread-alerts"])]
    clock.at += HOUR / 2
    assert told(store) == []
    for report in store.list("unread", "alert"):
        store.show(report.code, "Lan")
    clock.at += HOUR
    assert told(store) == []
