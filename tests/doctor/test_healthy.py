"""A healthy gateway gives no finding: the lab's, with what a careful school has written and done."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from hedgerow.doctor.machine import clock_status
from tests.lab import school
from tests.lab.gateway import BIN, Gateway
from tests.lab.lab import ROOT, Lab

CAREFUL = school.SITE.replace("hedgerow.test", "self.test").replace(
    "reports: {", 'reports: {alerts: ["https://allowed.test/alerts"], technical: ["https://allowed.test/filter"], '
)
LISTS = "sources: {ut1: {required: false}, ut1-must-reach: {required: false}}\n"


def confirmed() -> dict[str, str]:
    """The helplines of the school's country, as somebody wrote them down after calling each."""
    shipped = (ROOT / "policies" / "helplines").glob("*.yaml")
    return {
        f"helplines/{path.name}": path.read_text().replace("status: documented", "status: confirmed")
        for path in shipped
    }


@pytest.fixture(scope="module")
def careful(lab: Lab) -> Iterator[Gateway]:
    changes = {"site.yaml": CAREFUL, **confirmed()}
    started = school.start(lab, "careful", changes=changes, lists={"local/sources.yaml": LISTS}, asks=True)
    yield started
    started.stop()


def doctor(gateway: Gateway) -> dict[str, str]:
    command = [str(BIN / "hedgerow"), "doctor", "--json", *gateway.folders]
    told = json.loads(gateway.host.run("sh", "-c", '"$@" || [ $? = 1 ]', "sh", *command))
    assert told["ok"] is (not told["findings"]) and told["checks"] >= 20
    return {one["id"]: one["finding"] for one in told["findings"]}


def until_tested(gateway: Gateway) -> None:
    end = time.monotonic() + 60
    while "hedgerow_selftest_ok{" not in gateway.fetch("/metrics")[1]:
        assert time.monotonic() < end, gateway.process.tail()
        time.sleep(0.5)


def test_a_healthy_gateway_gives_none(careful: Gateway) -> None:
    """But for the kernel's clock, which nothing keeps on some machines that tests run on, and the lab's own rules."""
    until_tested(careful)
    told = doctor(careful)
    if clock_status() & 0x40:
        assert told.pop("clock-unsynchronised")
    assert told.pop("quic-slow") == "no rule rejects udp port 443"  # the lab drops it, for its tests
    told.pop("redirect-deaf", None)  # of the lab's other gateway, when it does not run
    assert told == {}


def test_helplines_are_reached_through_it(careful: Gateway) -> None:
    until_tested(careful)
    assert careful.metric("hedgerow_selftest_ok", check="helplines-reached") == 1.0


def test_what_it_says_in_words(careful: Gateway) -> None:
    command = [str(BIN / "hedgerow"), "doctor", *careful.folders]
    told = careful.host.run("sh", "-c", '"$@" || [ $? = 1 ]', "sh", *command)
    assert "checks: " in told and "Reject it instead: `hedgerow network nftables --apply` does" in told
