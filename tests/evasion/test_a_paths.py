"""Group A, after the host: the path's spellings (A22) and the request line's (A27).

``paths.test`` is open, ``paths.test/adult`` and ``paths.test/a/b`` are blocked.
"""

from __future__ import annotations

import pytest

from tests.lab.client import Device
from tests.lab.contacts import Watch
from tests.lab.verdict import CLOSED, assert_refused
from tests.lab.wire import Reply

PATHS = ["/adult", "/adult/", "/adult/x", "/x/../adult", "/x/%2e%2e/adult", "/x/%2E./adult", "//adult", "/./adult",
         "/adult;x=1", "/%61dult", "/x/..;/adult", "/adult%2fx", "/adult%5cx", "/adult\\x", "/a/../a/b", "/a/%2e/b",
         "/a//b", "/a;x=1/b", "/a%2fb", "/a%5cb", "/z/%2e%2e/%61/b", "/adult?x=1", "/adult#x",
         "/../../adult"]  # fmt: skip


@pytest.mark.parametrize("vehicle", ["plain", "h1", "h2"])
@pytest.mark.parametrize("path", PATHS)
def test_A22_paths(pupil: Device, watch: Watch, path: str, vehicle: str) -> None:
    assert_refused(_ask(pupil, vehicle, "paths.test", path), {403, 400}, watch)
    assert not watch.requests()


@pytest.mark.parametrize("path", ["/", "/adults", "/a/bc", "/x/adult", "/a/b%2e", "/ab"])
def test_A22_neighbours_stay_open(pupil: Device, path: str) -> None:
    reply = pupil.http("paths.test", path)
    assert reply.status == 200 and reply.from_origin, str(reply)


def _ask(device: Device, vehicle: str, host: str, path: str) -> Reply:
    if vehicle == "plain":
        return device.http(host, path)
    data = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode("latin-1")
    if vehicle == "h1":
        return device.https(host, data)
    return device.h2(host, [(":method", "GET"), (":scheme", "https"), (":authority", host), (":path", path)])


def _lines() -> list[tuple[str, bytes]]:
    line = b"GET http://blocked.test/ HTTP/1.1"
    return [
        ("tab", line.replace(b" ", b"\t")),
        ("spaces", line.replace(b" ", b"   ")),
        ("upper-scheme", line.replace(b"http:", b"HTTP:")),
        ("mixed-scheme", line.replace(b"http:", b"hTTp:")),
        ("vertical-tab", line.replace(b" ", b"\x0b")),
        ("leading-newline", b"\r\n\r\n" + line),
        ("leading-space", b" " + line),
        ("trailing-space", line + b" "),
        ("lower-method", line.lower().replace(b"http/1.1", b"HTTP/1.1")),
        ("bare-lf", line.replace(b"\r", b"")),
    ]


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in _lines()])
def test_A27_request_lines(explicit: Device, watch: Watch, line: bytes) -> None:
    reply = explicit.plain(line + b"\r\nHost: blocked.test\r\n\r\n")
    assert_refused(reply, {403, 400, CLOSED}, watch, "blocked.test")


@pytest.mark.parametrize("path", ["/\t", "/a b", "/ HTTP/1.1", "/\x0b"])
def test_A27_transparent_lines(pupil: Device, watch: Watch, path: str) -> None:
    reply = pupil.plain(f"GET {path} HTTP/1.1\r\nHost: blocked.test\r\n\r\n".encode(), "blocked.test")
    assert_refused(reply, {400, 403, CLOSED}, watch, "blocked.test")
