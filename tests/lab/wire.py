"""Raw bytes to a proxy and what came back: nothing between the test and the socket is polite or normalising."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass, field

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``status`` 0: the connection ended without one, ``error`` tells: "closed", "tls: ...", "timeout"."""

    status: int = 0
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    error: str = ""
    issuer: str = field(default="", compare=False)  # who signed the certificate the client saw

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def action(self) -> str:
        return self.header("x-hedgerow-action")

    @property
    def code(self) -> str:
        return self.header("x-hedgerow-code")

    @property
    def from_origin(self) -> bool:
        return b"origin-ok" in self.body

    def __str__(self) -> str:
        return f"{self.status or self.error} {self.action} {self.body[:80]!r}"


class Link:
    """A connection with a buffer, reading HTTP/1 answers one at a time."""

    def __init__(self, raw: socket.socket | ssl.SSLSocket) -> None:
        self.socket = raw
        self._buffer = b""

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send; a peer that already closed is no error here, the missing answer tells."""
        try:
            self.socket.sendall(data)
        except OSError:
            return

    def more(self) -> bytes:
        """What arrives next, b"" at the end; raises TimeoutError."""
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            raise
        except OSError:
            return b""
        self._buffer += data
        return data

    def until_closed(self, seconds: float = 5) -> bytes:
        """Everything until the end of the connection or of the time."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                self.socket.settimeout(left)
                if not self.more():
                    break
        except TimeoutError:
            pass
        data, self._buffer = self._buffer, b""
        return data

    def reply(self, method: str = "GET") -> Reply:
        """The next answer, complete with its body."""
        try:
            while b"\r\n\r\n" not in self._buffer:
                if not self.more():
                    return Reply(error="closed", body=self._buffer)
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            if head.startswith(b"HTTP/1.1 100"):
                return self.reply(method)  # an interim answer: the real one follows
            return self._finish(head.decode("latin-1"), method)
        except TimeoutError:
            return Reply(error="timeout", body=self._buffer)

    def _finish(self, head: str, method: str) -> Reply:
        start, *lines = head.split("\r\n")
        headers = tuple((n.strip(), v.strip()) for n, _, v in (line.partition(":") for line in lines))
        shape = Reply(int(start.split(" ")[1]), headers)
        body, error = self._body(shape, method)
        return Reply(shape.status, headers, body, error)

    def _body(self, shape: Reply, method: str) -> tuple[bytes, str]:
        if method in ("HEAD", "CONNECT") and shape.status < 300 or method == "HEAD":
            return b"", ""
        if shape.status in (101, 204, 304):
            return b"", ""
        if "chunked" in shape.header("transfer-encoding"):
            return self._chunked()
        if length := shape.header("content-length"):
            return self._take(int(length))
        while self.more():
            pass
        body, self._buffer = self._buffer, b""
        return body, ""

    def _take(self, size: int) -> tuple[bytes, str]:
        while len(self._buffer) < size:
            if not self.more():
                return self._buffer, "cut"
        body, self._buffer = self._buffer[:size], self._buffer[size:]
        return body, ""

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            if not self.more():
                return b""
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _chunked(self) -> tuple[bytes, str]:
        body = b""
        while line := self._line():
            size = int(line.split(b";")[0], 16)
            if not size:
                while self._line():
                    pass
                return body, ""
            data, error = self._take(size)
            body += data
            if error:
                return body, error
            self._line()
        return body, "cut"
