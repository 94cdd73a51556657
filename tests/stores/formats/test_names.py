"""One name in its canonical form, and which answers close it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.stores.formats import LineError, Listed, Scope, parse_name
from hedgerow.stores.formats.names import LONGEST_NAME, PLAIN, bare, closes

LABEL = st.from_regex(r"\A[a-z0-9_-]{1,64}\Z") | st.sampled_from(["0x1", "1", "xn--", "0", "08", "a" * 63, "_", "-"])


@given(st.lists(LABEL, min_size=1, max_size=6).map(".".join) | st.text(max_size=12))
def test_what_is_plain_is_canonical(host: str) -> None:
    """The fast way round ``canonical_host`` never differs from it."""
    if len(host) <= LONGEST_NAME and (hit := re.fullmatch(PLAIN, host)):
        assert canonical_host(host) == hit[1] == host


@given(st.lists(LABEL, min_size=1, max_size=4).map(".".join))
def test_what_is_canonical_is_plain_or_ends_in_a_digit(host: str) -> None:
    """So the fast way is the usual one."""
    try:
        canonical = canonical_host(host)
    except HostError:
        return
    last = canonical.rpartition(".")[2]
    assert re.fullmatch(PLAIN, canonical) or last[0].isdigit() or last[0] == "-"


def test_a_listed_name() -> None:
    assert parse_name("=A.example/X/") == Listed("a.example", "/x", Scope.EXACT)
    with pytest.raises(LineError, match="empty label"):
        parse_name("")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("0.0.0.0", True),
        ("127.0.0.1", True),
        ("::", True),
        ("::1", True),
        ("fe80::1%lo0", True),
        ("192.168.7.7", True),
        ("216.239.38.120", False),
        ("2001:4860:4860::8888", False),
    ],
)
def test_an_answer_that_closes(address: str, expected: bool) -> None:
    assert closes(address) is expected


def test_comments_end_at_the_line_and_begin_behind_a_blank() -> None:
    assert bare("a.example/x#y # z") == "a.example/x#y"
    with pytest.raises(LineError, match="not UTF-8"):
        bare("\udcff.example # x")
