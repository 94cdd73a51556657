"""Grants in the scrape: what is in force, and how unlock codes are used and guessed at (``state/grants.sqlite``)."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from hedgerow.stores.pass_facts import LOCKS, OUTCOMES, GrantFacts


def grant_metrics(facts: GrantFacts) -> Iterator[Metric]:
    """Labels from closed sets: a kind, an outcome, a scope; never who or what."""
    held = GaugeMetricFamily("hedgerow_grants_in_force", "Passes and exams in force.", labels=("kind",))
    held.add_metric(("pass",), facts.passes)
    held.add_metric(("exam",), facts.exams)
    yield held
    yield GaugeMetricFamily("hedgerow_unlock_codes_live", "Unlock codes that can still be typed.", facts.codes)
    yield GaugeMetricFamily("hedgerow_grants_unreadable", "Rows of the grants that cannot be read.", facts.odd)
    used = CounterMetricFamily("hedgerow_unlock_attempts", "Unlock codes typed, by outcome.", labels=("outcome",))
    for outcome in OUTCOMES:
        used.add_metric((outcome,), facts.tally.get(outcome, 0))
    yield used
    locked = CounterMetricFamily("hedgerow_unlock_locked", "Unlock codes not looked at.", labels=("scope",))
    for scope in LOCKS:
        locked.add_metric((scope,), facts.tally.get(f"locked-{scope}", 0))
    yield locked
    until = "Until when everything is judged by names only; 0 = it is not."
    yield GaugeMetricFamily("hedgerow_relaxed_until_timestamp_seconds", until, facts.relaxed_until)
