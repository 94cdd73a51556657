"""The self-test's own site: what test hosts answer, and what a search engine would have been asked.

It stands on a unix socket of the running folder, behind the filter like any site. A test host shows anybody the same
small page; every other name, which only a canary can lead here, gets back as JSON what was asked, word for word.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from html import escape

from hedgerow.selftest.checks import MARK
from hedgerow.stores.site import TEST_ZONE

_LONGEST = 64 * 1024
_SECONDS = 10.0
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Open</title>'
    '<meta name="generator" content="{mark}"></head><body><h1>Open</h1>'
    "<p>{host} is a test host of this school's filter, and the filter lets you through.</p></body></html>"
)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one answer, the end."""
    try:
        async with asyncio.timeout(_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(reply(head))
            await writer.drain()
    except (TimeoutError, OSError, EOFError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


def reply(head: bytes) -> bytes:
    """The whole answer to a request's head."""
    first, *lines = head.decode("latin-1").split("\r\n")
    target = first.split(" ")[1] if first.count(" ") == 2 else "/"
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    kind, body = _body(headers.get("host", ""), target, headers)
    fields = (f"Content-Type: {kind}", f"Content-Length: {len(body)}", "X-Content-Type-Options: nosniff")
    told = ("HTTP/1.1 200 OK", *fields, "Cache-Control: no-store", "Connection: close", "", "")
    return "\r\n".join(told).encode() + (b"" if first.startswith("HEAD ") else body)


def _body(host: str, target: str, headers: Mapping[str, str]) -> tuple[str, bytes]:
    if host.partition(":")[0].endswith(f".{TEST_ZONE}"):
        return "text/html; charset=utf-8", _PAGE.format(mark=MARK.decode(), host=escape(host)).encode()
    told = {"mark": MARK.decode(), "target": target, "headers": dict(headers)}
    return "application/json", json.dumps(told).encode()


async def serve(server: asyncio.Server) -> None:
    """Until cancelled."""
    async with server:
        await server.serve_forever()
