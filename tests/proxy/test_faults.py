"""The page of our own fault: in the school's words, with whom to call, for whoever meets it; and it never fails."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from mitmproxy import http

from hedgerow.core.model import Identity
from hedgerow.proxy import apply
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.facts import request_facts
from hedgerow.proxy.faults import FaultPages
from hedgerow.proxy.judged import KEY, Judged
from hedgerow.proxy.services import Services
from hedgerow.stores.messages import shipped_messages
from tests.proxy.flows import flow
from tests.proxy.small_school import NOW, services
from tests.proxy.test_context import decision

__all__ = ["services"]
PAGE = ("accept", "text/html")


def asked(*headers: tuple[str, str], path: str = "/", method: str = "GET") -> http.HTTPFlow:
    return flow(path, headers=[("host", "site.test"), *headers], method=method)


def shown(services: Services, made: http.HTTPFlow, band: str = "") -> http.Response:
    if band:
        identity = Identity("10.8.0.7", band, "pupils")
        facts = request_facts(made, Connection("10.8.0.7"), False)
        made.metadata[KEY] = Judged(services.runtime.current, identity, facts, decision(band=band), NOW)
    FaultPages(services.runtime.current).show(made)
    assert made.response is not None
    return made.response


def test_it_says_whom_to_call_whom_to_ask_and_whose_page_it_is(services: Services) -> None:
    answer = shown(services, asked(PAGE))
    page = answer.text or ""
    assert answer.status_code == 503 and answer.headers["retry-after"] == "60"
    assert 'href="tel:111"' in page and "Our school" in page and "Ask Mr Minh" in page
    assert "http://hedgerow.internal/report?kind=hurt" in page and "<form" not in page


@pytest.mark.parametrize("accepted, language", [("", "en"), ("vi", "vi"), ("kk, ru", "en")])
def test_it_speaks_the_schools_languages(services: Services, accepted: str, language: str) -> None:
    answer = shown(services, asked(PAGE, ("accept-language", accepted)))
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    "band, register, language",
    [("ages-5-7", "young", "en"), ("ages-11-13", "middle", "kk"), ("staff", "staff", "en"), ("", "middle", "en")],
)
def test_it_speaks_as_the_band_does_and_to_a_stranger_plainly(
    services: Services, band: str, register: str, language: str
) -> None:
    made = asked(PAGE)
    page = unescape(shown(services, made, band).text or "")
    assert shipped_messages()[language].get("fault.lead", register) in page and f'<main class="{register}">' in page
    assert not band or made.metadata[KEY].answered


@pytest.mark.parametrize("page", ["ready", "bare"])
@pytest.mark.parametrize(
    "path, headers, media",
    [
        ("/", (("sec-fetch-dest", "image"),), "image/svg+xml"),
        ("/a.png?x=1", (("accept", "*/*"),), "image/svg+xml"),  # over plain http
        ("/a.js", (("sec-fetch-dest", "script"),), "text/javascript"),
        ("/", (("connection", "upgrade"), ("upgrade", "websocket")), "text/plain"),
        ("/api", (("sec-fetch-dest", "empty"),), "application/json"),
    ],
)
def test_a_picture_gets_a_picture(
    services: Services, page: str, path: str, headers: tuple[tuple[str, str], ...], media: str
) -> None:
    made = asked(*headers, path=path)
    if page == "bare":
        apply.fault(made)
    else:
        shown(services, made)
    assert made.response is not None
    assert made.response.headers["content-type"] == media and len(made.response.raw_content or b"") < 400


def test_a_reload_brings_its_own_words(services: Services) -> None:
    snapshot = services.runtime.current
    pages = FaultPages(snapshot)
    pages.load(replace(snapshot, site=replace(snapshot.site, school="Another", languages=("ru",))))
    made = asked(PAGE)
    pages.show(made)
    assert made.response is not None and "Another" in (made.response.text or "")
    assert made.response.headers["content-language"] == "ru"


def test_what_is_in_no_state_to_be_shown_is_left_to_the_bare_page(services: Services) -> None:
    """The guard asks for that one when this one raises (test_handler); it needs nothing that was loaded."""
    made = asked(PAGE, ("accept-language", "ru"))
    apply.fault(made)
    assert made.response is not None and made.response.headers["content-language"] == "ru"
