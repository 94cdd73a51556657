"""A synthetic client: HTTP/1.1 over a worker's unix socket, with TLS as a device of the school does it."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

SECONDS = 20.0
"""What a page may take; a gateway that is slower is in trouble."""

_BROWSER = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Encoding": "identity",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "User-Agent": "Hedgerow-Selftest/1",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``action`` and ``code`` are those of our own pages, "" for a site's answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in small letters
    body: bytes = b""
    certificate: bytes = b""  # DER, of whoever spoke TLS

    @property
    def action(self) -> str:
        return self.headers.get("x-hedgerow-action", "")

    @property
    def code(self) -> str:
        return self.headers.get("x-hedgerow-code", "")


class NoAnswer(Exception):
    """Nothing that can be compared came back; the message says why."""


class Client:
    """One connection of one synthetic client: in clear (any host), or TLS to one host. Closed by ``with``."""

    def __init__(self, path: Path, who: Mapping[str, object], trust: ssl.SSLContext | None = None) -> None:
        """``who`` as ``proxy.canary`` reads it; ``trust`` for https. Raises NoAnswer."""
        self._path, self._who, self._trust = path, who, trust
        self._open: dict[str, http.client.HTTPConnection] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._open.values():
            connection.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises NoAnswer. A connection that is kept is used again, and made anew once when it has ended."""
        parts = urlsplit(url)
        tunnel = parts.hostname or "" if parts.scheme == "https" else ""
        target = url if not tunnel else f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        for fresh in (False, True):
            kept = self._open.get(tunnel)
            try:
                return self._asked(tunnel, target, {**_BROWSER, **(headers or {}), "Host": parts.netloc})
            except (OSError, http.client.HTTPException) as error:
                if (old := self._open.pop(tunnel, None)) is not None:
                    old.close()
                if fresh or kept is None:
                    raise NoAnswer(f"{type(error).__name__}: {error}") from error
        raise AssertionError("unreachable")

    def _asked(self, tunnel: str, target: str, headers: Mapping[str, str]) -> Answer:
        if tunnel not in self._open:
            self._open[tunnel] = self._dial(tunnel)
        connection = self._open[tunnel]
        connection.request("GET", target, headers=dict(headers))
        response = connection.getresponse()
        body, sock = response.read(), connection.sock
        shown = sock.getpeercert(binary_form=True) if isinstance(sock, ssl.SSLSocket) else None
        if response.will_close:
            self._open.pop(tunnel).close()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, fields, body, shown or b"")

    def _dial(self, tunnel: str) -> http.client.HTTPConnection:
        sock = greet(self._path, self._who)
        try:
            if tunnel:
                sock = through(sock, tunnel, self._trust or ssl.create_default_context())
        except BaseException:
            sock.close()
            raise
        connection = http.client.HTTPConnection(tunnel or "proxy", timeout=SECONDS)
        connection.sock = sock
        return connection


def greet(path: Path, who: Mapping[str, object]) -> socket.socket:
    """A connection to a worker that knows whom we play. Raises OSError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(SECONDS)
    try:
        sock.connect(str(path))
        sock.sendall(json.dumps(who).encode() + b"\n")
    except OSError:
        sock.close()
        raise
    return sock


def through(sock: socket.socket, host: str, trust: ssl.SSLContext) -> ssl.SSLSocket:
    """CONNECT and the TLS handshake, the name checked. Raises OSError (ssl.SSLError is one)."""
    sock.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode("ascii"))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)  # not one more: what follows belongs to TLS
        if not byte or len(head) > 8192:
            raise OSError("the gateway closed the connection at CONNECT")
        head += byte
    if head.split(b" ", 2)[1:2] != [b"200"]:
        raise OSError(f"CONNECT was answered with {head.splitlines()[0].decode('latin-1')!r}")
    return trust.wrap_socket(sock, server_hostname=host)
