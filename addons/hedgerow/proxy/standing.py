"""What was opened once and goes on: connections passed on as they are, WebSocket conversations, answers without an end.

A request is judged when it is made. These make none after the first, and would outlive what opened them: a pass, a
relaxation, the time before an exam, the policy of this morning. So when any of that changes, they are judged again, and
what would not be opened now is closed by the next tick of the engine, within a second; an answer only when it then goes
on for longer than ordinary ones do. The connection of an answer that has ended by then is left alone: the next request
on it is judged by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from hedgerow.core.model import Capture, Decision, Request
from hedgerow.core.policy import decide
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.guest import Guest
from hedgerow.proxy.services import Services

ORDINARY_SECONDS = 1.0
"""An answer that ends so soon after a change is one of the policy before, not one that goes on."""


def late(begun: float) -> bool:
    return time.monotonic() - begun > ORDINARY_SECONDS


class Standing:
    """Looks again at what stands open. Called from threads beside the loop: it only reads, and says what is over."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def look_again(self) -> None:
        """Let every connection end that would not be opened as it is now."""
        for connection in self._services.connections.lasting():
            if isinstance(connection.client, Guest):
                connection.client.over = self._judged(connection)

    def _judged(self, connection: Connection) -> Callable[[], bool]:
        """Asked at each tick: does something go on that would not be opened now?"""
        now, going = time.monotonic(), list(connection.going.items())
        closed = [flow for flow, state in going if self._forbids(state.request, connection)]
        since = connection.forbidden = {flow: connection.forbidden.get(flow, now) for flow in closed}
        if connection.lasting is not None and self._is_over(connection.lasting, connection):
            return lambda: True
        return lambda: any(flow in connection.going and late(begun) for flow, begun in since.items())

    def _forbids(self, request: Request, connection: Connection) -> bool:
        return self._again(request, connection).action.forbids

    def _is_over(self, request: Request, connection: Connection) -> bool:
        decision = self._again(request, connection)
        return decision.action.forbids or not request.upgrade and decision.capture is not Capture.NAMES_ONLY

    def _again(self, request: Request, connection: Connection) -> Decision:
        """By names, time and type, as the request would be decided now; words were judged when they passed."""
        services, snapshot = self._services, self._services.runtime.current
        identity, now = self._services.identity(snapshot, connection), self._services.now(snapshot)
        return decide(request, identity, snapshot.policy, snapshot.index, now, services.grants)
