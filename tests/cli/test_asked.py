"""A URL and options become the facts that traffic would show."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.cli.asked import Asked, passages, request_of
from hedgerow.cli.common import Failure
from hedgerow.core.model import Channel, NameSource

S = NameSource


@pytest.mark.parametrize(
    "asked, names",
    [
        (Asked("https://a.example/"), [(S.SNI, "a.example"), (S.HOST, "a.example")]),
        (Asked("http://a.example/"), [(S.HOST, "a.example")]),
        (Asked("a.example"), [(S.SNI, "a.example"), (S.HOST, "a.example")]),
        (Asked("https://A.example./", sni="B.example"), [(S.SNI, "b.example"), (S.HOST, "a.example")]),
        (Asked("http://a.example/", host="b.example"), [(S.HOST, "b.example"), (S.URI, "a.example")]),
        (
            Asked("https://a.example/", connect="c.example", destination="192.0.2.1"),
            [(S.CONNECT, "c.example"), (S.DESTINATION, "192.0.2.1"), (S.SNI, "a.example"), (S.HOST, "a.example")],
        ),
        (Asked("http://0x7f.1/"), [(S.HOST, "127.0.0.1")]),
    ],
)
def test_names(asked: Asked, names: list[tuple[NameSource, str]]) -> None:
    assert [(name.source, name.host) for name in request_of(asked).names] == names


def test_port_path_query_and_what_was_typed() -> None:
    request = request_of(Asked("http://www.google.com:8080/a/../search?q=two%20words", method="post"))
    assert (request.scheme, request.port, request.path, request.method) == ("http", 8080, "/search", "POST")
    searched = request_of(Asked("https://www.google.com/search?q=two+words"))
    assert [typed.text for typed in searched.typed if typed.channel is Channel.SEARCH] == ["two words"]


def test_what_is_odd_stays_odd() -> None:
    assert request_of(Asked("http://blocked.test../")).names[-1].host is None
    assert request_of(Asked("http://pаypal.com/")).faults == ("mixed-scripts",)  # a Cyrillic letter
    with pytest.raises(Failure, match="is no URL"):
        request_of(Asked("ftp://a.example/"))


@pytest.mark.parametrize(
    "name, content, seen",
    [
        ("a.txt", "plain words", "plain words"),
        ("a.html", "<p>seen<script>not seen</script>", "seen"),
        ("a.json", '{"a": "seen"}', "seen"),
        ("empty.txt", "", ""),
    ],
)
def test_a_file_is_read_as_a_reader_would(tmp_path: Path, name: str, content: str, seen: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    text = " ".join(passage.text for passage in passages(path))
    assert seen in text and "not seen" not in text


def test_no_file_no_text() -> None:
    assert passages(None) == ()
