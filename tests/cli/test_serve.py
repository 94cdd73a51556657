"""The command line of ``serve`` and ``up``, as the supervisor gets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.cli.common import Failure, Place, home
from hedgerow.cli.serve import options_of
from hedgerow.supervisor_sockets import Listen

GIVEN = {
    "listen": (":8080",),
    "mode": "regular",
    "workers": 2,
    "metrics": "127.0.0.1:9160",
    "upstream_ca": None,
    "selftest_every": 5.0,
}


@pytest.fixture
def place(school: Path) -> Place:
    return Place(school / "local", home() / "blocklists", school / "state")


@pytest.mark.parametrize(
    "given, listens",
    [
        ({}, (Listen("", 8080),)),
        ({"mode": "transparent"}, (Listen("", 8080, "transparent"),)),
        (
            {"listen": ("127.0.0.1:1", "[::1]:2/transparent")},
            (Listen("127.0.0.1", 1), Listen("::1", 2, "transparent")),
        ),
        ({"listen": (":1/regular", ":2"), "mode": "transparent"}, (Listen("", 1), Listen("", 2, "transparent"))),
    ],
)
def test_modes(place: Place, given: dict[str, object], listens: tuple[Listen, ...]) -> None:
    options = options_of(place, **{**GIVEN, **given})
    assert options.listens == listens
    assert options.metrics == ("127.0.0.1", 9160)
    assert options.portal is None


def test_the_portal_answers_without_the_proxy_where_it_is_told_to(place: Place) -> None:
    assert options_of(place, **{**GIVEN, "portal": "10.20.0.1:80"}).portal == Listen("10.20.0.1", 80)


@pytest.mark.parametrize(
    "given", [{"listen": ("8080",)}, {"metrics": "localhost:1"}, {"metrics": "9160"}, {"portal": "x"}]
)
def test_what_is_no_address_is_told(place: Place, given: dict[str, object]) -> None:
    with pytest.raises(Failure):
        options_of(place, **{**GIVEN, **given})
