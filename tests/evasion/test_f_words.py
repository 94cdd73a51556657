"""F12-F14 and A25: searches on every engine, however they are asked for; one event a finished search.

``ages-14-17`` may search; the school's own phrases close a search as typed text.
"""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.said import ALL
from tests.lab.school import PHRASE, PHRASE_2
from tests.lab.verdict import assert_refused
from tests.lab.wire import Reply

Q = PHRASE_2.replace(" ", "+")
SEARCHES = {
    "google-images": ("www.google.kz", f"/search?tbm=isch&q={Q}"),
    "google-videos": ("www.google.com", f"/search?tbm=vid&q={Q}&start=20"),
    "google-xhr": ("www.google.com.vn", f"/search?q={Q}&tch=1&ech=2&psi=x"),
    "google-in-path": ("www.google.com", f"/maps/search/{Q}/@21.0,105.8,13z"),
    "bing-images": ("www.bing.com", f"/images/search?q={Q}"),
    "bing-async": ("www.bing.com", f"/images/async?q={Q}&first=35"),
    "duckduckgo-js": ("links.duckduckgo.com", f"/d.js?q={Q}"),
    "yandex-ru": ("yandex.ru", f"/search/?text={Q}&lr=213"),
    "yandex-kz": ("yandex.kz", f"/images/search?text={Q}"),
    "ya": ("ya.ru", f"/search/?text={Q}"),
    "coccoc": ("coccoc.com", f"/search?query={Q}"),
    "baidu": ("www.baidu.com", f"/s?wd={Q}"),
    "baidu-images": ("image.baidu.com", f"/search/index?tn=baiduimage&word={Q}"),
    "yahoo": ("vn.search.yahoo.com", f"/search;_ylt=abc?p={Q}"),
    "ecosia": ("www.ecosia.org", f"/search?q={Q}"),
    "brave": ("search.brave.com", f"/search?q={Q}"),
    "startpage": ("www.startpage.com", f"/sp/search?query={Q}"),
    "youtube": ("m.youtube.com", f"/results?search_query={Q}"),
    "tiktok": ("www.tiktok.com", f"/api/search/general/full/?keyword={Q}"),
    "wikipedia": ("kk.wikipedia.org", f"/w/index.php?search={Q}"),
    "wikipedia-special": ("fa.wikipedia.org", f"/wiki/{quote('ویژه:جستجو')}?search={Q}"),
    "qwant": ("www.qwant.com", f"/?q={Q}"),
    "mail.ru": ("go.mail.ru", f"/search?q={Q}"),
    "naver": ("search.naver.com", f"/search.naver?query={Q}"),
    "seznam": ("search.seznam.cz", f"/?q={Q}"),
    "yippy": ("yippy.com", f"/search?query={Q}"),
    "suggest-google": ("www.google.com", f"/complete/search?client=gws-wiz&q={Q}"),
    "suggest-bing": ("www.bing.com", f"/AS/Suggestions?qry={Q}"),
    "suggest-ddg": ("duckduckgo.com", f"/ac/?q={Q}"),
}


def refused(reply: Reply, watch: Watch) -> None:
    assert_refused(reply, {403}, watch)
    assert reply.action == "block" and not watch.requests(), str(reply)


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("name", list(SEARCHES))
def test_F14_searches(teen: Device, watch: Watch, name: str, version: str) -> None:
    host, path = SEARCHES[name]
    reply = teen.h2(host, fields(host, path)) if version == "h2" else teen.https(host, get(host, path))
    refused(reply, watch)


def post(device: Device, host: str, path: str, kind: str, body: bytes) -> Reply:
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return device.https(host, head.encode() + body)


CLIENT = {"client": {"clientName": "WEB", "hl": "en", "originalUrl": f"https://www.youtube.com/?was={PHRASE}"}}
FORM = "application/x-www-form-urlencoded"
POSTED = {
    "youtubei": ("www.youtube.com", "/youtubei/v1/search", "application/json", {"context": CLIENT, "query": PHRASE_2}),
    "youtubei-mobile": ("m.youtube.com", "/youtubei/v1/search?prettyPrint=false", "text/plain", {"query": PHRASE}),
    "startpage": ("www.startpage.com", "/sp/search", FORM, f"query={Q}&cat=web"),
    "duckduckgo": ("html.duckduckgo.com", "/html/", FORM, f"q={Q}&b="),
}


@pytest.mark.parametrize("name", list(POSTED))
def test_F14_posted_searches(teen: Device, watch: Watch, name: str) -> None:
    host, path, kind, body = POSTED[name]
    raw = body if isinstance(body, str) else json.dumps(body)
    refused(post(teen, host, path, kind, raw.encode()), watch)


def test_F14_what_describes_the_device_is_no_search(teen: Device) -> None:
    body = json.dumps({"context": CLIENT, "query": "frogs"}).encode()
    assert post(teen, "www.youtube.com", "/youtubei/v1/search", "application/json", body).status == 200


def test_F13_thumbnails_of_what_was_searched(teen: Device, watch: Watch) -> None:
    """A picture's address can carry the search it belongs to."""
    host = "th.bing.com"
    refused(teen.https(host, get(host, f"/th?q={Q}&w=120")), watch)


def events(gateway: Gateway, mark: str) -> list[dict[str, str]]:
    lines = gateway.cli("events", "--json").stdout.splitlines()
    return [event for line in lines if mark in (event := json.loads(line)).get("url", "")]


def test_F14_one_event_a_finished_search(teen: Device, gateway: Gateway) -> None:
    """Letters, pages and pictures of one search make one event for a person in each worker; another search its own."""
    mark = f"one{teen.mode}"
    with teen.tls("www.google.com") as link:
        typed = f"{PHRASE} {mark}"
        for end in range(len(PHRASE), len(typed)):
            link.send(get("www.google.com", f"/complete/search?q={quote(typed[:end])}&cp={end}&m={mark}"))
            assert link.reply().status == 403
        for more in ("", "&start=10", "&start=20", "&tbm=isch", "&tbm=isch&ijn=1"):
            link.send(get("www.google.com", f"/search?q={quote(typed)}{more}"))
            assert link.reply().status == 403
        link.send(get("www.google.com", f"/search?q={quote(typed)}+again"))
        assert link.reply().status == 403
    end_of_wait = time.monotonic() + 8
    while len(found := events(gateway, mark)) < 2 and time.monotonic() < end_of_wait:
        time.sleep(0.3)
    assert len(found) == 2 and "/complete/" not in str(found), found


BUNDLES = {
    "xjs": ("www.google.com", "/xjs/_/js/k=xjs.s.en", "text/javascript"),
    "xjs-json": ("www.google.com", "/xjs/_/ss/k=xjs", "application/json"),
    "async": ("www.google.com", "/async/bgasy?ei=1", "application/json"),
    "suggestions": ("www.google.com", "/complete/search?q=frog", "application/json"),
    "youtube-results": ("www.youtube.com", "/youtubei/v1/search", "application/json; charset=UTF-8"),
    "bing-suggestions": ("www.bing.com", "/AS/Suggestions?qry=frog", "application/json"),
}


@pytest.mark.parametrize("name", list(BUNDLES))
def test_M06_bundles_of_search_engines_are_not_scored(teen: Device, name: str) -> None:
    host, path, kind = BUNDLES[name]
    ask = f"{path}{'&' if '?' in path else '?'}lab=said&type={quote(kind)}"
    reply = teen.https(host, get(host, ask))
    assert reply.status == 200 and ALL.encode() in reply.body, str(reply)


def test_M06_a_page_of_an_engine_is_scored(teen: Device) -> None:
    reply = teen.https("www.google.com", get("www.google.com", "/search?q=frog&lab=said&type=text/html"))
    assert (reply.status, reply.action) == (403, "block"), str(reply)
