"""The lab proves itself against stock mitmdump: what it shows of Hedgerow is then Hedgerow's doing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import net
from tests.lab.client import MODES, Device, get
from tests.lab.gateway import stock
from tests.lab.h2client import fields
from tests.lab.lab import Lab, shared

pytestmark = [pytest.mark.net, pytest.mark.skipif(bool(net.why_not()), reason=net.why_not())]


@pytest.fixture(scope="module")
def lab() -> Lab:
    return shared()


@pytest.fixture(scope="module")
def ca(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("stock")
    process = stock(lab.net.gateway, folder, lab.root)
    yield folder / "mitmproxy-ca-cert.pem"
    process.stop()


@pytest.fixture(params=MODES)
def pupil(request: pytest.FixtureRequest, lab: Lab, ca: Path) -> Device:
    return lab.device("pupil8", request.param, ca, second=True)


def test_plain(lab: Lab, pupil: Device) -> None:
    watch = lab.watch()
    assert pupil.http("blocked.test").from_origin
    assert [c.name for c in watch.requests()] == ["blocked.test"]
    assert watch.touching("blocked.test") and not watch.touching("allowed.test")
    assert {c.peer for c in watch.all() if c.kind == "tcp"} <= {net.OUTER_V4, net.OUTER_V6}, "never the client itself"


def test_tls_h1(pupil: Device) -> None:
    reply = pupil.https("allowed.test")
    assert reply.from_origin and "mitmproxy" in reply.issuer


def test_tls_h2(lab: Lab, pupil: Device) -> None:
    watch = lab.watch()
    reply = pupil.h2("allowed.test", fields("allowed.test", "/_echo", "POST"), b"hello")
    assert reply.status == 200 and b'"body": "hello"' in reply.body
    assert [c.version for c in watch.requests()] == ["2"]


def test_v6(lab: Lab, pupil: Device) -> None:
    watch = lab.watch()
    assert pupil.on_v6().http("allowed.test").from_origin
    assert pupil.on_v6().https("allowed.test").from_origin
    assert watch.requests("allowed.test")


def test_websocket(pupil: Device) -> None:
    with pupil.websocket("allowed.test") as socket:
        assert socket.echo("pond") == "echo:pond"


@pytest.mark.parametrize("name", ["expired", "selfsigned", "wronghost", "untrusted", "incomplete", "oldtls", "weakkey"])
def test_wrong_certificates_are_wrong(pupil: Device, name: str) -> None:
    assert pupil.https(f"{name}.test").status == 502


@pytest.mark.parametrize("name", ["nx.test", "dead.test"])
def test_names_that_do_not_resolve(lab: Lab, ca: Path, name: str) -> None:
    assert lab.device("pupil8", "explicit", ca, second=True).http(name).status == 502


def test_behaviours_of_the_origin(pupil: Device) -> None:
    assert pupil.http("allowed.test", "/_text?coding=gzip&words=frog").header("content-encoding") == "gzip"
    assert pupil.http("allowed.test", "/_set?alt-svc=h3").header("alt-svc") == "h3"
    assert (
        pupil.http("allowed.test", "/_status?code=307&to=http://127.0.0.1/").header("location").endswith("127.0.0.1/")
    )
    assert len(pupil.http("allowed.test", "/_huge?mb=2").body) == 2 << 20


def test_nothing_else_leaves_the_lan(lab: Lab, ca: Path) -> None:
    """Other ports are not redirected and not forwarded: only the proxy stands between the pupils and the world."""
    device = lab.device("pupil8", "transparent", ca, second=True)
    with pytest.raises(OSError):
        device.namespace.dial("45.90.10.10", 9999, timeout=0.5)


def test_curl_in_a_namespace(lab: Lab, ca: Path) -> None:
    pupil = lab.net.pupils["pupil14"]
    told = pupil.run("curl", "-sS", "--interface", pupil.second_v4, "--cacert", str(ca), "https://allowed.test/")
    assert "origin-ok allowed.test" in told


def test_orphans_are_removed(lab: Lab) -> None:
    subprocess.run(["ip", "netns", "add", "hg999999999x"], check=True)
    net.remove_orphans()
    assert not (net.NETNS / "hg999999999x").exists() and (net.NETNS / lab.net.gateway.name).exists()


def test_bytes_arrive_as_sent(lab: Lab, pupil: Device) -> None:
    """The origin's journal keeps the head as received: here mitmproxy forwards a fold (evasion C07)."""
    target = "http://allowed.test/fold" if pupil.explicit else "/fold"
    watch = lab.watch()
    pupil.plain(get("allowed.test", target, "X-Fold: a\r\n b"))
    assert "X-Fold" in watch.requests()[0].head
