"""Categories of a name: parents, label boundaries, paths, and what corrections add and take away."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.categories import KEPT, categories_of, covering
from hedgerow.core.model import Entry, Match
from tests.core.house import lists


@dataclass(frozen=True)
class Given:
    """Matches as an index gives them: the most specific first."""

    matches: tuple[Match, ...]
    version: str = "test"

    def match(self, host: str, path: str = "/") -> tuple[Match, ...]:
        return self.matches

    def explain(self, match: Match, category: str) -> tuple[Entry, ...]:
        return ()


def listed(name: str, *categories: str) -> Match:
    return Match(name, frozenset(categories))


def correction(name: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> Match:
    return Match(name, frozenset(add), correction=True, removed=frozenset(remove))


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("casino.example", "/", {"gambling"}),
        ("www.casino.example", "/", {"gambling"}),
        ("notcasino.example", "/", set()),  # label boundary
        ("example", "/", set()),  # a child says nothing about its parent
        ("adult.casino.example", "/", {"gambling", "adult"}),  # of the name and of all its parents
        ("forum.example", "/bets", {"gambling"}),
        ("forum.example", "/other", set()),
    ],
)
def test_of_a_name_and_its_parents(host: str, path: str, expected: set[str]) -> None:
    index = lists(gambling="casino.example forum.example/bets", adult="adult.casino.example")
    assert categories_of(index, host, path) == expected


def test_each_category_comes_with_the_name_that_says_so() -> None:
    index = lists(gambling="casino.example", adult="adult.casino.example")
    found = [(category, match.name) for category, match in covering(index, "adult.casino.example")]
    assert found == [("adult", "adult.casino.example"), ("gambling", "casino.example")]


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        # less specific entries and those about the same name are corrected
        ((correction("club.x.test", remove=("games",)), listed("x.test", "games", "adult")), {"adult"}),
        ((correction("x.test", remove=("games",)), listed("x.test", "games")), set()),
        # a more specific entry speaks about something the correction did not look at
        ((listed("bad.x.test", "games"), correction("x.test", remove=("games",))), {"games"}),
        # recategorised
        ((correction("x.test", ("education",), ("games",)), listed("x.test", "games")), {"education"}),
        # a more specific correction stands above a less specific one
        ((correction("a.x.test", remove=("games",)), correction("x.test", ("games",))), set()),
        # what the package's floor blocks is no file's to take away
        ((correction("x.test", remove=("malware", "games")), listed("x.test", "malware", "games")), {"malware"}),
    ],
)
def test_corrections(matches: tuple[Match, ...], expected: set[str]) -> None:
    assert categories_of(Given(matches), "a.x.test") == expected


def test_a_judge_that_nothing_may_loosen_hears_only_what_corrections_add() -> None:
    index = Given((correction("x.test", ("gambling",), ("games",)), listed("x.test", "games")))
    found = {category for category, _ in covering(index, "x.test", corrected=False)}
    assert found == {"gambling", "games"}


_SOME = st.frozensets(st.sampled_from(("adult", "games", "malware", "phishing", "news")), max_size=4)


@given(st.lists(st.builds(Match, st.just("x.test"), _SOME, st.booleans(), _SOME), max_size=6))
def test_no_correction_removes_what_is_kept(matches: list[Match]) -> None:
    said = frozenset().union(*(match.categories for match in matches))
    assert categories_of(Given(tuple(matches)), "x.test") & KEPT == said & KEPT


@given(st.lists(st.builds(Match, st.just("x.test"), _SOME), max_size=6), _SOME)
def test_an_entry_never_takes_a_category_away(matches: list[Match], more: frozenset[str]) -> None:
    before = categories_of(Given(tuple(matches)), "x.test")
    assert before <= categories_of(Given((Match("x.test", more), *matches)), "x.test")
