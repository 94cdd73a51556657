"""What one flow carries from hook to hook: the snapshot it is judged by, and its decision so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mitmproxy import http

from hedgerow.core.model import Decision, Identity, Request
from hedgerow.core.unread import Unread
from hedgerow.runtime import Snapshot

if TYPE_CHECKING:
    from hedgerow.proxy.reading import Posted, Read
    from hedgerow.proxy.replies import Talk

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
    inspected: int = 0  # bytes on the wire that the words judge read
    not_inspected: Unread | None = None  # why something of it passed unread
    answered: bool = False  # the response is a page of ours
    own: str = ""  # a request to the gateway itself: "continue" (``going_on``) or "portal" (``relay``)
    to: str = ""  # the page a "continue" leads back to
    recorded: Decision | None = None  # the decision that was counted and logged
    posted: Posted | None = None  # the request's body, read ahead of its hook
    ready: Read | None = None  # the answer's body, read ahead of its hook
    talk: Talk | None = None  # a WebSocket's conversation so far


def judged(flow: http.HTTPFlow) -> Judged:
    """The flow's record. Raises KeyError when ``requestheaders`` never ran, which the guard turns into a refusal."""
    found: Judged = flow.metadata[KEY]
    return found
