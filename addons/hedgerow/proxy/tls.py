"""TLS on both sides, as an addon of the engine: mitmproxy's TlsConfig with its contexts made once.

Leaves name only the host that was asked for and carry the leaves' own key. Upstream certificates are always checked;
no option turns that off. ALPN is mirrored: what the origin speaks is what the client is offered, so that an h2 client
shares one h2 connection to the origin.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import certifi
from cryptography import x509
from mitmproxy.connection import Client, Server
from mitmproxy.tls import TlsData
from OpenSSL import SSL

from hedgerow.proxy.limits import LEAF_CERTIFICATES
from hedgerow.stores.ca import CA, leaf

_PROTOCOLS = (b"h2", b"http/1.1")
# Mozilla's "intermediate" list, https://ssl-config.mozilla.org/, less what TLS 1.2 clients of this century never need.
_CIPHERS = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    b"ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    b"DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:"
    b"AES128-GCM-SHA256:AES256-GCM-SHA384"
)
_HOST_FLAGS = 0x4 | 0x20
"""X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS and X509_CHECK_FLAG_NEVER_CHECK_SUBJECT (openssl/x509v3.h)."""


_RENEW_SECONDS = 86_400.0


class Leaves:
    """The leaf certificates in use, the least recently asked for thrown away first.

    A worker may run for longer than a leaf holds: one that ends within a day is made anew. So is one made while the
    clock ran ahead, once it is set right: no device would take it.
    """

    def __init__(self, ca: CA, size: int = LEAF_CERTIFICATES, clock: Callable[[], float] = time.time) -> None:
        self._ca, self._clock = ca, clock
        self._size = size
        self._leaves: OrderedDict[str, x509.Certificate] = OrderedDict()

    def get(self, host: str) -> x509.Certificate:
        found = self._leaves.get(host)
        if found is None or not self._holds(found):
            found = leaf(self._ca, host)
            self._leaves[host] = found
            if len(self._leaves) > self._size:
                self._leaves.popitem(last=False)
        self._leaves.move_to_end(host)
        return found

    def _holds(self, found: x509.Certificate) -> bool:
        now = self._clock()
        begins, ends = found.not_valid_before_utc.timestamp(), found.not_valid_after_utc.timestamp()
        return begins <= now <= ends - _RENEW_SECONDS

    def __len__(self) -> int:
        return len(self._leaves)


class Tls:
    """Answers mitmproxy's ``tls_start_client`` and ``tls_start_server``."""

    def __init__(self, ca: CA, upstream_ca: Path | None = None) -> None:
        self._leaves = Leaves(ca)
        self._leaf_key = ca.leaf_key
        self._to_client = _client_context()
        self._to_server = _server_context(upstream_ca)

    def tls_start_client(self, data: TlsData) -> None:
        """Our side of the client's handshake. Without a protocol we speak there is none, and the client is closed."""
        client, server = data.context.client, data.context.server
        assert isinstance(data.conn, Client)
        if client.alpn_offers and not any(offer in _PROTOCOLS for offer in client.alpn_offers):
            return
        host = client.sni or (server.address[0] if server.address else client.sockname[0])
        connection = SSL.Connection(self._to_client)
        connection.use_certificate(self._leaves.get(host.lower().rstrip(".")))
        connection.use_privatekey(self._leaf_key)
        connection.set_app_data(server.alpn)
        connection.set_accept_state()
        data.ssl_conn = connection

    def tls_start_server(self, data: TlsData) -> None:
        """The origin must prove to be the very host we resolved."""
        server, client = data.conn, data.context.client
        assert isinstance(server, Server) and server.address is not None
        server.sni = server.address[0]
        connection = SSL.Connection(self._to_server)
        _expect_host(connection, server.sni)
        if offers := _offers(client):
            server.alpn_offers = offers
            connection.set_alpn_protos(list(offers))
        connection.set_connect_state()
        data.ssl_conn = connection


def _offers(client: Client) -> Sequence[bytes]:
    """What the client chose, or may still choose: the origin is asked for the same."""
    if client.alpn:
        return (client.alpn,)
    if client.alpn is not None and client.timestamp_tls_setup:
        return ()
    return tuple(offer for offer in client.alpn_offers if offer in _PROTOCOLS)


def _select(connection: SSL.Connection, options: list[bytes]) -> Any:
    server_alpn: bytes | None = connection.get_app_data()
    if server_alpn is not None:
        return server_alpn if server_alpn in options else SSL.NO_OVERLAPPING_PROTOCOLS
    return next((option for option in options if option in _PROTOCOLS), SSL.NO_OVERLAPPING_PROTOCOLS)


def _context(method: int) -> SSL.Context:
    context = SSL.Context(method)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(SSL.OP_CIPHER_SERVER_PREFERENCE | SSL.OP_NO_COMPRESSION)
    context.set_cipher_list(_CIPHERS)
    return context


def _client_context() -> SSL.Context:
    context = _context(SSL.TLS_SERVER_METHOD)
    context.set_alpn_select_callback(_select)
    context.set_verify(SSL.VERIFY_NONE)
    return context


def _server_context(upstream_ca: Path | None) -> SSL.Context:
    """Raises SSL.Error when the file holds no certificates."""
    context = _context(SSL.TLS_CLIENT_METHOD)
    context.set_verify(SSL.VERIFY_PEER)
    context.load_verify_locations(str(upstream_ca) if upstream_ca else certifi.where(), None)
    return context


def _expect_host(connection: SSL.Connection, host: str) -> None:
    """Name check by OpenSSL. RFC 6066 3: an address is never sent as SNI."""
    lib: Any = SSL._lib  # type: ignore[attr-defined]
    parameters = lib.SSL_get0_param(connection._ssl)
    lib.X509_VERIFY_PARAM_set_hostflags(parameters, _HOST_FLAGS)
    try:
        packed = ipaddress.ip_address(host).packed
    except ValueError:
        name = host.encode("ascii")
        connection.set_tlsext_host_name(name)
        done = lib.X509_VERIFY_PARAM_set1_host(parameters, name, len(name))
    else:
        done = lib.X509_VERIFY_PARAM_set1_ip(parameters, packed, len(packed))
    if done != 1:
        raise ValueError("OpenSSL takes no such host")
