from __future__ import annotations

from hedgerow.core.model import NameSource
from hedgerow.proxy.connections import Connections
from hedgerow.proxy.facts import name_of
from tests.proxy.flows import flow


def test_a_connection_keeps_its_names_until_it_closes() -> None:
    connections, client = Connections(), flow().client_conn
    opened = connections.open(client)
    opened.connect = name_of(NameSource.CONNECT, "a.test")
    opened.sni = name_of(NameSource.SNI, "b.test")
    assert [name.host for name in connections.open(client).names] == ["a.test", "b.test"]
    assert connections.open(client).address == "10.8.0.7" and len(connections) == 1
    assert connections.close(client) and not connections.close(client) and len(connections) == 0
