"""What the self-test found, for the scrape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from hedgerow.selftest.model import BOX, CHECKS, EXPIRIES


@dataclass(slots=True)
class Told:
    """The newest result of each check and band, when the last run was, and what ends when (Unix seconds)."""

    ok: dict[tuple[str, str], bool] = field(default_factory=dict)
    at: float = 0.0
    expiries: Mapping[str, float] = field(default_factory=dict)


def selftest_metrics(told: Told) -> Iterator[Metric]:
    """Labels: the closed set of checks, the bands (none for what is about the box), what ends."""
    ok = GaugeMetricFamily("hedgerow_selftest_ok", "1 while all canaries passed.", labels=("check", "band"))
    for (check, band), passed in sorted(told.ok.items()):
        if check in CHECKS:
            ok.add_metric((check, "" if check in BOX else band), float(passed))
    yield ok
    yield GaugeMetricFamily("hedgerow_selftest_last_run_timestamp_seconds", "When it last ran.", told.at)
    ends = GaugeMetricFamily("hedgerow_selftest_expiry_timestamp_seconds", "When it ends.", labels=("what",))
    for what in EXPIRIES:
        if what in told.expiries:
            ends.add_metric((what,), told.expiries[what])
    yield ends
