"""What fuzzing found, or was made to look for: each stays here, and is read within a second without a crash.

Hypothesis fuzzes every format with each run of the tests (``test_formats``). Atheris 3.1.0 (libFuzzer, guided by
coverage) ran on 2026-11-30 over ``rows_of`` and ``check`` of ``test_formats`` for all sixteen formats, the first byte
choosing the format: 385,208 runs in four minutes, no crash, none over a second. It is in no lock file; to run it again,
install it beside the tests, instrument ``hedgerow.stores.formats`` and give it these rows as a corpus.
"""

from __future__ import annotations

import time

import pytest

from hedgerow.stores.formats import FORMATS, FormatError
from tests.stores.formats.test_formats import STRICT, check, rows_of

_MOST = 1.0  # seconds of CPU; what backtracks takes minutes
_LONG = 3_000

CRASHES = {
    "a pattern for 1h30m tried all ways to part digits": ("rpz", b"a.example " + b"1" * _LONG + b"x CNAME ."),
    "the same with letters of time": ("rpz", b"a.example " + b"1h" * _LONG + b"x CNAME ."),
    "classes and times without end between brackets": ("rpz", b"a TXT (\nb" + b" IN 1" * _LONG + b" CNAME"),
    "brackets that never end": ("rpz", b"@ SOA a b (\n" + b"1\n" * _LONG),
    "brackets that end and never begin": ("rpz", b")" * _LONG + b"\na.example CNAME ."),
    "quotes left open": ("rpz", b'a.example TXT "' + b"\\" * _LONG),
    "an origin of nothing": ("rpz", b"$ORIGIN .\n@ CNAME .\n. CNAME .\n$ORIGIN\n CNAME ."),
    "arrays as deep as the file": ("json", b"[" * 100_000),
    "objects as deep as the file": ("json", b'{"name":' * 50_000),
    "half a surrogate pair as a name": ("json", rb'[{"name": "\ud800.example"}]'),
    "a number longer than Python parses": ("json", b'[{"name": ' + b"9" * 10_000 + b"}]"),
    "half a surrogate pair in rules": ("sing-box", rb'{"rules": [{"domain_suffix": ["\udcff"]}]}'),
    "rules within rules": ("sing-box", b'{"rules": [' * 10_000),
    "a quote left open in a table": ("csv", b'name\n"a.example\nb.example\n'),
    "a zero byte in a table": ("csv", b"name\na\0.example\n"),
    "separators and nothing else": ("csv", b"name\n" + b"," * _LONG),
    "bars and carets": ("adblock", b"||" * _LONG + b"^" * _LONG),
    "modifiers without end": ("adblock", b"||a.example^$" + b"domain=a|" * _LONG),
    "stars between dots": ("wildcard", b"*." * _LONG + b"example"),
    "blanks before a comment": ("hosts", b"0.0.0.0 a.example" + b" \t" * _LONG + b"#"),
    "digits that are no address": ("ips", b"1." * _LONG),
    "a range of all addresses": ("ips", b"0.0.0.0-255.255.255.255\n::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    "quotes of two kinds": ("unbound", b"local-zone: \"a.example' always_null\nlocal-data: '\"" + b"'\"" * _LONG),
    "slashes and nothing else": ("dnsmasq", b"address=" + b"/" * _LONG),
    "brackets of a pattern that spells a name": ("squidguard", b"(" * _LONG + b"a.example" + b")" * _LONG),
    "a list that includes itself": ("v2fly", b"include:list\ninclude:../list\ninclude:\n"),
    "a payload without a list": ("clash", b"payload:\n" + b"- " * _LONG + b"'"),
    "bytes of UTF-16": ("domains", "a.example\n".encode("utf-16")),
    "a name in Punycode that is none": ("domains", b"xn--" + b"a" * 59 + b".xn--\xff"),
    "marks that join and turn": ("domains", "a\u200d.\u202eexample\n\u0660.\u06f1\n".encode()),
}


@pytest.mark.parametrize("why", CRASHES)
def test_what_is_made_to_crash_or_to_hang_is_read(why: str) -> None:
    name, data = CRASHES[why]
    start = time.process_time()
    try:
        check(rows_of(name, data))
    except FormatError:
        assert name in STRICT
    assert time.process_time() - start < _MOST


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("why", CRASHES)
def test_nor_in_another_format(name: str, why: str) -> None:
    try:
        check(rows_of(name, CRASHES[why][1][:5_000]))
    except FormatError:
        assert name in STRICT
