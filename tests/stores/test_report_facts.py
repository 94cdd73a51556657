from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hedgerow.core.model import Calendar
from hedgerow.stores.alert_spool import AlertSpool
from hedgerow.stores.alert_taking import AlertTaking
from hedgerow.stores.report_facts import ReportFacts, read_facts
from hedgerow.stores.report_model import Context
from hedgerow.stores.report_outbox import Outbox
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LEAD = "mailto:lead@school.example"
SITE = Site(
    calendar=Calendar("Asia/Ho_Chi_Minh"), reports={"help": (LEAD,), "wrongly-blocked": (LEAD,)}, timezone=ZONE.key
)


class Clock:
    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> datetime:
        self.now = datetime.fromisoformat(text).replace(tzinfo=ZONE)
        return self.now

    def __call__(self) -> float:
        return self.now.timestamp()

    def up(self) -> float:
        return self.now.timestamp() - 1_700_000_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reports.sqlite"


def page(number: int) -> Context:
    return Context(host=f"site{number}.example", person=f"p{number}")


def test_the_oldest_unread_waits_by_the_school_clock(path: Path) -> None:
    clock = Clock("2026-11-20T15:30")  # a Friday; school ends at four
    store = ReportStore(path, clock)
    old = store.new("help", "", page(1))
    clock.set("2026-11-20T15:45")
    store.new("help", "", page(2))
    store.new("wrong", "", page(2))
    facts = read_facts(path, SITE, clock.set("2026-11-22T12:00"))
    assert facts.oldest == {"help": 1800.0, "wrong": 900.0} and facts.unread == {"help": 2, "wrong": 1}
    assert facts.stored == {"help": 2, "wrong": 1}
    assert read_facts(path, SITE, clock.set("2026-11-23T08:31")).oldest["help"] == 3660.0
    store.show(old, "Lan")
    assert read_facts(path, SITE, clock.now).oldest["help"] == 900.0 + 1860.0
    store.close_file()


def test_counts_outlive_the_reports_and_the_process(path: Path) -> None:
    clock = Clock("2026-11-23T10:00")
    store = ReportStore(path, clock, up=clock.up)
    code = store.new("help", "", page(1))
    store.new("help", "", page(1))
    store.new("wrong", "", page(1))
    store.held("rate")
    store.close(code, "Lan", contact="spoke with the child")
    store.expire(30)
    clock.set("2027-11-23T10:00")
    store.expire(30)
    store.close_file()
    facts = read_facts(path, SITE, clock.now)
    assert facts.counts == {
        ("asked", "help"): 1,
        ("repeated", "help"): 1,
        ("answered", "help"): 1,
        ("asked", "wrong"): 1,
        ("expired-unread", "wrong"): 1,
        ("held", "rate"): 1,
    }
    assert facts.open == {} and facts.unread == {}


def test_what_is_not_delivered_yet(path: Path) -> None:
    clock = Clock("2026-11-23T10:00")
    store = ReportStore(path, clock)
    store.new("help", "", page(1))
    store.new("untrue", "", page(2))
    outbox = Outbox(store)
    outbox.route(SITE)
    facts = read_facts(path, SITE, clock.set("2026-11-23T10:10"))
    assert (facts.untold, facts.untold_seconds, facts.nobody) == (1, 600.0, 1)
    outbox.sent(outbox.due()[0])
    facts = read_facts(path, SITE, clock.now)
    assert (facts.untold, facts.untold_seconds) == (0, 0.0)
    store.close_file()


def test_no_file_is_no_report_and_a_broken_one_is_told(path: Path) -> None:
    now = datetime.now(ZONE)
    assert read_facts(path, SITE, now) == ReportFacts()
    assert not path.exists()
    path.write_bytes(b"not a database " * 100)
    assert read_facts(path, SITE, now) == ReportFacts(readable=False)


def test_alerts_are_told_by_severity(path: Path, tmp_path: Path) -> None:
    clock = Clock("2026-11-20T15:30")
    store = ReportStore(path, clock)
    spool = AlertSpool(tmp_path / "alerts", 0)
    for person, severity in (("p1", "high"), ("p2", "high"), ("p3", "low")):
        spool.append({"topic": "grooming", "severity": severity, "person": person, "at": f"{clock():.0f}"})
    spool.close()
    AlertTaking(store, tmp_path / "alerts").take()
    clock.set("2026-11-20T15:40")
    facts = read_facts(path, SITE, clock.now)
    assert facts.alerts_unread == {"high": 2, "low": 1} and facts.alerts_oldest == {"high": 600.0, "low": 600.0}
    assert facts.nobody == 3  # this school names nobody for alerts
    assert facts.counts[("alert-new", "grooming high")] == 2
    for report in store.list("all", "alert"):
        store.close(report.code, "Lan", contact="Ms Lan spoke with them")
    facts = read_facts(path, SITE, clock.now)
    assert (facts.alerts_unread, facts.nobody) == ({}, 0)
    store.close_file()
