"""One address, one spelling: what a line of a member-only list stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.member_forms import EntryError, first, listed


@pytest.mark.parametrize(
    "line, forms, page",
    [
        ("bad.test", ("?bad.test", "=bad.test", ".bad.test"), False),
        ("http://Bad.Test/", ("?bad.test", "=bad.test", ".bad.test"), False),
        ("www.bad.test", ("?bad.test", "=bad.test", ".bad.test"), False),
        ("www.github.io", ("?github.io", "=www.github.io", ".www.github.io"), False),
        ("*.bad.test", ("?bad.test", "=bad.test", ".bad.test"), False),
        ("github.io", ("?github.io", "=github.io"), False),  # strangers register below it
        ("*.github.io", ("?github.io", "=github.io", ".github.io"), False),
        ("45.90.10.9", ("?10.9", "=45.90.10.9", ".45.90.10.9"), False),
        ("https://[2001:db8::1]/x", ("?2001:db8::1", "/2001:db8::1", ">2001:db8::1/x"), True),
        ("http://www.a.bad.test:8080/Dir/Pic.JPG#top", ("?bad.test", "/a.bad.test", ">a.bad.test/dir/pic.jpg"), True),
        ("bad.test/a%2Fb/./c/", ("?bad.test", "/bad.test", ">bad.test/a/b/c"), True),
        (
            "bad.test/view.php?ID=5&t=%41",
            ("?bad.test", "/bad.test", "&bad.test/view.php", "&bad.test/view.php\nid=5", "&bad.test/view.php\nt=a",
             "!bad.test/view.php\nid=5\nt=a"),
            True,
        ),
        ("bad.test?id=5", ("?bad.test", "/bad.test", "&bad.test", "&bad.test\nid=5", "!bad.test\nid=5"), True),
        ("*.bad.test/", ("?bad.test", "=bad.test", ".bad.test"), False),
        (
            "http://bad.test/?u=http://*.x.test/",
            ("?bad.test", "/bad.test", "&bad.test", "&bad.test\nu=http://*.x.test/", "!bad.test\nu=http://*.x.test/"),
            True,
        ),
        ("bücher.test/é", ("?xn--bcher-kva.test", "/xn--bcher-kva.test", ">xn--bcher-kva.test/é"), True),
    ],
)  # fmt: skip
def test_a_line(line: str, forms: tuple[str, ...], page: bool) -> None:
    found = listed(line)
    assert found.forms == forms and found.page is page


LONG = ("secret.test/" + "x" * 5000, "secret.test/" + "x/" * 70, "secret.test/?" + "x" * 5000)
NONE = ["secret", "<secret>", "ftp://secret.test/x", "*.secret.test/x", "bad..test/secret", "http://", *LONG]


@pytest.mark.parametrize("line", NONE, ids=lambda line: line[:20])
def test_no_address_is_told_without_its_text(line: str) -> None:
    with pytest.raises(EntryError) as caught:
        listed(line)
    error = caught.value
    assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)
    assert "secret" not in str(error) and "xx" not in str(error)


@given(st.text(max_size=200))
def test_whatever_stands_there_is_an_entry_or_no_address(line: str) -> None:
    try:
        found = listed(line)
    except EntryError:
        return
    assert found.forms[0].startswith("?") and len(found.forms) > 1


@pytest.mark.parametrize("host, told", [("a.b.bad.test", "?bad.test"), ("bad.test", "?bad.test"), ("x", "?x")])
def test_the_first_question(host: str, told: str) -> None:
    assert first(host) == told
