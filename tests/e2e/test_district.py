"""A school's Prometheus and a district's, real processes by the shipped files: federation, and remote_write over TLS.

One gateway is scraped by two Prometheus of a school: one is asked by a district (``federation.yaml``), the other writes
to one (``remote_write.yaml`` to ``receiver.yaml`` and ``web.yaml``).
"""

from __future__ import annotations

import base64
import re
import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.grafana.boards import DISTRICT
from tests.e2e.test_watching import MAY_BE_EMPTY, asked
from tests.lab.authority import Authority
from tests.lab.gateway import Gateway
from tests.lab.lab import ROOT, Lab
from tests.lab.morning import one_round
from tests.lab.net import Namespace
from tests.lab.prometheus import PROGRAM, Prometheus, PrometheusError, configure
from tests.test_alerts import PASSWORD as HASHED

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="prometheus is not installed (apt install prometheus)")

ASKED, ASKS, WRITES, RECEIVES = range(19094, 19098)
NAME = "prometheus.district.test"
SCHOOL, PASSWORD = "oak", "lab"
OF_THE_SCHOOL = f'{{school="{SCHOOL}",__name__!="ALERTS"}}'


@dataclass(frozen=True, slots=True)
class Pair:
    """What the school's Prometheus holds, and what of it is at the district."""

    school: Prometheus
    district: Prometheus


def changed(main: Path, **sections: Any) -> Path:
    main.write_text(yaml.safe_dump(yaml.safe_load(main.read_text()) | sections))
    return main


def at_school(folder: Path, gateway: Gateway, config: str = "prometheus.yaml") -> Path:
    return configure(folder, {SCHOOL: f"127.0.0.1:{gateway.metrics_port}"}, config=config)


def federated(stack: ExitStack, host: Namespace, folder: Path, gateway: Gateway) -> Pair:
    school = Prometheus(at_school(folder / "asked", gateway), ASKED, host.command, host.dial)
    stack.callback(school.stop)
    main = configure(folder / "asks", {}, config="district/federation.yaml")
    (main.parent / "schools" / "lab.yaml").write_text(yaml.safe_dump([{"targets": [f"127.0.0.1:{ASKED}"]}]))
    district = Prometheus(main, ASKS, host.command, host.dial, "--query.lookback-delta=10s")
    stack.callback(district.stop)
    return Pair(school, district)


def receiver(stack: ExitStack, host: Namespace, folder: Path, authority: Authority) -> Prometheus:
    """It takes what is written over TLS by who knows the password; whoever asks needs both, too."""
    folder.mkdir()
    for name in ("receiver.yaml", "district.rules.yaml", "web.yaml"):
        shutil.copy(ROOT / "deploy" / "prometheus" / "district" / name, folder)
    for name in ("district.pem", "district-key.pem"):
        shutil.copy(authority.files(NAME), folder / name)
    changed(folder / "web.yaml", basic_auth_users={SCHOOL: HASHED})
    changed(folder / "receiver.yaml", **{"global": {"evaluation_interval": "1s"}})
    trusted = ssl.create_default_context(cadata=authority.root.pem.decode())

    def dial(address: str, port: int) -> socket.socket:
        return trusted.wrap_socket(host.dial(address, port), server_hostname=NAME)

    options = ("--web.enable-remote-write-receiver", f"--web.config.file={folder / 'web.yaml'}")
    known = {"Authorization": "Basic " + base64.b64encode(f"{SCHOOL}:{PASSWORD}".encode()).decode()}
    started = Prometheus(folder / "receiver.yaml", RECEIVES, host.command, dial, *options, headers=known)
    stack.callback(started.stop)
    return started


def written(stack: ExitStack, host: Namespace, folder: Path, gateway: Gateway) -> Pair:
    """Changed in the school's file are the district's address, where CA and password lie, and the pace."""
    authority = Authority()
    district = receiver(stack, host, folder / "receives", authority)
    main = at_school(folder / "writes", gateway, "remote_write.yaml")
    (main.parent / "ca.pem").write_bytes(authority.root.pem)
    (main.parent / "password").write_text(PASSWORD)
    (remote,) = yaml.safe_load(main.read_text())["remote_write"]
    remote |= {"url": f"https://127.0.0.1:{RECEIVES}/api/v1/write",
               "tls_config": {"ca_file": "ca.pem", "server_name": NAME},
               "basic_auth": {"username": SCHOOL, "password_file": "password"}}  # fmt: skip
    school = Prometheus(changed(main, remote_write=[remote]), WRITES, host.command, host.dial)
    stack.callback(school.stop)
    return Pair(school, district)


@pytest.fixture(scope="module")
def pairs(lab: Lab, gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Pair]]:
    """Both ways side by side, after a school's first minute."""
    folder = tmp_path_factory.mktemp("district")
    teen = lab.device("pupil14", "explicit", gateway.ca)
    with ExitStack() as stack:
        host = lab.net.gateway
        found = {"federation": federated(stack, host, folder, gateway),
                 "remote_write": written(stack, host, folder, gateway)}  # fmt: skip
        for pair in found.values():
            pair.district.until("hedgerow:state")
        one_round(lab, teen)
        for pair in found.values():
            pair.school.until('hedgerow_not_inspected_total{band="ages-14-17",reason="type-picture"}')
        time.sleep(2)
        one_round(lab, teen)
        for pair in found.values():
            pair.district.until("hedgerow_selftest_ok", 60)
            pair.district.until("hedgerow:blind_connections:share1d and hedgerow:blind_bytes:share1d > 0")
        time.sleep(3)  # the last of them travels
        yield found


@pytest.mark.parametrize("way", ["federation", "remote_write"])
def test_the_districts_board_is_answered_at_the_district(pairs: dict[str, Pair], way: str) -> None:
    empty = [f"{name}: {query}" for name, query in asked(DISTRICT)
             if not pairs[way].district.ask(query) and name not in MAY_BE_EMPTY]  # fmt: skip
    assert not empty
    for query in ("hedgerow:state", "hedgerow_record_fingerprint", "hedgerow:blind_requests:share1d"):
        assert [labels["school"] for labels, _ in pairs[way].district.ask(query)] == [SCHOOL], query


@pytest.mark.parametrize("way", ["federation", "remote_write"])
def test_labels_and_values_are_the_schools_own(pairs: dict[str, Pair], way: str) -> None:
    query = "hedgerow_record_fingerprint or hedgerow_ca_expiry_timestamp_seconds or hedgerow_build_info"
    at_district = {frozenset(labels.items()): value for labels, value in pairs[way].district.ask(query)}
    assert at_district == {frozenset(labels.items()): value for labels, value in pairs[way].school.ask(query)}
    assert at_district


def test_a_school_costs_as_many_series_as_the_document_says(pairs: dict[str, Pair]) -> None:
    """By both ways; and nothing else of the school's is there."""
    told = re.search(r"(\d+) series a school \((\d+) of them the self-test's\)",
                     (ROOT / "deploy" / "WATCHING.md").read_text())  # fmt: skip
    assert told
    for way, pair in pairs.items():
        of_school = {labels["__name__"] for labels, _ in pair.district.ask(OF_THE_SCHOOL)}
        count = len(pair.district.ask(OF_THE_SCHOOL))
        canaries = len(pair.district.ask('{__name__=~"hedgerow_selftest_.+"}'))
        assert (count, canaries) == (int(told[1]), int(told[2])), (way, sorted(of_school))


def test_nobody_writes_or_asks_without_the_password(pairs: dict[str, Pair], lab: Lab) -> None:
    district = pairs["remote_write"].district
    known, district._headers = district._headers, {}
    try:
        with pytest.raises(PrometheusError, match="Unauthorized"):
            district.ask("up")
    finally:
        district._headers = known
    with lab.net.gateway.dial("127.0.0.1", RECEIVES) as plain:
        plain.sendall(b"POST /api/v1/write HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert plain.recv(100).startswith(b"HTTP/1.0 400")


def test_a_school_of_which_nothing_is_heard_is_told(pairs: dict[str, Pair]) -> None:
    """The last test: its Prometheus is stopped. What came with times of its own holds for 5 minutes (here 10 s)."""
    pair = pairs["federation"]
    pair.school.stop()
    pair.district.until('ALERTS{alertname="HedgerowSchoolSilent",school="oak",alertstate="pending"}', 60)
    assert not pair.district.ask('up{job="hedgerow"}')
