"""A connection that is passed on shows the origin's own certificate; everything else shows the school's."""

from __future__ import annotations

import json
import time

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused, assert_served

ORIGIN = "Lab Internet Root"


@pytest.mark.parametrize(
    "host", ["bank.test", "www.bank.test", "helpline.test", "pinned.test", "login.microsoftonline.com"]
)
def test_passed_on(pupil: Device, watch: Watch, host: str) -> None:
    reply = pupil.https(host)
    assert_served(reply)
    assert reply.issuer == ORIGIN and watch.requests(host)


@pytest.mark.parametrize("host", ["allowed.test", "blocked.test", "notbank.test", "bank.test.evil.test", "warned.test"])
def test_opened(pupil: Device, host: str) -> None:
    """Neighbours of a passed name are not passed; what is refused is opened, to show the page."""
    assert pupil.https(host).issuer not in ("", ORIGIN)


def test_large_and_slow_data_arrive_whole(pupil: Device) -> None:
    """Both ways, more than one buffer."""
    reply = pupil.https("bank.test", get("bank.test", "/_huge?mb=8"))
    assert len(reply.body) == 8 << 20
    body = b"pond " * 400_000
    sent = get("bank.test", "/_echo", f"Content-Length: {len(body)}", "Content-Type: text/plain", method="POST") + body
    assert len(json.loads(pupil.https("bank.test", sent).body)["body"]) == len(body)


@pytest.mark.parametrize("host, open_", [("allowed.test", True), ("blocked.test", False), ("warned.test", False)])
def test_names_only_network(lab: Lab, gateway: Gateway, mode: str, watch: Watch, host: str, open_: bool) -> None:
    """Guests have no school certificate: open names pass untouched, the rest is closed or told by our own page."""
    guest = lab.device("guest", mode, gateway.ca)
    reply = guest.https(host)
    if open_:
        assert_served(reply)
        assert reply.issuer == ORIGIN
    else:
        assert_refused(reply, {0, 403}, watch, host)


def test_the_bank_leaves_no_name_of_a_person(gateway: Gateway, pupil: Device) -> None:
    """What was sent inside is nowhere: not in the log, not in the gateway's words."""
    canary = "canary-7d1f0c"
    assert_served(pupil.https("bank.test", get("bank.test", f"/{canary}", f"Cookie: {canary}")))
    assert canary not in gateway.cli("events", "--json").stdout + gateway.process.log.read_text()


def test_passed_on_over_h2(pupil: Device, watch: Watch) -> None:
    """Whatever is spoken inside: several requests on one connection, and nothing of ours in them."""
    with pupil.h2_session("bank.test") as session:
        first = session.request(fields("bank.test", "/a", "GET", ("x-forwarded-for", "1.2.3.4")))
        second = session.request(fields("bank.test", "/b", "POST"), b"amount=7")
    assert first.from_origin and second.from_origin
    assert [c.target for c in watch.requests("bank.test")] == ["/a", "/b"]
    assert "x-forwarded-for: 1.2.3.4" in watch.requests("bank.test")[0].head, "nobody looked inside"


def test_only_where_the_names_agree(explicit: Device, watch: Watch) -> None:
    """A CONNECT to one name with another in the handshake is opened and refused."""
    for to, sni in (("allowed.test", "bank.test"), ("bank.test", "allowed.test"), ("blocked.test", "bank.test")):
        reply = explicit.https(to, get(sni), sni=sni)
        assert reply.status in (403, 421) and reply.issuer != ORIGIN, f"{to} {sni}: {reply}"
    assert not watch.touching("blocked.test")


def test_a_passed_connection_goes_where_the_name_lives(transparent: Device, watch: Watch) -> None:
    """Dialled at evil's address with a bank's name: it ends at the bank, for we ask for the name ourselves."""
    with transparent.tls("evil.test", "bank.test") as link:
        link.send(get("bank.test"))
        assert link.reply().from_origin
    assert watch.touching("bank.test") and "45.90.10.28" not in watch.addresses()


def logged(gateway: Gateway) -> list[dict[str, str]]:
    return [json.loads(line) for line in gateway.cli("events", "--json", check=True).stdout.splitlines()]


def test_log_and_metrics_tell_of_it(explicit: Device, gateway: Gateway) -> None:
    old = len(logged(gateway))  # other tests write of the helpline's name, in addresses of other sites
    before = gateway.metric("hedgerow_not_inspected_total", reason="no-decrypt", band="ages-8-10")
    protected = gateway.metric("hedgerow_not_inspected_total", reason="protected")
    explicit.https("bank.test")
    explicit.https("helpline.test")
    assert gateway.metric("hedgerow_not_inspected_total", reason="no-decrypt", band="ages-8-10") == before + 1
    assert gateway.metric("hedgerow_not_inspected_total", reason="protected") == protected + 1
    time.sleep(1.5)
    events = logged(gateway)[old:]
    told = {(event["capture"], event["action"], event["rule"]) for event in events if event.get("host") == "bank.test"}
    assert ("names-only", "allow", "site:bank.test") in told
    assert not [event for event in events if "helpline.test" in json.dumps(event)]
