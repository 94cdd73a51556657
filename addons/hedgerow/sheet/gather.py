"""A month's facts out of the state folder: the self-test's runs, the record, the reports' store, the settings."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hedgerow import __version__
from hedgerow.core.model import Capture
from hedgerow.sheet.model import Fault, Month
from hedgerow.stores.member_record import must_stand
from hedgerow.stores.record import Record
from hedgerow.stores.record_verify import verify
from hedgerow.stores.report_facts import read_facts
from hedgerow.stores.selftest_log import Kept, read
from hedgerow.stores.site import Site
from hedgerow.stores.state import State

MOST_FAULTS = 12
"""Lines of the sheet that name faults: the counts say how many there were."""


def bounds(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The month's first moment and the next one's, in the school's zone. Raises ValueError for no month."""
    begins = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
    return begins, (begins + timedelta(days=32)).replace(day=1)


def gather(state: State, site: Site, month: str, now: datetime) -> Month:
    """``now`` is aware. Raises ValueError for no month, OSError for what cannot be read."""
    zone = ZoneInfo(site.timezone)
    begins, ends = bounds(month, zone)
    until = min(ends, now.astimezone(zone))
    runs = sorted(_runs(state, begins, until), key=lambda run: run.at)
    counts: dict[str, tuple[int, int]] = {}
    for run in runs:
        for check, (passed, asked) in run.counts.items():
            before = counts.get(check, (0, 0))
            counts[check] = (before[0] + passed, before[1] + asked)
    unasked = sum((Counter(run.unasked) for run in runs), Counter[str]())
    faults = [Fault(datetime.fromtimestamp(run.at, zone), *one[:3]) for run in runs for one in run.failed]
    wrong = sum(asked - passed for passed, asked in counts.values())
    days = {datetime.fromtimestamp(run.at, zone).date() for run in runs}
    return Month(
        school=site.school or "Hedgerow",
        month=month,
        made=now.astimezone(zone),
        version=__version__,
        over=ends <= now,
        runs=len(runs),
        days=len(days),
        all_days=calendar.monthrange(begins.year, begins.month)[1] if ends <= now else until.day,
        last=datetime.fromtimestamp(runs[-1].at, zone) if runs else None,
        pause=longest(begins.timestamp(), [run.at for run in runs], until.timestamp()),
        counts=counts,
        faults=_named(faults),
        more_faults=max(0, wrong - len(_named(faults))),
        facts=_facts(state, site, begins, until, runs),
        unasked=dict(unasked),
    )


def _runs(state: State, begins: datetime, until: datetime) -> Iterable[Kept]:
    """The files are by UTC's months, the sheet by the school's."""
    names = {f"{moment.astimezone(UTC):%Y-%m}" for moment in (begins, until)}
    for name in sorted(names):
        for run in read(state.root / "selftest", name):
            if begins.timestamp() <= run.at < until.timestamp():
                yield run


def longest(begins: float, moments: Sequence[float], until: float) -> float:
    """The longest time without a run, the month's begin and end counted."""
    edges = [begins, *moments, until]
    return max((later - earlier for earlier, later in zip(edges, edges[1:], strict=False)), default=0.0)


def _named(faults: Sequence[Fault]) -> Sequence[Fault]:
    """Each question once, at its first time."""
    first: dict[tuple[str, str, str], Fault] = {}
    for fault in faults:
        first.setdefault((fault.check, fault.band, fault.what), fault)
    return tuple(first.values())[:MOST_FAULTS]


def _facts(
    state: State, site: Site, begins: datetime, until: datetime, runs: Sequence[Kept]
) -> Mapping[str, Mapping[str, object]]:
    now = read_facts(state.reports, site, until)
    record = Record(state.record)
    entries = list(record.entries())
    span = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}" for moment in (begins, until))
    low, high = span
    seen, unread = traffic(runs)
    return {
        "member": {"n": len(must_stand(entries))},
        "networks": {"n": len(site.networks), "m": sum(one.level is Capture.NAMES_ONLY for one in site.networks)},
        "record": {"n": sum(low <= entry.time[:16] < high for entry in entries), "whole": verify(record).whole},
        "reports": {"n": sum(now.open.values()), "m": sum(now.unread.values())},
        "recipients": {"n": len(site.reports.get("help", ()))},
        "alerts": {"n": len(site.reports.get("alerts", ())), "m": sum(now.alerts_unread.values())},
        "retention": {
            "n": site.privacy.keep_days,
            "span": site.privacy.pseudonyms,
            "m": len(site.privacy.keyholders),
        },
        "policies": {"n": len(Counter(run.policy for run in runs))},
        "unread": {"n": seen, "share": unread / seen if seen else 0.0},
    }


def traffic(runs: Sequence[Kept]) -> tuple[int, int]:
    """Requests and connections, and those not read, within the month. A counter that fell has begun anew.

    What came before the first run of a restarted gateway counts; what came after its last one is lost.
    """
    sums = {"requests": 0.0, "unread": 0.0}
    for earlier, later in zip(runs, runs[1:], strict=False):
        for name in sums:
            before, after = earlier.totals.get(name, 0.0), later.totals.get(name, 0.0)
            sums[name] += after - before if after >= before else after
    return round(sums["requests"]), round(min(sums["unread"], sums["requests"]))
