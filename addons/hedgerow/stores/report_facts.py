"""What the metrics say about reports, read from the store's file without writing to it.

The supervisor asks at each scrape, so that an unread report raises its alarm also while the portal is down. A file that
is not there yet has no reports; one that cannot be read is a fact of its own, never a zero that looks well.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hedgerow.core.model import Severity
from hedgerow.core.school_clock import school_seconds
from hedgerow.stores.report_model import TOPICS
from hedgerow.stores.report_outbox import STILL
from hedgerow.stores.site import Site

CHANNELS = ("mail", "webhook")


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Counts by (name, kind or channel or reason) since the store was made; the rest as it is now."""

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)  # kind -> reports nobody has opened
    oldest: Mapping[str, float] = field(default_factory=dict)  # kind -> school seconds the oldest of them waits
    open: Mapping[str, int] = field(default_factory=dict)  # kind -> not closed
    stored: Mapping[str, int] = field(default_factory=dict)  # kind -> all that lie on the disk
    untold: int = 0  # messages that no server has taken yet
    untold_seconds: float = 0.0  # how long the oldest of them waits, by the wall clock
    alerts_unread: Mapping[str, int] = field(default_factory=dict)  # severity -> alerts nobody has opened
    alerts_oldest: Mapping[str, float] = field(default_factory=dict)  # severity -> school seconds the oldest waits
    nobody: int = 0  # open reports whose topic has no recipient
    readable: bool = True


def read_facts(path: Path, site: Site, now: datetime) -> ReportFacts:
    """``now`` is aware and in the school's zone. Never raises for what is on the disk."""
    if not path.exists():
        return ReportFacts()
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)) as connection:
            return _facts(connection, site, now)
    except sqlite3.Error:
        return ReportFacts(readable=False)


def _facts(connection: sqlite3.Connection, site: Site, now: datetime) -> ReportFacts:
    waiting = "from reports where same_as = '' and closed_at is null"
    rows = connection.execute(f"select kind, count(*), min(at) {waiting} and read_at is null group by kind").fetchall()
    left, oldest = connection.execute(
        f"select count(*), min(made_at) from messages m where sent_at is null and {STILL}"
    ).fetchone()
    alerts = connection.execute(
        "select a.severity, count(*), min(at) from reports join alerts a using (code) "
        "where closed_at is null and read_at is null group by a.severity"
    ).fetchall()
    still = dict(connection.execute(f"select kind, count(*) {waiting} group by kind").fetchall())
    return ReportFacts(
        counts={(name, label): n for name, label, n in connection.execute("select name, label, n from counts")},
        unread={kind: n for kind, n, _ in rows},
        oldest={kind: _waits(at, site, now) for kind, _, at in rows},
        open=still,
        stored=dict(connection.execute("select kind, count(*) from reports group by kind").fetchall()),
        untold=left,
        untold_seconds=max(0.0, now.timestamp() - oldest) if left else 0.0,
        alerts_unread={str(Severity(severity)): n for severity, n, _ in alerts},
        alerts_oldest={str(Severity(severity)): _waits(at, site, now) for severity, _, at in alerts},
        nobody=sum(n for kind, n in still.items() if not site.reports.get(TOPICS.get(kind, ""))),
    )


def _waits(at: float, site: Site, now: datetime) -> float:
    return school_seconds(datetime.fromtimestamp(at, now.tzinfo), now, site.hours, site.calendar)
