"""A small lab in one process: an engine on a loopback port, a TLS origin beside it, and names that lead there.

The private-address guard is on, as everywhere; the lab's "policy" names 127.0.0.0/8, as a school would its printer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hedgerow.proxy.guard import Guard
from hedgerow.proxy.master import Ahead, Engine, Pages
from hedgerow.proxy.resolver import Resolver
from hedgerow.proxy.tls import Tls
from hedgerow.proxy.upstream import Dialer, Own
from hedgerow.stores.ca import CA, ensure_ca

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"


@dataclass
class Origin:
    """What the origin saw: how often it was dialled, and every request's head."""

    contacts: int = 0
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: bytes = OK


@dataclass
class Lab:
    """The running lab."""

    port: int
    origin_port: int
    origin: Origin
    engine: Engine
    ca: bytes
    made_ca: CA
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        return reader, writer

    async def raw(self, data: bytes, wait: float = 5.0) -> bytes:
        """Send bytes to the proxy and read until it closes, or a second long nothing more comes."""
        reader, writer = await self.dial()
        writer.write(data)
        answer = await read_all(reader, wait)
        writer.close()
        return answer

    async def tunnel(
        self, host: str, alpn: Sequence[str] = ("http/1.1",)
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """CONNECT, then TLS with the school's CA trusted and nothing else. Raises ssl.SSLError, ConnectionError."""
        reader, writer = await self.dial()
        writer.write(f"CONNECT {host}:{self.origin_port} HTTP/1.1\r\nHost: {host}:{self.origin_port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            raise ConnectionError(head.decode())
        context = ssl.create_default_context(cadata=self.ca.decode())
        context.set_alpn_protocols(list(alpn))
        await writer.start_tls(context, server_hostname=host)
        return reader, writer


async def closed(reader: asyncio.StreamReader, wait: float = 5.0) -> bool:
    """True when the other side closes, in whatever way, without another byte. Raises TimeoutError."""
    try:
        return await asyncio.wait_for(reader.read(), wait) == b""
    except ConnectionError:
        return True


async def read_all(reader: asyncio.StreamReader, wait: float = 5.0) -> bytes:
    """Until the end, or a pause: 0.15 s after something came."""
    answer = b""
    try:
        while part := await asyncio.wait_for(reader.read(65536), 0.15 if answer else wait):
            answer += part
    except (TimeoutError, ConnectionError):
        pass
    return answer


@asynccontextmanager
async def lab(
    folder: Path,
    addons: Sequence[object] = (),
    *,
    serve: Serve | None = None,
    tls: bool = True,
    hosts: Sequence[str] = ("allowed.test", "other.test"),
    pages: Pages | None = None,
    guard: Guard | None = None,
    own: Own | None = None,
    private: tuple[str, ...] = ("127.0.0.0/8",),
    ahead: Ahead | None = None,
) -> AsyncIterator[Lab]:
    """An engine with these addons, and an origin that answers ``hosts``."""
    origin = Origin()
    origin_context = make_origin_context(folder, hosts) if tls else None
    origin_server = await asyncio.start_server(serve or _serving(origin), "127.0.0.1", 0, ssl=origin_context)
    ca = ensure_ca(folder / "ca", "Test")
    resolver = Resolver(lambda name: ("127.0.0.1",) if name.endswith(".test") else ())
    dialer = Dialer(resolver, own or Own(), lambda: private, seconds=2.0)
    upstream_ca = folder / "origin.pem" if tls else None
    engine = Engine(Tls(ca, upstream_ca), addons, dialer, guard or Guard(), pages or Pages(), ahead)

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await engine.accept(reader, writer, "regular")

    server = await asyncio.start_server(accepted, "127.0.0.1", 0)
    ticking = asyncio.create_task(engine.tick(0.1))
    made = Lab(_port(server), _port(origin_server), origin, engine, ca.pem, ca)
    try:
        yield made
    finally:
        for writer in made.writers:
            writer.close()
        ticking.cancel()
        server.close()
        origin_server.close()
        await engine.drain(0)
        await asyncio.sleep(0.05)
        resolver.close()


def _port(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


def _serving(origin: Origin) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        origin.contacts += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                origin.heads.append(head)
                lower = head.lower()
                if b"content-length:" in lower:
                    size = int(lower.partition(b"content-length:")[2].split()[0])
                    origin.bodies.append(await reader.readexactly(size))
                writer.write(origin.answer)
                await writer.drain()
        except (EOFError, ConnectionError):
            pass
        finally:
            writer.close()  # also when the test ends first

    return serve


def make_origin_context(folder: Path, hosts: Sequence[str], days: int = 30) -> ssl.SSLContext:
    """A server's TLS with a certificate of its own for ``hosts``; the certificate lands in ``origin.pem``."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab origin")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "origin.pem").write_bytes(pem)
    both = folder / "origin-key.pem"
    both.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + pem
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    context.set_alpn_protocols(["http/1.1"])
    return context


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
