"""A pupil's machine under another address of the LAN: taken for a moment, as whoever sets his own address does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .client import Device
from .net import Namespace


@dataclass(frozen=True, slots=True)
class Taken(Namespace):
    """The same host, whose second address is the one it took."""

    address: str = ""

    @property
    def second_v4(self) -> str:
        return self.address


@contextlib.contextmanager
def at_address(device: Device, address: str) -> Iterator[Device]:
    """``device`` speaking to the second gateway's proxy port from ``address`` (IPv4, within 10.20.0.0/16)."""
    host = device.namespace
    host.run("ip", "addr", "add", f"{address}/16", "dev", "eth")
    try:
        taken = Taken(host.name, host.v4, host.v6, address)
        yield replace(device, namespace=taken, mode="explicit", second=True, v6=False)
    finally:
        host.run("ip", "addr", "del", f"{address}/16", "dev", "eth")
