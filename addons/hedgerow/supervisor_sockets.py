"""Listening addresses, and the sockets the supervisor opens and keeps for its workers.

Each worker has its own SO_REUSEPORT socket per address. The supervisor keeps it open: when a worker is killed, the
connections in its queue wait for the replacement (a worker that owned its socket lost them, five times of five).
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MODES = ("regular", "transparent")
_BACKLOG = 1024


class ListenError(Exception):
    """An address cannot be listened on, or is none. The message says which and why."""


@dataclass(frozen=True, slots=True)
class Listen:
    """One ``--listen``: host ("" = every address, v4 and v6), port (0 = any free one), and how clients arrive."""

    host: str
    port: int
    mode: str = "regular"

    @property
    def families(self) -> tuple[tuple[socket.AddressFamily, str], ...]:
        """The addresses to bind: one socket each. ``[::]`` and no host mean both families."""
        if self.host in ("", "*", "::"):
            return ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::"))
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        return ((family, self.host),)

    @property
    def reachable(self) -> str:
        """HOST:PORT by which this machine itself reaches it."""
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host or "*"
        return f"{host}:{self.port}/{self.mode}"


def parse_listen(text: str, mode: str = "regular") -> Listen:
    """``HOST:PORT`` or ``HOST:PORT/MODE``. Raises ListenError with the form that is expected."""
    address, slash, named = text.partition("/")
    host, colon, port = address.rpartition(":")
    if slash and named not in MODES:
        raise ListenError(f"{text!r}: unknown mode {named!r}; known: {', '.join(MODES)}")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ListenError(f"{text!r}: expected HOST:PORT, for example 192.168.1.1:8080, [::]:8080 or :8080")
    return Listen(_host(text, host), int(port), named or mode)


def _host(text: str, host: str) -> str:
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if bare in ("", "*"):
        return ""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, bare)
            if family is socket.AF_INET or host.startswith("["):
                return bare
        except OSError:
            continue
    raise ListenError(f"{text!r}: {host!r} is no address of this machine (write an IPv6 address in brackets)")


@dataclass(frozen=True, slots=True)
class Bound:
    """One open listening socket and the way its clients arrive."""

    socket: socket.socket
    mode: str

    @property
    def address(self) -> str:
        name = self.socket.getsockname()
        host = f"[{name[0]}]" if self.socket.family == socket.AF_INET6 else name[0]
        return f"{host}:{name[1]}"


def open_sockets(listens: Sequence[Listen], workers: int) -> list[list[Bound]]:
    """For each worker its sockets, bound and listening. Raises ListenError; nothing stays open then."""
    opened: list[list[Bound]] = [[] for _ in range(workers)]
    try:
        for listen in listens:
            port = listen.port
            for family, host in listen.families:
                for sockets in opened:
                    bound = _open(family, host, port, listen)
                    if bound is None:
                        continue  # a machine without IPv6 still serves IPv4
                    port = bound.socket.getsockname()[1]
                    sockets.append(bound)
    except ListenError:
        close_all(opened)
        raise
    return opened


def _open(family: socket.AddressFamily, host: str, port: int, listen: Listen) -> Bound | None:
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        if family is socket.AF_INET6 and listen.host == "":
            return None
        raise ListenError(f"{listen}: {error.strerror}") from error
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family is socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        if family is socket.AF_INET6 and listen.host == "" and "assign" in (error.strerror or ""):
            return None
        raise ListenError(f"{listen}: {error.strerror} ({host} port {port})") from error
    return Bound(sock, listen.mode)


def open_unix(path: Path) -> Bound:
    """A listening unix socket that only this user may reach; what waits in it outlives whoever accepts from it.

    Raises ListenError.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        sock.bind(str(path))
        path.chmod(0o600)
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        raise ListenError(f"{path}: {error.strerror or error}") from error
    return Bound(sock, "relay")


def close_all(opened: Sequence[Sequence[Bound]]) -> None:
    for sockets in opened:
        for bound in sockets:
            bound.socket.close()
