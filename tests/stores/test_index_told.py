"""What is written about a name, and which of it holds for the name that is asked about."""

from __future__ import annotations

import pytest

from hedgerow.core.model import Entry
from hedgerow.stores.index_layers import AnyIndex, open_index
from hedgerow.stores.index_told import corrections, listed, told
from hedgerow.stores.list_base import build_base
from hedgerow.stores.lists import build
from hedgerow.stores.sources import Role
from tests.stores.listhouse import CATEGORIES, TODAY, correction, write_lists
from tests.stores.sourcehouse import fetched

_PEOPLE = (
    correction("shop.host.example", "recategorise", "education")
    + correction("forum.example/bets", "block", "gambling")
    + correction("=only.example", "allow", "games")
    + correction("suffix.example", "allow")
)
_BLOCKER = "||ads.example^\n@@||ok.ads.example^\n||host.example^"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> AnyIndex:
    folder = tmp_path_factory.mktemp("told")
    base = [
        fetched(folder, "list", _BLOCKER, "adult", format="adblock"),
        fetched(folder, "games", "games.example\nonly.example\nsuffix.example\nbad.suffix.example", "games"),
        fetched(folder, "looked", "name,category\ngames.example,games\n", format="csv", role=Role.REFUTED),
        fetched(folder, "schools", "school.host.example", "education", role=Role.EDUCATION),
    ]
    build_base(base, CATEGORIES, folder / "index", today=TODAY)
    files = {
        "seed/games.txt": "github.io\nhost.example",
        "seed/user-content.adblock": "||pages.example^\n@@||ours.pages.example^",
        "local/corrections.yaml": f"corrections:\n{_PEOPLE}",
    }
    return open_index(build(write_lists(folder, files), CATEGORIES, folder / "index", today=TODAY))


def _short(entry: Entry) -> str:
    marks = ("" if entry.believed else " unbelieved") + (" cleared" if entry.cleared else "")
    return f"{entry.name} {entry.how} {entry.category}{marks}"


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("www.host.example", "/", ["host.example listed games", "host.example listed adult"]),
        (
            "school.host.example",
            "/",
            [
                "school.host.example evidence evidence:kept-open",
                "school.host.example listed education",
                "host.example listed games cleared",  # a seed, too, means the platform and not the school's page
                "host.example listed adult cleared",
            ],
        ),
        (
            "ok.ads.example",
            "/",
            ["ok.ads.example excepted adult", "ads.example listed adult cleared"],
        ),
        (
            "ours.pages.example",
            "/",
            ["ours.pages.example excepted user-content", "pages.example listed user-content cleared"],
        ),
        ("games.example", "/", ["games.example listed games unbelieved", "games.example refuted games"]),
        ("github.io", "/", ["github.io listed games"]),
        ("someone.github.io", "/", ["github.io listed games cleared"]),
        ("shop.host.example", "/", ["host.example listed games cleared", "host.example listed adult cleared"]),
        ("only.example", "/", ["only.example listed games cleared"]),
        ("www.only.example", "/", ["only.example listed games"]),
        ("bad.suffix.example", "/", ["bad.suffix.example listed games", "suffix.example listed games cleared"]),
        ("unheard-of.example", "/", []),
    ],
)
def test_what_holds_for_the_name(index: AnyIndex, host: str, path: str, expected: list[str]) -> None:
    found = dict.fromkeys(_short(entry) for entry in listed(told(index, host, path)))  # both layers know the evidence
    assert list(found) == expected


def test_of_a_correction_what_it_adds_and_what_it_takes_away(index: AnyIndex) -> None:
    (rows,) = corrections(told(index, "a.shop.host.example"))
    assert {row.category: str(row.how) for row in rows} == {
        "education": "added",
        **dict.fromkeys(("adult", "gambling", "games", "user-content"), "removed"),
    }
    assert {str(row.where) for row in rows} == {"local/corrections.yaml:2"} and not any(row.cleared for row in rows)


def test_a_correction_of_a_path_and_of_one_host(index: AnyIndex) -> None:
    assert corrections_of(index, "forum.example", "/bets/now") == ["forum.example/bets added gambling"]
    assert corrections_of(index, "forum.example", "/") == []
    assert corrections_of(index, "only.example") == ["only.example removed games"]
    assert corrections_of(index, "www.only.example") == ["only.example removed games cleared"]


def corrections_of(index: AnyIndex, host: str, path: str = "/") -> list[str]:
    return [_short(row) for rows in corrections(told(index, host, path)) for row in rows]
