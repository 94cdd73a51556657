"""decrypt: is this connection opened, or passed on as it is? Decided at the ClientHello, by name."""

from __future__ import annotations

from mitmproxy.tls import ClientHelloData, TlsData

from hedgerow.core.model import Capture, NameSource, Request, SafeModes
from hedgerow.core.policy import decide
from hedgerow.core.safe_names import safe_names
from hedgerow.proxy import relay
from hedgerow.proxy.connections import Connection, is_transparent
from hedgerow.proxy.facts import name_of
from hedgerow.proxy.guest import Guest
from hedgerow.proxy.passing import counted
from hedgerow.proxy.services import Services
from hedgerow.proxy.staying import stays


class Decrypt:
    """Passes on what must not be opened (helplines, banks, updates, names-only networks); opens the rest."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def tls_clienthello(self, data: ClientHelloData) -> None:
        client = data.context.client
        connection = self._services.connections.open(client)
        address = data.context.server.address
        if is_transparent(client) and address is not None:
            connection.destination = name_of(NameSource.DESTINATION, address[0])
            connection.destination_port = address[1]
        if data.client_hello.sni is not None:
            connection.sni = name_of(NameSource.SNI, data.client_hello.sni)
        snapshot = self._services.runtime.current
        identity = self._services.identity(snapshot, connection)
        port = connection.connect_port if connection.connect else connection.destination_port or 443
        request, now = Request(connection.names, port=port), self._services.now(snapshot)
        decision = decide(request, identity, snapshot.policy, snapshot.index, now, self._services.grants)
        self._dial_by_name(data, connection)
        if decision.capture is Capture.NAMES_ONLY and not decision.action.forbids:
            data.ignore_connection, connection.lasting = True, request
            _dial_safely(data, snapshot.policy.bands[identity.band].safe)
            why = self._services.record_passed(snapshot, identity, request, decision, now)
            self._services.count_connection(connection, decision.band, why)
            if isinstance(client, Guest) and not identity.synthetic:
                client.unread = counted(why, decision.band)
        elif not (
            decision.action.forbids or relay.names_the_gateway(request, snapshot.policy) or stays(client, request)
        ):
            data.establish_server_tls_first = True  # one upstream for all of an h2 client's streams

    def tls_failed_client(self, data: TlsData) -> None:
        """The client refused our certificate: a device without the school's CA, or a pinned application."""
        self._services.count_tls_failed("client", data)

    def tls_failed_server(self, data: TlsData) -> None:
        self._services.count_tls_failed("server", data)

    @staticmethod
    def _dial_by_name(data: ClientHelloData, connection: Connection) -> None:
        """The upstream is our own answer for the name, never the address the client dialled."""
        name = connection.sni or connection.connect
        if name is not None and name.host is not None and data.context.server.address is not None:
            if not data.context.server.connected:
                data.context.server.address = (name.host, data.context.server.address[1])


def _dial_safely(data: ClientHelloData, modes: SafeModes) -> None:
    """A search engine that is passed on unread is reached where it searches safely: nothing else can ask it to."""
    address = data.context.server.address
    if address is not None and (safe := safe_names(modes).get(address[0])):
        data.context.server.address = (safe, address[1])
