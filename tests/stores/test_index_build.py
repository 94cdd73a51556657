"""Gathering names: what a line says about itself and all below it, and who said it."""

from __future__ import annotations

import pytest

from hedgerow.stores.formats import Listed, Scope
from hedgerow.stores.index import CATEGORY_BITS, CORRECTION_BIT, EXACT_BIT
from hedgerow.stores.index_build import Gathered


def gathered() -> Gathered:
    names = Gathered(("adult", "games", "news"))
    names.add_file("seed/games.txt", "seed")
    names.add_file("local/games.txt", "local")
    return names


@pytest.mark.parametrize(
    ("listed", "below", "exact"),
    [
        (Listed("a.example"), 0b010, 0),
        (Listed("a.example", "", Scope.EXACT), 0, 0b010),
        (Listed("github.io"), 0, 0b010),  # a public suffix
        (Listed("github.io", "", Scope.BELOW), 0b010, 0),
        (Listed("192.0.2.0/24"), 0b010, 0),
    ],
)
def test_how_far_a_line_reaches(listed: Listed, below: int, exact: int) -> None:
    names = gathered()
    names.add(listed, "games", 1, 7)
    assert (names.below[0], names.exact[0]) == (below, exact)
    (position,), (tag,), (line,) = names.rows
    assert (position, tag >> 16, tag & CATEGORY_BITS, line) == (0, 1, 1, 7)
    assert bool(tag & EXACT_BIT) == bool(exact) and not tag & CORRECTION_BIT


def test_a_path_leaves_a_mark_at_its_host_that_lists_nothing() -> None:
    names = gathered()
    names.add(Listed("a.example", "/x"), "games", 0, 1)
    assert list(names.keys) == ["elpmaxe.a.", "elpmaxe.a./x/"]
    assert names.with_paths == {0} and list(names.below) == [0, 0b010]


def test_one_name_of_two_lists_is_one_name_with_two_rows() -> None:
    names = gathered()
    names.add(Listed("a.example"), "games", 0, 1)
    names.add(Listed("a.example"), "news", 1, 2)
    assert len(names.keys) == 1 and names.below[0] == 0b110
    assert list(names.rows[0]) == [0, 0]


@pytest.mark.parametrize(("host", "exact"), [("a.example", False), ("github.io", True)])
def test_a_correction_has_a_row_for_each_category_it_speaks_about(host: str, exact: bool) -> None:
    names = gathered()
    names.correct(Listed(host), {"news"}, {"adult", "games"}, 1, 3)
    assert names.corrected[0] == (0b100, 0b011, exact)
    assert names.below[0] == names.exact[0] == 0
    assert all(tag & CORRECTION_BIT and bool(tag & EXACT_BIT) == exact for tag in names.rows[1])
    assert [tag & CATEGORY_BITS for tag in names.rows[1]] == [0, 1, 2]


def test_there_is_room_for_64_categories_and_no_more() -> None:
    many = tuple(f"c{number:02}" for number in range(65))
    names = Gathered(many[:64])
    names.add_file("seed/c63.txt", "seed")
    names.add(Listed("a.example"), "c63", 0, 1)
    assert names.below[0] == 1 << 63
    with pytest.raises(ValueError, match="more than 64 categories"):
        Gathered(many)
