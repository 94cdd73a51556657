"""Neighbours of group D: an answer, or a posted body, that calls itself something else than what it is."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.said import PHRASES

UNKNOWN = "nobody-knows.test"
HTML = "<!doctype html><script>alert(1)</script><h1>a page</h1>"


def typed(kind: str, words: str = HTML) -> str:
    return f"/_text?words={quote(words)}&type={quote(kind)}"


@pytest.mark.parametrize(
    "kind",
    [
        "image/png, text/html",
        "image/png;a=b, text/html",
        "text/css,text/html;charset=utf-8",
        "*/*",
        "text/html",
        "",
        "application/octet-stream",
        "application/xhtml+xml",
        "text/plain",
        "application/pdf",
        "multipart/x-mixed-replace;boundary=x",
    ],
)
def test_N01_a_page_of_an_unknown_site_is_a_page_whatever_it_is_called(teen: Device, kind: str) -> None:
    reply = teen.https(UNKNOWN, get(UNKNOWN, typed(kind)))
    if kind == "application/octet-stream":
        assert reply.status in (200, 403) and (
            reply.status == 403 or reply.header("x-content-type-options") == "nosniff"
        )
    else:
        assert (reply.status, reply.action) == (403, "warn"), str(reply)


@pytest.mark.parametrize("kind", ["image/png", "image/png, image/gif", "font/woff2", "text/css", "text/javascript"])
def test_N02_a_part_of_an_unknown_site_stays_what_it_was_judged_as(teen: Device, kind: str) -> None:
    reply = teen.https(UNKNOWN, get(UNKNOWN, typed(kind)))
    assert reply.status == 200 and reply.header("x-content-type-options") == "nosniff", str(reply)
    assert "," not in reply.header("content-type")


def test_N03_a_drawing_is_drawn_and_not_opened(teen: Device) -> None:
    reply = teen.https(UNKNOWN, get(UNKNOWN, typed("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>")))
    assert reply.status == 200, str(reply)
    assert reply.header("content-disposition") == "attachment" and reply.header("content-security-policy") == "sandbox"


@pytest.mark.parametrize("kind", ["image/png, text/html", "text/css, text/html"])
def test_N04_words_are_read_in_what_the_browser_will_show(pupil: Device, kind: str) -> None:
    reply = pupil.https("allowed.test", get("allowed.test", typed(kind, f"<html><p>{PHRASES[0]} " * 3)))
    assert (reply.status, reply.action) == (403, "block"), str(reply)


@pytest.mark.parametrize("code", [300, 304, 305, 306])
def test_N05_only_a_redirect_shows_nothing(teen: Device, code: int) -> None:
    reply = teen.https(UNKNOWN, get(UNKNOWN, f"/_status?code={code}&to=/elsewhere"))
    assert reply.status == 403 or not reply.body, str(reply)


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "image/png",
        "application/csp-report",
        "application/grpc-web+proto",
        "",
    ],
)
def test_N06_posted_words_are_read_whatever_they_are_called(pupil: Device, watch: Watch, kind: str) -> None:
    body = f"message=you+{PHRASES[0]}".encode()
    head = f"POST /_echo HTTP/1.1\r\nHost: allowed.test\r\nContent-Length: {len(body)}\r\n"
    head += f"Content-Type: {kind}\r\n" if kind else ""
    reply = pupil.https("allowed.test", head.encode() + b"\r\n" + body)
    assert (reply.status, reply.action) == (403, "block"), str(reply)
    assert not watch.requests()


def test_N07_a_picture_is_still_posted(pupil: Device) -> None:
    body = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000
    head = (
        f"POST /_echo HTTP/1.1\r\nHost: allowed.test\r\nContent-Type: image/png\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    assert pupil.https("allowed.test", head.encode() + body).status == 200
