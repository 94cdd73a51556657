"""Who asks for the end of a connection gets it: a client that waits for it must not wait for ever."""

from __future__ import annotations

import time

import pytest

from tests.lab.client import Device, get


@pytest.mark.parametrize("host, status", [("allowed.test", 200), ("blocked.test", 403)])
def test_N08_a_connection_ends_when_the_client_says_close(pupil: Device, host: str, status: int) -> None:
    with pupil.tls(host) as link:
        asked = time.monotonic()
        link.send(get(host, "/", "Connection: close"))
        got = link.until_closed(8)
    assert time.monotonic() - asked < 4
    assert got.startswith(b"HTTP/1.1 %d" % status)
