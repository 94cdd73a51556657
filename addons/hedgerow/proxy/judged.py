"""What one flow carries from hook to hook: the snapshot it is judged by, and its decision so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mitmproxy import http

from hedgerow.core.model import Decision, Identity, Request
from hedgerow.runtime import Snapshot

KEY = "hedgerow"


@dataclass(slots=True)
class Judged:
    """One request's way through the addons. The snapshot is taken once: one policy for one request, always."""

    snapshot: Snapshot
    identity: Identity
    request: Request
    decision: Decision
    now: datetime
    spent: float = 0.0  # seconds in our own hooks
    inspected: int = 0  # bytes the words judge read
    not_inspected: str = ""  # why nothing was read, from a closed set; "" = nothing needed reading, or it was read
    answered: bool = False  # the response is a page of ours
    own: str = ""  # a request to the gateway itself: "continue" (``going_on``) or "portal" (``relay``)
    to: str = ""  # the page a "continue" leads back to
    told: set[tuple[str, str]] = field(default_factory=set)  # (topic, words) of the alerts that were raised
    recorded: Decision | None = None  # the decision that was counted and logged


def judged(flow: http.HTTPFlow) -> Judged:
    """The flow's record. Raises KeyError when ``requestheaders`` never ran, which the guard turns into a refusal."""
    found: Judged = flow.metadata[KEY]
    return found
