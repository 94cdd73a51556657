"""Rules of ad blockers: what is about a whole name, and what is not."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("! a comment", []),
        ("# a comment", []),
        ("#0.0.0.0 a.example", []),
        ("#####", []),
        ("[Adblock Plus 2.0]", []),
        ("  ", []),
        ("||a.example^", ["a.example"]),
        ("||A.Example^ ", ["a.example"]),
        ("||a.example", ["a.example"]),
        ("||a.example^|", ["a.example"]),
        ("||a.example/", ["a.example"]),
        ("||a.example^*", ["a.example"]),
        ("||*.a.example^", ["a.example"]),
        ("||пример.рф^", ["xn--e1afmkfd.xn--p1ai"]),
        ("||zip^", ["zip"]),
        ("||192.0.2.7^", ["192.0.2.7"]),
        ("||[2001:db8::1]^", ["2001:db8::1"]),
        ("||a.example/Ads/", ["a.example/ads"]),
        ("||a.example/x.js", ["a.example/x.js"]),
        ("|https://a.example^", ["=a.example"]),
        ("|http://a.example/x", ["=a.example/x"]),
        ("https://a.example/x", ["a.example/x"]),
        ("@@||a.example^", ["@@a.example"]),
        ("@@||a.example^$document", ["@@a.example"]),
        ("@@|https://a.example^", ["@@=a.example"]),
        ("||a.example^$important", ["a.example$"]),
        ("@@||a.example^$important", ["@@a.example$"]),
        ("||a.example^$third-party", ["a.example"]),
        ("||a.example^$3p,popup,document", ["a.example"]),
        ("||a.example^$all", ["a.example"]),
        ("||a.example^$badfilter", ["@@a.example"]),
        ("||a.example^$dnsrewrite=NXDOMAIN;;", ["a.example"]),
        ("a.com", ["a.com"]),
        ("203.0.113.9", ["203.0.113.9"]),
        ("0.0.0.0 a.example b.example", ["a.example", "b.example"]),
        ("127.0.0.1 localhost", []),
        ("||a..example^", ["! 'a..example': host is empty or has an empty label"]),
        (b"||\xff.example^", ["! bytes that are not UTF-8"]),
        (b"! caf\xe9", []),
    ],
)
def test_rules_about_names(line: str | bytes, expected: list[str]) -> None:
    assert [told(row) for row in read("adblock", line)] == expected


@pytest.mark.parametrize(
    "line",
    [
        "##.banner",
        "a.example##.banner",
        "a.example#@#.banner",
        "a.example#?#div:has(> a)",
        "a.example#$#body { color: red }",
        "a.example#%#window.x = 1",
        "a.example$$script[tag-content='x']",
        "/banner/[0-9]+/",
        "/ads?[0-9]/$script",
        "/ads/",
        "-banner-",
        "&ad_box_",
        "banner.js",
        "ads.a.example/x",
        "||ads.",
        "||ads",
        "||a*.example^",
        "||a.*^",
        "||a.example^*/x",
        "||a.example/*/x",
        "||a.example/x?y=z",
        "||a.example:8080^",
        "||a.example^$script",
        "||a.example^$domain=b.example",
        "||a.example^$~third-party",
        "||a.example^$dnsrewrite=192.0.2.1",
        "||a.example^$client=10.0.0.1",
        "||a.example^$removeparam=x",
        "@@||a.example^$third-party",
        "@@||a.example^$script",
        "@@||a.example^$generichide",
        "$popup,domain=a.example",
        "216.239.38.120 www.google.com",
        "*",
        "||",
        "@@",
        "|",
    ],
)
def test_what_is_not_about_a_whole_name_is_unusable_not_bad(line: str) -> None:
    (row,) = read("adblock", line)
    assert told(row).startswith("~ "), told(row)


def test_a_rule_for_a_thousand_sites_is_no_bad_line() -> None:
    line = "||a.example^$script,domain=" + "|".join(f"site{number}.example" for number in range(1_000))
    (row,) = read("adblock", line)
    assert told(row).startswith("~ $domain=site0.example")
