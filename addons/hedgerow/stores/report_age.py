"""How long a report is kept: a closed one for ``keep-days``, a request for help until somebody closes it."""

from __future__ import annotations

from hedgerow.stores.report_file import ReportFile, count

_CLOCK_IS_SET = 1_767_225_600.0  # 2026: before this program was, no report was made
_OLD = (
    "same_as = '' and (coalesce(closed_at, last_at) < :closed and (closed_at is not null or kind not in ('help', 'hurt')) "
    "or coalesce(closed_at, last_at) < :all)"
)
_OLD_UNREAD = f"select kind, count(*) from reports where read_at is null and {_OLD} group by kind"
_ORPHANS = "delete from reports where same_as <> '' and same_as not in (select code from reports)"


def expire(file: ReportFile, now: float, keep_days: int) -> int:
    """Deletes what is ``keep_days`` past its closing, or its making if it is no request for help; how many.

    A request for help stays until a person closes it, at most 400 days. Unread ones that go are counted. What was
    made before a clock without a battery was set (1970) counts from now on. Raises ReportsUnavailable.
    """
    old = {"closed": now - keep_days * 86_400.0, "all": now - 400 * 86_400.0}
    with file.writing() as connection:
        if now >= _CLOCK_IS_SET:
            connection.execute("update reports set at = ?, last_at = ? where at < ?", (now, now, _CLOCK_IS_SET))
        for row in connection.execute(_OLD_UNREAD, old).fetchall():
            count(connection, "expired-unread", row[0], row[1])
        gone = connection.execute(f"delete from reports where {_OLD}", old).rowcount
        gone += connection.execute(_ORPHANS).rowcount
    if gone:
        file.forget()
    return gone
