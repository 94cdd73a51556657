"""Blocklist formats: a row for each spelling, a row for each bad line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.formats import FORMATS, LineError, Listed, Scope, parse_domains, parse_hosts, read_lines
from hedgerow.stores.index_keys import host_key


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ()),
        ("   \t", ()),
        ("# a comment", ()),
        ("#nospace.example", ()),
        ("casino.example", (Listed("casino.example"),)),
        ("  CASINO.Example.  ", (Listed("casino.example"),)),
        ("casino.example # said a teacher", (Listed("casino.example"),)),
        (".casino.example", (Listed("casino.example"),)),
        ("*.github.io", (Listed("github.io", "", Scope.BELOW),)),
        ("=google.com", (Listed("google.com", "", Scope.EXACT),)),
        ("пример.рф", (Listed("xn--e1afmkfd.xn--p1ai"),)),
        ("reddit.com/r/NSFW/", (Listed("reddit.com", "/r/nsfw"),)),
        ("reddit.com/", (Listed("reddit.com"),)),
        ("a.example/x/../y//z", (Listed("a.example", "/y/z"),)),
        ("https://a.example:8443/x", (Listed("a.example", "/x"),)),
        ("http://a.example", (Listed("a.example"),)),
        ("0x7f.1", (Listed("127.0.0.1"),)),
        ("192.0.2.0/24", (Listed("192.0.2.0/24"),)),
        ("192.0.2.1/32", (Listed("192.0.2.1"),)),
        ("2001:DB8::/32", (Listed("2001:db8::/32"),)),
        ("[2001:db8::1]", (Listed("2001:db8::1"),)),
        ("_dmarc.-odd-.example", (Listed("_dmarc.-odd-.example"),)),
    ],
)
def test_domains(line: str, expected: tuple[Listed, ...]) -> None:
    assert parse_domains(line) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("bad..example", "empty label"),
        ("two words", "forbidden character"),
        ("a.example?q=1", "a query"),
        ("https://a.example/?q=1", "a query"),
        ("ftp://a.example/", "scheme"),
        ("0.0.0.0/0", "too wide"),
        ("10.0.0.0/7", "too wide"),
        ("2000::/3", "too wide"),
        ("192.0.2.1/24", "host bits"),
        ("192.0.2.0/33", "192.0.2.0/33"),
        ("x" * 5000, "more than 4096 characters"),
        (f"{'x' * 64}.example", "63"),
    ],
)
def test_bad_lines_say_why(line: str, words: str) -> None:
    with pytest.raises(LineError, match=words):
        parse_domains(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ()),
        ("# 0.0.0.0 casino.example", ()),
        ("0.0.0.0 casino.example", (Listed("casino.example"),)),
        ("127.0.0.1\tA.example  b.example # both", (Listed("a.example"), Listed("b.example"))),
        ("::1 localhost ip6-localhost ip6-loopback", ()),
        ("127.0.0.1 localhost", ()),
        ("fe80::1%lo0 localhost", ()),
        ("0.0.0.0 0.0.0.0", ()),
    ],
)
def test_hosts(line: str, expected: tuple[Listed, ...]) -> None:
    assert parse_hosts(line) == expected


@pytest.mark.parametrize(("line", "words"), [("casino.example", "no address"), ("0.0.0.0", "without a name")])
def test_bad_hosts_lines_say_why(line: str, words: str) -> None:
    with pytest.raises(LineError, match=words):
        parse_hosts(line)


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=60))
def test_any_line_is_read_or_refused(name: str, line: str) -> None:
    try:
        listed = FORMATS[name](line)
    except LineError:
        return
    for one in listed:
        assert host_key(one.host)  # whatever was read can be looked up
        assert one.path == "" or (one.path.startswith("/") and not one.path.endswith("/"))


def test_bytes_that_are_no_text_spoil_one_line_only(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"\xef\xbb\xbfa.example\r\n\xff\xfe.example\nb.example")
    lines = list(read_lines(path))
    assert [number for number, _ in lines] == [1, 2, 3]
    assert parse_domains(lines[0][1]) == (Listed("a.example"),)
    assert parse_domains(lines[2][1]) == (Listed("b.example"),)
    for parse in FORMATS.values():
        with pytest.raises(LineError, match="bytes that are not UTF-8"):
            parse(lines[1][1])


def test_a_comment_may_be_in_any_encoding(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"# caf\xe9\na.example # caf\xe9\n")
    assert [parse_domains(line) for _, line in read_lines(path)] == [(), (Listed("a.example"),)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_without_end_is_one_mistake_and_holds_no_memory(tmp_path: Path, end: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"a.example{end}{'x' * 3_000_000}{end}b.example{end}{'y' * 4096}{end}{'z' * 4097}", newline="")
    lines = list(read_lines(path))
    assert [number for number, _ in lines] == [1, 2, 3, 4, 5]
    assert max(len(line) for _, line in lines) <= 4098
    for _, line in lines[1], lines[4]:
        with pytest.raises(LineError, match="a line of more than 4096 characters"):
            parse_domains(line)
    assert parse_domains(lines[2][1]) == (Listed("b.example"),)
