"""All formats together: one row for each, and what holds whatever a file holds."""

from __future__ import annotations

import ipaddress
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.hosts import canonical_host
from hedgerow.stores.formats import FORMATS, SUFFIXES, FormatError, Found, Options, Row, Skipped, parts
from hedgerow.stores.index_keys import host_key
from tests.stores.formats.reading import read, read_tree, told

ONE_LINE = {
    "adblock": "||a.example^",
    "clash": "- '+.a.example'",
    "csv": "name\na.example",
    "dnsmasq": "address=/a.example/",
    "domains": "a.example",
    "hosts": "0.0.0.0 a.example",
    "ips": "192.0.2.7",
    "json": '[{"name": "a.example"}]',
    "rpz": "a.example CNAME .",
    "sing-box": '{"rules": [{"domain_suffix": ["a.example"]}]}',
    "squidguard": "a.example",
    "surge": "DOMAIN-SUFFIX,a.example",
    "swot": '{"a.example": ["A"]}',
    "unbound": 'local-zone: "a.example" always_null',
    "v2fly": "domain:a.example",
    "wildcard": "*.a.example",
}
"""The least each format can say."""
FILE = {"squidguard": "adult/domains"}
FIELD = {"csv": "name", "json": "name"}
STRICT = {"csv", "json", "sing-box", "swot"}
"""What is of no use as a whole when it is broken."""


def rows_of(name: str, data: bytes) -> list[Row]:
    return read_tree(name, {FILE.get(name, ""): data}, field=FIELD.get(name, ""))


def test_every_format_is_told_here() -> None:
    assert ONE_LINE.keys() == FORMATS.keys()
    assert {"txt", "hosts"} <= SUFFIXES.keys() and set(SUFFIXES.values()) <= FORMATS.keys()


@pytest.mark.parametrize("name", FORMATS)
def test_one_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "list"
    if name == "squidguard":
        (path / "adult").mkdir(parents=True)
    (path / FILE[name] if name in FILE else path).write_text(ONE_LINE[name])
    (part,) = parts(path, name, Options(field=FIELD.get(name, "")))
    assert [told(row) for row in part.rows()] == ["192.0.2.7" if name == "ips" else "a.example"]
    assert (part.name, part.category) == ((FILE[name], "adult") if name in FILE else ("", ""))


def check(rows: list[Row]) -> None:
    """What the index may rely on."""
    for row in rows:
        if isinstance(row, Skipped):
            assert row.reason and row.line >= 1
            continue
        assert row.path == "" or row.path.startswith("/") and not row.path.endswith("/")
        assert row.path == row.path.lower()
        assert host_key(row.host)
        if "/" in row.host:
            assert str(ipaddress.ip_network(row.host)) == row.host
        else:
            assert canonical_host(row.host) == row.host


WORDS = st.sampled_from(
    "a.example *.a.example A.Example. пример.рф bad..name = . * - _ @ @@ || | ^ $ # ! ; ( ) \" ' , / : [ ] { } \\ "
    "192.0.2.0/24 192.0.2.7 2001:db8::1 ::1 0.0.0.0 10.0.0.0-10.0.0.9 a.example/x?y https://a.example:8/x%2f CNAME A "
    "SOA IN 300 $ORIGIN $TTL rpz-passthru. rpz-ip 24.0.2.0.192.rpz-ip local-zone: local-data: always_nxdomain redirect "
    "transparent DOMAIN-SUFFIX DOMAIN IP-CIDR REJECT DIRECT payload: domain: full: include: keyword: regexp: @ads "
    "address=/ server=/ local=/ $third-party $important,domain= ## rules domain_suffix name \ufeff \0 \x1f \u200d "
    "\udcff xn--e1afmkfd xn--a ۱.۲ 0x7f.1 4294967296 ".split(" ")
)
LINES = st.lists(st.lists(WORDS | st.text(max_size=4), max_size=6).map("".join) | st.text(max_size=30), max_size=8)
TEXTS = LINES.map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, deadline=None)
@given(data=st.one_of(TEXTS, st.binary(max_size=120)))
def test_whatever_a_file_holds_is_found_or_passed_over(name: str, data: bytes) -> None:
    try:
        check(rows_of(name, data))
    except FormatError:
        assert name in STRICT


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=12) | WORDS,
        lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
        max_leaves=8,
    )
)
def test_whatever_json_says(document: object) -> None:
    text = json.dumps(document, indent=1).encode()
    for name, options in (
        ("json", {"field": "name"}),
        ("json", {"field": "*"}),
        ("json", {}),
        ("sing-box", {}),
        ("swot", {}),
    ):
        try:
            check(read(name, text, **options))
        except FormatError:
            pass


LDH = (
    st.text("abcz019-_.xn", min_size=1, max_size=70)
    | st.from_regex(r"\A([a-z0-9_-]{1,63}\.){0,5}[a-z0-9_-]{1,64}\.?\Z")
    | st.sampled_from(
        [
            "a.0x1",
            "1.2.3.4",
            "1.2",
            "0x.0xg",
            "xn--",
            "a" * 64,
            ".".join(["a" * 62] * 4),
            "localhost",
            "local.x",
            "ip6-x",
        ]
    )
)
FAST = {
    "adblock": "||{}^",
    "clash": "- '+.{}'",
    "dnsmasq": "address=/{}/",
    "domains": "{}",
    "hosts": "0.0.0.0 {}",
    "rpz": "{} CNAME .",
    "surge": "DOMAIN-SUFFIX,{}",
    "unbound": 'local-zone: "{}" always_null',
    "wildcard": "*.{}",
}
"""Formats with a fast way for names that are canonical as they stand, and a line that takes it."""


@pytest.mark.parametrize("name", FAST)
@settings(max_examples=60, deadline=None)
@given(host=LDH)
def test_the_fast_way_says_what_the_slow_one_says(name: str, host: str) -> None:
    """A blank at the end closes the fast way."""
    line = FAST[name].format(host)
    assert read(name, line) == read(name, f"{line}   ")


@pytest.mark.parametrize("name", FAST)
def test_a_line_of_the_table_takes_the_fast_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*args: object) -> None:
        raise AssertionError("the slow way")

    monkeypatch.setattr("hedgerow.stores.formats.lines.read_line", slow)
    monkeypatch.setattr("hedgerow.stores.formats.rpz.read_line", slow)
    monkeypatch.setattr("hedgerow.stores.formats.unbound.read_line", slow)
    assert read(name, FAST[name].format("casino-1.example")) == [Found(1, "casino-1.example")]


README = Path(__file__).parents[3] / "blocklists" / "README.md"


def test_the_readme_tells_of_each_format_by_an_example_that_works() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \| .*\|$", README.read_text(), re.MULTILINE)
    table = {name: [code.replace(r"\|", "|") for code in re.findall(r"`(.+?)`", cell)] for name, cell in rows}
    assert FORMATS.keys() <= table.keys()
    for name in SUFFIXES.values():
        assert isinstance(read(name, table[name][0])[0], Found), name
    ours = [name for name in table if name in FORMATS]
    assert set(ours[:10]) == set(SUFFIXES.values())  # "the first ten kinds may also lie in local/"
