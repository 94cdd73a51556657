"""The lab's internet as one process: name server, HTTP/1.1, h2, WebSocket and TLS for any name, and raw ports.

Run inside the internet's namespace: ``python -m tests.lab.origin FOLDER``. Writes ``root.pem`` (what the gateway must
trust), ``contacts.jsonl`` and, when everything listens, ``ready``.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import sys
from pathlib import Path

from . import dns, h1, h2server, names
from .authority import Authority
from .contacts import Contact, Journal

TLS_PORTS, PLAIN_PORTS, RAW_PORTS = (443, 8443), (80, 8080), (22, 25, 1080, 3128, 9999)
OWN_SOCKET = ("oldtls.test", "mtls.test")  # settings that cannot be changed once the ClientHello was read


class Origin:
    """Serves until it is killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = Authority()
        self._journal = Journal(folder / "contacts.jsonl")

    def _context(self) -> ssl.SSLContext:
        context = self._authority.context("no-name.test")

        def choose(link: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            self._journal.add(Contact("tls", name or ""))
            link.context = self._authority.context(name or "no-name.test")

        context.sni_callback = choose
        return context

    async def run(self) -> None:
        (self._folder / "root.pem").write_bytes(self._authority.root.pem)
        context = self._context()
        for host in ("0.0.0.0", "::"):
            for port in TLS_PORTS:
                await self._listen(host, port, context)
            for port in PLAIN_PORTS:
                await self._listen(host, port)
        for name in OWN_SOCKET:
            await self._listen(names.v4(name), 443, self._authority.context(name))
        for port in RAW_PORTS:
            await asyncio.start_server(self._raw, "0.0.0.0", port)
        await dns.serve(names.DNS_SERVER, lambda name: self._journal.add(Contact("dns", name)))
        (self._folder / "ready").touch()
        await asyncio.Event().wait()

    async def _listen(self, host: str, port: int, context: ssl.SSLContext | None = None) -> None:
        # reuse_port: a socket on one address beside the one on all of them
        await asyncio.start_server(self._http, host, port, ssl=context, backlog=512, reuse_port=True)

    def _opened(self, writer: asyncio.StreamWriter) -> Contact:
        address, port = writer.get_extra_info("sockname")[:2]
        link = Contact("tcp", address=address, port=port, peer=writer.get_extra_info("peername")[0])
        self._journal.add(link)
        return link

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = self._opened(writer)
        tls = writer.get_extra_info("ssl_object")
        serve = h2server.serve if tls is not None and tls.selected_alpn_protocol() == "h2" else h1.serve
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await serve(reader, writer, link, self._journal)
        writer.close()

    async def _raw(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speaks first, as SSH does, then echoes."""
        self._opened(writer)
        writer.write(b"SSH-2.0-lab\r\n")
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                writer.write(data)
        writer.close()


if __name__ == "__main__":
    asyncio.run(Origin(Path(sys.argv[1])).run())
