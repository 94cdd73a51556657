"""Facts about the box, for the scrape: what the supervisor knows and no worker does.

In multiprocess mode prometheus-client loses Info, Enum and custom collectors, so these stand in a registry of
their own; ``render`` puts both into one answer. Expiries are timestamps: the one who asks knows the time.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from hedgerow import __version__
from hedgerow.metrics import collected
from hedgerow.stores.pass_facts import GrantFacts, Told
from hedgerow.stores.record import Head
from hedgerow.stores.report_facts import ReportFacts
from hedgerow.stores.sources.facts import ListFacts
from hedgerow.supervisor_canaries import Told as SelfTest
from hedgerow.supervisor_canaries import selftest_metrics
from hedgerow.supervisor_grants import grant_metrics
from hedgerow.supervisor_lists import list_metrics
from hedgerow.supervisor_member import MemberFacts, member_metrics
from hedgerow.supervisor_memory import memory_metrics
from hedgerow.supervisor_reports import report_metrics

RELOADS = ("loaded", "unchanged", "refused", "failed")
RESTARTS = ("exit", "hang", "load", "start")
HOUSE = ("housekeeping", "watch", "record", "troubles", "neighbours", "canaries", "selftest")


@dataclass(slots=True)
class Box:
    """Kept up to date by the supervisor; read at each scrape."""

    version: str = ""  # of the policy in force, as its pages carry it
    shipped: str = ""  # of the shipped policies it is made of
    loaded: float = 0.0  # Unix seconds
    refused: bool = False  # the files on disk are not what is in force
    index: str = ""
    index_entries: int = 0
    ca_expiry: float = 0.0  # Unix seconds
    workers: Mapping[int, str] = field(default_factory=dict)  # slot -> version it serves by
    portal: str = ""  # version the portal shows its pages by; "" while it is not there
    log_bytes: int = 0
    grants: Told = GrantFacts  # read at each scrape
    reloads: Counter[str] = field(default_factory=Counter)
    restarts: Counter[str] = field(default_factory=Counter)
    portal_restarts: Counter[str] = field(default_factory=Counter)
    house_failures: Counter[str] = field(default_factory=Counter)
    expired: int = 0
    expired_unread: int = 0
    started: float = field(default_factory=time.time)
    record: Callable[[], Head] = Head  # how far the change record goes, read at each scrape
    record_whole: bool = True
    reports: Callable[[], ReportFacts] = ReportFacts  # what children reported, read at each scrape
    lists: Callable[[], Sequence[ListFacts]] = tuple  # what is fetched of whom, read at each scrape
    member: Callable[[], Sequence[MemberFacts]] = tuple  # member-only lists, read at each scrape
    mac_changes: Counter[str] = field(default_factory=Counter)  # by staff-only network
    staff_on_link: Mapping[str, int] = field(
        default_factory=dict
    )  # staff-only network -> addresses that can be watched
    processes: Callable[[], Mapping[str, int]] = dict  # of ours that run, by name: their ids, asked at each scrape
    selftest: SelfTest = field(default_factory=SelfTest)
    keyholders: int = 0
    keyholders_fingerprint: int = 0

    @property
    def ready(self) -> bool:
        """True when every worker serves, all by the snapshot in force."""
        return bool(self.version) and bool(self.workers) and set(self.workers.values()) == {self.version}


class BoxCollector(Collector):
    """``Box`` as metric families."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def collect(self) -> Iterator[Metric]:
        box = self._box
        build = {"version": __version__, "mitmproxy": version("mitmproxy"), "python": platform.python_version()}
        yield _info("hedgerow_build_info", "What is running.", build)
        yield _info("hedgerow_policy_info", "The policy in force.", {"version": box.version})
        yield _info("hedgerow_shipped_policy_info", "The shipped policies.", {"version": box.shipped})
        yield _info("hedgerow_index_info", "The lists in force.", {"version": box.index})
        yield _gauge("hedgerow_ready", "1 when every worker serves by the policy in force.", float(box.ready))
        yield _gauge("hedgerow_policy_loaded_timestamp_seconds", "When the policy came into force.", box.loaded)
        yield _gauge("hedgerow_policy_refused", "1 while the files hold a mistake.", float(box.refused))
        yield _gauge("hedgerow_index_entries", "Names in the lists.", box.index_entries)
        yield _gauge("hedgerow_ca_expiry_timestamp_seconds", "When the school's CA ends.", box.ca_expiry)
        yield _gauge("hedgerow_start_timestamp_seconds", "When the supervisor started.", box.started)
        yield _gauge("hedgerow_event_log_bytes", "Size of the decision log.", box.log_bytes)
        yield from _kept(box, box.record())
        yield from report_metrics(box.reports())
        yield from list_metrics(box.lists())
        yield self._workers()
        yield memory_metrics(box.processes)
        yield _counts("hedgerow_reloads", "Reloads, by result.", "result", box.reloads, RELOADS)
        yield _counts("hedgerow_worker_restarts", "Workers replaced.", "reason", box.restarts, RESTARTS)
        yield _gauge("hedgerow_portal_up", "1 while the portal answers.", float(bool(box.portal)))
        yield _counts("hedgerow_portal_restarts", "Portals replaced.", "reason", box.portal_restarts, RESTARTS)
        yield _counts("hedgerow_house_failures", "Chores that failed.", "task", box.house_failures, HOUSE)
        yield CounterMetricFamily("hedgerow_event_segments_expired", "Log segments past their age.", box.expired)
        yield CounterMetricFamily("hedgerow_events_expired_unread", "Events nobody had read.", box.expired_unread)
        yield from grant_metrics(box.grants())
        yield from member_metrics(box.member())
        yield from selftest_metrics(box.selftest)
        yield from _on_link(box)

    def _workers(self) -> Metric:
        family = GaugeMetricFamily(
            "hedgerow_worker_policy_info", "The policy each worker serves by.", labels=("worker", "version")
        )
        for slot, served in sorted(self._box.workers.items()):
            family.add_metric((str(slot), served), 1.0)
        return family


def _on_link(box: Box) -> Iterator[Metric]:
    """Networks come from site.yaml: few, and none of a person."""
    names = sorted({*box.staff_on_link, *box.mac_changes})
    yield _counts(
        "hedgerow_address_mac_changes", "Another device at a staff address.", "network", box.mac_changes, names
    )
    seen = GaugeMetricFamily(
        "hedgerow_staff_addresses_on_link", "Staff addresses that are watched.", labels=("network",)
    )
    for name in names:
        seen.add_metric((name,), box.staff_on_link.get(name, 0))
    yield seen


def _kept(box: Box, head: Head) -> Iterator[Metric]:
    """What tells another machine that the record was cut off, set back or written anew."""
    yield _gauge("hedgerow_record_entries", "Entries of the change record.", head.entries)
    yield _gauge("hedgerow_record_timestamp_seconds", "When its last entry was written.", head.time)
    yield _gauge("hedgerow_record_fingerprint", "48 bits of its last entry's hash.", head.fingerprint)
    yield _gauge("hedgerow_record_whole", "0 when the record does not fit itself.", float(box.record_whole))
    yield _gauge("hedgerow_keyholders", "People named to open pseudonyms, two at a time.", box.keyholders)
    yield _gauge("hedgerow_keyholders_fingerprint", "48 bits over their keys.", box.keyholders_fingerprint)


def _info(name: str, text: str, labels: Mapping[str, str]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=tuple(labels))
    family.add_metric(tuple(labels.values()), 1.0)
    return family


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _counts(name: str, text: str, label: str, counts: Mapping[str, int], legal: Sequence[str]) -> Metric:
    family = CounterMetricFamily(name, text, labels=(label,))
    for value in legal:
        family.add_metric((value,), counts.get(value, 0))
    return family


def render(box: Box, metrics_dir: str) -> bytes:
    """One answer for Prometheus: all workers' counts and the box facts (text format 0.0.4)."""
    registry = CollectorRegistry()
    registry.register(BoxCollector(box))
    return generate_latest(collected(metrics_dir)) + generate_latest(registry)
