"""One scrape tells of all workers, and ten thousand hosts add no series."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from tests.lab.client import Device
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab

HOSTS = 10_000
PROMISED = [
    "hedgerow_requests_total", "hedgerow_decisions_total", "hedgerow_category_decisions_total",
    "hedgerow_rule_decisions_total", "hedgerow_added_seconds_bucket", "hedgerow_inspected_bytes_total",
    "hedgerow_not_inspected_total", "hedgerow_upstream_errors_total", "hedgerow_reloads_total", "hedgerow_policy_info",
    "hedgerow_ca_expiry_timestamp_seconds", "hedgerow_events_dropped_total", "hedgerow_loop_lag_seconds",
    "hedgerow_build_info", "hedgerow_index_entries", "hedgerow_tls_failed_total",
]  # fmt: skip


def series(gateway: Gateway) -> set[str]:
    """Every series of one scrape: name and labels, without the value."""
    lines = gateway.fetch("/metrics")[1].splitlines()
    return {line.rsplit(" ", 1)[0] for line in lines if line and not line.startswith("#")}


def warm(lab: Lab, gateway: Gateway) -> Device:
    """One of everything, so that the metrics have their labels."""
    device = lab.device("pupil14", "explicit", gateway.ca)
    for host in (
        "allowed.test",
        "blocked.test",
        "warned.test",
        "selfsigned.test",
        "nx.test",
        "n0.unlisted.test",
        "pornhub.com",
    ):
        device.https(host)
        device.http(host)
        device.h2(host)
    return device


def test_ten_thousand_hosts_add_no_series(lab: Lab, gateway: Gateway) -> None:
    device = warm(lab, gateway)
    before, counted = series(gateway), gateway.metric("hedgerow_requests_total")

    def many(part: int) -> None:
        with device.proxy() as link:
            for number in range(part, HOSTS, 8):
                host = f"h{number}.casino{number % 7}.blocked.test"
                link.send(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                assert link.reply().status == 403

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(many, range(8)))
    assert gateway.metric("hedgerow_requests_total") - counted >= HOSTS
    new = {name for name in series(gateway) - before if "_bucket" not in name}
    assert not new, f"{len(new)} new series: {sorted(new)[:5]}"


def test_everything_promised_is_there(lab: Lab, gateway: Gateway) -> None:
    warm(lab, gateway)
    told = gateway.fetch("/metrics")[1]
    missing = [name for name in PROMISED if not re.search(rf"^{name}[{{ ]", told, re.M)]
    assert not missing
    assert "casino" not in told and ".test" not in re.sub(r'rule="[^"]*"', "", told)


def test_ready_and_version(gateway: Gateway) -> None:
    assert gateway.fetch("/ready")[0] == 200
    assert gateway.fetch("/version")[0] == 200


def test_both_workers_serve_and_are_summed(lab: Lab, gateway: Gateway, watch: Watch) -> None:
    device = lab.device("pupil8", "explicit", gateway.ca)
    before = gateway.metric("hedgerow_decisions_total", band="ages-8-10", action="block")
    for _ in range(40):
        device.h2("blocked.test", fields("blocked.test"))
    assert gateway.metric("hedgerow_decisions_total", band="ages-8-10", action="block") - before == 40
    assert not watch.touching("blocked.test")
