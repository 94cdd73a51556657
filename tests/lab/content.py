"""What the lab's origin answers: an ordinary page for every name, and paths with special behaviour.

To add one: a function ``(Asked) -> Reply``, its path in ``PATHS``.
"""

from __future__ import annotations

import functools
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from . import said, spelled, streams

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The page of {host}</title></head>
<body><h1>Welcome to {host}</h1><p>origin-ok {host} {path}</p><p>Ponds, hedges and the birds that live in them.</p>
<form method="post" action="/form"><input name="q"><button>Send</button></form></body></html>"""
Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the origin saw it. Header names are lower case."""

    method: str
    host: str
    path: str
    query: dict[str, list[str]]
    headers: tuple[Header, ...]
    body: bytes

    def first(self, key: str, default: str = "") -> str:
        return self.query.get(key, [default])[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """``chunks`` is consumed once. ``raw`` replaces the whole HTTP/1 answer; ``pause`` in seconds before the body."""

    status: int = 200
    headers: tuple[Header, ...] = (("content-type", "text/html; charset=utf-8"),)
    body: bytes = b""
    trailers: tuple[Header, ...] = ()
    chunks: Iterator[bytes] | None = None
    raw: bytes = b""
    pause: float = 0
    every: float = 0  # seconds between chunks


@functools.cache
def _saved_pages() -> tuple[Path, ...]:
    """Real pages to answer with instead of the lab's own: HTML files below ``$HEDGEROW_LAB_PAGES``."""
    folder = os.environ.get("HEDGEROW_LAB_PAGES", "")
    return tuple(sorted(Path(folder).rglob("*.html"))) if folder else ()


def _page(asked: Asked) -> Reply:
    told = PAGE.format(host=asked.host, path=asked.path).encode()
    if saved := _saved_pages():
        page = saved[zlib.crc32(asked.host.encode()) % len(saved)].read_bytes()
        return Reply(
            headers=(("content-type", "text/html"),), body=page + b"<!-- origin-ok %b -->" % asked.host.encode()
        )
    return Reply(body=told)


_TYPES = {".html": "text/html; charset=utf-8", ".png": "image/png", ".gif": "image/gif", ".jpg": "image/jpeg",
          ".svg": "image/svg+xml", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
          ".ttf": "font/ttf", ".ico": "image/x-icon", ".woff2": "font/woff2", ".mp4": "video/mp4"}  # fmt: skip


def _served(asked: Asked) -> Reply | None:
    """A file a test has put into ``$HEDGEROW_LAB_SERVED/HOST/``, for any origin to read; None for other hosts."""
    folder = Path(os.environ.get("HEDGEROW_LAB_SERVED", "/nonexistent")) / asked.host
    if not folder.is_dir():
        return None
    path = folder / (asked.path.strip("/") or "index.html")
    if ".." in path.parts or not path.is_file():
        return Reply(404, (("content-type", "text/plain"),), b"origin-ok: no such file")
    return Reply(
        headers=(("content-type", _TYPES.get(path.suffix, "text/html")), ("access-control-allow-origin", "*")),
        body=path.read_bytes(),
    )


def _text(asked: Asked) -> Reply:
    """``/_text?words=...&type=...&coding=gzip``: a body made of the words asked for."""
    kind = asked.first("type", "text/html; charset=utf-8")
    body = asked.first("words").encode()
    if asked.first("coding") == "gzip":
        return Reply(headers=(("content-type", kind), ("content-encoding", "gzip")), body=gzip.compress(body))
    return Reply(headers=(("content-type", kind),), body=body)


def _said(asked: Asked) -> Reply:
    """``/_said?n=NAME``: a page that says listed phrases without having them in its address; in 7-byte chunks."""
    kind, coding, body = spelled.body(asked.first("n")) or said.body(asked.first("n"))
    headers = tuple((n, v) for n, v in (("content-type", kind), ("content-encoding", coding)) if v)
    pieces = (body[at : at + 7] for at in range(0, len(body), 7)) if asked.first("cut") else None
    return Reply(headers=headers, body=body, chunks=pieces)


def _coded(asked: Asked) -> Reply:
    """``/_coded?as=CODING``: bytes nobody can read, in a coding of the caller's choice."""
    headers = (("content-type", "text/html"), ("content-encoding", asked.first("as")))
    return Reply(headers=headers, body=bytes(range(255, 0, -1)) * 4)


def _innocent(asked: Asked) -> Reply:
    return Reply(body=said.page(said.INNOCENT[asked.first("n")]))


def _silent(asked: Asked) -> Reply:
    """``/_silent?n=NAME&pad=N``: phrases where nobody sees them, behind N bytes of a page."""
    words = "<p>frogs and ponds</p>" * (int(asked.first("pad")) // 22)
    return Reply(body=said.page(words + said.SILENT[asked.first("n")]))


def _bundle(asked: Asked) -> Reply:
    """``?lab=said&type=...`` on any host and path: the listed phrases as that type."""
    kind = asked.first("type")
    body = said.PAGE if "html" in kind else json.dumps({"words": said.ALL}).encode()
    return Reply(headers=(("content-type", kind),), body=body)


def _ranged(asked: Asked) -> Reply:
    """``/_range?n=NAME``: what ``_said`` tells, or the part of it that was asked for."""
    kind, coding, body = said.body(asked.first("n"))
    headers = tuple((n, v) for n, v in (("content-type", asked.first("t") or kind), ("content-encoding", coding)) if v)
    wanted = dict(asked.headers).get("range", "").partition("bytes=")[2]
    if not wanted:
        return Reply(headers=headers, body=body)
    first, _, last = wanted.partition("-")
    end = int(last) + 1 if last else len(body)
    told = f"bytes {first}-{end - 1}/{len(body)}"
    return Reply(206, (*headers, ("content-range", told)), body[int(first) : end])


def _kept(asked: Asked) -> Reply:
    """``/_kept?n=NAME``: 304 to whoever has it already."""
    names = dict(asked.headers)
    if "if-none-match" in names or "if-modified-since" in names:
        return Reply(304, (("etag", '"1"'),))
    return _said(asked)


def _long(asked: Asked) -> Reply:
    """``/_long?at=N&of=M``: M bytes of plain text of one endless word, with a heavy phrase between blanks at N."""
    at, size = int(asked.first("at")), int(asked.first("of"))
    phrase = f" {said.FOREIGN['vi']} ".encode()
    body = (b"pond" * (at // 4 + 1))[:at] + phrase
    body += (b"frog" * (size // 4 + 1))[: max(size - len(body), 0)]
    headers = (("content-type", asked.first("type", "text/plain; charset=utf-8")),)
    if coding := asked.first("coding"):
        return Reply(headers=(*headers, ("content-encoding", coding)), body=said.CODINGS[coding](body))
    return Reply(headers=headers, chunks=(body[start : start + 50_000] for start in range(0, len(body), 50_000)))


def _stream(asked: Asked) -> Reply:
    """``/_stream?n=FORM``: a chat's reply in bits; ``coding``, ``every`` seconds a bit, ``text=harmless``, ``as`` a
    media type, ``cut``: in pieces of seven bytes, whatever is an event."""
    form, coding = asked.first("n"), asked.first("coding")
    told = {"harmless": streams.HARMLESS, "long": "frog pond " * 20_000}.get(asked.first("text"), streams.TOLD)
    pieces = streams.events(form, told, int(asked.first("size", "3")))
    if asked.first("cut"):
        whole = b"".join(pieces)
        pieces = [whole[at : at + 7] for at in range(0, len(whole), 7)]
    named = {"gzip-whole": "gzip", "raw": "deflate"}.get(coding, coding)
    headers = (
        ("content-type", asked.first("as") or streams.media(form)),
        *((("content-encoding", named),) if named else ()),
    )
    return Reply(headers=headers, chunks=streams.packed(coding, pieces), every=float(asked.first("every", "0")))


def _echo(asked: Asked) -> Reply:
    """The request, told back."""
    told = {"method": asked.method, "host": asked.host, "headers": asked.headers, "body": asked.body.decode("latin-1")}
    return Reply(headers=(("content-type", "text/plain"),), body=json.dumps(told).encode())


def _set(asked: Asked) -> Reply:
    """``/_set?name=value``: response headers of the caller's choice."""
    own = tuple((name, value) for name, values in asked.query.items() for value in values)
    return Reply(
        headers=(("content-type", "text/html"), *own), body=PAGE.format(host=asked.host, path="/_set").encode()
    )


def _trailers(asked: Asked) -> Reply:
    return Reply(chunks=iter([b"<p>origin-ok ", b"with trailer"]), trailers=(("x-checksum", "42"),))


def _status(asked: Asked) -> Reply:
    to = asked.first("to")
    return Reply(int(asked.first("code", "302")), (("location", to), ("content-type", "text/html")) if to else ())


def _switch(asked: Asked) -> Reply:
    """Agrees to any protocol the client names, then speaks raw (evasion C19)."""
    return Reply(
        raw=b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: foo\r\n\r\nRAW-TUNNEL-OPEN\r\n"
    )


_OK, _END = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n", b"\r\n\r\n"
_CHUNKED = b"9\r\norigin-ok\r\n0\r\n\r\n"
ODD: dict[str, bytes] = {
    "two-lengths": _OK + b"content-length: 4\r\ncontent-length: 9" + _END + b"origin-ok",
    "one-length-twice": _OK + b"content-length: 9\r\ncontent-length: 9" + _END + b"origin-ok",
    "length-list": _OK + b"content-length: 9, 9" + _END + b"origin-ok",
    "length-plus": _OK + b"content-length: +9" + _END + b"origin-ok",
    "length-minus": _OK + b"content-length: -9" + _END + b"origin-ok",
    "length-hex": _OK + b"content-length: 0x9" + _END + b"origin-ok",
    "length-and-chunked": _OK + b"content-length: 4\r\ntransfer-encoding: chunked" + _END + _CHUNKED,
    "chunked-and-length": _OK + b"transfer-encoding: chunked\r\ncontent-length: 9" + _END + _CHUNKED,
    "xchunked": _OK + b"transfer-encoding: xchunked" + _END + _CHUNKED,
    "chunked-identity": _OK + b"transfer-encoding: chunked, identity" + _END + _CHUNKED,
    "chunked-twice": _OK + b"transfer-encoding: chunked\r\ntransfer-encoding: chunked" + _END + _CHUNKED,
    "space-before-colon": _OK + b"transfer-encoding : chunked" + _END + _CHUNKED,
    "vertical-tab": _OK + b"transfer-encoding: \x0bchunked" + _END + _CHUNKED,
    "bare-cr": _OK + b"x-a: b\rset-cookie: c=d\r\ncontent-length: 9" + _END + b"origin-ok",
    "nul": _OK + b"x-a: b\x00c\r\ncontent-length: 9" + _END + b"origin-ok",
    "folded": _OK + b"x-a: b\r\n content-length: 4\r\ncontent-length: 9" + _END + b"origin-ok",
    "name-with-space": _OK + b"x a: b\r\ncontent-length: 9" + _END + b"origin-ok",
    "no-colon": _OK + b"content-length 9" + _END + b"origin-ok",
    "bad-chunk": _OK + b"transfer-encoding: chunked" + _END + b"ffffffffffffffff\r\norigin-ok",
    "version": b"HTTP/9.9 200 OK\r\ncontent-length: 9" + _END + b"origin-ok",
    "no-version": b"origin-ok, the whole of it\r\n\r\n",
    "status": b"HTTP/1.1 20x OK\r\ncontent-length: 9" + _END + b"origin-ok",
}
"""Answers that two readers may cut in two ways (C21)."""

_SECOND = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 8\r\n\r\nsmuggled"


def _odd(asked: Asked) -> Reply:
    return Reply(raw=ODD[asked.first("n")])


def _split(asked: Asked) -> Reply:
    """An answer, and behind it one to a question that was never asked (C21)."""
    length = asked.first("length", "9")
    return Reply(raw=_OK + b"content-length: %b" % length.encode() + _END + b"origin-ok" + _SECOND)


def _empty(asked: Asked) -> Reply:
    """What many servers say to a preflight: a page without a word. ``?length``: over h2, where it is not told else."""
    told = (("content-length", "0"),) if asked.first("length") else ()
    return Reply(headers=(("content-type", "text/html"), *told, ("access-control-allow-origin", "*")))


def _drip(asked: Asked) -> Reply:
    """An answer of the type ``?t=`` that has begun and does not end for a minute."""
    return Reply(headers=(("content-type", asked.first("t", "text/event-stream")),), body=b"data: a\n\n", pause=60)


def _slow(asked: Asked) -> Reply:
    return Reply(body=b"<p>origin-ok slow", pause=float(asked.first("seconds", "1")))


def _huge(asked: Asked) -> Reply:
    block = (b"origin-ok " * 6554)[:65536]
    size = int(asked.first("mb", "16"))
    kind = asked.first("type", "application/octet-stream")
    return Reply(headers=(("content-type", kind),), chunks=(block for _ in range(size * 16)))


PATHS: dict[str, Callable[[Asked], Reply]] = {
    "/_text": _text,
    "/_said": _said,
    "/_echo": _echo,
    "/_stream": _stream,
    "/_coded": _coded,
    "/_range": _ranged,
    "/_innocent": _innocent,
    "/_silent": _silent,
    "/_kept": _kept,
    "/_long": _long,
    "/_set": _set,
    "/_trailers": _trailers,
    "/_status": _status,
    "/_switch": _switch,
    "/_odd": _odd,
    "/_split": _split,
    "/_empty": _empty,
    "/_slow": _slow,
    "/_drip": _drip,
    "/_huge": _huge,
}


def answer(method: str, host: str, target: str, headers: tuple[Header, ...], body: bytes) -> Reply:
    """The origin's answer to one request."""
    path, _, query = target.partition("?")
    asked = Asked(method, host, path, parse_qs(query, keep_blank_values=True), headers, body)
    if asked.first("lab") == "said":
        return _bundle(asked)
    return _served(asked) or PATHS.get(path, _page)(asked)
