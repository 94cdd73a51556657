"""The supervisor's part of member-only lists: none is gone unseen, each is tested at every reload, both are told.

A list that the change record says was put in and whose file is gone is a mistake: a reload is refused and what is in
force stays, a start ends with the message. So does one that cannot be opened (``runtime.read_member``). The self-test
asks the very ``decide`` by the very files that the workers get; where it fails the lists stay in force all the same,
for they close more than none, and metric, record and log say so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from hedgerow.core.member import Tested, selftest
from hedgerow.runtime import Files
from hedgerow.stores.errors import Mistake, PolicyError
from hedgerow.stores.lists import open_index
from hedgerow.stores.member import SUFFIX, Held
from hedgerow.stores.member_record import KIND, must_stand, tested
from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import Entry

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One list, as the scrape tells of it."""

    id: str
    entries: int = 0
    added: float = 0.0  # Unix seconds
    passed: bool = False
    tested: float = 0.0  # Unix seconds


def run_tests(files: Files, lists: Sequence[Held]) -> tuple[Tested, ...]:
    """Each list's own test address, asked as every band would, with this list alone: another must not answer for it.

    Raises StateError, IndexFault.
    """
    index, now = open_index(files.index), datetime.now(ZoneInfo(files.policy.calendar.timezone))
    policies = (replace(files.policy, illegal=files.member.matcher(held.id)) for held in lists)
    return tuple(selftest(held.id, held.test, one, index, now) for held, one in zip(lists, policies, strict=True))


class MemberWatch:
    """Looks at the lists of each build before it comes into force."""

    def __init__(self, record: Record, who: str) -> None:
        self.facts: tuple[MemberFacts, ...] = ()
        self._record, self._who = record, who
        self._there: frozenset[str] | None = None
        self._failed: set[str] = set()

    def look(self, files: Files) -> None:
        """Raises PolicyError when a list is gone or may not be read, OSError when the record cannot be written."""
        there = frozenset(one.id for one in files.member.lists)
        if files.member.unread:
            raise PolicyError([Mistake("state/member", 0, 0, "belongs to somebody else: its lists cannot be read")])
        if self._there is None or not there >= self._there:
            self._missed(there)
        self._there = there
        lists = files.member.open()
        results = run_tests(files, lists) if lists else ()
        for result in results:
            self._tell(result)
        now = time.time()
        told = zip(lists, results, strict=True)
        self.facts = tuple(MemberFacts(one.id, one.entries, one.added, found.passed, now) for one, found in told)

    def _missed(self, there: frozenset[str]) -> None:
        gone = {name: entry for name, entry in must_stand(self._record.entries()).items() if name not in there}
        if gone:
            raise PolicyError(
                Mistake(f"state/member/{name}{SUFFIX}", 0, 0, _gone(entry)) for name, entry in gone.items()
            )

    def _tell(self, result: Tested) -> None:
        """A failure is an entry once, and so is its end."""
        if result.passed == (result.id not in self._failed):
            return
        bands = [band for band, passed in result.bands.items() if not passed]
        what, detail = tested(result.id, result.passed, bands)
        logger.error("%s", what)
        self._record.append(KIND, self._who, what, "", detail)
        self._failed ^= {result.id}


def _gone(entry: Entry) -> str:
    return (
        f"a member-only list is gone: {entry.who} put it in at {entry.time[:19]}Z. Put it in again, or take it out "
        "with a reason: hedgerow lists member remove ID --by NAME --reason WHY"
    )


def member_metrics(facts: Sequence[MemberFacts]) -> Iterator[Metric]:
    """Labelled by the operator's short names of the lists: at most 16."""
    rows: tuple[tuple[str, str, list[float]], ...] = (
        ("entries", "Entries of a member-only list.", [one.entries for one in facts]),
        ("added_timestamp_seconds", "When it was put in.", [one.added for one in facts]),
        ("selftest", "1 when its test address is closed in every band.", [float(one.passed) for one in facts]),
        ("selftest_timestamp_seconds", "When that was last tried.", [one.tested for one in facts]),
    )
    for name, text, values in rows:
        family = GaugeMetricFamily(f"hedgerow_member_{name}", text, labels=("list",))
        for one, value in zip(facts, values, strict=True):
            family.add_metric((one.id,), value)
        yield family
