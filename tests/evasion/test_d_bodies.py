"""Group D: how a body is written. Listed phrases stand in the page; the answer must be ours, whatever its bytes are.

The forms themselves stand in ``tests/lab/said.py`` and are run over h1, h2 and in seven-byte pieces by
``tests/e2e/test_page_words.py``; here are the cases by their numbers, and what has no form of its own.
"""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.h2client import fields
from tests.lab.said import ALL, CLOSED, FOREIGN, OPEN, PAGE
from tests.lab.verdict import assert_served
from tests.lab.wire import Reply

LIMIT = 2 * 1024 * 1024
"""Bytes of a body that are judged (deploy/LIMITS.md)."""

CASES = {
    "D01": ("identity", "gzip", "deflate", "deflate-raw", "br", "zstd"),
    "D02": ("gzip, gzip", "br, gzip"),
    "D03": ("x-gzip",),
    "D05": ("says-gzip-is-plain", "gzip-unannounced"),
    "D06": ("truncated-gzip", "gzip-garbage", "gzip-two-members"),
    "D08": ("no-charset", "no-type", "octet-stream", *(name for name in CLOSED if name.endswith(("-meta", "-xml")))),
    "D09": ("bogus-charset",),
    "D10": ("utf-16", "utf-16-bom"),
    "D13": tuple(name for name in CLOSED if name.endswith(("-sniffed", "-called-utf-8", "-against-header"))),
}
LISTED = [pytest.param(name, id=f"{case}-{name}") for case, names in CASES.items() for name in names]


def fetch(device: Device, path: str, *more: str, version: str = "h1") -> Reply:
    if version == "h2":
        return device.h2("allowed.test", fields("allowed.test", path))
    return device.https("allowed.test", get("allowed.test", path, *more))


def closed(reply: Reply) -> None:
    assert reply.status == 403 and reply.action == "block" and b"origin-ok" not in reply.body, str(reply)


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("name", LISTED)
def test_read(pupil: Device, name: str, version: str) -> None:
    closed(fetch(pupil, f"/_said?n={quote(name)}", version=version))


@pytest.mark.parametrize("name", [name for name in OPEN if name.endswith("-harmless")])
def test_D13_the_same_pages_without_the_phrase_are_open(pupil: Device, name: str) -> None:
    assert_served(fetch(pupil, f"/_said?n={name}"))


@pytest.mark.parametrize(
    "coding", ["gzip, gzip, gzip", "br, br, br, br", "bogus", "compress", "dcb", "dcz", "aes128gcm"]
)
def test_D02_D07_what_cannot_be_undone_is_the_bands_verdict(pupil: Device, coding: str) -> None:
    closed(fetch(pupil, f"/_coded?as={quote(coding)}"))


def test_D07_no_dictionaries_are_offered(pupil: Device, watch: Watch) -> None:
    offered = (
        "Accept-Encoding: dcb, dcz, gzip",
        "Available-Dictionary: :pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=:",
    )
    fetch(pupil, "/", *offered, 'Dictionary-ID: "x"')
    head = watch.requests("allowed.test")[0].head.lower()
    assert "dcb" not in head and "dcz" not in head and "dictionary" not in head and "gzip" in head


PHRASE = len(f" {FOREIGN['vi']} ".encode())
INSIDE = {"first-byte": 0, "ends-before-the-limit": LIMIT - PHRASE - 3, "ends-at-the-limit": LIMIT - PHRASE}


@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd"])
@pytest.mark.parametrize("at", list(INSIDE))
def test_D14_D15_the_first_two_megabytes_are_read(pupil: Device, at: str, coding: str) -> None:
    """Whatever follows: not one byte of it has been sent when the answer is known."""
    closed(fetch(pupil, f"/_long?at={INSIDE[at]}&of={LIMIT + 900_000}&coding={coding}"))


@pytest.mark.parametrize("type", ["text/html", "text/plain", "application/xhtml+xml", ""])
def test_D15_padding_does_not_help(pupil: Device, type: str) -> None:
    closed(fetch(pupil, f"/_long?at=500&of={LIMIT * 2}&type={type}", version="h2"))


@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("at", [LIMIT - 3, LIMIT + 3, LIMIT + 800_000])
def test_D14_what_stands_behind_them_passes(pupil: Device, at: int, coding: str) -> None:
    """The published limit: the rest streams on unread, byte by byte as it was."""
    reply = fetch(pupil, f"/_long?at={at}&of={LIMIT + 900_000}&coding={coding}")
    assert reply.status == 200 and not reply.action and not reply.error
    assert coding or (len(reply.body) == LIMIT + 900_000 and FOREIGN["vi"].encode() in reply.body)


@pytest.mark.parametrize("name", ["html", "gzip", "br", "zstd", "json", "utf-16"])
def test_D16_words_in_two_pieces(pupil: Device, name: str) -> None:
    closed(fetch(pupil, f"/_said?n={name}&cut=1"))
    closed(fetch(pupil, f"/_said?n={name}&cut=1", version="h2"))


@pytest.mark.parametrize("part", ["0-20", "21-60", "5-", "60-90"])
@pytest.mark.parametrize("name", ["html", "plain", "json"])
def test_D17_no_parts_of_texts(pupil: Device, name: str, part: str) -> None:
    reply = fetch(pupil, f"/_range?n={name}", f"Range: bytes={part}")
    assert reply.status in (403, 416) and reply.action, str(reply)


def test_D17_parts_of_films_pass(pupil: Device) -> None:
    reply = fetch(pupil, "/_range?n=html&t=video/mp4", "Range: bytes=0-9")
    assert reply.status == 206 and len(reply.body) == 10


@pytest.mark.parametrize("condition", ['If-None-Match: "1"', "If-Modified-Since: Mon, 01 Jun 2026 10:00:00 GMT"])
def test_D19_what_the_browser_has_kept_is_read_again(pupil: Device, condition: str) -> None:
    closed(fetch(pupil, "/_kept?n=html", condition))


def test_D19_pictures_may_stay_where_they_are(pupil: Device, watch: Watch) -> None:
    fetch(pupil, "/logo.png", 'If-None-Match: "1"')
    assert "if-none-match" in watch.requests("allowed.test")[0].head.lower()


def test_D20_head_then_get(pupil: Device) -> None:
    head = pupil.https("allowed.test", get("allowed.test", "/_said?n=html", method="HEAD"), method="HEAD")
    assert not head.body
    closed(fetch(pupil, "/_said?n=html"))


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "font/woff2", "image/png, text/html"])
def test_D20_a_page_by_another_name(pupil: Device, kind: str) -> None:
    reply = fetch(pupil, f"/_range?n=html&t={quote(kind)}")
    assert reply.status == 403 or reply.header("x-content-type-options") == "nosniff", str(reply)


DOCUMENTS = {
    "percent": "data:text/html," + quote(f"<p>say {ALL} now"),
    "base64": "data:text/html;base64," + base64.b64encode(PAGE).decode(),
    "charset": "data:text/html;charset=windows-1251;base64,"
    + base64.b64encode(FOREIGN["ru"].encode("cp1251")).decode(),
    "plain": "DATA:," + quote(f"say {ALL}"),
}


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("form", list(DOCUMENTS))
def test_D23_documents_in_a_query(pupil: Device, watch: Watch, form: str, times: int) -> None:
    address = DOCUMENTS[form]
    for _ in range(times):
        address = quote(address, safe="")
    closed(fetch(pupil, f"/view?url={address}"))
    assert not watch.requests()


def test_D23_a_harmless_document_passes(pupil: Device) -> None:
    assert_served(fetch(pupil, "/view?url=" + quote("data:text/html,<p>frogs and ponds", safe="")))
