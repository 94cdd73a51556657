"""Edit the server_name extension of a TLS ClientHello (RFC 8446 4.1.2, RFC 6066 3)."""

from __future__ import annotations

import contextlib
import ssl
import struct
from collections.abc import Sequence

SERVER_NAME = 0


def _extensions_at(body: bytes) -> int:
    """Where the extensions' length stands in a ClientHello body (after the handshake header)."""
    at = 2 + 32
    at += 1 + body[at]  # session id
    at += 2 + int.from_bytes(body[at : at + 2])  # cipher suites
    return at + 1 + body[at]  # compression methods


def _split(record: bytes) -> tuple[bytes, list[tuple[int, bytes]]]:
    body = record[9:]
    at = _extensions_at(body)
    fixed, rest = body[:at], body[at + 2 :]
    extensions = []
    while rest:
        kind, size = struct.unpack_from("!HH", rest)
        extensions.append((kind, rest[4 : 4 + size]))
        rest = rest[4 + size :]
    return fixed, extensions


def server_names(record: bytes) -> list[bytes]:
    """The names in the first server_name extension."""
    data = next(data for kind, data in _split(record)[1] if kind == SERVER_NAME)[2:]
    found = []
    while data:
        size = struct.unpack_from("!H", data, 1)[0]
        found.append(data[3 : 3 + size])
        data = data[3 + size :]
    return found


def with_server_names(record: bytes, names: Sequence[bytes]) -> bytes:
    """The same hello, one TLS record, with these names in place of its own."""
    fixed, extensions = _split(record)
    entries = b"".join(struct.pack("!BH", 0, len(name)) + name for name in names)
    own = struct.pack("!H", len(entries)) + entries
    parts = [(kind, own if kind == SERVER_NAME else data) for kind, data in extensions]
    packed = b"".join(struct.pack("!HH", kind, len(data)) + data for kind, data in parts)
    body = fixed + struct.pack("!H", len(packed)) + packed
    return b"\x16\x03\x01" + struct.pack("!H", len(body) + 4) + b"\x01" + len(body).to_bytes(3, "big") + body


def client_hello(name: str) -> bytes:
    """The first record a Python client sends for this name."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    secure = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=name)
    with contextlib.suppress(ssl.SSLWantReadError):
        secure.do_handshake()
    return outgoing.read()


def with_extension(record: bytes, kind: int, data: bytes) -> bytes:
    """The same hello, one TLS record, with one more extension."""
    fixed, extensions = _split(record)
    packed = b"".join(struct.pack("!HH", k, len(d)) + d for k, d in (*extensions, (kind, data)))
    body = fixed + struct.pack("!H", len(packed)) + packed
    return b"\x16\x03\x01" + struct.pack("!H", len(body) + 4) + b"\x01" + len(body).to_bytes(3, "big") + body
