"""Facts about what children reported, for the scrape: the clock of the reporting loop is a metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from hedgerow.core.topics import TOPICS
from hedgerow.stores.alert_taking import OTHER, RESULTS, SEVERITIES
from hedgerow.stores.report_facts import CHANNELS, ReportFacts
from hedgerow.stores.report_model import HELD, KINDS, STORED


def report_metrics(facts: ReportFacts) -> Iterator[Metric]:
    """``facts`` as metric families; what cannot be read has no number, for a zero would look well."""
    yield _gauge("hedgerow_reports_readable", "1 while the reports' store can be read.", float(facts.readable))
    yield _counted("hedgerow_reports_asked", "Reports made.", "kind", facts, "asked", KINDS)
    yield _counted("hedgerow_reports_answered", "Reports answered or closed.", "kind", facts, "answered", KINDS)
    yield _counted("hedgerow_reports_repeated", "The same report again.", "kind", facts, "repeated", KINDS)
    yield _counted("hedgerow_reports_held", "Forms held off.", "reason", facts, "held", HELD)
    yield _counted("hedgerow_reports_expired_unread", "Deleted unread.", "kind", facts, "expired-unread", STORED)
    yield _counted("hedgerow_reports_read_unrecorded", "Read, not recorded.", "kind", facts, "unrecorded", STORED)
    yield _alerts(facts)
    if facts.readable:
        yield from _now(facts)


def _now(facts: ReportFacts) -> Iterator[Metric]:
    yield _by_kind("hedgerow_reports_open", "Reports not closed.", facts.open)
    yield _by_kind("hedgerow_reports_stored", "Reports on the disk.", facts.stored)
    yield _by_kind("hedgerow_reports_unread", "Reports nobody has opened.", facts.unread)
    yield _by_kind(
        "hedgerow_reports_oldest_unread_school_seconds", "Lessons that the oldest unread waits.", facts.oldest
    )
    yield _by_severity("hedgerow_alerts_unread", "Alerts nobody has opened.", facts.alerts_unread)
    yield _by_severity(
        "hedgerow_alerts_oldest_unread_school_seconds", "Lessons that the oldest unread waits.", facts.alerts_oldest
    )
    yield _gauge("hedgerow_reports_without_recipient", "Open reports nobody is told about.", facts.nobody)
    yield _deliveries(facts)
    yield _gauge("hedgerow_report_messages_waiting", "Messages no server has taken yet.", facts.untold)
    yield _gauge("hedgerow_report_messages_oldest_seconds", "How long the oldest of them waits.", facts.untold_seconds)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _counted(name: str, text: str, label: str, facts: ReportFacts, count: str, legal: Sequence[str]) -> Metric:
    family = CounterMetricFamily(name, text, labels=(label,))
    for value in legal if facts.readable else ():
        family.add_metric((value,), facts.counts.get((count, value), 0))
    return family


def _by_kind(name: str, text: str, numbers: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=("kind",))
    for kind in STORED:
        family.add_metric((kind,), numbers.get(kind, 0))
    return family


def _by_severity(name: str, text: str, numbers: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=("severity",))
    for severity in SEVERITIES:
        family.add_metric((severity,), numbers.get(severity, 0))
    return family


def _alerts(facts: ReportFacts) -> Metric:
    """A topic that a school made itself is ``other``: a label comes from a closed set."""
    family = CounterMetricFamily("hedgerow_alerts", "Alerts raised.", labels=("topic", "severity", "result"))
    for topic in (*sorted(TOPICS), OTHER) if facts.readable else ():
        for severity in SEVERITIES:
            for result in RESULTS:
                number = facts.counts.get((f"alert-{result}", f"{topic} {severity}"), 0)
                family.add_metric((topic, severity, result), number)
    return family


def _deliveries(facts: ReportFacts) -> Metric:
    family = CounterMetricFamily("hedgerow_report_deliveries", "Messages tried.", labels=("channel", "result"))
    for channel in CHANNELS:
        for result in ("sent", "failed"):
            family.add_metric((channel, result), facts.counts.get((result, channel), 0))
    return family
