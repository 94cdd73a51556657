"""What a page says: in every coding and form, a page of listed phrases is closed, and one that mentions one is not."""

from __future__ import annotations

import pytest

from tests.lab.client import Device, get
from tests.lab.h2client import fields
from tests.lab.said import CLOSED, OPEN
from tests.lab.wire import Reply


def read(device: Device, name: str, version: str, *more: str) -> Reply:
    path = "/_said?n=" + name.replace(", ", ",%20") + ("&cut=1" if version == "cut" else "")
    if version == "h2":
        return device.h2("allowed.test", fields("allowed.test", path))
    return device.https("allowed.test", get("allowed.test", path, *more))


@pytest.mark.parametrize("version", ["h1", "h2", "cut"])
@pytest.mark.parametrize("name", list(CLOSED))
def test_closed(pupil: Device, name: str, version: str) -> None:
    if version == "cut" and name == "late":
        pytest.skip("one long page in seven-byte pieces is enough")
    reply = read(pupil, name, version)
    assert reply.status == 403 and reply.action == "block", str(reply)
    assert b"origin-ok" not in reply.body and b"quibblesnatch" not in reply.body


@pytest.mark.parametrize("version", ["h1", "h2", "cut"])
@pytest.mark.parametrize("name", list(OPEN))
def test_open(pupil: Device, name: str, version: str) -> None:
    reply = read(pupil, name, version)
    assert reply.status == 200 and b"origin-ok" in reply.body and not reply.error, str(reply)


@pytest.mark.parametrize(
    "header", ["Range: bytes=0-60", "If-None-Match: x", "Accept-Encoding: dcb, gzip", "TE: trailers"]
)
def test_closed_whatever_is_asked_for(pupil: Device, header: str) -> None:
    assert read(pupil, "html", "h1", header).action == "block"


@pytest.mark.parametrize("version", ["h1", "h2", "cut"])
def test_a_page_that_calls_itself_an_image(pupil: Device, version: str) -> None:
    """Refused by its bytes, or passed so that no browser may take it for a page."""
    reply = read(pupil, "as-image", version)
    assert reply.status == 403 or reply.header("x-content-type-options") == "nosniff", str(reply)


def test_head_tells_nothing(pupil: Device) -> None:
    reply = pupil.https("allowed.test", get("allowed.test", "/_said?n=html", method="HEAD"), method="HEAD")
    assert reply.body == b""


def test_a_kept_alive_connection_goes_on(pupil: Device) -> None:
    with pupil.tls("allowed.test") as link:
        for name, status in (("html", 403), ("one-mention", 200), ("gzip", 403), ("css", 200)):
            link.send(get("allowed.test", f"/_said?n={name}"))
            assert link.reply().status == status
