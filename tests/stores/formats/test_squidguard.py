"""Lists of squidGuard: folders, their names and what ``usage`` says."""

from __future__ import annotations

import io
from functools import partial

import pytest

from hedgerow.stores.formats import FORMATS, FormatError, Options
from hedgerow.stores.formats.model import Member, Tree
from tests.stores.formats.reading import parts_of, read_tree, told


def test_a_folder_is_a_category() -> None:
    files = {
        "blacklists/README": b"UT1",
        "blacklists/gambling/domains": b"a.example\n192.0.2.7\n",
        "blacklists/gambling/urls": b"b.example/Casino/\nc.example/?x=y\n",
        "blacklists/gambling/usage": b"black\n",
        "blacklists/hobby/cooking/domains": b"d.example\n",
        "blacklists/sexual_education/domains": b"e.example\n",
        "blacklists/sexual_education/usage": b"white\nsexual education\n",
    }
    members = tuple(Member(name, partial(io.BytesIO, data)) for name, data in files.items())
    parts = list(FORMATS["squidguard"].read(Tree("ut1", members), Options()))
    assert [(part.name, part.category, part.white, [told(row) for row in part.rows()]) for part in parts] == [
        ("blacklists/gambling/domains", "gambling", False, ["a.example", "192.0.2.7"]),
        (
            "blacklists/gambling/urls",
            "gambling",
            False,
            ["b.example/casino", "~ a query cannot be listed, only a path"],
        ),
        ("blacklists/hobby/cooking/domains", "hobby/cooking", False, ["d.example"]),
        ("blacklists/sexual_education/domains", "sexual_education", True, ["e.example"]),
    ]


@pytest.mark.parametrize(
    ("name", "category"),
    [("adult/domains", "adult"), ("BL/adult/domains", "adult"), ("domains", "source")],
)
def test_one_category_alone(name: str, category: str) -> None:
    assert [found for found, _ in parts_of("squidguard", {name: b"a.example"})] == [category]


def test_an_archive_without_such_folders() -> None:
    with pytest.raises(FormatError, match="no folder with domains or urls"):
        read_tree("squidguard", {"list.txt": b"a.example"})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"^https?://(www\.)?bets\.com", "bets.com"),
        (r"(^|\.)bets\.com$", "bets.com"),
        (r"bets\.com/", "bets.com"),
        ("bets.com", "~ a regular expression"),  # the dot is any letter
        (r"(adult|sex)\.com", "~ a regular expression"),
        (r"banner\.gif", "~ a regular expression"),
        ("casino", "~ a regular expression"),
        (r"(/banner/|/sponsor/)", "~ a regular expression"),
    ],
)
def test_expressions(expression: str, expected: str) -> None:
    (row,) = read_tree("squidguard", {"x/expressions": expression.encode()})
    assert told(row) == expected
