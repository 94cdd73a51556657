"""Safe modes: what each engine must be told, however the pupil said otherwise, and nobody else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import SafeModes
from hedgerow.core.safe_engines import ENGINES, YOUTUBE_ANSWERS, YOUTUBE_NAMES
from hedgerow.core.safemode import safe_change, shows_pictures, with_cookies, with_parameters

STRICT = SafeModes(engines=True, youtube="strict")
DATA = Path(os.environ.get("HEDGEROW_DATA", "../data")) / "vectors" / "safesearch"


def sent(host: str, path: str, query: str, modes: SafeModes = STRICT) -> str:
    """The query as it leaves."""
    change = safe_change(host, path, query, modes)
    return with_parameters(query, change.parameters) if change else query


@pytest.mark.parametrize(
    ("host", "path", "query", "leaves"),
    [
        ("www.google.com", "/search", "q=cat", "q=cat&safe=active&ssui=on"),
        ("www.google.com.vn", "/search", "q=cat&safe=off", "q=cat&safe=active&ssui=on"),
        ("google.kz", "/search", "safe=images&q=cat&safe=off", "q=cat&safe=active&ssui=on"),
        ("images.google.ru", "/images", "q=cat&%73afe=off", "q=cat&safe=active&ssui=on"),
        ("www.google.com", "/search", "q=cat&safe%5B%5D=off&SAFE=off", "q=cat&safe=active&ssui=on"),
        ("www.google.com", "/", "", "safe=active&ssui=on"),
        ("www.google.com", "/anything-new", "q=cat", "q=cat&safe=active&ssui=on"),
        ("www.google.com", "/maps/place/x", "hl=en", "hl=en"),
        ("docs.google.com", "/document/d/1", "q=cat", "q=cat"),
        ("google.evil.example", "/search", "q=cat", "q=cat"),
        ("www.bing.com", "/images/search", "q=cat&adlt=off", "q=cat&adlt=strict"),
        ("duckduckgo.com", "/", "q=cat&kp=-2", "q=cat&kp=1"),
        ("html.duckduckgo.com", "/html/", "q=cat", "q=cat&kp=1"),
        ("yandex.kz", "/search/", "text=cat&family=no", "text=cat&family=yes&fyandex=1"),
        ("ya.ru", "/search/", "text=cat", "text=cat&family=yes&fyandex=1"),
        ("search.yahoo.com", "/search", "p=cat&vm=p", "p=cat&vm=r"),
        ("search.brave.com", "/search", "q=cat&safesearch=off", "q=cat&safesearch=strict"),
        ("www.startpage.com", "/do/search", "query=cat&qadf=none", "query=cat&qadf=heavy"),
        ("www.qwant.com", "/", "q=cat&s=0", "q=cat&s=2&safesearch=2"),
        ("api.qwant.com", "/v3/search/web", "q=cat&safesearch=0", "q=cat&s=2&safesearch=2"),
        ("pixabay.com", "/images/search/cat/", "", "safesearch=1"),
    ],
)
def test_query(host: str, path: str, query: str, leaves: str) -> None:
    assert sent(host, path, query) == leaves
    assert sent(host, path, query, SafeModes()) == query, "a band that asks for nothing changes nothing"


@pytest.mark.parametrize("level", ["strict", "moderate"])
@pytest.mark.parametrize("host", [*YOUTUBE_NAMES, "youtube.com"])
def test_youtube(host: str, level: str) -> None:
    change = safe_change(host, "/results", "search_query=cat", SafeModes(youtube=level))
    assert change is not None and change.headers == (("youtube-restrict", level.capitalize()),)
    assert safe_change(host, "/results", "search_query=cat", SafeModes()) is None
    assert safe_change("www.youtube.com.evil.example", "/", "", STRICT) is None


@pytest.mark.parametrize(
    ("host", "cookie", "leaves"),
    [
        ("duckduckgo.com", "a=1; p=-2; b=2", "a=1; b=2; p=1"),
        ("duckduckgo.com", "", "p=1"),
        ("www.bing.com", "MUID=7; SRCHHPGUSR=CW=1&ADLT=OFF&X=2", "MUID=7; SRCHHPGUSR=CW=1&X=2&ADLT=STRICT"),
        ("www.bing.com", "SRCHHPGUSR=adlt=off; SRCHHPGUSR=ADLT=DEMOTE", "SRCHHPGUSR=ADLT=STRICT"),
        ("search.brave.com", "safesearch=off", "safesearch=strict"),
    ],
)
def test_cookies(host: str, cookie: str, leaves: str) -> None:
    change = safe_change(host, "/search", "q=cat", STRICT)
    assert change is not None and with_cookies(cookie, change) == leaves


@pytest.mark.parametrize(
    ("host", "path", "query", "shows"),
    [
        ("www.google.com", "/search", "q=cat&tbm=isch", True),
        ("www.google.com", "/search", "udm=2&q=cat", True),
        ("images.google.com", "/imghp", "", True),
        ("www.google.com", "/search", "q=cat", False),
        ("www.google.com", "/search", "q=cat&udm=28", False),
        ("www.bing.com", "/images/search", "q=cat", True),
        ("www.bing.com", "/search", "q=images", False),
        ("duckduckgo.com", "/", "q=cat&iax=images&ia=images", True),
        ("duckduckgo.com", "/i.js", "q=cat", True),
        ("yandex.ru", "/images/search", "text=cat", True),
        ("encrypted-tbn0.gstatic.com", "/images", "q=tbn:x", True),
        ("th.bing.com", "/th/id/x", "", True),
        ("www.gstatic.com", "/x.png", "", False),
        ("images.example", "/search", "tbm=isch", False),
    ],
)
def test_pictures(host: str, path: str, query: str, shows: bool) -> None:
    assert shows_pictures(host, path, query) is shows


FIELDS = st.text(st.sampled_from("safeSAFE%7365=&;+q[]offictv \t"), max_size=40)


@given(FIELDS)
def test_nothing_a_pupil_writes_stays_beside_the_parameter(query: str) -> None:
    leaves = sent("www.google.com", "/search", query)
    fields = [field.partition("=") for field in leaves.split("&")]
    assert [value for key, _, value in fields if key.lower() == "safe"] == ["active"]
    assert sent("www.google.com", "/search", leaves) == leaves, "said twice it is said once"


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the unpacked real data (HEDGEROW_DATA)")
def test_all_domains_of_google() -> None:
    hosts = (DATA / "google_supported_domains.txt").read_text().split()
    assert len(hosts) == 194
    for host in hosts:
        assert sent(host, "/search", "q=cat&safe=off") == "q=cat&safe=active&ssui=on", host


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the unpacked real data (HEDGEROW_DATA)")
def test_the_names_a_resolver_must_answer_otherwise() -> None:
    ours = {name: engine.resolver[0] for engine in ENGINES for name in engine.resolver[1]}
    ours |= dict.fromkeys(YOUTUBE_NAMES, YOUTUBE_ANSWERS["moderate"])
    rows = [json.loads(line) for line in (DATA / "safesearch_rewrites.jsonl").read_text().splitlines()]
    assert len(rows) == 258
    assert {row["host"]: row["value"] for row in rows}.items() <= ours.items()
