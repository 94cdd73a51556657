"""The blind-spot score on the running gateway: what passes unread is counted once, with its reason and its bytes."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hedgerow.core.unread import Unread
from tests.lab.client import Device, Refused, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab

BAND = "ages-8-10"
MB = 1 << 20


def https(path: str, host: str = "allowed.test") -> Callable[[Device], None]:
    return lambda device: assert_came(device, host, path)


def assert_came(device: Device, host: str, path: str) -> None:
    reply = device.https(host, get(host, path))
    assert reply.status == 200 and not reply.error, str(reply)


def post(kind: str, body: bytes) -> Callable[[Device], None]:
    head = ("/_empty", f"Content-Length: {len(body)}", f"Content-Type: {kind}")
    return lambda device: assert_posted(device.https("allowed.test", get("allowed.test", *head, method="POST") + body))


def assert_posted(reply: object) -> None:
    assert getattr(reply, "status", 0) == 200, str(reply)


def say_bytes(device: Device) -> None:
    with device.websocket("allowed.test") as socket:
        socket.send(bytes(range(256)) * 4)
        socket.event()
        socket.link.socket.close()


@dataclass(frozen=True, slots=True)
class Case:
    """What a device does, and what is counted: requests not read and bytes not read (at least, at most)."""

    act: Callable[[Device], None]
    reason: Unread | None = None
    least: int = 0
    most: int = 0
    read: int = 0  # bytes at least


CASES = {
    "a page": Case(https("/"), read=200),
    "a gzip page, as it lay on the wire": Case(https("/_text?coding=gzip&words=" + "pond%20" * 300), read=30),
    "a picture": Case(https("/_text?type=image/png&words=1234567890"), Unread.PICTURE, 10, 10),
    "a film": Case(https("/_huge?mb=1&type=video/mp4"), Unread.MEDIA, MB, MB),
    "a script": Case(https("/_text?type=text/javascript&words=1234567890"), Unread.CODE, 10, 10),
    "a file": Case(https("/_huge?mb=1&type=application/zip"), Unread.OTHER, MB, MB),
    "bytes of no type": Case(https("/_text?type=&words=%00%01%02%03%04%05%06%07%08"), Unread.OTHER, 9, 9),
    "behind two megabytes": Case(https("/_huge?mb=4&type=text/html"), Unread.REST, 2 * MB, 2 * MB, read=2 * MB),
    "a bomb": Case(https("/_long?at=5000000&of=5100000&coding=gzip"), Unread.REST, 1000, 2 * MB),
    "nothing to read": Case(https("/_empty")),
    "a form": Case(post("application/x-www-form-urlencoded", b"a=frogs"), read=7),
    "a picture sent up": Case(post("image/png", bytes(range(256)) * 8), Unread.POSTED, 2048, 2048),
    "a long text sent up": Case(
        post("text/plain", b"pond " * 200_000), Unread.POSTED_REST, 600_000, 740_000, read=256_000
    ),
    "a conversation in bytes": Case(say_bytes, Unread.MESSAGE, 1024, 4096),
    "a bank": Case(https("/_huge?mb=1", "bank.test"), Unread.NO_DECRYPT, MB, MB + 65536),
    "a helpline": Case(https("/", "helpline.test"), Unread.PROTECTED, 1000, 65536),
}


NAMES = {
    "requests": ("hedgerow_not_inspected_total", "reason"),
    "bytes": ("hedgerow_not_inspected_bytes_total", "reason"),
    "read": ("hedgerow_inspected_bytes_total", ""),
    "connections": ("hedgerow_connections_total", "outcome"),
}


def counted(gateway: Gateway, band: str) -> dict[str, Counter[str]]:
    """From one scrape: of each metric, its series of this band by the label that matters."""
    found: dict[str, Counter[str]] = {unit: Counter() for unit in NAMES}
    for family in text_string_to_metric_families(gateway.fetch("/metrics")[1]):
        for sample in family.samples:
            for unit, (name, label) in NAMES.items():
                if sample.name == name and sample.labels["band"] == band:
                    found[unit][sample.labels.get(label, "")] += sample.value  # type: ignore[assignment]
    return found


def moved(
    gateway: Gateway, band: str, act: Callable[[], None], last: str = "connections"
) -> dict[str, dict[str, float]]:
    """What an act adds to the counts, as soon as nothing more is added; those that it does not move are left out.

    ``last`` is the unit that is counted last, and must have moved: half a minute is enough for a busy machine.
    """
    before = counted(gateway, band)
    act()
    seen, after, deadline = before, counted(gateway, band), time.monotonic() + 30
    while after != seen or (after[last] == before[last] and time.monotonic() < deadline):
        time.sleep(0.15)
        seen, after = after, counted(gateway, band)
    return {
        unit: {name: number - before[unit][name] for name, number in after[unit].items() if number > before[unit][name]}
        for unit in NAMES
    }


@pytest.mark.parametrize("name", CASES)
def test_what_passes_unread_is_counted_with_its_reason(pupil: Device, gateway: Gateway, name: str) -> None:
    case = CASES[name]
    found = moved(gateway, BAND, lambda: case.act(pupil))
    assert found["requests"] == ({case.reason: 1} if case.reason else {})
    if case.reason:
        assert set(found["bytes"]) == {case.reason} and case.least <= found["bytes"][case.reason] <= case.most
    else:
        assert not found["bytes"]
    assert found["read"].get("", 0) >= case.read
    passed = case.reason in (Unread.NO_DECRYPT, Unread.PROTECTED)
    assert found["connections"] == {str(case.reason) if passed else "opened": 1}


def test_over_h2_each_request_has_its_reason_and_the_connection_is_one(explicit: Device, gateway: Gateway) -> None:
    def act() -> None:
        with explicit.h2_session("allowed.test") as session:
            for path in ("/", "/_text?type=image/png&words=12345", "/_text?type=text/css&words=12345"):
                assert session.request(fields("allowed.test", path)).status == 200

    found = moved(gateway, BAND, act)
    assert found["requests"] == {Unread.PICTURE: 1, Unread.CODE: 1} and found["connections"] == {"opened": 1}
    assert found["bytes"] == {Unread.PICTURE: 5, Unread.CODE: 5}


def test_a_blocked_page_is_no_blind_spot(pupil: Device, gateway: Gateway) -> None:
    found = moved(gateway, BAND, lambda: assert_blocked(pupil))
    assert not found["requests"] and not found["bytes"] and found["connections"] == {"opened": 1}


def assert_blocked(device: Device) -> None:
    assert device.https("blocked.test").action == "block"


def test_a_names_only_network_is_one_great_blind_spot(lab: Lab, gateway: Gateway, mode: str) -> None:
    guest = lab.device("guest", mode, gateway.ca)
    found = moved(gateway, "ages-14-17", lambda: assert_came(guest, "allowed.test", "/_huge?mb=1"))
    assert found["requests"] == {Unread.NAMES_ONLY: 1} and found["connections"] == {"names-only": 1}
    assert set(found["bytes"]) == {Unread.NAMES_ONLY} and found["bytes"][Unread.NAMES_ONLY] >= MB


def refuse(device: Device, host: str = "allowed.test") -> None:
    with contextlib.suppress(Refused, OSError), device.tunnel(host) as link:
        ssl.create_default_context().wrap_socket(link.socket, server_hostname=host).close()


def test_a_device_that_refuses_the_certificate_is_counted_and_not_named(pupil: Device, gateway: Gateway) -> None:
    found = moved(gateway, BAND, lambda: refuse(pupil))
    assert found["connections"] == {"handshake": 1} and not found["bytes"] and not found["requests"]
    assert gateway.metric("hedgerow_devices_refusing_total") >= 1
    assert pupil.namespace.v4 not in gateway.fetch("/metrics")[1]


def test_a_download_that_is_broken_off_counts_what_had_passed(explicit: Device, gateway: Gateway) -> None:
    def act() -> None:
        with explicit.tls("allowed.test") as link:
            link.send(get("allowed.test", "/_huge?mb=64&type=video/mp4"))
            assert link.more()
            link.socket.close()

    found = moved(gateway, BAND, act, last="requests")  # the gateway learns later that nobody reads
    assert found["requests"] == {Unread.MEDIA: 1} and 0 < found["bytes"][Unread.MEDIA] < 64 * MB
