"""What is taken as a form of ours, and what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import pytest
from starlette.requests import Request

from hedgerow.portal import forms
from hedgerow.portal.forms import BadForm, FormTokens, from_a_page_of_ours, read_form

FORM = "application/x-www-form-urlencoded"


def request(body: Iterable[bytes] = (), headers: Mapping[str, str] | None = None) -> Request:
    fields = {"content_type": FORM, **(headers or {})}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()]
    waiting = list(body)

    async def receive() -> dict[str, object]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": True}
        return {"type": "http.request", "body": b"", "more_body": False}

    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw, "query_string": b""}, receive)


def test_fields_are_read_the_first_of_each_name() -> None:
    found = asyncio.run(read_form(request([b"a=1&b=%D1%82", b"%D1%82&a=2&c="])))
    assert found == {"a": "1", "b": "тт", "c": ""}


@pytest.mark.parametrize(
    "body, headers, reason, status",
    [
        ([b"x=" + b"y" * forms.BODY_LIMIT], {}, "size", 413),
        ([b"x" * 1000] * 70, {}, "size", 413),
        ([b"a=1&" * 20], {}, "form", 400),
        ([b'{"kind": "help"}'], {"content_type": "application/json"}, "form", 415),
        ([b"kind=help"], {"content_type": "text/plain"}, "form", 415),  # what a cross-site form can send unasked
        ([b"kind=help"], {"content_type": "multipart/form-data; boundary=x"}, "form", 415),
    ],
)
def test_what_is_no_form_of_ours(body: list[bytes], headers: dict[str, str], reason: str, status: int) -> None:
    with pytest.raises(BadForm) as bad:
        asyncio.run(read_form(request(body, headers)))
    assert (bad.value.reason, bad.value.status) == (reason, status)


def test_bytes_that_are_no_text_are_replaced_not_refused() -> None:
    assert asyncio.run(read_form(request([b"text=%ff%fe\xff"]))) == {"text": "\ufffd" * 3}


def test_a_sender_who_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "READ_SECONDS", 0.05)

    async def receive() -> dict[str, object]:
        await asyncio.sleep(30)
        return {}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", FORM.encode())]}
    with pytest.raises(BadForm, match="slow"):
        asyncio.run(read_form(Request(scope, receive)))


@pytest.mark.parametrize(
    "headers, ours",
    [
        ({}, True),  # an old browser over http: the token alone must do
        ({"origin": "null"}, True),  # no-referrer makes it so
        ({"origin": "https://blocked.test"}, True),
        ({"origin": "https://evil.test"}, False),
        ({"origin": "https://blocked.test.evil.test"}, False),
        ({"origin": "https://["}, False),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "cross-site", "origin": "null"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"}, False),  # the site's own script
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"}, False),
    ],
)
def test_who_sent_the_form(headers: dict[str, str], ours: bool) -> None:
    assert from_a_page_of_ours(request(headers=headers), "blocked.test") is ours


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_token_is_for_one_person_one_purpose_and_two_hours() -> None:
    clock = Clock()
    tokens = FormTokens(b"k" * 32, clock)
    token = tokens.sign("10.0.0.1", "report")
    assert tokens.verify(token, "10.0.0.1", "report")
    assert not tokens.verify(token, "10.0.0.2", "report")
    assert not tokens.verify(token, "10.0.0.1", "other")
    assert not FormTokens(b"j" * 32, clock).verify(token, "10.0.0.1", "report")
    clock.now += forms.TOKEN_SECONDS + 1
    assert not tokens.verify(token, "10.0.0.1", "report")


@pytest.mark.parametrize("token", ["", ".", "x.y", "ffff.", "\udcff.\udcff", "f" * 10_000, "1.2.3", "-1." + "0" * 64])
def test_no_text_is_a_token_by_chance(token: str) -> None:
    assert not FormTokens(b"k" * 32).verify(token, "10.0.0.1", "report")


def test_a_token_cannot_be_made_younger() -> None:
    clock = Clock()
    tokens = FormTokens(b"k" * 32, clock)
    _, _, mac = tokens.sign("p", "report").partition(".")
    clock.now += forms.TOKEN_SECONDS * 2
    assert not tokens.verify(f"{int(clock.now):x}.{mac}", "p", "report")
