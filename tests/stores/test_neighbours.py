"""The kernel's neighbour tables, read from real ones in namespaces and from made-up messages."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
from collections.abc import Iterator

import pytest

from hedgerow.stores.neighbours import messages, neighbour, neighbours
from tests.lab.net import Namespace, run

REACHABLE, INCOMPLETE = 0x02, 0x01


def body(state: int, *attributes: tuple[int, bytes], family: int = socket.AF_INET) -> bytes:
    raw = struct.pack("=BxxxiHBB", family, 2, state, 0, 1)
    for kind, value in attributes:
        raw += struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
    return raw


ADDRESS, LINK = (1, bytes((10, 0, 0, 7))), (2, bytes.fromhex("020000000001"))


def test_what_a_message_says() -> None:
    assert neighbour(body(REACHABLE, ADDRESS, (9, b"x"), LINK)) == ("10.0.0.7", LINK[1])
    six = (1, socket.inet_pton(socket.AF_INET6, "fd00::7"))
    assert neighbour(body(REACHABLE, six, LINK, family=socket.AF_INET6)) == ("fd00::7", LINK[1])
    for nobody in (
        body(INCOMPLETE, ADDRESS, LINK),
        body(REACHABLE, ADDRESS),
        body(REACHABLE, LINK),
        body(REACHABLE, ADDRESS, (2, bytes(6))),
        body(REACHABLE),
    ):
        assert neighbour(nobody) is None


def test_a_torn_datagram_ends() -> None:
    whole = struct.pack("=IHHII", 20, 28, 2, 1, 0) + b"body"
    assert list(messages(whole + whole)) == [(28, b"body")] * 2
    for torn in (b"", whole[:7], struct.pack("=IHHII", 0, 28, 2, 1, 0), struct.pack("=IHHII", 3, 28, 2, 1, 0)):
        assert list(messages(torn)) == []


@pytest.fixture
def pair() -> Iterator[tuple[Namespace, Namespace]]:
    """Two hosts on one cable."""
    here, there = (
        Namespace(f"hgn{os.getpid()}{name}", f"10.9.0.{n}", f"fd09::{n}") for n, name in ((1, "a"), (2, "b"))
    )
    try:
        for host in (here, there):
            run("ip", "netns", "add", host.name)
        run("ip", "link", "add", "eth", "netns", here.name, "type", "veth", "peer", "eth", "netns", there.name)
        for host in (here, there):
            host.run("ip", "addr", "add", f"{host.v4}/24", "dev", "eth")
            host.run("ip", "addr", "add", f"{host.v6}/64", "dev", "eth", "nodad")
            host.run("ip", "link", "set", "eth", "up")
        yield here, there
    finally:
        for host in (here, there):
            subprocess.run(["ip", "netns", "del", host.name], check=False, capture_output=True)


@pytest.mark.net
def test_a_real_table_of_both_families(pair: tuple[Namespace, Namespace]) -> None:
    here, there = pair
    link = there.run("cat", "/sys/class/net/eth/address").strip()
    for address in (there.v4, there.v6):
        with here.entered(), socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.settimeout(5)
            with pytest.raises(ConnectionRefusedError):
                probe.connect((address, 9))
    with here.entered():
        found = dict(neighbours())
    assert found[there.v4] == found[there.v6] == bytes.fromhex(link.replace(":", ""))
