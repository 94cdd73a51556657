"""identify: who is it, and what did they dial? The first of the five addons."""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.connection import Client

from hedgerow import metrics
from hedgerow.core.hosts import is_private
from hedgerow.core.model import Decision, NameSource, Request
from hedgerow.core.policy import decide
from hedgerow.core.refusals import refusal
from hedgerow.proxy import apply
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.facts import authority
from hedgerow.proxy.guest import Guest, canary_of
from hedgerow.proxy.services import Services
from hedgerow.proxy.via import goes_round, hops


class Identify:
    """Opens each connection's facts; refuses clients of foreign networks and CONNECTs no policy could allow."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def client_connected(self, client: Client) -> None:
        address = client.peername[0]
        identities = self._services.runtime.current.identities
        if not identities.known(address) and not is_private(address):
            client.error = "this gateway serves its own networks only"
            return
        self._services.connections.open(client)
        if canary_of(client) is None:
            metrics.OPEN_CONNECTIONS.inc()

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """CONNECT: only what step 0 refuses is refused here; a page needs the tunnel to be shown in."""
        connection = self._services.connections.open(flow.client_conn)
        target = f"{flow.request.data.host}:{flow.request.data.port}"
        raw = flow.request.authority or target
        connection.connect, port = authority(NameSource.CONNECT, raw, "https")
        connection.connect_port = port if port is not None else -1
        faults = ["bad-request"] if len(flow.request.headers.get_all("host")) > 1 else []
        way = flow.request.headers.get("via", "")
        if isinstance(flow.client_conn, Guest):
            flow.client_conn.hops = hops(way)
        if goes_round(way, self._services.name):
            faults.append("loop")
        if refused := self._refused(connection, tuple(faults)):
            flow.response = apply.connect_refused(refused)

    def _refused(self, connection: Connection, faults: tuple[str, ...]) -> Decision | None:
        """The builtin refusal of a CONNECT target, or None. Names and bands are judged once TLS speaks."""
        snapshot = self._services.runtime.current
        assert connection.connect is not None
        request = Request((connection.connect,), method="CONNECT", port=connection.connect_port, faults=faults)
        if refusal(request, snapshot.policy) is None:
            return None
        identity = self._services.identity(snapshot, connection)
        decision = decide(request, identity, snapshot.policy, snapshot.index, self._services.now(snapshot))
        self._services.record_refused(snapshot, identity, request, decision)
        return decision

    def client_disconnected(self, client: Client) -> None:
        if self._services.connections.close(client) and canary_of(client) is None:
            metrics.OPEN_CONNECTIONS.dec()
