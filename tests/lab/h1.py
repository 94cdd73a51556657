"""The origin's HTTP/1.1: tolerant on purpose, so that what a proxy lets through is seen and not hidden by an error."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
from urllib.parse import parse_qs

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.extensions import PerMessageDeflate

from . import streams
from .contacts import Contact, Journal
from .content import Header, Reply, answer

WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: Contact, journal: Journal) -> None:
    """Answers requests until the peer closes."""
    while head := await _head(reader):
        start, headers = _parse(head)
        fields = dict(headers)
        method, target = (*start.split(" "), "", "")[:2]
        host = fields.get("host", "")
        seen = dataclasses.replace(
            link, kind="http", name=host, version="1.1", method=method, target=target, head=head.decode("latin-1")
        )
        journal.add(seen)
        if fields.get("upgrade", "").lower() == "websocket":
            return await _websocket(reader, writer, fields, target)
        body = await _body(reader, fields)
        await _send(writer, method, answer(method, host.split(":")[0], _origin_form(target), headers, body))


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as short:
        return b"" if not short.partial.strip() else short.partial


def _parse(head: bytes) -> tuple[str, tuple[Header, ...]]:
    start, *lines = head.decode("latin-1").strip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return start, tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)


def _origin_form(target: str) -> str:
    return target if target.startswith("/") else "/" + target.split("/", 3)[-1]


async def _body(reader: asyncio.StreamReader, fields: dict[str, str]) -> bytes:
    if "chunked" not in fields.get("transfer-encoding", "").lower():
        return await reader.readexactly(int(fields.get("content-length", "0") or 0))
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    while (await reader.readline()).strip():
        pass
    return body


async def _send(writer: asyncio.StreamWriter, method: str, reply: Reply) -> None:
    if reply.raw:
        writer.write(reply.raw)
        return await writer.drain()
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in reply.headers)]
    lines.append("transfer-encoding: chunked" if reply.chunks else f"content-length: {len(reply.body)}")
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    await asyncio.sleep(reply.pause)
    if method == "HEAD":
        return
    for chunk in reply.chunks or ():
        writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunk else b"")
        await writer.drain()
        if reply.every:
            await asyncio.sleep(reply.every)
    ending = "".join(f"{name}: {value}\r\n" for name, value in reply.trailers)
    writer.write(f"0\r\n{ending}\r\n".encode() if reply.chunks else reply.body)
    await writer.drain()


async def _websocket(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fields: dict[str, str], target: str
) -> None:
    """Echoes text and bytes; says goodbye when told to. ``/_told?n=FORM``: answers as that chat does, bit by bit."""
    query = parse_qs(target.partition("?")[2])
    digest = hashlib.sha1(fields.get("sec-websocket-key", "").encode() + WEBSOCKET).digest()
    accept = base64.b64encode(digest).decode()
    deflate, agreed = PerMessageDeflate(), ""
    if PerMessageDeflate.name in (offered := fields.get("sec-websocket-extensions", "")):
        agreed = f"sec-websocket-extensions: {PerMessageDeflate.name}; {deflate.accept(offered)}".rstrip("; ") + "\r\n"
    writer.write(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        f"sec-websocket-accept: {accept}\r\n{agreed}\r\n".encode()
    )
    link = Connection(ConnectionType.SERVER, [deflate] if agreed else [])
    while data := await reader.read(65536):
        link.receive_data(data)
        for event in link.events():
            if isinstance(event, (TextMessage, BytesMessage)) and "n" in query:
                said = streams.HARMLESS if "harmless" in query else streams.TOLD
                for told in streams.frames(query["n"][0], said, int(query["size"][0])):
                    message = BytesMessage(told.encode()) if "binary" in query else TextMessage(told)
                    writer.write(link.send(message))
                    await writer.drain()
            elif isinstance(event, TextMessage):
                writer.write(link.send(TextMessage("echo:" + event.data)))
            elif isinstance(event, BytesMessage):
                writer.write(link.send(BytesMessage(bytes(event.data))))
            elif isinstance(event, Ping):
                writer.write(link.send(event.response()))
            elif isinstance(event, CloseConnection):
                writer.write(link.send(event.response()))
                return
