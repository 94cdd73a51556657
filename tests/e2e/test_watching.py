"""A real Prometheus scrapes running gateways by the shipped configuration; every dashboard's query is answered."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from deploy.grafana.boards import BOARDS, Board
from tests.lab import school
from tests.lab.client import Device
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.morning import one_round
from tests.lab.prometheus import PROGRAM, Prometheus, configure
from tests.test_dashboards import file_of

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="prometheus is not installed (apt install prometheus)")

PORT = 19090
MAY_BE_EMPTY = {
    "Alerts that ring": "on a good day none does",
    "Warnings that somebody went past": "nobody does here",
    "Alerts by topic": "nobody types what raises one",
    "Forms held off": "nobody floods them",
    "Answered, of those reported": "nobody reports anything",
    "Age of the oldest required list": "the lab has seeds only, nothing fetched",
    "Oldest required list": "the same",
    "canaries failing": "on a good day none does",
    "oldest list": "the same", "age": "the same", "alerts": "on a good day none rings",
}  # fmt: skip


@contextmanager
def watched(lab: Lab, folder: Path, gateways: dict[str, Gateway], *gone: str) -> Iterator[Prometheus]:
    """Prometheus on the gateways' host. ``gone``: schools where nothing answers."""
    targets = {name: f"127.0.0.1:{one.metrics_port}" for name, one in gateways.items()}
    targets |= {name: f"127.0.0.1:{number}" for number, name in enumerate(gone, 9)}
    host = lab.net.gateway
    started = Prometheus(configure(folder, targets), PORT, host.command, host.dial)
    try:
        yield started
    finally:
        started.stop()


def work(lab: Lab, gateway: Gateway, rounds: int, *, second: bool = False) -> None:
    for _ in range(rounds):
        for name in ("pupil8", "pupil14", "guest"):
            one_round(lab, lab.device(name, "explicit", gateway.ca, second=second))


def asked(board: Board) -> Iterator[tuple[str, str]]:
    """(panel, or column) and query, as the shipped file has them, of all schools."""
    for panel in json.loads(file_of(board).read_text())["panels"]:
        for target in panel.get("targets", ()):
            name = target["legendFormat"] if panel["type"] == "table" and len(panel["targets"]) > 1 else panel["title"]
            yield name, target["expr"].replace("$school", ".*")


def assert_all_answered(prometheus: Prometheus) -> None:
    empty = []
    for board in BOARDS:
        for name, query in asked(board):
            if not prometheus.ask(query) and name not in MAY_BE_EMPTY:
                empty.append(f"{board.uid}: {name}: {query}")
    assert not empty


def test_every_query_of_every_dashboard_is_answered(lab: Lab, gateway: Gateway, tmp_path: Path) -> None:
    with watched(lab, tmp_path / "prometheus", {"oak": gateway}) as prometheus:
        prometheus.until("hedgerow:state == 1 or hedgerow:state == 2")
        work(lab, gateway, 1)  # every series has begun,
        prometheus.until('hedgerow_not_inspected_total{band="ages-14-17",reason="type-picture"}')
        time.sleep(2)
        work(lab, gateway, 1)  # and moves
        prometheus.until("count(sum by (band) (hedgerow:blind_requests:share1h) > 0) == 2")
        prometheus.until("hedgerow_selftest_ok", 60)
        time.sleep(2)
        assert_all_answered(prometheus)
        for query in ("hedgerow:blind_connections:share1h", "hedgerow:blind_requests:share1h",
                      "hedgerow:blind_bytes:share1d"):  # fmt: skip
            shares = [value for _, value in prometheus.ask(query)]
            assert shares and all(0 <= share <= 1 for share in shares), query
        by_band = prometheus.ask("sum by (band) (hedgerow:blind_requests:share1h)")
        assert {labels["band"] for labels, _ in by_band} == {"ages-8-10", "ages-14-17"}
        assert all(0 < share <= 1 for _, share in by_band)
        assert dict(labels_and_values(prometheus, "hedgerow:state")) == {"oak": 2}


def labels_and_values(prometheus: Prometheus, query: str) -> Iterator[tuple[str, float]]:
    yield from ((labels["school"], value) for labels, value in prometheus.ask(query))


@pytest.mark.long
def test_quiet_is_not_broken(lab: Lab, gateway: Gateway, tmp_path: Path) -> None:
    """Oak is at work, elm quiet, ash has no gateway at all; then elm's is stopped."""
    with ExitStack() as stack:
        elm = school.start(lab, "elm")
        stack.callback(elm.stop)
        prometheus = stack.enter_context(watched(lab, tmp_path / "prometheus", {"oak": gateway, "elm": elm}, "ash"))
        prometheus.until("count(hedgerow:state) == 3")
        work(lab, gateway, 3)
        time.sleep(4)
        assert dict(labels_and_values(prometheus, "hedgerow:state")) == {"oak": 2, "elm": 1, "ash": 0}
        assert not [
            labels for labels, _ in prometheus.ask("hedgerow:blind_requests:share1h") if labels["school"] == "elm"
        ]
        work(lab, elm, 1, second=True)
        time.sleep(4)
        assert_all_answered(prometheus)
        elm.stop()
        prometheus.until('hedgerow:state{school="elm"} == 0')
        prometheus.until('ALERTS{alertname="HedgerowDown",school="ash",alertstate="firing"}', 150)


def test_no_query_can_tell_of_a_person(lab: Lab, gateway: Gateway, explicit: Device, tmp_path: Path) -> None:
    """Whatever Prometheus holds: no address of a pupil and no site that was visited."""
    with watched(lab, tmp_path / "prometheus", {"oak": gateway}) as prometheus:
        explicit.https("n7.unlisted.test")
        prometheus.until("hedgerow:state")
        values = {value for labels, _ in prometheus.ask('{job="hedgerow"}') for value in labels.values()}
    told = " ".join(value for value in values if not value.startswith(("site:", "floor:site:")))
    assert "unlisted" not in told and explicit.namespace.v4 not in told and not re.search(r"10\.20\.\d+\.\d+", told)
