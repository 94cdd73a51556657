"""One name a line: a row for each spelling, a row for each bad line."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("   \t", []),
        ("# a comment", []),
        ("#nospace.example", []),
        ("casino.example", ["casino.example"]),
        ("  CASINO.Example.  ", ["casino.example"]),
        ("casino.example # said a teacher", ["casino.example"]),
        (".casino.example", ["casino.example"]),
        ("*.github.io", ["*.github.io"]),
        ("=google.com", ["=google.com"]),
        ("пример.рф", ["xn--e1afmkfd.xn--p1ai"]),
        ("reddit.com/r/NSFW/", ["reddit.com/r/nsfw"]),
        ("reddit.com/", ["reddit.com"]),
        ("a.example/x/../y//z", ["a.example/y/z"]),
        ("https://a.example:8443/x", ["a.example/x"]),
        ("a.example:8080/x", ["a.example/x"]),
        ("a.example:8080", ["a.example"]),
        ("http://a.example", ["a.example"]),
        ("0x7f.1", ["127.0.0.1"]),
        ("192.0.2.0/24", ["192.0.2.0/24"]),
        ("192.0.2.1/32", ["192.0.2.1"]),
        ("2001:DB8::/32", ["2001:db8::/32"]),
        ("[2001:db8::1]", ["2001:db8::1"]),
        ("_dmarc.-odd-.example", ["_dmarc.-odd-.example"]),
        ("a.example?q=1", ["~ a query cannot be listed, only a path"]),
        ("https://a.example/?q=1", ["~ a query cannot be listed, only a path"]),
    ],
)
def test_lines(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("domains", line)] == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("*", "stands only before a whole name"),
        ("a.*.example", "stands only before a whole name"),
        ("*.*.example", "stands only before a whole name"),
        ("bad..example", "empty label"),
        ("two words", "forbidden character"),
        ("ftp://a.example/", "scheme"),
        ("0.0.0.0/0", "too wide"),
        ("10.0.0.0/7", "too wide"),
        ("2000::/3", "too wide"),
        ("192.0.2.1/24", "host bits"),
        ("192.0.2.0/33", "192.0.2.0/33"),
        ("x" * 5000, "more than 4096 characters"),
        (f"{'x' * 64}.example", "63"),
        ("a\0b.example", "forbidden character"),
    ],
)
def test_bad_lines_say_why(line: str, words: str) -> None:
    (row,) = read("domains", line)
    assert told(row).startswith("! ") and words in told(row)
