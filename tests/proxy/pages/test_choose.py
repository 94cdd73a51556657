from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.proxy.pages.choose import choose_answer, choose_language
from hedgerow.proxy.pages.model import AnswerType

OFFERED = ("vi", "en", "fa", "kk", "ru")


@pytest.mark.parametrize(
    "method, headers, upgrade, answer",
    [
        ("GET", {"sec-fetch-dest": "document", "accept": "text/html"}, "", AnswerType.PAGE),
        ("GET", {"sec-fetch-dest": "image"}, "", AnswerType.IMAGE),
        ("GET", {"sec-fetch-dest": "script"}, "", AnswerType.SCRIPT),
        ("GET", {"sec-fetch-dest": "style"}, "", AnswerType.STYLE),
        ("GET", {"sec-fetch-dest": "font"}, "", AnswerType.FONT),
        ("GET", {"sec-fetch-dest": "video"}, "", AnswerType.VIDEO),
        ("GET", {"sec-fetch-dest": "empty", "accept": "*/*"}, "", AnswerType.JSON),
        ("GET", {"sec-fetch-dest": "empty", "accept": "text/html"}, "", AnswerType.JSON),  # a page is for people
        ("POST", {"accept": "application/json"}, "", AnswerType.JSON),
        ("POST", {"accept": "text/html,application/xhtml+xml"}, "", AnswerType.PAGE),
        ("GET", {"accept": "image/avif,image/webp"}, "", AnswerType.IMAGE),
        ("GET", {"accept": "text/css,*/*"}, "", AnswerType.STYLE),
        ("GET", {"accept": "*/*"}, "", AnswerType.PAGE),  # curl: a person reads it
        ("GET", {}, "", AnswerType.PAGE),
        *(
            ("GET", {"sec-fetch-dest": dest, "accept": "text/html"}, "", AnswerType.FRAME)
            for dest in ("iframe", "frame", "fencedframe", "embed", "object")
        ),
        *(
            ("GET", {"accept": accept}, "", AnswerType.EMPTY)
            for accept in ("text/event-stream", "application/xml", "application/dns-message", "application/grpc")
        ),
        ("POST", {"content-type": "application/grpc+proto"}, "", AnswerType.EMPTY),
        ("POST", {"content-type": "application/grpc", "accept": "*/*"}, "", AnswerType.EMPTY),
        ("POST", {"content-type": "application/dns-message", "accept": "*/*"}, "", AnswerType.EMPTY),
        ("GET", {"accept": "application/dns-json"}, "", AnswerType.JSON),
        ("GET", {"accept": "application/xml,text/html;q=0.9"}, "", AnswerType.PAGE),
        ("POST", {"content-type": "application/x-www-form-urlencoded", "accept": "*/*"}, "", AnswerType.PAGE),
        ("HEAD", {"accept": "text/html"}, "", AnswerType.HEAD),
        ("OPTIONS", {"accept": "*/*"}, "", AnswerType.EMPTY),
        ("GET", {"accept": "*/*"}, "websocket", AnswerType.EMPTY),
    ],
)
def test_choose_answer(method: str, headers: dict[str, str], upgrade: str, answer: AnswerType) -> None:
    assert choose_answer(method, headers, upgrade) is answer


@pytest.mark.parametrize(
    "path, accept, answer",
    [
        ("/a/pond.PNG", "*/*", AnswerType.IMAGE),
        ("/favicon.ico", "", AnswerType.IMAGE),
        ("/lib.min.js", "*/*", AnswerType.SCRIPT),
        ("/letters.woff2", "*/*", AnswerType.FONT),
        ("/film.mp4", "*/*", AnswerType.VIDEO),
        ("/api.json", "*/*", AnswerType.JSON),
        ("/pond.png", "text/html,*/*", AnswerType.PAGE),  # typed into the address bar: a person reads the answer
        ("/live.m3u8", "application/vnd.apple.mpegurl", AnswerType.VIDEO),
        ("/png", "*/*", AnswerType.PAGE),
        ("/page.html", "*/*", AnswerType.PAGE),
    ],
)
def test_over_plain_http_the_end_of_the_path_tells(path: str, accept: str, answer: AnswerType) -> None:
    """Browsers send Sec-Fetch-Dest to trustworthy addresses only."""
    assert choose_answer("GET", {"accept": accept}, "", path) is answer


@pytest.mark.parametrize(
    "accept, language",
    [
        ("", "vi"),
        ("fa-IR,fa;q=0.9,en;q=0.8", "fa"),
        ("de,ru;q=0.5,en;q=0.7", "en"),
        ("RU", "ru"),
        ("kk-Cyrl-KZ", "kk"),
        ("en;q=0", "vi"),
        ("de-DE", "vi"),
        ("en;q=nonsense, fa;q=0.1", "fa"),
        ("*", "vi"),
    ],
)
def test_choose_language(accept: str, language: str) -> None:
    assert choose_language(accept, OFFERED) == language


@given(st.text(max_size=400))
def test_a_hostile_accept_language_gets_an_offered_one(accept: str) -> None:
    assert choose_language(accept, OFFERED) in OFFERED
