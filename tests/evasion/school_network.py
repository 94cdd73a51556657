"""Fixtures of the tests that need the whole school: three networks, firewall, name server, internet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import net, routed
from tests.lab.routed import Routed

OPEN = """
table ip open { chain out { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }; }
"""


@pytest.fixture(scope="session")
def whole() -> Routed:
    """The school as ``hedgerow network`` makes it."""
    if reason := net.why_not() or routed.why_not():
        pytest.skip(reason)
    return routed.shared()


@pytest.fixture
def unguarded(whole: Routed) -> Iterator[Routed]:
    """The same school with a router that lets everything out: it shows that a test could fail."""
    whole.gateway.run("nft", "delete", "table", "inet", "hedgerow")
    whole.gateway.run("nft", "-f", "-", given=OPEN)
    try:
        yield whole
    finally:
        whole.gateway.run("nft", "delete", "table", "ip", "open")
        whole.gateway.run("nft", "-f", str(whole.folder / "hedgerow.nft"))
