"""How long and how much: every bound of the proxy engine in one place. Times are seconds, sizes are bytes."""

from __future__ import annotations

HOOK_SECONDS = 2.0
"""A hook of ours that takes longer is a fault."""
READING_SECONDS = 10.0
"""A long body whose words are not found in time, however many wait before it, is a fault."""
READER_THREADS = 2

HEADER_SECONDS = 10.0
"""From a client's first byte of a head (or its connection, or its CONNECT) to the head's end."""
HELLO_SECONDS = 30.0
"""From a ClientHello to the end of the handshake; the origin is dialled in between (``CONNECT_SECONDS``)."""
FIRST_REQUEST_SECONDS = 30.0
"""From a finished TLS handshake to the first request: browsers open connections ahead of need."""
BODY_STALL_SECONDS = 30.0
"""The longest pause inside a request's body."""
IDLE_SECONDS = 300.0
"""A connection on which nothing moves, kept-alive, WebSocket or passed on, is closed."""
CONNECT_SECONDS = 15.0
FIRST_BYTE_SECONDS = 60.0
"""From the end of a request to the first byte of its answer."""
RESOLVE_SECONDS = 5.0

MAX_HEAD = 64 * 1024
MAX_FIELDS = 200
MAX_PIPELINED = 256 * 1024
MAX_FRAMING = 64 * 1024
"""Chunk extensions and trailers that are not finished."""
DISCARDED_BODY = 1024 * 1024
"""Bytes of a refused request's body that are read and thrown away before we answer over it."""
DEFAULT_PREFIX = 2 * 1024 * 1024
"""A body is never held beyond this, whatever an addon forgot to say."""
MAX_MESSAGE = 8 * 1024 * 1024
"""Of a WebSocket, unpacked."""
CLIENT_BACKLOG = 16 * 1024 * 1024
"""Bytes an h2 client's windows hold back before its origins are read no further. High, because one stream that a
browser has paused (a video) must not stop the others that share the origin's connection."""

CONNECTIONS_PER_CLIENT = 512
LOOKUPS_PER_CLIENT = 16
RESOLVER_THREADS = 64
LEAF_CERTIFICATES = 5000
