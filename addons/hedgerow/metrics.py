"""Everything Hedgerow counts. Labels come from closed sets: a band, an action, a rule; never a host or a person.

A worker's metrics live in ``WORKER``. When ``PROMETHEUS_MULTIPROC_DIR`` is set (the supervisor sets it for its
workers) they are kept in memory-mapped files of that folder and survive the worker; ``collected`` merges the files
of all workers. Box facts (CA, policy, index, workers) come from the supervisor: see ``hedgerow.boxmetrics``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from hedgerow.core.model import Decision, Policy, Step

SLOT = "HEDGEROW_WORKER"
"""Environment variable naming the worker's slot: its replacement goes on with the same files and counts."""

MAX_RULES = 200
OTHER = "other"

if "PROMETHEUS_MULTIPROC_DIR" in os.environ and os.environ.get(SLOT, "").isdigit():
    # Files named after the slot, not the process: a thousand restarts leave no thousand files.
    _slot = int(os.environ[SLOT])
    # Asked at each count: looking into the environment took longer than counting.
    values.ValueClass = values.MultiProcessValue(lambda: _slot)  # type: ignore[no-untyped-call]

WORKER = CollectorRegistry()

_MILLISECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


def _counter(name: str, text: str, *labels: str) -> Counter:
    return Counter(name, text, labels, registry=WORKER)


REQUESTS = _counter("hedgerow_requests_total", "Requests judged, and connections passed on.", "band", "scheme")
DECISIONS = _counter("hedgerow_decisions_total", "Decisions taken.", "band", "action", "step")
CATEGORY_DECISIONS = _counter("hedgerow_category_decisions_total", "Decisions by category.", "category", "action")
RULE_DECISIONS = _counter("hedgerow_rule_decisions_total", "Decisions by rule; 200 rules are named.", "rule", "action")
CONNECTIONS = _counter("hedgerow_connections_total", "Connections, by what became of them.", "band", "outcome")
INSPECTED_BYTES = _counter("hedgerow_inspected_bytes_total", "Bytes whose words were read.", "kind", "band")
NOT_INSPECTED = _counter("hedgerow_not_inspected_total", "Answers and connections not read.", "reason", "band")
NOT_INSPECTED_BYTES = _counter("hedgerow_not_inspected_bytes_total", "Bytes passed on unread.", "reason", "band")
UPSTREAM_ERRORS = _counter("hedgerow_upstream_errors_total", "Sites that could not be reached, by reason.", "reason")
FAULTS = _counter("hedgerow_faults_total", "Faults of our own hooks; each was answered by blocking.", "hook")
TLS_FAILED = _counter("hedgerow_tls_failed_total", "TLS handshakes that failed, by side.", "side")
DEVICES_REFUSING = _counter(
    "hedgerow_devices_refusing_total", "Devices that began to refuse our certificates, by what they trust.", "trust"
)
WIDELY_REFUSED = _counter(
    "hedgerow_certificates_widely_refused_total", "Certificates that many devices refuse who take others."
)
for _trust in ("none", "some"):  # there from the start: `increase` does not see a series begin
    DEVICES_REFUSING.labels(_trust)
CONTINUES = _counter("hedgerow_continues_total", "Warnings a person continued past.", "band", "reason")
CONNECTIONS_REFUSED = _counter("hedgerow_connections_refused_total", "Connections closed before a request.", "reason")
EVENTS_WRITTEN = _counter("hedgerow_events_written_total", "Events written to the decision log.")
EVENTS_DROPPED = _counter("hedgerow_events_dropped_total", "Events lost: the queue was full, or the disk refused.")
ALERTS_DROPPED = _counter("hedgerow_alerts_dropped_total", "Alerts lost before they were stored: the disk was full.")
GRANTS_DROPPED = _counter("hedgerow_grants_dropped_total", "Grants that could not be stored.")
SEALS_DROPPED = _counter("hedgerow_seals_dropped_total", "Pseudonyms that could not be sealed to the keyholders.")

ADDED_SECONDS = Histogram(
    "hedgerow_added_seconds", "Time spent in our own hooks, per request.", buckets=_MILLISECONDS, registry=WORKER
)
SCAN_SECONDS = Histogram(
    "hedgerow_scan_seconds", "Time spent searching one page for words.", buckets=_MILLISECONDS, registry=WORKER
)
LOOP_LAG = Gauge(
    "hedgerow_loop_lag_seconds",
    "The longest recent delay of any worker's event loop.",
    multiprocess_mode="livemax",
    registry=WORKER,
)
OPEN_CONNECTIONS = Gauge(
    "hedgerow_open_connections", "Client connections open now.", multiprocess_mode="livesum", registry=WORKER
)


def named_rules(policy: Policy) -> frozenset[str]:
    """The rules that get a series of their own: the general ones first, then sites by name, at most ``MAX_RULES``.

    The choice depends on the policy only, so that all workers name the same rules.
    """
    general: set[str] = set()
    sites: set[str] = set()
    for band in policy.bands.values():
        defaults = (band.unknown_page, band.unknown_part, band.unknown_address, band.undecodable)
        general.update(rule.id for rule in (*band.categories.values(), *defaults))
        general.update(word.rule.id for word in band.words.values())
        general.update(file.rule.id for file in band.files)
        sites.update(site.rule.id for rules in band.sites.values() for site in rules)
    general.update(rule.id for rule in policy.floor.categories.values())
    general.update(f"member:{name}" for name in (policy.illegal.ids if policy.illegal is not None else ()))
    sites.update(site.rule.id for rules in policy.floor.sites.values() for site in rules)
    return frozenset([*sorted(general), *sorted(sites)][:MAX_RULES])


def rule_label(decision: Decision, named: frozenset[str]) -> str:
    """A label from a closed set. A protected rule carries a helpline's name, so it is never written out."""
    if decision.protected or decision.rule.startswith("protected:"):
        return "protected"
    if decision.rule.startswith("builtin:") or decision.rule in named:
        return decision.rule
    return "exam" if decision.step is Step.EXAM else OTHER


def count_decision(decision: Decision, scheme: str, named: frozenset[str]) -> None:
    """Count one final decision in all the tables it belongs to. ``scheme``: http, https, ws, wss or tunnel."""
    rule = rule_label(decision, named)
    for counter in _counters(decision.band, scheme, str(decision.action), str(decision.step), rule, decision.category):
        counter.inc()


@lru_cache(maxsize=4096)
def _counters(band: str, scheme: str, action: str, step: str, rule: str, category: str) -> tuple[Counter, ...]:
    """The series one decision moves. Kept, for finding a series by its labels takes longer than moving it."""
    found = (REQUESTS.labels(band, scheme), DECISIONS.labels(band, action, step), RULE_DECISIONS.labels(rule, action))
    return (*found, CATEGORY_DECISIONS.labels(category, action)) if category else found


def collected(folder: str) -> CollectorRegistry:
    """A registry that merges the files of all workers, dead ones included (counters never go back)."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return registry


def forget_gauges(folder: str, slot: int) -> None:
    """Mark a worker dead: its live gauges go, its counters stay. Called when a worker ends, before its replacement."""
    mark_process_dead(slot, path=folder)  # type: ignore[no-untyped-call]


def worker_environment(folder: str, slot: int) -> dict[str, str]:
    """What a worker's environment needs so that its metrics land in ``folder``."""
    return {"PROMETHEUS_MULTIPROC_DIR": folder, SLOT: str(slot)}


def sample_names() -> Iterable[str]:
    """The names of all worker metrics, for tests of documents and dashboards."""
    return sorted(metric.name for metric in WORKER.collect())
