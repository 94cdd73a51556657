"""Finished searches of the four engines; suggestions and other pages are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Channel, Typed
from hedgerow.core.search import searches


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


def test_a_long_path_takes_linear_time() -> None:
    assert searches("www.youtube.com", "/search" * 20_000 + "x", "q=x") == ()
    assert searches("www.bing.com", "/search" * 20_000 + "x", "q=x") == ()
