"""Group H a second time: what the kernel lets the filter's own account dial, should the filter itself ever be tricked.

Each attempt is made twice, by netcat as the filter's account and as another: that the account decides is what is shown.
"""

from __future__ import annotations

import subprocess

import pytest

from tests.evasion.school_network import whole
from tests.lab import names
from tests.lab.routed import ACCOUNT, Routed

__all__ = ["whole"]

OTHER = "daemon"
METRICS = 9777


def dial(whole: Routed, user: str, address: str, port: int) -> bool:
    """True when netcat, run by this account on the gateway, gets a connection."""
    command = ["setpriv", f"--reuid={user}", "--clear-groups", "nc", "-z", "-w", "2", address, str(port)]
    return subprocess.run(whole.gateway.command(*command), capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "address, port",
    [
        pytest.param("127.0.0.1", METRICS, id="H04-metrics"),
        pytest.param("10.99.0.1", 80, id="H02-school"),
        pytest.param("172.16.5.1", 80, id="H02-172.16"),
        pytest.param("192.168.77.1", 80, id="H02-192.168"),
        pytest.param("100.64.5.1", 80, id="H02-100.64"),
        pytest.param("169.254.169.254", 80, id="H02-metadata"),
        pytest.param("fd00:ec2::254", 80, id="H02-metadata-v6"),
        pytest.param("10.99.0.25", 80, id="mail-server-other-port"),
        pytest.param("10.99.0.9", 22, id="printer-other-port"),
    ],
)
def test_H02_H04_closed_to_the_filter(whole: Routed, address: str, port: int) -> None:
    assert dial(whole, OTHER, address, port), "the lab has nothing there: this test could not fail"
    assert not dial(whole, ACCOUNT, address, port)


@pytest.mark.parametrize("lan", ["teacher", "guest"])
def test_H02_devices_of_the_school(whole: Routed, lan: str) -> None:
    """A device's own service, on its own network, over both families."""
    host = whole.hosts[lan]
    for address in (host.v4, host.v6):
        six = ["-6"] if ":" in address else []
        server = subprocess.Popen(host.command("nc", *six, "-lk", address, "8000"), stdin=subprocess.DEVNULL)
        try:
            assert any(dial(whole, OTHER, address, 8000) for _ in range(10))
            assert not dial(whole, ACCOUNT, address, 8000)
        finally:
            server.kill()
            server.wait()


@pytest.mark.parametrize(
    "address, port",
    [
        pytest.param(names.v4("allowed.test"), 443, id="internet"),
        pytest.param(names.v6("allowed.test"), 443, id="internet-v6"),
        pytest.param("10.99.0.9", 80, id="private-of-site.yaml"),
        pytest.param("10.99.0.25", 25, id="mail-server"),
        pytest.param("127.0.0.1", 8080, id="its-own-listener"),
    ],
)
def test_open_to_the_filter(whole: Routed, address: str, port: int) -> None:
    assert dial(whole, ACCOUNT, address, port)


def test_its_name_server_and_its_portal(whole: Routed) -> None:
    asked = ["setpriv", f"--reuid={ACCOUNT}", "--clear-groups", "kdig", "+short", "@127.0.0.1", "allowed.test", "A"]
    assert whole.gateway.run(*asked).split() == [names.v4("allowed.test")]
    assert whole.curl("pupil", "http://hedgerow.internal/", "-o", "/dev/null", "-w", "%{http_code}")[1] == "200"


def test_who_asks_for_metrics_is_answered(whole: Routed) -> None:
    """Answers are no dialling: the scrape of another account is served by the filter's."""
    assert whole.filter.fetch("/ready")[0] == 200


def test_H04_through_the_filter(whole: Routed) -> None:
    """The filter refuses it before the kernel has to."""
    for url in (f"http://127.0.0.1:{METRICS}/metrics", "http://10.99.0.1/", "http://169.254.169.254/latest/"):
        out = whole.curl("teacher", url, "-x", "http://10.20.40.1:8080", "-o", "/dev/null", "-w", "%{http_code}")
        assert out[1] == "403", f"{url}: {out}"
