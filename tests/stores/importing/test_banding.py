from __future__ import annotations

import pytest

from hedgerow.core.model import Where
from hedgerow.stores.importing.banding import bands_for, guessed
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.model import Group

KNOWN = ("ages-5-7", "ages-8-10", "ages-11-13", "ages-14-17", "staff")


def group(key: str, title: str = "", limit: float = 0, unfiltered: bool = False) -> Group:
    return Group(key, title, Where("x"), limit=limit, unfiltered=unfiltered)


@pytest.mark.parametrize(
    "made, band",
    [
        (group("f1", limit=50), "ages-8-10"),
        (group("f1", limit=100), "ages-11-13"),
        (group("f1", limit=160), "ages-14-17"),
        (group("f2", "Teachers", 50), "staff"),
        (group("f3", unfiltered=True), "staff"),
        (group("f1"), "ages-11-13"),
        (group("primary"), "ages-8-10"),
        (group("учителя"), "staff"),
    ],
)
def test_a_guess(made: Group, band: str) -> None:
    assert guessed(made)[0] == band


def test_the_operators_word_stands() -> None:
    made = [group("f1", limit=50), group("f2", limit=50), group("f3")]
    bands, whys = bands_for(made, {"f2": "ages-5-7", "f3": "none"}, KNOWN)
    assert bands == {"f1": "ages-8-10", "f2": "ages-5-7"} and whys["f2"] == "as you said"


@pytest.mark.parametrize(
    "said, why",
    [
        ({}, "f1 and f2 would both become ages-8-10; say which bands they are: --band f1=BAND,f2=BAND"),
        ({"f9": "staff"}, "no such group; there are: f1, f2"),
        ({"f1": "ages-9"}, "no such band; known: ages-5-7"),
    ],
)
def test_a_question(said: dict[str, str], why: str) -> None:
    with pytest.raises(ImportFault, match=why):
        bands_for([group("f1", limit=50), group("f2", limit=50)], said, KNOWN)
