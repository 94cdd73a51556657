"""A pupil's device: every way a request can leave it, explicit or transparent, plain, TLS, h2, WebSocket."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, Event, Message, RejectConnection, TextMessage
from wsproto.events import Request as Upgrade
from wsproto.extensions import Extension

from . import names
from .h2client import Fields, H2Client
from .h2client import fields as h2_fields
from .net import EXPLICIT_PORT, GATEWAY_V4, GATEWAY_V6, SECOND_LANE, Namespace
from .wire import Header, Link, Reply

MODES = ("explicit", "transparent")


class Refused(Exception):
    """The proxy ended it before the inner request could be sent; ``reply`` is what the client saw."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply))
        self.reply = reply


def get(host: str, path: str = "/", *headers: str, version: str = "1.1", method: str = "GET") -> bytes:
    """An ordinary request head, origin-form."""
    lines = [f"{method} {path} HTTP/{version}", f"Host: {host}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass(frozen=True, slots=True)
class Device:
    """One host of the LAN in one mode. ``trust`` is the school CA the gateway made."""

    namespace: Namespace
    mode: str
    trust: Path
    v6: bool = False
    timeout: float = 12
    second: int = 0  # speaks to the second gateway (1); explicit clients also to a third (2) and so on

    @property
    def explicit(self) -> bool:
        return self.mode == "explicit"

    def on_v6(self) -> Device:
        return replace(self, v6=True)

    def proxy(self) -> Link:
        """A bare connection to the explicit listener."""
        address = GATEWAY_V6 if self.v6 else GATEWAY_V4
        port = EXPLICIT_PORT + SECOND_LANE * self.second
        return Link(self.namespace.dial(address, port, self.timeout, bool(self.second)))

    def direct(self, host: str, port: int) -> Link:
        """A bare connection that the client believes goes to ``host`` (a name of the lab, or an address)."""
        literal = host.replace(".", "").isdigit() or ":" in host
        address = host if literal else names.v6(host) if self.v6 else names.v4(host)
        return Link(self.namespace.dial(address, port, self.timeout, bool(self.second)))

    def plain(self, data: bytes, to: str = "allowed.test", port: int = 80, method: str = "GET") -> Reply:
        """``data`` as it stands; ``to`` is where a transparent client dials."""
        try:
            with self.proxy() if self.explicit else self.direct(to, port) as link:
                link.send(data)
                return link.reply(method)
        except OSError as error:
            return Reply(error=f"connect: {error}")

    def http(self, host: str, path: str = "/", *headers: str, method: str = "GET") -> Reply:
        """An ordinary plain request in the form of the mode."""
        target = f"http://{host}{path}" if self.explicit else path
        return self.plain(get(host, target, *headers, method=method), host.split(":")[0], method=method)

    @contextlib.contextmanager
    def tunnel(self, to: str, port: int = 443) -> Iterator[Link]:
        """Bytes to ``to``: CONNECT through the explicit listener, or just a connection. Raises Refused."""
        with self.proxy() if self.explicit else self.direct(to, port) as link:
            if self.explicit:
                authority = f"[{to}]:{port}" if ":" in to else f"{to}:{port}"
                link.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode("latin-1"))
                reply = link.reply("CONNECT")
                if reply.status != 200:
                    raise Refused(reply)
            yield link

    def context(self, alpn: Sequence[str]) -> ssl.SSLContext:
        """Trusts the school CA and the lab's root; the name is not compared, tests look at it themselves."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.trust)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context

    @contextlib.contextmanager
    def tls(
        self, to: str, sni: str | None = "", port: int = 443, alpn: Sequence[str] = ("http/1.1",)
    ) -> Iterator[Link]:
        """TLS to ``to``; ``sni`` "" means the same name, None none at all. Raises Refused."""
        name = to if sni == "" else sni
        with self.tunnel(to, port) as link:
            try:
                secure = self.context(alpn).wrap_socket(link.socket, server_hostname=name)
            except (OSError, ValueError) as error:
                raise Refused(Reply(error=f"tls: {error}")) from error
            with Link(secure) as inner:
                yield inner

    def https(
        self, to: str, data: bytes | None = None, *, sni: str | None = "", port: int = 443, method: str = "GET"
    ) -> Reply:
        """Raw bytes inside TLS (default: an ordinary GET)."""
        try:
            with self.tls(to, sni, port) as link:
                link.send(get(to) if data is None else data)
                return replace(link.reply(method), issuer=issuer(link))
        except Refused as refused:
            return refused.reply
        except OSError as error:
            return Reply(error=f"connect: {error}")

    def h2(
        self,
        to: str,
        headers: Fields | None = None,
        body: bytes | None = None,
        *,
        sni: str | None = "",
        port: int = 443,
    ) -> Reply:
        """One h2 request (default: an ordinary GET)."""
        try:
            with self.h2_session(to, sni, port) as session:
                return session.request(h2_fields(to) if headers is None else headers, body)
        except Refused as refused:
            return refused.reply
        except OSError as error:
            return Reply(error=f"connect: {error}")

    @contextlib.contextmanager
    def h2_session(self, to: str, sni: str | None = "", port: int = 443) -> Iterator[H2Client]:
        with self.tls(to, sni, port, ("h2",)) as link:
            if getattr(link.socket, "selected_alpn_protocol", str)() != "h2":
                raise Refused(Reply(error="no h2"))
            yield H2Client(link)

    @contextlib.contextmanager
    def websocket(
        self,
        host: str,
        path: str = "/_ws",
        headers: Sequence[Header] = (),
        extensions: Sequence[Extension] = (),
    ) -> Iterator[Socket]:
        """A WebSocket over TLS. Raises Refused with the answer when there is no upgrade."""
        with self.tls(host) as link:
            socket = Socket(link)
            socket.open(host, path, headers, extensions)
            yield socket


def issuer(link: Link) -> str:
    """Common name of who signed the certificate this client was shown."""
    if not isinstance(link.socket, ssl.SSLSocket) or link.socket.version() is None:
        return ""
    told = x509.load_der_x509_certificate(link.socket.getpeercert(binary_form=True) or b"")
    names_given = told.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names_given[0].value) if names_given else ""


@dataclass(slots=True)
class Socket:
    """The client side of one WebSocket."""

    link: Link
    ws: WSConnection = field(default_factory=lambda: WSConnection(ConnectionType.CLIENT))

    def open(self, host: str, path: str, headers: Sequence[Header], extensions: Sequence[Extension] = ()) -> None:
        extra = [(n.encode(), v.encode()) for n, v in headers]
        self.link.send(self.ws.send(Upgrade(host=host, target=path, extra_headers=extra, extensions=list(extensions))))
        event = self.event()
        if isinstance(event, AcceptConnection):
            return
        status = event.status_code if isinstance(event, RejectConnection) else 0
        told = event.headers if isinstance(event, RejectConnection) else ()
        raise Refused(Reply(status, tuple((n.decode(), v.decode()) for n, v in told), error=type(event).__name__))

    def say(self, text: str) -> Event | None:
        """Send a text message; the next event, None when the connection closed."""
        self.link.send(self.ws.send(TextMessage(text)))
        return self.event()

    def tell(self, text: str) -> None:
        """A text message, without waiting."""
        self.link.send(self.ws.send(TextMessage(text)))

    def send(self, data: bytes, *, final: bool = True) -> None:
        """A binary message, or a piece of one."""
        self.link.send(self.ws.send(BytesMessage(data, message_finished=final)))

    def whole(self) -> str:
        """The next whole message's text; the name of what came instead."""
        text = ""
        while isinstance(event := self.event(), Message):
            text += event.data if isinstance(event.data, str) else bytes(event.data).decode()
            if event.message_finished:
                return text
        return f"{type(event).__name__} {getattr(event, 'code', '')} {getattr(event, 'reason', '')}"

    def echo(self, text: str) -> str:
        event = self.say(text)
        return str(event.data) if isinstance(event, Message) else type(event).__name__

    def event(self) -> Event | None:
        while True:
            for event in self.ws.events():
                return event
            data = self.link.more()
            self.ws.receive_data(data or None)
            if not data:
                return next(iter(self.ws.events()), None)
