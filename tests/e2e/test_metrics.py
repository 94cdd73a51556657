"""One scrape tells of all workers, and thousands of hosts add no series."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.lab import school
from tests.lab.client import MODES, Device, get
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

HOSTS = [2_000, pytest.param(10_000, marks=pytest.mark.long)]
PROMISED = [
    "hedgerow_requests_total", "hedgerow_decisions_total", "hedgerow_category_decisions_total",
    "hedgerow_rule_decisions_total", "hedgerow_added_seconds_bucket", "hedgerow_inspected_bytes_total",
    "hedgerow_not_inspected_total", "hedgerow_upstream_errors_total", "hedgerow_reloads_total", "hedgerow_policy_info",
    "hedgerow_ca_expiry_timestamp_seconds", "hedgerow_events_dropped_total", "hedgerow_loop_lag_seconds",
    "hedgerow_build_info", "hedgerow_index_entries", "hedgerow_tls_failed_total", "hedgerow_connections_total",
    "hedgerow_not_inspected_bytes_total",
]  # fmt: skip


def series(gateway: Gateway) -> set[str]:
    """Every series of one scrape: name and labels, without the value."""
    lines = gateway.fetch("/metrics")[1].splitlines()
    return {line.rsplit(" ", 1)[0] for line in lines if line and not line.startswith("#")}


def warm(lab: Lab, gateway: Gateway) -> Device:
    """One of everything, so that the metrics have their labels; the self-test's come with its first run."""
    end = time.monotonic() + 60
    while "hedgerow_selftest_ok{" not in gateway.fetch("/metrics")[1]:
        assert time.monotonic() < end, gateway.process.tail()
        time.sleep(0.5)
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
    device.https("allowed.test", get("allowed.test", "/_text?type=image/png&words=x"))
    return device


@pytest.mark.parametrize("hosts", HOSTS)
def test_thousands_of_hosts_add_no_series(lab: Lab, gateway: Gateway, hosts: int) -> None:
    device = warm(lab, gateway)
    before, counted = series(gateway), gateway.metric("hedgerow_requests_total")

    def many(part: int) -> None:
        with device.proxy() as link:
            for number in range(part, hosts, 8):
                host = f"h{number}.casino{number % 7}.blocked.test"
                link.send(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                assert link.reply().status == 403

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(many, range(8)))
    assert gateway.metric("hedgerow_requests_total") - counted >= hosts
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


def test_one_scrape_of_all_workers(lab: Lab, gateway: Gateway) -> None:
    """Every request is counted once, whichever worker served it, and no series tells which."""
    before = gateway.metric("hedgerow_decisions_total", band="ages-8-10", action="block")
    devices = [lab.device("pupil8", mode, gateway.ca) for mode in MODES]
    for _ in range(25):
        for device in devices:
            assert device.http("blocked.test").action == "block"
            assert device.h2("blocked.test").action == "block"
    after = gateway.metric("hedgerow_decisions_total", band="ages-8-10", action="block")
    assert after - before == 100
    assert not any("pid=" in one for one in series(gateway))
    assert gateway.metric("hedgerow_worker_policy_info") == 2


def test_labels_come_from_closed_sets(gateway: Gateway) -> None:
    """No label holds a host, an address, a path or a person."""
    values = {value for one in series(gateway) for value in re.findall(r'\w+="([^"]*)"', one)}
    site_rules = {value for value in values if value.startswith(("site:", "floor:site:"))}
    assert not [v for v in values - site_rules if "/" in v or re.search(r"\d+\.\d+\.\d+\.\d+|\.test$|\.com$", v)]
    assert len(site_rules) <= 200


def test_what_was_read_and_what_was_not(explicit: Device, gateway: Gateway) -> None:
    def read(name: str, **labels: str) -> float:
        return gateway.metric(name, **labels)

    html, images = read("hedgerow_inspected_bytes_total", kind="html"), read("hedgerow_not_inspected_total")
    page = explicit.https("allowed.test")
    explicit.https("allowed.test", get("allowed.test", "/_text?type=image/png&words=x"))
    assert read("hedgerow_inspected_bytes_total", kind="html") - html == len(page.body)
    assert read("hedgerow_not_inspected_total") - images == 1
    errors = read("hedgerow_upstream_errors_total", reason="certificate")
    explicit.https("selfsigned.test")
    assert read("hedgerow_upstream_errors_total", reason="certificate") == errors + 1
    assert read("hedgerow_inspected_bytes_total", kind="html") > 0 and school.PHRASE not in gateway.fetch("/metrics")[1]
