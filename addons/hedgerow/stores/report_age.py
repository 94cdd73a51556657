"""How long a report is kept: a closed one for ``keep-days``, a request for help until somebody closes it.

An empty battery or a wrong NTP server sets a wall clock years ahead, and then everything is old. So nothing is deleted
while the wall clock has just been set: it is measured against the boot clock, which only runs.
"""

from __future__ import annotations

import logging
import sqlite3

from hedgerow.stores.report_file import ReportFile, count
from hedgerow.stores.spans import Clocks

logger = logging.getLogger(__name__)

_CLOCK_IS_SET = 1_767_225_600.0  # 2026: before this program was, no report was made
_DAY = 86_400.0
_OLD = (
    "same_as = '' and coalesce(closed_at, last_at) < :before "
    "and (closed_at is not null or kind not in ('help', 'hurt'))"
)
_OLD_UNREAD = f"select kind, count(*) from reports where read_at is null and {_OLD} group by kind"
_ORPHANS = "delete from reports where same_as <> '' and same_as not in (select code from reports)"


def expire(file: ReportFile, clocks: Clocks, keep_days: int) -> int:
    """Deletes what is ``keep_days`` past its closing, or its making if it is no request for help; how many.

    A request for help stays until a person closes it, however old it is. Nothing is deleted in the first pass of a
    boot, nor for a day (of the boot clock) after the wall clock was set by more than a day. Other reports that go
    unread are counted. What was made before a clock without a battery was set (1970) counts from now on. Raises
    ReportsUnavailable.
    """
    now = clocks.wall()
    with file.writing() as connection:
        if now >= _CLOCK_IS_SET:
            connection.execute("update reports set at = ?, last_at = ? where at < ?", (now, now, _CLOCK_IS_SET))
        gone = _delete(connection, now - keep_days * _DAY) if _steady(connection, clocks) else 0
    if gone:
        file.forget()
    return gone


def _delete(connection: sqlite3.Connection, before: float) -> int:
    old = {"before": before}
    for row in connection.execute(_OLD_UNREAD, old).fetchall():
        count(connection, "expired-unread", row[0], row[1])
    gone = connection.execute(f"delete from reports where {_OLD}", old).rowcount
    return gone + connection.execute(_ORPHANS).rowcount


def _steady(connection: sqlite3.Connection, clocks: Clocks) -> bool:
    """Whether the wall clock went on as the boot clock did, since the last pass of this boot and for a day."""
    ahead, up = clocks.wall() - clocks.up(), clocks.up()
    last = connection.execute("select ahead, quiet_until from retention where boot = ?", (clocks.boot,)).fetchone()
    quiet_until = last["quiet_until"] if last else up
    if last and abs(ahead - last["ahead"]) > _DAY:
        quiet_until = up + _DAY
        logger.warning("the clock was set by %.0f days: no report is deleted today", (ahead - last["ahead"]) / _DAY)
    connection.execute("delete from retention")
    connection.execute("insert into retention values (?,?,?)", (clocks.boot, ahead, quiet_until))
    return last is not None and up >= quiet_until
