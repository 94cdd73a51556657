"""Addresses inside addresses: every reading that leads to a host, none that is prose, in linear time."""

from __future__ import annotations

import base64
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.embedded import Address, address, fields, found_in, may_hold, readings

SITE = "http://blocked.test/a?b=1"


def hosts(path: str, query: str = "") -> list[str]:
    return list(dict.fromkeys(found.host for found in found_in(path, query)))


def coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


SCRAMBLED = "".join(chr(ord(c) ^ 2) if n % 2 else c for n, c in enumerate("https://blocked.test/"))

QUERIES = [
    f"u={SITE}",
    f"u={quote(SITE, safe='')}",
    f"u={quote(quote(SITE, safe=''), safe='')}",
    f"u={quote(quote(quote(SITE, safe=''), safe=''), safe='')}",
    f"a=1&b=2;u={SITE}",
    f"u%5B%5D={quote(SITE, safe='')}",
    SITE,
    quote(SITE, safe=""),
    f"q=url:{SITE}",
    "u=HTTPS://Blocked.TEST",
    "u=http:/blocked.test",
    "u=http:///blocked.test",
    "u=http:\\\\blocked.test",
    "u=http:%5C%5Cblocked.test",
    "u=ht%09tp://blocked.test",
    "u=%68ttp%3a%2f%2fblocked.test",
    "u=http://allowed.test@blocked.test/",
    "u=http://allowed.test%2540blocked.test/",
    "u=http://blocked%2etest:8080/",
    "u=http://blocked.test%2Fallowed.test",
    "u=//blocked.test/",
    "u=%2F%2Fblocked.test",
    f"u={coded('http://blocked.test/')}",
    f"u={coded('https://blocked.test/a/b').rstrip('=')}",
    f"u={coded('https://blocked.test/a/b').rstrip('=')[:-1]}",
    f"u={coded('://blocked.test/')}&b=4",
    f"u={quote(coded('http://blocked.test/'), safe='')}",
    f"u={b'http://blocked.test'.hex()}",
]


@pytest.mark.parametrize("query", QUERIES)
def test_in_a_query(query: str) -> None:
    assert may_hold(f"/x?{query}")
    assert "blocked.test" in hosts("/x", query)


@pytest.mark.parametrize(
    "path",
    ["/http://blocked.test/", "/http:/blocked.test/x", "/main/https%3A%2F%2Fblocked.test%2F", "/a//blocked.test/",
     f"/{coded('http://blocked.test/')}/x", f"/service/{quote(SCRAMBLED, safe='')}", "/x=http://blocked.test",
     "/http%3A%2F%2Fblocked.test%2F..%2Fallowed.test", "/http://blocked.test/../../allowed.test"],
)  # fmt: skip
def test_in_a_path(path: str) -> None:
    assert may_hold(path)
    assert hosts(path)[0] == "blocked.test"


@pytest.mark.parametrize(
    "query",
    ["q=facebook.com", "q=is+http://blocked.test+safe", "q=see%20http://blocked.test", "t=12:30", "u=http", "u=https://",
     "u=http%3A", "u=/local/page", "u=//local/page", "u=aHR0", "u=aHR0cA", "u=http://%00/", "a=1&b=2",
     "u=mailto:a@b.test", "u=68747470"],
)  # fmt: skip
def test_no_address(query: str) -> None:
    assert hosts("/page.html", query) == []


def test_only_the_outermost_of_each_value_is_told() -> None:
    """What stands inside the address inside is told by that one's own URL."""
    query = f"u={quote('http://one.test/?v=http://two.test/', safe='')}&w=http://three.test"
    assert hosts("/", query) == ["one.test", "three.test"]
    one = next(found_in("/", query))
    assert [found.host for found in found_in(one.path, one.query)] == ["two.test"]


def test_a_path_takes_the_query_along() -> None:
    assert next(found_in("/web/http://one.test/p", "u=1")) == Address("one.test", "/p", "u=1")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("blocked.test", Address("blocked.test")),
        ("blocked.test:8080/a?b#c", Address("blocked.test", "/a", "b")),
        ("//blocked.test", Address("blocked.test")),
        ("/blocked.test", Address("blocked.test")),
        (" https://blocked.test ", Address("blocked.test")),
        ("http://[2001:db8::1]:80/x", Address("2001:db8::1", "/x")),
        ("https://bücher.test/", Address("xn--bcher-kva.test", "/")),
        ("http://a..b/", Address("", "/")),  # behind http:// stands no legal name
        ("http://", None),
        ("favicon.ico", None),
        ("words of a text.", None),
        ("local", None),
        ("", None),
    ],
)
def test_one_address(text: str, expected: Address | None) -> None:
    assert address(text, bare=True) == expected


def test_without_a_scheme_only_where_that_is_asked_for() -> None:
    assert address("blocked.test/") is None


def test_fields_are_parted_both_ways() -> None:
    assert ("u", "http://a.test;@blocked.test/") in fields("x=1&u=http://a.test;@blocked.test/")
    assert ("w", "2") in fields("x=1;w=2")


def test_readings_end() -> None:
    assert list(readings("a")) == ["a"]
    assert list(readings("%252525253A")) == ["%2525253A", "%25253A", "%253A"]


@pytest.mark.parametrize(
    "text",
    ["/a/123?q=123", "/w/index.php?search=t%C3%A2y%20b%E1%BA%AFc&title=Special%3ASearch", "/?a%5Bb%5D=1%2C2%7C3&t=%40x",
     "/watch?v=dQw4w9WgXcQ&list=PL0123", "/a%2Fb?x=50%25"],
)  # fmt: skip
def test_ordinary_requests_pay_nothing(text: str) -> None:
    assert not may_hold(text)


@given(st.text(max_size=40), st.text(max_size=200))
def test_hostile_text_raises_nothing(path: str, query: str) -> None:
    for found in found_in(f"/{path}", query):
        assert found.host


@given(st.sampled_from(QUERIES), st.text(max_size=20))
def test_the_cheap_question_misses_nothing(query: str, noise: str) -> None:
    if hosts(f"/{quote(noise)}", query):
        assert may_hold(f"/{quote(noise)}?{query}")


LARGE = 64 * 1024
HEAVY = {
    "addresses": "u=http://a.test&",
    "escapes": "a=%2525253A&",
    "colons": "http:/",
    "base64": "aHR0cDovL2EudGVzdC8=&",
    "hex": "687474703a2f2f61.",
    "scrambled": "hvtr8",
    "slashes": "//",
    "fields": "&;=%68",
}


@pytest.mark.parametrize("kind", HEAVY)
def test_large_urls_take_bounded_time(kind: str) -> None:
    text = (HEAVY[kind] * LARGE)[:LARGE]
    started = time.thread_time()
    for _ in found_in("/" + text.replace("?", ""), text):
        pass
    assert time.thread_time() - started < 1.5  # seconds on a busy machine; a tenth of it is usual


def test_padding_hides_nothing() -> None:
    query = "a=%25&" * 5_000 + "u=http%3A%2F%2Fblocked.test"
    assert "blocked.test" in hosts("/", query)
