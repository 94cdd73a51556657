"""Gathering names: what a line says about itself and all below it, and who said it."""

from __future__ import annotations

import pytest

from hedgerow.stores.formats import Listed, Scope
from hedgerow.stores.index_build import Gathered, ListFile, parent_keys
from hedgerow.stores.index_tags import (
    CATEGORY_BITS,
    CORRECTION_BIT,
    EXACT_BIT,
    EXCEPT_BIT,
    FILE_SHIFT,
    IMPORTANT_BIT,
)

ADULT, GAMES, NEWS, KEPT_OPEN, POPULAR = range(5)


def gathered() -> Gathered:
    names = Gathered(("adult", "games", "news"))
    names.add_file(ListFile("seed/games.txt", "seed"))
    names.add_file(ListFile("local/games.txt", "local"))
    return names


@pytest.mark.parametrize(
    ("host", "scope", "exact"),
    [
        ("a.example", Scope.USUAL, False),
        ("a.example", Scope.EXACT, True),
        ("github.io", Scope.USUAL, True),  # a public suffix
        ("github.io", Scope.BELOW, False),
        ("192.0.2.0/24", Scope.USUAL, False),
    ],
)
def test_how_far_a_line_reaches(host: str, scope: Scope, exact: bool) -> None:
    names = gathered()
    names.add(host, "", scope, (GAMES,), 1, 7)
    (position,), (tag,), (line,) = names.positions, names.tags, names.lines
    assert (position, tag >> FILE_SHIFT, tag & CATEGORY_BITS, line) == (0, 1, GAMES, 7)
    assert bool(tag & EXACT_BIT) == exact and not tag & (CORRECTION_BIT | IMPORTANT_BIT)


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("a.example", "elpmaxe.a."),
        ("route66", "66etuor."),  # a name that ends in a digit is no address
        ("x.v6", "6v.x."),
        ("192.0.2.7", "#4" + f"{0xC0000207:032b}"),
        ("192.0.2.0/24", "#4" + f"{0xC0000207:032b}"[:24]),
        ("2001:db8::1", "#6" + f"{(0x20010DB8 << 96) + 1:0128b}"),
        ("2001:db8::", "#6" + f"{0x20010DB8 << 96:0128b}"),
    ],
)
def test_keys(host: str, key: str) -> None:
    names = gathered()
    names.add(host, "", Scope.USUAL, (GAMES,), 0, 1)
    assert list(names.keys) == [key]


def test_a_path_leaves_a_mark_at_its_host_that_lists_nothing() -> None:
    names = gathered()
    names.add("a.example", "/x", Scope.USUAL, (GAMES,), 0, 1)
    assert list(names.keys) == ["elpmaxe.a.", "elpmaxe.a./x/"]
    assert names.with_paths == {0} and list(names.positions) == [1]


def test_one_name_of_two_lists_is_one_name_with_two_rows() -> None:
    names = gathered()
    names.add("a.example", "", Scope.USUAL, (GAMES,), 0, 1)
    names.add("a.example", "", Scope.USUAL, (NEWS, ADULT), 1, 2, important=True)
    assert len(names.keys) == 1 and list(names.positions) == [0, 0, 0]
    assert [tag & CATEGORY_BITS for tag in names.tags] == [GAMES, NEWS, ADULT]
    assert [bool(tag & IMPORTANT_BIT) for tag in names.tags] == [False, True, True]


@pytest.mark.parametrize(("host", "exact"), [("a.example", False), ("github.io", True)])
def test_a_correction_has_a_row_for_each_category_it_speaks_about(host: str, exact: bool) -> None:
    names = gathered()
    names.correct(Listed(host), {"news"}, {"adult", "games"}, 1, 3)
    assert names.corrected[0] == (0b100, 0b011, exact)
    assert all(tag & CORRECTION_BIT and bool(tag & EXACT_BIT) == exact for tag in names.tags)
    assert [tag & CATEGORY_BITS for tag in names.tags] == [0, 1, 2]


def test_of_two_corrections_of_a_name_the_district_s_is_not_taken_back() -> None:
    names = gathered()
    names.correct(Listed("a.example"), {"adult"}, set(), 0, 1)
    names.correct(Listed("a.example"), set(), {"adult", "games"}, 1, 2)
    assert names.corrected[0] == (0b001, 0b010, False)


def test_an_exception_of_a_list_s_own() -> None:
    names = gathered()
    names.take_out("ok.a.example", "", (GAMES,), 1, 4)
    assert names.excepts == [("elpmaxe.a.ko.", 1)] and names.tags[0] & EXCEPT_BIT


def test_evidence_is_kept_where_a_list_speaks_of_the_name_or_a_parent() -> None:
    names = gathered()
    names.add("a.example", "", Scope.USUAL, (GAMES,), 0, 1)
    names.add("www.shop.example", "", Scope.USUAL, (GAMES,), 0, 2)
    for line, host in enumerate(("a.example", "school.a.example", "other.example"), 1):
        names.keep_open(host, 1, line)
    for rank, host in enumerate(("a.example", "shop.example", "other.example"), 1):
        names.popular(host, 1, rank)
    told = [(list(names.keys)[p], t & CATEGORY_BITS, n) for p, t, n in _rows(names)[2:]]
    assert told == [
        ("elpmaxe.a.", KEPT_OPEN, 1),
        ("elpmaxe.a.loohcs.", KEPT_OPEN, 2),
        ("elpmaxe.a.", POPULAR, 1),
        ("elpmaxe.pohs.www.", POPULAR, 2),
    ]
    assert "elpmaxe.rehto." in names.kept_open and "elpmaxe.rehto." not in names.keys


def _rows(names: Gathered) -> list[tuple[int, int, int]]:
    return list(zip(names.positions, names.tags, names.lines, strict=True))


def test_parent_keys() -> None:
    assert parent_keys("elpmaxe.a.b.") == ["elpmaxe.", "elpmaxe.a."]
    assert parent_keys("elpmaxe.") == [] == parent_keys("#4110")


def test_there_is_room_for_62_categories_and_no_more() -> None:
    many = tuple(f"c{number:02}" for number in range(63))
    names = Gathered(many[:62])
    names.add_file(ListFile("seed/c61.txt", "seed"))
    names.add("a.example", "", Scope.USUAL, (61,), 0, 1)
    assert names.bits["evidence:popular"] == 63
    with pytest.raises(ValueError, match="more than 62 categories"):
        Gathered(many)
