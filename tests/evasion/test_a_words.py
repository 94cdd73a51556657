"""Group A, what is typed: a phrase in the query (A25) and in a posted body (A26), however it is written.

The school's own list has a phrase that stands nowhere else; ``allowed.test`` is open until it is typed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from urllib.parse import quote

import brotli
import pytest
import zstandard

from tests.lab.client import Device
from tests.lab.contacts import Watch
from tests.lab.h2client import fields
from tests.lab.school import PHRASE, PHRASE_2
from tests.lab.verdict import assert_refused, assert_served

BAD, WORD = PHRASE_2.split(" ")
U_ESCAPED = "".join(f"%u{ord(c):04x}" for c in PHRASE)
UTF_16 = "".join(f"%{b:02x}" for b in PHRASE.encode("utf-16-le"))
UTF_16_BOM = "".join(f"%{b:02x}" for b in PHRASE.encode("utf-16"))
WIDE = quote("".join(chr(ord(c) + 0xFEE0) for c in PHRASE))

QUERIES = {
    "plus": f"q={BAD}+{WORD}",
    "percent": f"q={BAD}%20{WORD}",
    "twice": f"q={BAD}%2520{WORD}",
    "letter-escaped": f"q=%{ord(PHRASE[0]):02x}{PHRASE[1:]}",
    "letter-twice": f"q=%25{ord(PHRASE[0]):02x}{PHRASE[1:]}",
    "percent-u": f"q={U_ESCAPED}",
    "repeated-key": f"q=pond&q={PHRASE}&q=frog",
    "array-key": f"q[]={PHRASE}",
    "escaped-array-key": f"q%5B%5D={PHRASE}",
    "semicolon": f"a=1;q={PHRASE};b=2",
    "in-the-key": f"{PHRASE}=1",
    "no-key": PHRASE,
    "utf-16": f"q={UTF_16}",
    "utf-16-bom": f"q={UTF_16_BOM}",
    "upper": f"q={PHRASE.upper()}",
    "full-width": f"q={WIDE}",
    "zero-width": f"q={quote(PHRASE[:4] + chr(0x200B) + PHRASE[4:])}",
    "soft-hyphen": f"q={quote(PHRASE[:4] + chr(0xAD) + PHRASE[4:])}",
    "entity": f"q=%26%23{ord(PHRASE[0])}%3B{PHRASE[1:]}",
    "newline": f"q={BAD}%0A{WORD}",
    "tab": f"q={BAD}%09{WORD}",
    "no-break-space": f"q={BAD}%C2%A0{WORD}",
    "last-of-many": "&".join(f"k{n}=pond" for n in range(300)) + f"&q={PHRASE}",
}


@pytest.mark.parametrize("vehicle", ["plain", "h1", "h2"])
@pytest.mark.parametrize("query", [pytest.param(q, id=f"A25-{name}") for name, q in QUERIES.items()])
def test_query(pupil: Device, watch: Watch, query: str, vehicle: str) -> None:
    path = f"/find?{query}"
    if vehicle == "plain":
        reply = pupil.http("allowed.test", path)
    elif vehicle == "h1":
        reply = pupil.https("allowed.test", f"GET {path} HTTP/1.1\r\nHost: allowed.test\r\n\r\n".encode())
    else:
        reply = pupil.h2("allowed.test", fields("allowed.test", path))
    assert_refused(reply, {403}, watch)
    assert not watch.requests()


@pytest.mark.parametrize(
    "query", ["q=pond", f"q={PHRASE}s", f"q=x{PHRASE}", f"q={BAD}", f"q={WORD}+{BAD}", "q=%", "q=%u", "&;="]
)
def test_A25_neighbours_stay_open(pupil: Device, query: str) -> None:
    assert_served(pupil.http("allowed.test", f"/find?{query}"))


def _search(engine: str) -> tuple[str, str]:
    words = PHRASE_2.replace(" ", "+")
    return {
        "google": ("www.google.com", f"/search?q={words}"),
        "google-vn": ("www.google.com.vn", f"/search?q={words}"),
        "bing": ("www.bing.com", f"/search?q={words}"),
        "duckduckgo": ("duckduckgo.com", f"/?q={words}"),
        "youtube": ("www.youtube.com", f"/results?search_query={words}"),
    }[engine]


@pytest.mark.parametrize("engine", ["google", "google-vn", "bing", "duckduckgo", "youtube"])
def test_A25_searches(teen: Device, watch: Watch, engine: str) -> None:
    host, path = _search(engine)
    reply = teen.https(host, f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert_refused(reply, {403}, watch)
    assert not watch.requests()


MULTIPART = (
    f'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\npond\r\n--edge\r\n'
    f'Content-Disposition: form-data; name="text"\r\n\r\nsay {PHRASE} now\r\n--edge--\r\n'
).encode()
FORM = f"a=pond&text=say+{PHRASE}+now".encode()
JSON = json.dumps({"a": [1, {"text": f"say {PHRASE} now"}]}).encode()
ESCAPED = ('{"text": "' + "".join(f"\\u{ord(c):04x}" for c in PHRASE) + '"}').encode()
LONG = json.dumps({"pad": "pond" * 40_000, "text": f"say {PHRASE} now"}).encode()  # read beside the loop
FORM_TYPE, JSON_TYPE = "application/x-www-form-urlencoded", "application/json"

BODIES: dict[str, tuple[str, str, bytes]] = {
    "form": (FORM_TYPE, "", FORM),
    "form-charset": (FORM_TYPE + "; charset=UTF-8", "", FORM),
    "form-upper-type": (FORM_TYPE.upper(), "", FORM),
    "multipart": ("multipart/form-data; boundary=edge", "", MULTIPART),
    "multipart-quoted": ('multipart/form-data; boundary="edge"', "", MULTIPART),
    "json": (JSON_TYPE, "", JSON),
    "json-escapes": (JSON_TYPE, "", ESCAPED),
    "json-problem": ("application/vnd.api+json", "", JSON),
    "plain": ("text/plain", "", f"say {PHRASE} now".encode()),
    "no-type": ("", "", FORM),
    "gzip-form": (FORM_TYPE, "gzip", gzip.compress(FORM)),
    "gzip-json": (JSON_TYPE, "gzip", gzip.compress(JSON)),
    "deflate-form": (FORM_TYPE, "deflate", zlib.compress(FORM)),
    "brotli-json": (JSON_TYPE, "br", brotli.compress(JSON)),
    "zstd-form": (FORM_TYPE, "zstd", zstandard.compress(FORM)),
    "gzip-unannounced": (FORM_TYPE, "", gzip.compress(FORM)),
    "gzip-long": (
        JSON_TYPE,
        "gzip",
        gzip.compress(json.dumps({"pad": "pond" * 40_000, "text": f"say {PHRASE}"}).encode()),
    ),
    "long": (JSON_TYPE, "", json.dumps({"pad": "pond" * 40_000, "text": f"say {PHRASE}"}).encode()),
    "gzip-twice": (FORM_TYPE, "gzip, gzip", gzip.compress(gzip.compress(FORM))),
}


@pytest.mark.parametrize("version", ["h1", "h1-chunked", "h2"])
@pytest.mark.parametrize("kind, coding, body", [pytest.param(*row, id=f"A26-{name}") for name, row in BODIES.items()])
def test_posted(pupil: Device, watch: Watch, kind: str, coding: str, body: bytes, version: str) -> None:
    extra = [(n, v) for n, v in (("content-type", kind), ("content-encoding", coding)) if v]
    if version == "h2":
        reply = pupil.h2("allowed.test", fields("allowed.test", "/_echo", "POST", *extra), body)
    else:
        reply = pupil.https("allowed.test", _post(extra, body, version == "h1-chunked"))
    assert_refused(reply, {403}, watch)
    assert not watch.requests(), "the words left the school before they were judged"


def _post(extra: list[tuple[str, str]], body: bytes, chunked: bool) -> bytes:
    length = ("transfer-encoding", "chunked") if chunked else ("content-length", str(len(body)))
    lines = ["POST /_echo HTTP/1.1", "host: allowed.test", *(f"{n}: {v}" for n, v in [*extra, length])]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    if not chunked:
        return head + body
    pieces = [body[at : at + 3] for at in range(0, len(body), 3)]
    return head + b"".join(b"%x;x=1\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("kind", [FORM_TYPE, JSON_TYPE, "application/grpc-web+proto"])
def test_A26_innocent_bodies_pass(pupil: Device, kind: str) -> None:
    """The origin gets the body as it was sent. A phrase inside protobuf is a published limit."""
    body = b"a=pond&text=frogs" if "json" not in kind else b'{"text": "frogs"}'
    reply = pupil.https("allowed.test", _post([("content-type", kind)], body, False))
    assert reply.status == 200 and b'"body"' in reply.body and b"frogs" in reply.body
