"""Facts about fetched lists, for the scrape. The sources are those of ``sources.yaml``: a closed set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from hedgerow.stores.sources.facts import ListFacts

_GAUGES: tuple[tuple[str, str, Callable[[ListFacts], float]], ...] = (
    ("fetched_timestamp_seconds", "When the publisher last confirmed what is held.", lambda facts: facts.fetched),
    ("names", "Names in what is held.", lambda facts: facts.names),
    ("refused", "1 while what the publisher has is not taken.", lambda facts: float(facts.refused)),
    ("refresh_seconds", "How often it is to be looked at.", lambda facts: facts.refresh),
    ("required", "1 for a list whose absence is an alarm.", lambda facts: float(facts.required)),
)


def list_metrics(facts: Sequence[ListFacts]) -> Iterator[Metric]:
    """One gauge each, with the source as label."""
    for name, text, value in _GAUGES:
        family = GaugeMetricFamily(f"hedgerow_list_{name}", text, labels=("source",))
        for one in facts:
            family.add_metric((one.source,), value(one))
        yield family
