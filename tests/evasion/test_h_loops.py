"""Group H, R10: gateways that are each other's parent proxy do not send a request round for ever."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

import pytest

from tests.evasion.test_h_weapon import descriptors
from tests.lab import school
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.net import EXPLICIT_PORT, SECOND_LANE

PORT = EXPLICIT_PORT + SECOND_LANE
OTHER = "hedgerow-fedcba9876543210"
PASSED = "pinned.test"  # not decrypted: nobody on the way looks at a certificate
FEW = 4
"""A client's own CONNECT and, at most, one more try of the same."""


class OtherGateway:
    """What a second Hedgerow whose parent is the first does with a CONNECT: says whence it came, and asks the first."""

    def __init__(self, lab: Lab) -> None:
        self._host = lab.net.gateway
        with self._host.entered():
            self._socket = socket(AF_INET, SOCK_STREAM)
        self._socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self.port: int = self._socket.getsockname()[1]
        self.asked: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = self._socket.accept()
                threading.Thread(target=self._pass_on, args=(link,), daemon=True).start()

    def _pass_on(self, link: socket) -> None:
        with link, contextlib.suppress(OSError), self._host.dial("127.0.0.1", PORT) as back:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += link.recv(4096)
            self.asked.append(head)
            back.sendall(head.replace(b"\r\nVia: ", b"\r\nVia: 1.1 %b, " % OTHER.encode()))
            threading.Thread(target=_pump, args=(link, back), daemon=True).start()
            _pump(back, link)

    def close(self) -> None:
        self._socket.close()


def _pump(one: socket, other: socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)


@pytest.fixture
def other(lab: Lab) -> Iterator[OtherGateway]:
    made = OtherGateway(lab)
    yield made
    made.close()


@contextlib.contextmanager
def started(lab: Lab, name: str, parent: int) -> Iterator[Gateway]:
    here = '  here: {addresses: ["127.0.0.1"], band: ages-14-17}\n'  # what comes back is judged like the first time
    site = (
        school.SITE.replace("networks:\n", f"networks:\n{here}") + f'proxy: {{parent: "http://127.0.0.1:{parent}"}}\n'
    )
    gateway = school.start(lab, name, changes={"site.yaml": site})
    try:
        yield gateway
    finally:
        gateway.stop()


def test_R10_two_gateways_that_are_each_others_parents(lab: Lab, other: OtherGateway) -> None:
    """One hop: the first gateway knows its own name in what comes back."""
    with started(lab, "each-other", other.port) as gateway:
        before = descriptors(gateway)
        device = lab.device("pupil8", "explicit", gateway.ca, second=True)
        start = time.monotonic()
        assert not device.https(PASSED).from_origin
        assert time.monotonic() - start < 5
        assert 1 <= len(other.asked) <= FEW and b"\r\nVia: 1.1 hedgerow-" in other.asked[0]
        assert descriptors(gateway) - before < 12


def test_R10_a_gateway_that_is_its_own_parent(lab: Lab) -> None:
    with started(lab, "own-parent", PORT) as gateway:
        before = descriptors(gateway)
        device = lab.device("pupil8", "explicit", gateway.ca, second=True)
        start = time.monotonic()
        assert not device.https(PASSED).from_origin
        assert time.monotonic() - start < 5
        assert descriptors(gateway) - before < 12
