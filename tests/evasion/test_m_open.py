"""Group M: what must not be blocked. A wrong refusal is a fault like a leak."""

from __future__ import annotations

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.school import PHRASE
from tests.lab.verdict import assert_served

EVERYBODY = ("pupil8", "pupil14", "staff", "guest", "stranger")


@pytest.mark.parametrize("who", EVERYBODY)
def test_M03_helplines_are_open_to_everybody(lab: Lab, gateway: Gateway, mode: str, who: str) -> None:
    """Undecrypted, in every band, with a listed phrase in the address; also in the clear."""
    device = lab.device(who, mode, gateway.ca)
    reply = device.https("helpline.test", get("helpline.test", f"/chat?q={PHRASE}"))
    assert_served(reply)
    assert reply.issuer == "Lab Internet Root", "a helpline is never decrypted"
    assert_served(device.http("helpline.test", f"/chat?q={PHRASE}"))


def test_M03_only_with_all_names(pupil: Device, watch: Watch) -> None:
    """A protected name does not carry another one along."""
    reply = pupil.https("helpline.test", get("blocked.test"), sni="blocked.test")
    assert reply.status in (403, 421) and not watch.touching("blocked.test")
    reply = pupil.https("blocked.test", get("helpline.test"), sni="helpline.test")
    assert reply.status in (403, 421) if pupil.explicit else watch.touching("helpline.test")
    assert not watch.touching("blocked.test")


CHECKS = [
    ("connectivitycheck.gstatic.com", "/generate_204"),
    ("clients3.google.com", "/generate_204"),
    ("captive.apple.com", "/hotspot-detect.html"),
    ("www.msftconnecttest.com", "/connecttest.txt"),
    ("detectportal.firefox.com", "/success.txt"),
    ("nmcheck.gnome.org", "/check_network_status.txt"),
    ("ocsp.digicert.com", "/"),
    ("crl.pki.goog", "/"),
    ("download.windowsupdate.com", "/x.cab"),
    ("swcdn.apple.com", "/x.pkg"),
    ("security.debian.org", "/debian-security/"),
    ("deb.debian.org", "/debian/"),
]


@pytest.mark.parametrize("host, path", CHECKS, ids=[host for host, _ in CHECKS])
@pytest.mark.parametrize("who", ["pupil8", "pupil14"])
def test_M08_devices_work(lab: Lab, gateway: Gateway, mode: str, who: str, host: str, path: str) -> None:
    assert_served(lab.device(who, mode, gateway.ca).http(host, path))


@pytest.mark.parametrize("who", ["pupil8", "pupil14"])
@pytest.mark.parametrize("host", ["update.microsoft.com", "gs.apple.com", "play.googleapis.com", "clients4.google.com"])
def test_M08_updates_pass_undecrypted(lab: Lab, gateway: Gateway, mode: str, who: str, host: str) -> None:
    reply = lab.device(who, mode, gateway.ca).https(host)
    assert_served(reply)


def test_M10_another_name_on_one_h2_connection_is_told_421(pupil: Device) -> None:
    """A coalescing client gets 421 for an open name that is not this connection's, and tries again on its own."""
    with pupil.h2_session("allowed.test") as session:
        assert_served(session.request(fields("allowed.test")))
        assert session.request(fields("monitored.test")).status == 421
        assert_served(session.request(fields("allowed.test", "/again")))
    assert_served(pupil.h2("monitored.test"))


def test_M10_cors_preflight_reaches_the_origin(pupil: Device, watch: Watch) -> None:
    extra = ("Origin: https://monitored.test", "Access-Control-Request-Method: PUT")
    reply = pupil.https("allowed.test", get("allowed.test", "/_echo", *extra, method="OPTIONS"))
    assert reply.status == 200 and [c.method for c in watch.requests()] == ["OPTIONS"]
    assert "monitored.test" in watch.requests()[0].head


def test_M09_ranges_of_downloads_pass(pupil: Device, watch: Watch) -> None:
    pupil.https("allowed.test", get("allowed.test", "/_huge?mb=1", "Range: bytes=5-"))
    assert watch.requests("allowed.test")
