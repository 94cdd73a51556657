"""What a refusal looks like from outside: the status, our two headers, nothing of the origin, and nothing contacted."""

from __future__ import annotations

from collections.abc import Collection

from .contacts import Watch
from .wire import Reply

CLOSED = 0  # the connection or stream ended without an answer


def assert_refused(reply: Reply, allowed: Collection[int], watch: Watch, *untouched: str) -> None:
    """The reply has one of the statuses, is ours, and none of the names was contacted."""
    assert reply.status in allowed, f"expected {sorted(allowed)}, got {reply}"
    assert reply.error != "timeout", "neither answered nor closed"
    assert not reply.from_origin, f"the origin's page came through: {reply}"
    if reply.status:
        assert reply.action, f"no X-Hedgerow-Action on {reply.status}: {reply.headers}"
        assert reply.code, f"no X-Hedgerow-Code on {reply.status}: {reply.headers}"
    for host in untouched:
        assert not watch.touching(host), f"{host} was contacted: {watch.touching(host)}"


def assert_served(reply: Reply) -> None:
    """The origin's page came through, and none of our headers with it."""
    assert reply.status == 200 and reply.from_origin, f"expected the origin's page, got {reply}"
    assert not reply.action and not reply.code
