"""A publisher of lists, with the faults real ones have: ``python -m tests.lab.listserver FOLDER``.

Serves ``FOLDER/files``; the query says what goes wrong::

    cut=N     closes after N bytes of an answer without a range       drip=1      sends a byte now and then, for ever
    status=N  answers so, the first ``times`` times                   drip=head   the same with the head
    to=URL    redirects; loop=1 to itself                             norange=1   ignores ranges
    weak=1    names versions by weak ETags only                       lie=1       sends another range than asked for
    nolen=1   says no length and closes at the end                    gzip=1      packs it as no one asked

Every request stands in ``FOLDER/asked.jsonl`` with the address it came to. Writes ``root.pem`` and ``ready``.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from .authority import Authority

NAMES = {
    "lists.example": ("45.90.10.80",),
    "moved.example": ("45.90.10.81",),
    "six.example": ("2a0e:b107:10::80",),
    "inside.example": ("10.99.0.1",),
    "looped.example": ("127.0.0.1",),
    "mapped.example": ("::ffff:10.99.0.1",),
    "mixed.example": ("45.90.10.80", "10.99.0.1"),
    "dead-first.example": ("45.90.10.89", "45.90.10.80"),  # nobody listens on the first
}
ADDRESSES = ("45.90.10.80/32", "45.90.10.81/32", "45.90.10.89/32", "10.99.0.1/32", "2a0e:b107:10::80/128")
LISTENING = ("45.90.10.80", "45.90.10.81", "10.99.0.1", "127.0.0.1", "2a0e:b107:10::80")


class Publisher:
    """Serves until it is killed."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._seen = folder, Counter[str]()

    async def run(self) -> None:
        authority = Authority()
        (self._folder / "root.pem").write_bytes(authority.root.pem)
        context = authority.context("lists.example")
        context.sni_callback = lambda link, name, _: setattr(link, "context", authority.context(name or "no-name.test"))
        for address in LISTENING:
            await asyncio.start_server(self._serve, address, 80)
            await asyncio.start_server(self._serve, address, 443, ssl=context)
        (self._folder / "ready").touch()
        await asyncio.Event().wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            target = head[0].split(" ")[1]
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
            asked = {"to": writer.get_extra_info("sockname")[0], "target": target, "headers": headers}
            with (self._folder / "asked.jsonl").open("a") as log:
                log.write(json.dumps(asked) + "\n")
            await self._answer(writer, target, headers)
            await writer.drain()
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, target: str, headers: dict[str, str]) -> None:
        parts = urlsplit(target)
        wish, path = dict(parse_qsl(parts.query)), self._folder / "files" / unquote(parts.path).lstrip("/")
        self._seen[target] += 1
        if "loop" in wish:
            return self._head(writer, 302, {"location": target})
        if "to" in wish:
            return self._head(writer, 302, {"location": wish["to"], "set-cookie": "who=school; Path=/"})
        if "status" in wish and self._seen[target] <= int(wish.get("times", "1000")):
            return self._head(writer, int(wish["status"]), {"retry-after": "0"})
        if "drip" in wish:
            return await self._drip(writer, wish["drip"] == "head")
        if not path.is_file():
            return self._head(writer, 404, {})
        self._file(writer, path.read_bytes(), wish, headers)

    def _file(self, writer: asyncio.StreamWriter, body: bytes, wish: dict[str, str], headers: dict[str, str]) -> None:
        etag = ("W/" if "weak" in wish else "") + f'"{hashlib.md5(body).hexdigest()}"'
        told = {"etag": etag, "set-cookie": "who=school; Path=/"}
        if headers.get("if-none-match") == etag:
            return self._head(writer, 304, told)
        found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        if found and headers.get("if-range") == etag and "norange" not in wish:
            first = int(found[1]) + ("lie" in wish)
            told["content-range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
            self._head(writer, 206, told, len(body) - first)
            writer.write(body[first:])
            return None
        if "gzip" in wish:
            body, told["content-encoding"] = gzip.compress(body), "gzip"
        self._head(writer, 200, told, None if "nolen" in wish else len(body))
        writer.write(body[: int(wish["cut"])] if "cut" in wish and "range" not in headers else body)

    @staticmethod
    def _head(writer: asyncio.StreamWriter, status: int, told: dict[str, str], length: int | None = 0) -> None:
        lines = [f"HTTP/1.1 {status} X", "connection: close", *(f"{name}: {value}" for name, value in told.items())]
        lines += [f"content-length: {length}"] if length is not None and status != 304 else []
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def _drip(self, writer: asyncio.StreamWriter, head: bool) -> None:
        writer.write(b"HTTP/1.1 200 X\r\nx: " if head else b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n")
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(Publisher(Path(sys.argv[1])).run())
