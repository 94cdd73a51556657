"""Real receivers of reports: an SMTP server (aiosmtpd) and an HTTPS server, on loopback ports, with what they took."""

from __future__ import annotations

import email
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography.hazmat.primitives.asymmetric import ec

from tests.lab.authority import Issuer, _pem
from tests.proxy.lab import free_port


@dataclass
class Taken:
    """What arrived, in order: (time, id, codes, raw). ``refuse`` says what to answer instead, "" = take it."""

    letters: list[EmailMessage] = field(default_factory=list)
    posts: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    refuse: Callable[[], str] = lambda: ""
    delay: float = 0.0  # seconds between taking a message and saying so


class Inbox:
    """The SMTP server's hooks."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if refusal := self.taken.refuse():
            return refusal
        assert isinstance(envelope.content, bytes)
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage) and envelope.rcpt_tos == [letter["To"]]
        self.taken.letters.append(letter)
        self.taken.times.append(time.time())
        time.sleep(self.taken.delay)
        return "250 taken"


def login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"gateway", b"correct horse"), handled=False)


@contextmanager
def smtp_server(taken: Taken, **options: Any) -> Iterator[int]:
    """Runs until the block ends; its port."""
    controller = Controller(Inbox(taken), hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()


@contextmanager
def https_server(taken: Taken, context: ssl.SSLContext) -> Iterator[int]:
    """Runs until the block ends; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            code = int(taken.refuse()[:3] or 204)
            if code == 204:
                taken.posts.append(({k.lower(): v for k, v in self.headers.items()}, json.loads(content)))
                taken.times.append(time.time())
                time.sleep(taken.delay)
            self.send_response(code)
            self.send_header("Location", "https://localhost/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, _request: object, _address: object) -> None:
        """A client that was killed is what these tests are about."""


@dataclass
class Trust:
    """A root, and a server's certificate signed by it."""

    root: Path
    leaf: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.leaf)
        return context


def make_trust(folder: Path, host: str = "localhost") -> Trust:
    issuer, key = Issuer("Reports test root"), ec.generate_private_key(ec.SECP256R1())
    trust = Trust(folder / "root.pem", folder / "leaf.pem")
    trust.root.write_bytes(issuer.pem)
    trust.leaf.write_bytes(_pem(key) + issuer.leaf(host, key))
    return trust
