"""Finished searches of the engines of the table; suggestions and other pages are none."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.engines import ENGINES, Engine
from hedgerow.core.model import Channel, Typed
from hedgerow.core.search import is_engine, posted_search, searches, suggests

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("host", "path", "query", "engine"),
    [
        ("www.google.com", "/search", "q=bad+word&oq=ba", "google"),
        ("google.com", "/search", "q=bad+word", "google"),
        ("www.google.co.uk", "/search", "q=bad%20word", "google"),
        ("www.google.com.vn", "/search", "q=bad%2520word", "google"),
        ("www.google.kz", "/search", "q=bad+word&tch=1", "google"),
        ("images.google.ru", "/images", "q=bad+word", "google"),
        ("www.google.com", "/", "q=bad+word", "google"),
        ("www.google.com", "/search", "as_q=&as_epq=bad+word", "google"),
        ("www.google.com", "/search/", "q[]=bad+word", "google"),
        ("www.google.com", "/maps/search/bad word/@1,2,3z", "", "google"),
        ("news.google.com", "/search", "q=bad+word", "google"),
        ("play.google.com", "/store/search", "q=bad+word&c=apps", "google"),
        ("www.bing.com", "/search", "q=bad+word", "bing"),
        ("cn.bing.com", "/images/search", "q=bad+word", "bing"),
        ("www.bing.com", "/shop", "q=bad+word", "bing"),
        ("www.bing.com", "/", "q=bad+word", "bing"),
        ("duckduckgo.com", "/", "q=bad+word&ia=web", "duckduckgo"),
        ("duckduckgo.com", "/html/", "q=bad+word", "duckduckgo"),
        ("html.duckduckgo.com", "/html", "q=bad+word", "duckduckgo"),
        ("lite.duckduckgo.com", "/lite/", "q=bad+word", "duckduckgo"),
        ("duckduckgo.com", "/i.js", "q=bad+word&o=json", "duckduckgo"),
        ("www.youtube.com", "/results", "search_query=bad+word", "youtube"),
        ("m.youtube.com", "/results", "q=bad+word", "youtube"),
        ("music.youtube.com", "/search", "q=bad+word", "youtube"),
        ("www.youtube.com", "/@someone/search", "query=bad+word", "youtube"),
        ("www.youtubekids.com", "/search", "q=bad+word", "youtube"),
        ("images.google.com.kh", "/search", "q=bad+word&tbm=isch&start=20", "google"),
        ("www.google.cat", "/search", "q=bad+word&tbm=vid", "google"),
        ("www.bing.com", "/images/async", "q=bad+word&first=35", "bing"),
        ("www.bing.com", "/videos/search", "q=bad+word", "bing"),
        ("yandex.ru", "/search/", "text=bad+word&lr=213", "yandex"),
        ("yandex.kz", "/images/search", "text=bad+word", "yandex"),
        ("yandex.com.tr", "/video/search", "text=bad+word", "yandex"),
        ("ya.ru", "/search/", "text=bad+word", "yandex"),
        ("yandex.uz", "/search/touch/", "text=bad+word", "yandex"),
        ("music.yandex.by", "/search", "text=bad+word", "yandex"),
        ("coccoc.com", "/search", "query=bad+word", "coccoc"),
        ("coccoc.com", "/search/images", "query=bad+word", "coccoc"),
        ("www.baidu.com", "/s", "wd=bad+word", "baidu"),
        ("m.baidu.com", "/from=844b/s", "word=bad+word", "baidu"),
        ("image.baidu.com", "/search/index", "tn=baiduimage&word=bad+word", "baidu"),
        ("search.yahoo.com", "/search", "p=bad+word", "yahoo"),
        ("vn.images.search.yahoo.com", "/search/images", "p=bad+word", "yahoo"),
        ("search.yahoo.co.jp", "/video/search", "p=bad+word", "yahoo"),
        ("www.ecosia.org", "/search", "q=bad+word", "ecosia"),
        ("www.ecosia.org", "/images", "q=bad+word", "ecosia"),
        ("search.brave.com", "/search", "q=bad+word", "brave"),
        ("search.brave.com", "/videos", "q=bad+word", "brave"),
        ("www.startpage.com", "/sp/search", "query=bad+word&cat=pics", "startpage"),
        ("eu.startpage.com", "/do/dsearch", "query=bad+word", "startpage"),
        ("www.tiktok.com", "/search", "q=bad+word", "tiktok"),
        ("www.tiktok.com", "/search/video", "q=bad+word", "tiktok"),
        ("www.tiktok.com", "/api/search/general/full/", "aid=1988&keyword=bad+word", "tiktok"),
        ("vi.wikipedia.org", "/w/index.php", "search=bad+word", "wikipedia"),
        ("fa.wikipedia.org", "/wiki/ویژه:جستجو", "search=bad+word", "wikipedia"),
        ("kk.m.wikipedia.org", "/wiki/Special:Search", "search=bad+word", "wikipedia"),
        ("en.wikipedia.org", "/w/api.php", "action=query&list=search&srsearch=bad+word", "wikipedia"),
        ("en.wikipedia.org", "/w/rest.php/v1/search/page", "q=bad+word", "wikipedia"),
        ("commons.wikimedia.org", "/w/index.php", "search=bad+word&ns6=1", "wikipedia"),
        ("www.qwant.com", "/", "q=bad+word&t=images", "qwant"),
        ("api.qwant.com", "/v3/search/web", "q=bad+word", "qwant"),
        ("go.mail.ru", "/search", "q=bad+word", "mail.ru"),
        ("go.mail.ru", "/search_images", "q=bad+word", "mail.ru"),
        ("nova.rambler.ru", "/search", "query=bad+word", "rambler"),
        ("search.naver.com", "/search.naver", "query=bad+word", "naver"),
        ("search.seznam.cz", "/obrazky/", "q=bad+word", "seznam"),
        ("www.sogou.com", "/web", "query=bad+word", "sogou"),
        ("swisscows.com", "/en/web", "query=bad+word", "swisscows"),
        ("yippy.com", "/search", "query=bad+word", "yippy"),
        ("www.dogpile.com", "/serp", "q=bad+word", "dogpile"),
        ("www.kiddle.co", "/s.php", "q=bad+word", "kiddle"),
        ("www.perplexity.ai", "/search", "q=bad+word", "perplexity"),
        ("zarebin.ir", "/search", "q=bad+word", "zarebin"),
        ("www.aparat.com", "/search/bad word", "", "aparat"),
        ("www.reddit.com", "/r/aww/search", "q=bad+word", "reddit"),
        ("vk.com", "/search", "c[q]=bad+word", "vk"),
        ("rutube.ru", "/search/", "query=bad+word", "rutube"),
        ("giphy.com", "/search/bad word", "", "giphy"),
    ],
)
def test_searches(host: str, path: str, query: str, engine: str) -> None:
    assert searches(host, path, query) == (Typed(Channel.SEARCH, "bad word", engine),)


@pytest.mark.parametrize(
    ("host", "path", "query"),
    [
        ("www.google.com", "/complete/search", "q=bad+wo"),  # suggestions while typing
        ("clients1.google.com", "/complete/search", "q=bad+wo"),
        ("www.bing.com", "/AS/Suggestions", "q=bad+wo"),
        ("duckduckgo.com", "/ac/", "q=bad+wo"),
        ("suggestqueries-clients6.youtube.com", "/complete/search", "q=bad+wo"),
        ("www.google.com", "/s", "tbm=map&q=bad+wo"),
        ("yandex.ru", "/suggest/suggest-ya.cgi", "part=bad+wo&text=bad"),
        ("suggest.yandex.ru", "/search", "text=bad+wo"),
        ("coccoc.com", "/composer/autocomplete", "q=bad+wo"),
        ("www.baidu.com", "/sugrec", "wd=bad+wo"),
        ("suggestion.baidu.com", "/su", "wd=bad+wo"),
        ("search.yahoo.com", "/sugg/gossip/gossip-us-ura/", "command=bad&p=bad"),
        ("ac.ecosia.org", "/autocomplete", "q=bad+wo"),
        ("search.brave.com", "/api/suggest", "q=bad+wo"),
        ("www.startpage.com", "/suggestions", "q=bad+wo"),
        ("www.tiktok.com", "/api/search/general/sug/", "keyword=bad+wo"),
        ("en.wikipedia.org", "/w/api.php", "action=opensearch&search=bad+wo"),
        ("en.wikipedia.org", "/w/rest.php/v1/search/title", "q=bad+wo"),
        ("api.qwant.com", "/v3/suggest", "q=bad+wo"),
        ("ac.search.naver.com", "/nx/ac", "q=bad+wo"),
        ("yandex.evil.test", "/search/", "text=bad+word"),
        ("notyandex.ru", "/search/", "text=bad+word"),
        ("en.wikipedia.org", "/wiki/Hedge", ""),
        ("www.google.com", "/url", "q=https://example.com/"),
        ("www.google.com", "/search", "oq=bad+word"),  # what was typed before a suggestion was taken
        ("www.google.com", "/search", "q="),
        ("www.google.com", "/search", "q=+%20"),
        ("www.youtube.com", "/watch", "v=bad"),
        ("google.evil.test", "/search", "q=bad+word"),
        ("www.google.com.evil.test", "/search", "q=bad+word"),
        ("notgoogle.com", "/search", "q=bad+word"),
        ("example.com", "/search", "q=bad+word"),
        ("10.0.0.1", "/search", "q=bad+word"),
    ],
)
def test_no_search(host: str, path: str, query: str) -> None:
    assert searches(host, path, query) == ()


@pytest.mark.parametrize(("method", "count"), [("GET", 1), ("get", 1), ("POST", 1), ("HEAD", 0), ("OPTIONS", 0)])
def test_only_methods_that_bring_results_count(method: str, count: int) -> None:
    assert len(searches("www.google.com", "/search", "q=x", method)) == count


def test_repeated_and_split_fields_are_one_search() -> None:
    (typed,) = searches("www.google.com", "/search", "q=good;q=bad+word&as_oq=other&q=good")
    assert typed.text == "good\nbad word\nother"


@given(
    st.sampled_from(["www.google.com", "bing.com", "duckduckgo.com", "youtube.com", "a.test"]),
    st.text(max_size=40).map("/".__add__) | st.text("/search@x.", max_size=60),
    st.text(max_size=80) | st.text("q=%u0&;+[]search_y", max_size=80),
)
def test_never_raises_and_at_most_one(host: str, path: str, query: str) -> None:
    assert len(searches(host, path, query)) <= 1


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_a_long_path_takes_linear_time(engine: Engine) -> None:
    host = engine.sites.split()[0].replace("*", "com")
    started = time.process_time()
    for path in ("/search" * 20_000 + "x", "/" + "search" * 20_000, "/" + "a" * 60_000 + "/x", "/x/maps" * 8_000):
        searches(host, path, "q=x")
        suggests(host, path, "q=x")
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("host", "path", "query"),
    [
        ("www.google.com", "/complete/search", "q=ba"),
        ("www.bing.com", "/AS/Suggestions", "qry=ba"),
        ("duckduckgo.com", "/ac/", "q=ba"),
        ("suggestqueries.google.com", "/complete/search", "client=youtube&q=ba"),
        ("ru.wikipedia.org", "/w/api.php", "action=opensearch&search=ba"),
        ("yandex.kz", "/suggest/suggest-ya.cgi", "part=ba"),
        ("www.youtube.com", "/youtubei/v1/music/get_search_suggestions", ""),
    ],
)
def test_what_is_asked_while_typing_is_known(host: str, path: str, query: str) -> None:
    assert suggests(host, path, query) and searches(host, path, query) == ()


@pytest.mark.parametrize("path", ["/search", "/maps", "/"])
def test_a_finished_search_is_no_suggestion(path: str) -> None:
    assert not suggests("www.google.com", path, "q=bad+word")


CONTEXT = {"client": {"clientName": "WEB", "originalUrl": "https://www.youtube.com/results?search_query=other"}}


@pytest.mark.parametrize(
    ("host", "path", "kind", "body", "engine"),
    [
        (
            "www.youtube.com",
            "/youtubei/v1/search",
            "application/json",
            {"context": CONTEXT, "query": "bad word"},
            "youtube",
        ),
        ("m.youtube.com", "/youtubei/v1/search", "", {"query": "bad word", "params": "EgIQAQ=="}, "youtube"),
        ("www.startpage.com", "/sp/search", FORM, "query=bad+word&cat=web", "startpage"),
        ("www.startpage.com", "/do/search", FORM, "query=bad%2520word", "startpage"),
        ("html.duckduckgo.com", "/html/", FORM, "q=bad+word&b=", "duckduckgo"),
    ],
)
def test_posted_searches(host: str, path: str, kind: str, body: str | dict[str, object], engine: str) -> None:
    raw = body if isinstance(body, str) else json.dumps(body)
    assert posted_search(host, path, kind, raw.encode()) == (Typed(Channel.SEARCH, "bad word", engine),)


@pytest.mark.parametrize(
    ("host", "path", "body"),
    [
        ("www.youtube.com", "/youtubei/v1/browse", b'{"query": "bad word"}'),
        ("www.youtube.com", "/youtubei/v1/search", b'{"continuation": "x"}'),
        ("www.youtube.com", "/youtubei/v1/search", b'{"query": "bad word'),  # broken: the ordinary reader takes it
        ("www.youtube.com", "/youtubei/v1/search", b"[" * 100_000),
        ("example.com", "/youtubei/v1/search", b'{"query": "bad word"}'),
    ],
)
def test_no_posted_search(host: str, path: str, body: bytes) -> None:
    assert posted_search(host, path, "application/json", body) == ()


def test_half_a_character_does_not_stay_one() -> None:
    (typed,) = posted_search("www.youtube.com", "/youtubei/v1/search", "", rb'{"query": "bad \ud83c word"}')
    assert typed.text == "bad \N{REPLACEMENT CHARACTER} word"


@pytest.mark.parametrize(("host", "web"), [("www.google.kz", True), ("www.tiktok.com", False), ("a.test", False)])
def test_whose_urls_are_only_asked_about(host: str, web: bool) -> None:
    assert is_engine(host) is web


def test_every_row_stands_once() -> None:
    sites = [site for engine in ENGINES for site in engine.sites.split()]
    assert len(sites) == len(set(sites)) and len({engine.name for engine in ENGINES}) == len(ENGINES)
