"""The operator's file: every usable line counts, the others are told by number alone."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.member import MemberError
from hedgerow.stores.member_reading import Reading, held, read_list, sound
from tests.core.member import keyed


def reading(text: bytes) -> Reading:
    return read_list(BytesIO(text), keyed)


def test_lines() -> None:
    found = reading(
        b"\xef\xbb\xbfhttp://a.test/x\r\n# comment http://b.test/\n\n// c.test\n; d.test\n*.e.test\nno address at all\n"
        b"f.test/\xff\nwww.a.test/X/\ng.test/?q=1\n" + b"h" * 20_000 + b".test\n"
    )
    assert (found.pages, found.hosts, found.bad) == (2, 1, [7, 8, 11])


def test_what_comes_twice_counts_once() -> None:
    found = reading(b"a.test\nA.TEST.\nhttp://a.test/\n")
    assert found.entries == 1 and not found.bad


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_no_line_breaks_it(lines: list[bytes]) -> None:
    found = read_list(lines, keyed)
    assert found.entries + len(found.bad) <= len(lines)
    assert "canary" not in repr(held(found, "one", 0.0, "x", "canary"))


SIX = b"".join(b"a%d.test\n" % number for number in range(6))


@pytest.mark.parametrize(
    "text, before, smaller, told",
    [
        (b"", None, False, "no address in it"),
        (b"# only this\n", None, False, "no address in it"),
        (b"<html>\n<body>\n<p>\na.test\n", None, False, "this is no such list"),
        (b"a.test\nb.test\n", SIX, False, "say --smaller"),
        (b"a.test\nb.test\n", SIX, True, ""),
        (b"a.test\nb.test\nc.test\n", SIX, False, ""),
        (b"a.test\nnothing\n", None, False, ""),
    ],
)
def test_what_is_no_such_list_is_not_put_in(text: bytes, before: bytes | None, smaller: bool, told: str) -> None:
    old = held(reading(before), "iwf", 0.0, "x", "") if before else None
    if not told:
        sound(reading(text), old, smaller)
        return
    with pytest.raises(MemberError, match=told):
        sound(reading(text), old, smaller)


def test_sorted_for_the_search() -> None:
    made = held(reading(SIX), "iwf", 1.0, "Lan", "http://a1.test/")
    assert list(made.digests) == sorted(made.digests) and len(made.firsts) == 6 and made.entries == 6
