"""Examples are judged by the very explain that traffic is, at the school's own time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from hedgerow.core.hosts import is_address
from hedgerow.core.model import Calendar, Hit, Name, NameSource, Passage, Request, TopicScore, Where
from hedgerow.core.urls import canonical_path, parse_url
from hedgerow.stores.examples import Result, run_examples, school_day
from hedgerow.stores.policy_examples import Example
from tests.core.house import lists
from tests.stores.small_world import loaded

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
INDEX = lists(games="games.test", gambling="bet.test", search="search.test")


def scan(texts: Sequence[str | Passage], typed: bool = False) -> tuple[TopicScore, ...]:
    """One topic whose only phrase weighs enough for a page."""
    if not any("blue film" in text for text in texts):
        return ()
    hit = Hit("adult", "blue film", Where("words/adult.en.yaml", 4), 0, 9, "blue film")
    return (TopicScore("adult", 3.0, "en", (hit,)),)


def request_of(example: Example) -> Request:
    target = parse_url(example.url)
    assert not is_address(target.host)
    return Request((Name(NameSource.HOST, target.host),), path=canonical_path(target.path), query=target.query)


def run(folder: Path, examples: str, today: date = MONDAY) -> list[Result]:
    found = loaded(folder, meadow=f"examples:\n{examples}\n")
    return list(run_examples(found.examples, found.policy, INDEX, scan, request_of, today))


@pytest.mark.parametrize(
    "example",
    [
        '{url: "https://kids.test/", expect: allow, by: "site:kids.test"}',
        '{url: "https://kids.test/", expect: allow}',
        '{url: "https://www.bet.test/x", expect: block, by: "category:gambling"}',
        '{url: "https://games.test/", expect: limit, by: "category:games"}',  # 10:00, nobody has lunch
        '{url: "https://games.test/", expect: allow, at: "2026-11-23 12:00"}',
        '{url: "https://games.test/", expect: limit, at: "2026-11-28 12:00"}',  # Saturday is no school day
        '{url: "https://new.test/", expect: warn, by: "unknown:page"}',
        '{url: "https://new.test/x.css", expect: allow, by: "unknown:part", kind: part}',
        '{url: "https://kids.test/", expect: block, by: "words:adult", text: "a blue film here"}',
        '{url: "https://search.test/", expect: block, by: "words:adult", posted: "blue film"}',
        '{url: "https://kids.test/", expect: allow, text: "a blue film here", capture: names-only}',
        '{url: "https://help.test/", expect: allow, by: "protected:help.test"}',
        '{url: "https://bad.test/", expect: block, by: "floor:site:bad.test"}',
    ],
)
def test_kept(tmp_path: Path, example: str) -> None:
    (result,) = run(tmp_path, f"  - {example}")
    assert result.problem == ""
    assert result.kept
    assert "as promised" in str(result)


@pytest.mark.parametrize(
    "example, problem",
    [
        (
            '{url: "https://bet.test/", expect: allow}',
            "expected allow, but it is block by category:gambling (bands/garden.yaml:9)",
        ),
        (
            '{url: "https://kids.test/", expect: allow, by: "category:games"}',
            "allow as expected, but by site:kids.test (bands/garden.yaml:17) and not by category:games",
        ),
    ],
)
def test_not_kept(tmp_path: Path, example: str, problem: str) -> None:
    (result,) = run(tmp_path, f"  - {example}")
    assert result.problem == problem
    assert str(result).startswith("local/bands/meadow.yaml:2: meadow: https://")


def test_on_a_free_day_the_next_school_day_is_meant(tmp_path: Path) -> None:
    example = '  - {url: "https://games.test/", expect: limit}'
    assert run(tmp_path, example, SATURDAY)[0].kept


@pytest.mark.parametrize(
    "today, holidays, expected",
    [
        (MONDAY, (), MONDAY),
        (SATURDAY, (), date(2026, 11, 30)),
        (MONDAY, (MONDAY,), date(2026, 11, 24)),
    ],
)
def test_school_day(today: date, holidays: tuple[date, ...], expected: date) -> None:
    assert school_day(today, Calendar("UTC", holidays=frozenset(holidays))) == expected


def test_a_calendar_without_school_days_ends() -> None:
    assert school_day(MONDAY, Calendar("UTC", frozenset())) == MONDAY
