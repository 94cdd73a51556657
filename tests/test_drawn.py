"""The pictures of the dashboards: drawn from answers, well-formed, and they say that they are no screenshots."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from deploy.grafana.boards import BOARDS, DISTRICT, Board
from deploy.grafana.draw import NOTE, draw, shown

PICTURES = Path(__file__).parents[1] / "deploy" / "pictures"
NAN = float("nan")
NAMES = {"school": "oak <&>", "band": "staff", "reason": "type-media", "version": "1"}


def answered(query: str) -> list[tuple[dict[str, str], float]]:
    return [(NAMES, 0.0 if "hedgerow:state" in query else 0.25)]


def over(query: str) -> list[tuple[dict[str, str], list[tuple[float, float]]]]:
    return [(NAMES, [(0.0, 1.0), (1.0, 0.0), (2.0, 2.0)]), ({**NAMES, "school": "elm"}, [(1.0, 1.0)])]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_a_picture_is_well_formed_and_says_what_it_is(board: Board) -> None:
    words = [node.text or "" for node in ElementTree.fromstring(draw(board, answered, over)).iter()]
    assert NOTE in words
    for _, panels in board.rows:
        assert not {panel.title for panel in panels} - set(words)


def test_states_are_told_in_words() -> None:
    picture = draw(DISTRICT, answered, over)
    assert ">broken<" in picture and "oak &lt;&amp;&gt;" in picture


def test_what_has_no_answer_is_no_zero() -> None:
    picture = draw(DISTRICT, lambda query: [], lambda query: [])
    assert picture.count("no data") > 6 and ElementTree.fromstring(picture) is not None


@pytest.mark.parametrize(
    "value, unit, words",
    [
        (0.256, "percentunit", "26 %"),
        (0.004, "percentunit", "0.4 %"),
        (0.0, "percentunit", "0 %"),
        (90.0, "s", "1.5 min"),
        (172800.0, "s", "2 d"),
        (0.002, "s", "2 ms"),
        (0.0, "s", "0 s"),
        (-7200.0, "s", "-2 h"),
        (4.2e7, "bytes", "42 MB"),
        (0.123, "reqps", "0.123/s"),
        (12345.0, "short", "12,345"),
        (3.0, "short", "3"),
        (NAN, "short", "no data"),
    ],
)
def test_numbers_as_a_person_reads_them(value: float, unit: str, words: str) -> None:
    assert shown(value, unit) == words


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_the_pictures_in_the_documents_are_of_these_panels(board: Board) -> None:
    """Else: `.venv/bin/python -m tests.bench.watched`."""
    picture = PICTURES / f"{board.uid.removeprefix('hedgerow-')}-dashboard.svg"
    words = [node.text or "" for node in ElementTree.fromstring(picture.read_text()).iter()]
    assert NOTE in words and not {panel.title for _, panels in board.rows for panel in panels} - set(words)
