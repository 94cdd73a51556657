"""Alerts into the reports' store: the same again is one with a count, a stream is held, and what is held is said.

* The same person and topic within ``SAME_SECONDS`` of the first is that alert once more: its count grows, and the
  window of text that weighed most stays. One that somebody has closed is never grown: it begins anew.
* One person raises at most ``A_PERSON`` alerts of one severity in an hour, the whole school what ``SCHOOL`` says. What
  is beyond becomes one alert of the topic ``more``, which counts them: nobody is flooded, and nobody is told less than
  there was. Each severity has its own measure, so that noise hides nothing serious.

A file of the spool and its name go in with one transaction: a process that ends anywhere takes none twice.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from hedgerow.core.alerting import WINDOW
from hedgerow.core.model import Severity
from hedgerow.core.topics import TOPICS
from hedgerow.stores.alert_spool import read_alerts, waiting
from hedgerow.stores.alerts import MORE
from hedgerow.stores.pseudonyms import destroy
from hedgerow.stores.report_file import ReportFile, count
from hedgerow.stores.report_model import ALERT, Context, fresh_code
from hedgerow.stores.report_rows import COLUMNS
from hedgerow.stores.report_taking import TakenReports
from hedgerow.stores.report_words import clean, fingerprint, short

logger = logging.getLogger(__name__)

SAME_SECONDS = 1800.0
A_PERSON, PERSON_SECONDS = 6, 3600.0
SCHOOL = ((30, 600.0), (300, 86_400.0))
"""(how many, in how many seconds) of one severity from the whole school."""
FILES = 200
"""Files that are taken in one pass."""
SEVERITIES = {str(severity): severity for severity in Severity if severity}
RESULTS = ("new", "repeated", "held")
"""What becomes of an alert: one of its own, one more of the same, one of those that are counted together."""
OTHER = "other"
"""The label of a topic that a school made itself."""


class AlertTaking:
    """For the process that delivers. ``take`` raises ReportsUnavailable; what it did not take waits."""

    def __init__(self, store: TakenReports, folder: Path) -> None:
        self._file, self._clock, self._folder = store.file, store.clock, folder

    def take(self) -> int:
        """Puts what the workers wrote into the store; how many alerts were read."""
        return sum(self._take(path) for path in waiting(self._folder)[:FILES])

    def _take(self, path: Path) -> int:
        try:
            alerts, torn = read_alerts(path)
        except OSError as error:
            logger.error("alerts cannot be read: %s", error)
            return 0
        if torn:
            logger.error("%d alerts of %s cannot be read", torn, path.name)
        with self._file.writing() as connection:
            if _first_time(connection, path.name):
                for alert in alerts:
                    _raise(connection, alert, self._clock())
        _forget(self._file, path)
        return len(alerts)


def _first_time(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("insert or ignore into alert_files values (?)", (name,)).rowcount == 1


def _forget(file: ReportFile, path: Path) -> None:
    """The words lie in the store now. While the file cannot be removed its name stays known."""
    try:
        destroy(path)
    except OSError as error:
        logger.error("%s cannot be removed: %s", path, error)
        return
    with file.writing() as connection:
        connection.execute("delete from alert_files where name = ?", (path.name,))


def _raise(connection: sqlite3.Connection, alert: Mapping[str, str], now: float) -> None:
    severity, topic = SEVERITIES.get(alert.get("severity", "")), alert.get("topic", "")
    if severity is None or not topic:
        logger.error("an alert without severity or topic was passed over")
        return
    person, at = alert.get("person", ""), _moment(alert.get("at", ""), now)
    label = f"{topic if topic in TOPICS else OTHER} {severity}"
    if same := _same(connection, topic, person, at):
        _again(connection, same, alert, at)
        count(connection, "alert-repeated", label)
    elif whose := _held(connection, severity, person, at):
        count(connection, "alert-held", label)
        _more(connection, severity, person if whose == "person" else "", alert, at)
    else:
        count(connection, "alert-new", label)
        _add(connection, topic, severity, person, alert, at)


def _moment(text: str, now: float) -> float:
    """When it was typed; a clock that runs ahead in another process makes nothing later than now."""
    return min(float(text), now) if text.isdigit() else now


def _same(connection: sqlite3.Connection, topic: str, person: str, at: float) -> str:
    row = connection.execute(
        "select r.code from alerts a join reports r on r.code = a.code where a.topic = ? and a.person = ? "
        "and r.closed_at is null and abs(? - r.at) < ? order by r.at desc",
        (topic, person, at, SAME_SECONDS),
    ).fetchone()
    return str(row["code"]) if row else ""


def _again(connection: sqlite3.Connection, code: str, alert: Mapping[str, str], at: float) -> None:
    connection.execute("update reports set times = times + 1, last_at = max(last_at, ?) where code = ?", (at, code))
    score = _score(alert)
    row = connection.execute("select score from alerts where code = ?", (code,)).fetchone()
    if score > row["score"]:
        connection.execute("update alerts set score = ? where code = ?", (score, code))
        connection.execute("update reports set text = ? where code = ?", (_window(alert), code))


def _held(connection: sqlite3.Connection, severity: Severity, person: str, at: float) -> str:
    """Whose measure is full: "person", "school", or "" for nobody's."""
    if person and _lately(connection, severity, at - PERSON_SECONDS, person) >= A_PERSON:
        return "person"
    full = any(_lately(connection, severity, at - seconds) >= most for most, seconds in SCHOOL)
    return "school" if full else ""


def _lately(connection: sqlite3.Connection, severity: Severity, since: float, person: str = "") -> int:
    found: int = connection.execute(
        "select count(*) from alerts a join reports r on r.code = a.code "
        "where a.severity = ? and r.at > ? and a.topic <> ? and ? in ('', a.person)",
        (severity, since, MORE, person),
    ).fetchone()[0]
    return found


def _more(connection: sqlite3.Connection, severity: Severity, person: str, alert: Mapping[str, str], at: float) -> None:
    """What stands for the held ones: of one severity, of one person or of the school; without any of their words."""
    row = connection.execute(
        "select r.code from alerts a join reports r on r.code = a.code where a.topic = ? and a.person = ? "
        "and a.severity = ? and r.closed_at is null and abs(? - r.at) < ?",
        (MORE, person, severity, at, SAME_SECONDS),
    ).fetchone()
    if row:
        connection.execute("update reports set times = times + 1, last_at = ? where code = ?", (at, row["code"]))
        return
    kept = {"band": alert.get("band", ""), "network": alert.get("network", "")} if person else {}
    _add(connection, MORE, severity, person, kept, at)


def _add(
    connection: sqlite3.Connection,
    topic: str,
    severity: Severity,
    person: str,
    alert: Mapping[str, str],
    at: float,
) -> None:
    code = fresh_code()
    context = short(
        Context(
            host=alert.get("site", ""),
            category=topic,
            band=alert.get("band", ""),
            network=alert.get("network", ""),
            language=alert.get("language", ""),
        )
    )
    names = ("code", "kind", "at", "last_at", "text", "print", "person", *COLUMNS)
    printed = fingerprint(ALERT, code, context)  # like no other: alerts are joined by person and topic
    values = (code, ALERT, at, at, _window(alert), printed, "", *(getattr(context, name) for name in COLUMNS))
    connection.execute(f"insert into reports ({', '.join(names)}) values ({', '.join('?' * len(names))})", values)
    connection.execute(
        "insert into alerts (code, severity, topic, channel, person, score) values (?,?,?,?,?,?)",
        (code, severity, topic, clean(alert.get("channel", ""), 20), clean(person, 64), _score(alert)),
    )


def _window(alert: Mapping[str, str]) -> str:
    return clean(alert.get("evidence", ""), WINDOW).replace("\n", " ")


def _score(alert: Mapping[str, str]) -> float:
    try:
        return float(alert.get("score", "0"))
    except ValueError:
        return 0.0
