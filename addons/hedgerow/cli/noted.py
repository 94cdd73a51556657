"""Heads of the record that left the machine: written down by hand, or seen by Prometheus."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable
from typing import Any

from hedgerow.cli.common import Failure

_DAYS = 90
_STEP = 900
"""Seconds between two looks: 90 days of them are fewer than the 11,000 points Prometheus gives at once."""
_MOST = 64 << 20


def by_hand(text: str) -> tuple[int, int]:
    """NUMBER:FINGERPRINT. Raises Failure."""
    number, _, fingerprint = text.partition(":")
    try:
        return int(number), int(float(fingerprint))
    except (ValueError, OverflowError) as error:
        raise Failure(f"--head {text!r}: NUMBER:FINGERPRINT expected, such as 41:203956878356401") from error


def by_prometheus(address: str, instance: str) -> dict[int, int]:
    """Entry number -> fingerprint, of each head it saw in the last 90 days. Raises Failure.

    https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries
    """
    chosen = f'{{instance="{instance}"}}' if instance else ""
    numbers, fingerprints = (_series(address, f"hedgerow_record_{name}{chosen}") for name in ("entries", "fingerprint"))
    found = {int(number): int(fingerprints[moment]) for moment, number in numbers.items() if moment in fingerprints}
    found.pop(0, None)  # no entry yet
    if not found:
        raise Failure(f"{address} has seen no hedgerow_record_entries{chosen}")
    return found


def _series(address: str, query: str) -> dict[float, float]:
    now = int(time.time()) // _STEP * _STEP
    wanted = {"query": query, "start": now - _DAYS * 86_400, "end": now + _STEP, "step": _STEP}
    url = f"{address.rstrip('/')}/api/v1/query_range?{urllib.parse.urlencode(wanted)}"
    if not url.startswith(("http://", "https://")):
        raise Failure("--prometheus: http://HOST:9090 expected")
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            results = json.loads(answer.read(_MOST))["data"]["result"]
        return _only(results, query)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(f"{address} did not answer as Prometheus does: {error}") from error


def _only(results: Iterable[Any], query: str) -> dict[float, float]:
    found = list(results)
    if len(found) > 1:
        names = ", ".join(sorted(str(one["metric"].get("instance")) for one in found))
        raise Failure(f"several gateways have {query}; choose one with --instance: {names}")
    return {float(moment): float(value) for one in found for moment, value in one["values"]}
