"""What was opened once and goes on: connections passed on as they are, WebSocket conversations, answers without an end.

A request is judged when it is made. These make none after the first, and would outlive what opened them: a pass, a
relaxation, the time before an exam, the policy of this morning. So when any of that changes, they are judged again, and
what would not be opened now is closed; the next tick of the engine does it, within a second.
"""

from __future__ import annotations

from hedgerow.core.model import Capture, Decision, Request
from hedgerow.core.policy import decide
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.guest import owe
from hedgerow.proxy.services import Services

_AT_ONCE = 0.001  # seconds; 0 would say that nothing is owed


class Standing:
    """Looks again at what stands open. Called from threads beside the loop: it only reads, and sets deadlines."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def look_again(self) -> None:
        """Let every connection end that would not be opened as it is now."""
        for connection in self._services.connections.lasting():
            if connection.client is not None and self._is_over(connection):
                owe(connection.client, _AT_ONCE)

    def _is_over(self, connection: Connection) -> bool:
        if any(self._again(state.request, connection).action.forbids for state in list(connection.going.values())):
            return True
        if (request := connection.lasting) is None:
            return False
        decision = self._again(request, connection)
        return decision.action.forbids or not request.upgrade and decision.capture is not Capture.NAMES_ONLY

    def _again(self, request: Request, connection: Connection) -> Decision:
        """By names, time and type, as the request would be decided now; words were judged when they passed."""
        services, snapshot = self._services, self._services.runtime.current
        identity, now = snapshot.identities.resolve(connection.address), self._services.now(snapshot)
        return decide(request, identity, snapshot.policy, snapshot.index, now, services.grants)
