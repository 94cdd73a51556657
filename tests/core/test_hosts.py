"""One spelling of a host: own tables for every case of evasion group A, properties, and the URL Standard's vectors."""

from __future__ import annotations

import json
from pathlib import Path
from string import ascii_letters

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hedgerow.core.hosts import HostError, canonical_host, display_host, is_address, parents, suspicious

LABEL = "a" * 63
LONGEST = ".".join([LABEL, LABEL, LABEL, "a" * 61])  # 253 octets


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("blocked.test", "blocked.test"),
        ("BLOCKED.Test", "blocked.test"),
        ("blocked.test.", "blocked.test"),
        ("localhost", "localhost"),
        ("a_b.test", "a_b.test"),
        ("_", "_"),
        ("-x-.test", "-x-.test"),
        ("r3---sn-x.googlevideo.com", "r3---sn-x.googlevideo.com"),
        ("ab--cd.test", "ab--cd.test"),
        ("1.2.3.4.example", "1.2.3.4.example"),
        ("4chan.test", "4chan.test"),
        ("example.0xyz", "example.0xyz"),
        (f"{LABEL}.test", f"{LABEL}.test"),
        (LONGEST, LONGEST),
        (f"{LONGEST}.", LONGEST),
        # percent-encoded (A10)
        ("%62locked.test", "blocked.test"),
        ("blocked%2etest", "blocked.test"),
        ("b%C3%BCcher.test", "xn--bcher-kva.test"),
        ("%31%30.0.0.1", "10.0.0.1"),
        # full width and other dots (A13)
        ("ｂｌｏｃｋｅｄ.test", "blocked.test"),
        ("blocked。test", "blocked.test"),
        ("blocked．test", "blocked.test"),
        ("blocked｡test", "blocked.test"),
        ("blocked.test。", "blocked.test"),
        # international names (A14, A15, A17)
        ("bücher.test", "xn--bcher-kva.test"),
        ("xn--bcher-kva.test", "xn--bcher-kva.test"),
        ("XN--BCHER-KVA.TEST", "xn--bcher-kva.test"),
        ("faß.test", "xn--fa-hia.test"),
        ("so\u00adft.test", "soft.test"),
        ("xn--u-ccb.test", "xn--u-ccb.test"),  # a DNS name of its own, though no Punycode of a legal label
        # addresses
        ("10.0.0.9", "10.0.0.9"),
        ("10.0.0.9.", "10.0.0.9"),
        ("0x7f.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("０Ｘ７Ｆ．１", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
        ("[::ffff:10.0.0.9]", "10.0.0.9"),
        ("::ffff:a00:9", "10.0.0.9"),
    ],
)
def test_canonical_host(raw: str, expected: str) -> None:
    assert canonical_host(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "", ".", "..", "blocked.test..", ".blocked.test", "a..b", "%2e",  # empty labels (A04)
        f"{LABEL}a.test", f"test.{LABEL}a", f"{LONGEST}a", "a." * 128 + "test", "a" * 5_000,  # too long (A21)
        "a b", " a", "a ", "a\t.test", "a\nb", "a\rb", "a\x00b", "a\x7fb", "%00", "a%20b", "a%0d%0a",
        "a\\b", "a/b", "a@b", "a%40b", "blocked.test%40allowed.test", "a:80", "a:", "a%3A80", "a?b", "a#b", "a<b",
        "a>b", "a|b", "a^b", "a[b", "a]b", "a%", "a%zz", "a%25b", "％41",
        "allowed.test, blocked.test", "allowed.test,blocked.test",  # two Host headers folded into one (B11)
        "http://blocked.test", "[::1", "::1]", "[::1].", "[1.2.3.4]", "[]", "[::1%25eth0]", "fe80::1%eth0", "%5b::1%5d",
        "256.1.1.1", "1.2.3.4.5", "1.2.3.08", "foo.0x4", "foo.1", "1.2.3.4..",
        "a\u200cb.test", "\u0301a.test", "\udc80.test", "\ud800", "%ff.test", "\u00ad", "xn--ü.test",
    ],
)  # fmt: skip
def test_canonical_host_refuses(raw: str) -> None:
    with pytest.raises(HostError):
        canonical_host(raw)


ASCII_SWAPPED = str.maketrans(ascii_letters, ascii_letters.swapcase())
ANY_HOST = st.one_of(
    st.text(max_size=80),
    st.text("aB0.-_xn%[]:é。ß\u00ad\u200cя", max_size=40),
    st.ip_addresses().map(str),
    st.from_regex(r"(0x)?[0-9a-f]{1,4}(\.(0x)?[0-9]{1,3}){0,4}\.?", fullmatch=True),
)


@given(ANY_HOST)
@example("xn--a.ß")
def test_canonical_host_is_idempotent_and_only_raises_host_error(raw: str) -> None:
    host = _canonical(raw)
    assume(host is not None)
    assert host is not None and canonical_host(host) == host
    assert host == host.lower() and host.isascii() and not host.endswith(".")


@given(ANY_HOST)
def test_case_and_one_trailing_dot_do_not_matter(raw: str) -> None:
    host = _canonical(raw)
    assume(host is not None and ":" not in host)
    assert [_canonical(raw.translate(ASCII_SWAPPED)), _canonical(f"{host}.")] == [host, host]


def _canonical(raw: str) -> str | None:
    try:
        return canonical_host(raw)
    except HostError:
        return None


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.test", ["a.b.test", "b.test", "test"]),
        ("test", ["test"]),
        ("10.0.0.9", ["10.0.0.9"]),
        ("2001:db8::1", ["2001:db8::1"]),
        ("1.2.3.4.example", ["1.2.3.4.example", "2.3.4.example", "3.4.example", "4.example", "example"]),
    ],
)
def test_parents(host: str, expected: list[str]) -> None:
    assert list(parents(host)) == expected


@pytest.mark.parametrize(
    ("host", "address"),
    [("10.0.0.9", True), ("::1", True), ("64:ff9b::a00:1", True), ("a.test", False), ("dead.beef", False)],
)
def test_is_address(host: str, address: bool) -> None:
    assert is_address(host) is address


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("аpple.test", True),  # Cyrillic а (A17)
        ("www.gοοgle.test", True),  # Greek ο
        ("xn--1ug.test", True),  # a zero-width joiner that joins nothing, already encoded
        ("xn--u-ccb.test", True),  # not normalised
        ("xn--a.test", True),  # no Punycode of anything
        ("xn--.test", True),
        ("apple.test", False),
        ("bücher.test", False),
        ("школа.рф", False),
        ("apple.школа.test", False),  # each label is of one script
        ("می\u200cخواهم.test", False),  # a legal Persian joiner
        ("10.0.0.9", False),
    ],
)
def test_suspicious(raw: str, expected: bool) -> None:
    assert suspicious(canonical_host(raw)) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.example.test", "www.example.test"),
        ("xn--bcher-kva.test", "bücher.test"),
        ("xn--80atdl2c.xn--p1ai", "школа.рф"),
        ("xn--pple-43d.com", "xn--pple-43d.com"),  # mixed scripts
        ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),  # all Cyrillic, reads "apple"
        ("xn--a.test", "xn--a.test"),
        ("10.0.0.9", "10.0.0.9"),
    ],
)
def test_display_host(host: str, expected: str) -> None:
    assert display_host(host) == expected


def _deviation(given_host: str, expected: str | None, ours: str | None) -> str:
    """Why ours may differ from the URL Standard's, which has no DNS limits; "" when it may not."""
    if expected is None:
        return ""
    if ours is not None and expected == f"{ours}.":
        return "one trailing dot is dropped: it names the same host"
    labels = expected.removesuffix(".").split(".")
    if ours is None and not all(labels):
        return "empty labels are refused: no such name can be resolved"
    if ours is None and (len(expected) > 253 or max(map(len, labels)) > 63):
        return "longer than DNS allows"
    if ours is None and "," in expected:
        return "a comma is two Host headers folded into one"
    return ""


@pytest.mark.data
@pytest.mark.parametrize(("file", "count"), [("toascii.json", 80), ("IdnaTestV2.json", 2_600)])
def test_url_standard_vectors(data: Path, file: str, count: int) -> None:
    rows = [row for row in json.loads((data / "vectors/url" / file).read_text("utf-8")) if isinstance(row, dict)]
    got = [(row["input"], row["output"], _canonical(row["input"])) for row in rows]
    assert len(rows) > count
    assert [row for row in got if row[1] != row[2] and not _deviation(*row)] == []


@pytest.mark.data
@pytest.mark.long
def test_every_listed_name_is_a_name(data: Path) -> None:
    """2.9 million names of real lists: none is refused, and all but those written in Unicode are canonical."""
    with (data / "domains/merged/ALL.tsv").open(encoding="utf-8") as lines:
        names = [line.partition("\t")[0].strip() for line in lines]
    assert [name for name in names if _canonical(name) is None] == []
    assert [name for name in names if name.isascii() and canonical_host(name) != name] == []
