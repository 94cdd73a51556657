"""Request targets, ports and paths in one form; evasion A05 to A10, A21, A22, A27 and the URL Standard's vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hedgerow.core.hosts import HostError
from hedgerow.core.urls import (
    DEFAULT_PORTS,
    Target,
    UrlError,
    canonical_path,
    canonical_port,
    parse_url,
    same_site_path,
    split_authority,
    split_host_header,
    split_target,
    url_words,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("http://blocked.test/", Target("http", "", "blocked.test", 80, "/", "")),
        ("http://blocked.test", Target("http", "", "blocked.test", 80, "/", "")),
        ("HTTP://Blocked.test:80/A?b=C", Target("http", "", "Blocked.test", 80, "/A", "b=C")),
        ("hTTps://blocked.test:8443/", Target("https", "", "blocked.test", 8443, "/", "")),
        ("http://blocked.test:/", Target("http", "", "blocked.test", 80, "/", "")),
        ("http://blocked.test?q=1?2", Target("http", "", "blocked.test", 80, "/", "q=1?2")),
        ("http://allowed.test@blocked.test/", Target("http", "allowed.test", "blocked.test", 80, "/", "")),
        ("http://u:p@blocked.test:81/", Target("http", "u:p", "blocked.test", 81, "/", "")),
        ("ws://[::1]:8080/chat", Target("ws", "", "[::1]", 8080, "/chat", "")),
        ("http://blocked.test//a\\b", Target("http", "", "blocked.test", 80, "//a\\b", "")),
        ("/a/../b?c", Target("", "", "", 0, "/a/../b", "c")),
        ("//allowed.test/x", Target("", "", "", 0, "//allowed.test/x", "")),  # a path, not a host
        ("*", Target("", "", "", 0, "*", "")),
    ],
)
def test_split_target(raw: str, expected: Target) -> None:
    assert split_target(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "", "x", "blocked.test/", "blocked.test:443", "http:/x", "http:///x", "http://", "http://:80/", "http://@/",
        "http://a@b@c/", "http://b:80:80/", "http://b:0/", "http://b:99999/", "http://b:08080/", "http://b:+80/",
        "http://b:８０/", "http://b:-1/", "http://b:8 0/", "http://::1/", "http://[::1/", "http://[::1]x/",
        "http://allowed.test\\@blocked.test/", "http://blocked.test\\x",  # read as two hosts by two readers
        "http://a b/", "/a b", "/a\tb", "/a\nb", "/a\x00b", "/a\x7fb", "/a#b", "http://a/#b", " /", "/ HTTP/1.1",
        "ftp://x/", "gopher://x/", "javascript:alert(1)", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_split_target_refuses(raw: str) -> None:
    with pytest.raises(UrlError):
        split_target(raw)


def test_target_host_and_path_are_canonical() -> None:
    target = split_target("http://%42LOCKED.test./a/%2e%2e/b")
    assert (target.host, target.clean_path) == ("blocked.test", "/b")


def test_an_encoded_at_sign_is_never_a_user_name() -> None:
    with pytest.raises(HostError):
        _ = split_target("http://blocked.test%40allowed.test/").host


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("blocked.test", Target("https", "", "blocked.test", 443, "/", "")),
        ("blocked.test/a?b#c", Target("https", "", "blocked.test", 443, "/a", "b")),
        ("blocked.test:8443", Target("https", "", "blocked.test", 8443, "/", "")),
        ("localhost:80/x", Target("https", "", "localhost", 80, "/x", "")),
        ("//blocked.test/", Target("https", "", "blocked.test", 443, "/", "")),
        ("[::1]:80/", Target("https", "", "[::1]", 80, "/", "")),
        ("  http://blocked.test/a b?c d\n", Target("http", "", "blocked.test", 80, "/a%20b", "c+d")),
        ("bücher.test/ä", Target("https", "", "bücher.test", 443, "/ä", "")),
    ],
)
def test_parse_url(url: str, expected: Target) -> None:
    assert parse_url(url) == expected


@pytest.mark.parametrize("url", ["", " ", "#x", "?q", "/path", "mailto:a@b", "javascript:alert(1)", "http://", "a\nb"])
def test_parse_url_refuses(url: str) -> None:
    with pytest.raises(UrlError):
        parse_url(url)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("blocked.test:443", ("", "blocked.test", 443)),
        ("blocked.test", ("", "blocked.test", 443)),
        ("blocked.test:", ("", "blocked.test", 443)),
        ("[::1]", ("", "[::1]", 443)),
        ("[::1]:8443", ("", "[::1]", 8443)),
        ("x@blocked.test:1", ("x", "blocked.test", 1)),
    ],
)
def test_split_authority(raw: str, expected: tuple[str, str, int]) -> None:
    assert split_authority(raw, "https") == expected


@pytest.mark.parametrize("raw", ["x@blocked.test", "@blocked.test", "", ":80", "a:b:80", "a\\b", "a:80 ", "::1"])
def test_split_host_header_refuses(raw: str) -> None:
    with pytest.raises(UrlError):
        split_host_header(raw, "http")


def test_split_host_header() -> None:
    assert split_host_header("blocked.test:", "http") == ("blocked.test", 80)


@pytest.mark.parametrize(
    ("raw", "scheme", "expected"),
    [("", "http", 80), ("", "HTTPS", 443), ("", "ws", 80), ("", "wss", 443), ("8080", "", 8080), ("1", "http", 1),
     (65_535, "http", 65_535)],
)  # fmt: skip
def test_canonical_port(raw: str | int, scheme: str, expected: int) -> None:
    assert canonical_port(raw, scheme) == expected


@pytest.mark.parametrize(
    "raw", ["0", 0, "65536", "99999", "08080", "+80", "-1", -1, " 80", "80 ", "8_0", "0x50", "٨٠", "²"]
)
def test_canonical_port_refuses(raw: str | int) -> None:
    with pytest.raises(UrlError):
        canonical_port(raw, "http")


def test_no_port_and_no_scheme_is_refused() -> None:
    with pytest.raises(UrlError, match="no default"):
        canonical_port("", "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("/a/../b", "/b"),
        ("/a/%2e%2e/b", "/b"),
        ("/a/%2E./b", "/b"),
        ("/a/./b", "/a/b"),
        ("/a//b", "/a/b"),
        ("//a", "/a"),
        ("/a//../b", "/b"),  # slashes merge first
        ("/a;x=1/b", "/a/b"),
        ("/a/..;x/b", "/b"),
        ("/a%3Bx/b", "/a/b"),
        ("/a%2fb", "/a/b"),
        ("/a%5cb", "/a/b"),
        ("/a\\..\\b", "/b"),
        ("/%61dult", "/adult"),
        ("/%2561dult", "/%61dult"),  # once, no more
        ("/%C3%A9", "/é"),
        ("/e\u0301", "/é"),
        ("/%zz%4", "/%zz%4"),
        ("/%ff/a", "/\ufffd/a"),
        ("/\udcff/a", "/\ufffd/a"),
        ("/a%3Fb", "/a?b"),
        ("/a/", "/a/"),
        ("/a/b/..", "/a/"),
        ("/a/b/.", "/a/b/"),
        ("/../..", "/"),
        ("", "/"),
        ("a", "/a"),
        ("*", "/*"),
        ("/A", "/A"),
    ],
)
def test_canonical_path(raw: str, expected: str) -> None:
    assert canonical_path(raw) == expected


@given(st.text(max_size=100) | st.text("/.%2eE5cf;\\a", max_size=60))
@example("/" * 5_000 + "../" * 5_000)
def test_canonical_path_has_no_dots_or_empty_segments(raw: str) -> None:
    path = canonical_path(raw)
    path.encode("utf-8")
    assert path.startswith("/") and "//" not in path and "\\" not in path
    assert not {".", ".."} & set(path.split("/"))


@given(st.lists(st.sampled_from(["a", "adult", "é", "x-y", "b.c"]), min_size=1, max_size=5), st.data())
def test_spelling_of_a_path_does_not_matter(segments: list[str], data: st.DataObject) -> None:
    noise = st.sampled_from(["/", "//", "/./", "/x/../", "/%2e/", "%2f", "\\", ";p=1/"])
    raw = "/" + "".join(data.draw(noise).join(["", _percent(segment)]) for segment in segments)
    assert canonical_path(raw) == "/" + "/".join(segments)


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,20}(:[0-9]{0,6})?/[^#]{0,20}", fullmatch=True))
def test_only_url_errors_are_raised(raw: str) -> None:
    for parse in (split_target, parse_url):
        try:
            target = parse(raw)
        except UrlError:
            continue
        assert target.path and (target.port in range(1, 65_536)) is bool(target.scheme)


def test_url_words() -> None:
    words = url_words("www.bad-word.test", "/some_bad-word/page.html", "q=more+bad%20words&x")
    assert words == "www bad word test\n some bad word page html\nq\nmore bad words\nx"


@pytest.mark.parametrize(
    ("host", "path", "query"),
    [
        ("bad-word.test", "/", ""),
        ("xn--bcher-kva.test", "/bad%20word", ""),
        ("a.test", "/bad%2520word", ""),
        ("a.test", "/bad%5Fword", ""),
        ("a.test", "/x", "bad%20word"),
        ("a.test", "/x", "q=%u0062ad+word"),
    ],
)
def test_url_words_reads_host_path_and_query(host: str, path: str, query: str) -> None:
    assert "bad word" in url_words(host, path, query)


def test_url_words_shows_international_hosts_readable() -> None:
    assert url_words("xn--80atdl2c.xn--p1ai", "/", "") == "школа рф"


def _standard_rows(file: Path) -> list[dict[str, Any]]:
    rows = [row for row in json.loads(file.read_text("utf-8")) if isinstance(row, dict)]
    return [row for row in rows if row["input"].lower().startswith(tuple(f"{scheme}://" for scheme in DEFAULT_PORTS))]


@pytest.mark.data
def test_url_standard_vectors(data: Path) -> None:
    """Never another host, port or path than the standard's; what we refuse beyond it is one of the reasons given."""
    rows = _standard_rows(data / "vectors/url/urltestdata.json")
    assert len(rows) > 300
    assert [row["input"] for row in rows if not _agrees(row)] == []


def _agrees(row: dict[str, Any]) -> bool:
    try:
        target = parse_url(row["input"])
        host = target.host
    except (UrlError, HostError) as error:
        return bool(row.get("failure")) or _stricter(str(error))
    if row.get("failure"):
        return False
    port = int(row["port"] or DEFAULT_PORTS[row["protocol"].removesuffix(":")])
    same_path = target.clean_path == canonical_path(row["pathname"]) or "//" in row["input"].partition("://")[2]
    return (host, target.port) == (row["hostname"].strip("[]").removesuffix("."), port) and same_path


def _stricter(reason: str) -> bool:
    """White space and controls within, port 0 or 080, a backslash or a second "@", an empty label, a comma."""
    reasons = ("forbidden character", "port is no number", "cannot be told apart", "empty label")
    return any(text in reason for text in reasons)


@pytest.mark.parametrize(
    "to, path",
    [
        ("/page?a=b&c=%20d", "/page?a=b&c=%20d"),
        ("/тест", "/%D1%82%D0%B5%D1%81%D1%82"),
        ("//evil.test/", "/"),
        ("/é/evil.test", "/%C3%A9/evil.test"),  # nothing is dropped: what is left must not lead elsewhere
        ("/\\evil.test", "/"),
        ("https://evil.test/", "/"),
        ("evil.test", "/"),
        ("", "/"),
        ("/\udcff", "/"),  # a byte that is no UTF-8, as mitmproxy hands it on
        ("/a\r\nset-cookie: x", "/"),
    ],
)
def test_the_way_back_stays_on_the_site(to: str, path: str) -> None:
    assert same_site_path(to) == path


@given(st.text(st.characters(), max_size=60))
def test_no_text_leads_elsewhere(to: str) -> None:
    path = same_site_path(to)
    assert path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
