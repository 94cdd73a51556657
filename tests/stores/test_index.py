"""The index in force: what it finds, in which order, how it explains, and what it refuses to open."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.core.categories import categories_of
from hedgerow.core.hosts import parents
from hedgerow.stores.index_files import _FOOT
from hedgerow.stores.lists import AnyIndex, IndexFault, open_index
from tests.stores.listhouse import built, correction


def names(index: AnyIndex, host: str, path: str = "/") -> list[str]:
    return [match.name for match in index.match(host, path)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> AnyIndex:
    return built(
        tmp_path_factory.mktemp("lists"),
        gambling="casino.example\nforum.example/r/bets\nforum.example/r\n192.0.2.0/24\n2001:db8::/32\n198.51.100.7/bet\n",
        adult="m.casino.example\nforum.example\nazurewebsites.net\n*.github.io\n=exact.example\nshared.azurewebsites.net/x",
        games="192.0.2.128/25\n192.0.2.200\n",
        user_content="xn--e1afmkfd.xn--p1ai\n",
    )


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("casino.example", "/", ["casino.example"]),
        ("a.m.casino.example", "/", ["m.casino.example", "casino.example"]),
        ("notcasino.example", "/", []),
        ("casino.example.net", "/", []),
        ("example", "/", []),
        # the longest host first, of one host the longest path
        ("forum.example", "/r/bets/1", ["forum.example/r/bets", "forum.example/r", "forum.example"]),
        ("old.forum.example", "/r/bets", ["forum.example/r/bets", "forum.example/r", "forum.example"]),
        ("forum.example", "/R/BETS", ["forum.example/r/bets", "forum.example/r", "forum.example"]),
        ("forum.example", "/r/betsy", ["forum.example/r", "forum.example"]),  # whole segments
        ("forum.example", "/", ["forum.example"]),
        # a public suffix is a stranger to what stands below it, unless the list says "*."
        ("azurewebsites.net", "/", ["azurewebsites.net"]),
        ("school.azurewebsites.net", "/", []),
        ("shared.azurewebsites.net", "/x/y", ["shared.azurewebsites.net/x"]),
        ("someone.github.io", "/", ["github.io"]),
        ("exact.example", "/", ["exact.example"]),
        ("www.exact.example", "/", []),
        # addresses: the narrowest network first
        ("192.0.2.200", "/", ["192.0.2.200", "192.0.2.128/25", "192.0.2.0/24"]),
        ("192.0.2.1", "/", ["192.0.2.0/24"]),
        ("192.0.3.1", "/", []),
        ("2001:db8:1::1", "/", ["2001:db8::/32"]),
        ("2001:db9::1", "/", []),
        ("198.51.100.7", "/bet/1", ["198.51.100.7/bet"]),
        ("198.51.100.7", "/", []),
        ("xn--e1afmkfd.xn--p1ai", "/", ["xn--e1afmkfd.xn--p1ai"]),
        ("", "/", []),
    ],
)
def test_match(index: AnyIndex, host: str, path: str, expected: list[str]) -> None:
    assert names(index, host, path) == expected


def test_names_are_counted_without_the_keys_that_only_lead_to_paths(index: AnyIndex) -> None:
    assert index.names == 15


def test_every_listed_name_with_what_is_said_about_it(tmp_path: Path) -> None:
    index = built(
        tmp_path,
        gambling="b.example\n=exact.example\nforum.example/r\n192.0.2.0/24",
        adult="=b.example\ngithub.io\na.b.example",
        corrections=correction("good.b.example", "allow") + correction("=only.b.example", "block", "adult"),
    )
    rows = list(index.listed())
    assert {name: (exact, below) for name, exact, below in rows} == {
        "b.example": (True, True),
        "a.b.example": (False, True),
        "exact.example": (True, False),
        "github.io": (True, False),  # a public suffix
        "forum.example/r": (False, True),  # and not forum.example, which only leads to it
        "192.0.2.0/24": (False, True),
        "good.b.example": (False, True),
        "only.b.example": (True, False),
    }
    order = [name for name, *_ in rows]
    assert len(order) == len(set(order)) and order.index("b.example") < order.index("a.b.example")


def test_one_name_in_several_lists_has_all_their_categories(tmp_path: Path) -> None:
    index = built(tmp_path, gambling="x.example", adult="x.example\ny.example", games="=x.example")
    (match,) = index.match("x.example")
    assert match.categories == {"gambling", "adult", "games"}
    assert categories_of(index, "a.x.example") == {"gambling", "adult"}  # games said: this very host


def test_explain_names_every_line_that_says_so(tmp_path: Path) -> None:
    index = built(tmp_path, gambling="# about\ncasino.example\n\nCASINO.example.\n", adult="casino.example")
    (match,) = index.match("www.casino.example")
    entries = index.explain(match, "gambling")
    assert [str(entry.where) for entry in entries] == ["seed/gambling.txt:2", "seed/gambling.txt:4"]
    assert {(e.name, e.category, e.source, e.exact) for e in entries} == {("casino.example", "gambling", "seed", False)}
    assert [str(entry.where) for entry in index.explain(match, "adult")] == ["seed/adult.txt:1"]
    assert index.explain(match, "games") == () == index.explain(match, "no-such-category")


def test_explain_tells_an_exact_entry_a_path_and_a_network(index: AnyIndex) -> None:
    for host, path, where, exact in (
        ("azurewebsites.net", "/", "seed/adult.txt:3", True),
        ("forum.example", "/r/bets", "seed/gambling.txt:2", False),
        ("192.0.2.1", "/", "seed/gambling.txt:4", False),
        ("198.51.100.7", "/bet", "seed/gambling.txt:6", False),
    ):
        match = index.match(host, path)[0]
        (entry,) = index.explain(match, min(match.categories))
        assert (str(entry.where), entry.exact) == (where, exact)


def test_a_correction_stands_before_the_entry_of_its_name(tmp_path: Path) -> None:
    index = built(
        tmp_path,
        games="chess.example\nwar.chess.example",
        corrections=correction("chess.example", "recategorise", "education"),
    )
    first, second = index.match("chess.example")
    assert first.correction and first.categories == {"education"}
    assert not second.correction and second.categories == {"games"}
    assert categories_of(index, "club.chess.example") == {"education"}
    assert categories_of(index, "war.chess.example") == {"games", "education"}
    assert [str(e.where) for e in index.explain(first, "education")] == ["local/corrections.yaml:2"]
    assert [str(e.where) for e in index.explain(second, "games")] == ["seed/games.txt:1"]


def test_a_correction_of_a_public_suffix_is_no_word_about_the_sites_below_it(tmp_path: Path) -> None:
    index = built(tmp_path, games="*.github.io", corrections=correction("github.io", "allow"))
    assert categories_of(index, "github.io") == set()
    assert categories_of(index, "someone.github.io") == {"games"}


def test_a_missing_file_is_no_index(tmp_path: Path) -> None:
    folder = built(tmp_path, gambling="a.example").folder
    (folder / "judge.index").unlink()
    with pytest.raises(IndexFault, match="judge.index"):
        open_index(folder)


@pytest.mark.parametrize("kept", [0, 1, 7, 40, 100, -1, -8, -33])
def test_half_an_index_is_no_index(tmp_path: Path, kept: int) -> None:
    file = built(tmp_path, gambling="a.example\nb.example").folder / "judge.index"
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(IndexFault, match="judge.index"):
        open_index(file.parent)


def test_a_damaged_trie_is_no_index(tmp_path: Path) -> None:
    file = built(tmp_path, gambling="a.example").folder / "judge.index"
    whole = file.read_bytes()
    file.write_bytes(b"not a trie" + whole[10:])
    with pytest.raises(IndexFault, match="judge.index"):
        open_index(file.parent)


def _with_head(file: Path, **changes: object) -> None:
    """The same index with another head."""
    whole = file.read_bytes()
    trie_end, start, end, magic = _FOOT.unpack(whole[-_FOOT.size :])
    head = json.dumps(json.loads(whole[start:end]) | changes).encode()
    file.write_bytes(whole[:start] + head + _FOOT.pack(trie_end, start, start + len(head), magic))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": 99}, "another format"),
        ({"byteorder": "middle"}, "another format or machine"),
        ({"cells": None}, "damaged"),
        ({"keys": 7}, "not complete"),
        ({"expires": "soon"}, "damaged"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    folder = built(tmp_path, gambling="a.example").folder
    _with_head(folder / "judge.index", **changes)
    with pytest.raises(IndexFault, match=told):
        open_index(folder)


def test_judging_needs_no_explaining_file(tmp_path: Path) -> None:
    folder = built(tmp_path, gambling="a.example").folder
    (folder / "explain.index").unlink()
    index = open_index(folder)
    (match,) = index.match("a.example")
    with pytest.raises(IndexFault, match="explain.index"):
        index.explain(match, "gambling")


def test_no_names_at_all(tmp_path: Path) -> None:
    index = built(tmp_path)
    assert index.names == 0 and index.match("a.example", "/x") == ()


def test_matches_can_be_handed_to_another_process(index: AnyIndex) -> None:
    found = index.match("forum.example", "/r")
    assert pickle.loads(pickle.dumps(found)) == found


_LABEL = st.sampled_from(("a", "b", "ab", "m", "x-y"))
_HOST = st.lists(_LABEL, min_size=1, max_size=4).map(lambda labels: ".".join((*labels, "example")))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(_HOST, max_size=8), st.lists(_HOST, min_size=1, max_size=8))
def test_the_index_finds_what_a_plain_search_finds(tmp_path: Path, entries: set[str], asked: list[str]) -> None:
    index = built(tmp_path, gambling="\n".join(sorted(entries)))
    for host in asked:
        assert names(index, host) == [parent for parent in parents(host) if parent in entries]
