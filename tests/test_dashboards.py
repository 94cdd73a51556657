"""The dashboards: written by the panels' definitions, of Grafana's schema, about metrics there are, naming nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.grafana.boards import BOARDS, DISTRICT, SAFEGUARDING, Board
from deploy.grafana.make import FOLDER, board_json
from tests.test_alerts import is_known

ROOT = Path(__file__).parents[1]
PROMETHEUS = ROOT / "deploy" / "prometheus"
OTHERS = {"up", "ALERTS", "scrape_samples_scraped", "scrape_duration_seconds"}
"""Prometheus' own."""

register_default_plugins()


def file_of(board: Board) -> Path:
    return FOLDER / f"{board.uid.removeprefix('hedgerow-')}.json"


def queries(board: Board) -> list[str]:
    found = [target["expr"] for panel in json.loads(file_of(board).read_text())["panels"]
             for target in panel.get("targets", ())]  # fmt: skip
    assert len(found) > 10
    return found


def names(query: str) -> set[str]:
    bare = re.sub(r"\{[^}]*\}|\[\w+\]", " ", re.sub(r'"[^"]*"', "", query))
    return set(re.findall(r"\bhedgerow[_:][a-z0-9_:]+|\bup\b|\bALERTS\b|\bscrape_\w+", bare))


def lost(data: Any) -> list[str]:
    """Read by Grafana's own types and written again: the places of what its schema does not know, or says otherwise."""
    return list(missing(data, json.loads(json.dumps(Dashboard.from_json(data), cls=JSONEncoder)), ""))


def missing(old: Any, new: Any, place: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            yield from missing(value, new[key], f"{place}/{key}") if key in new else [f"{place}/{key}"]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from missing(one, other, f"{place}/{number}")
    elif old != new:
        yield place


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_the_files_are_what_the_definitions_say(board: Board) -> None:
    """Else: `.venv/bin/python -m deploy.grafana.make`."""
    assert file_of(board).read_text() == board_json(board)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_they_are_of_grafanas_schema(board: Board) -> None:
    data = json.loads(file_of(board).read_text())
    assert not lost(data)
    ids = [panel["id"] for panel in data["panels"]]
    assert len(ids) == len(set(ids)) and data["uid"] == board.uid and data["schemaVersion"] >= 36


@pytest.mark.parametrize(
    "path, value",
    [(("pannels",), []), (("panels", 1, "titel"), "x"), (("panels", 1, "fieldConfig", "defaults", "unitt"), "s"),
     (("panels", 1, "targets", 0, "exprs"), "up"), (("panels", 1, "options", "colour"), "red")],
)  # fmt: skip
def test_what_is_not_of_the_schema_is_found(path: tuple[str | int, ...], value: Any) -> None:
    data = json.loads(file_of(DISTRICT).read_text())
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert lost(data) == ["/" + "/".join(str(step) for step in path)]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_every_query_is_about_metrics_there_are(board: Board) -> None:
    for query in queries(board):
        found = names(query)
        assert found and not [name for name in found if name not in OTHERS and not is_known(name)], query


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_panels_stand_beside_each_other(board: Board) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(file_of(board).read_text())["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


def test_safeguarding_tells_sums_of_a_week_and_of_no_group() -> None:
    """A count that moves by one on a Tuesday afternoon is a child in a small school."""
    for query in queries(SAFEGUARDING):
        assert not re.search(r"\bband\b|\brule\b|\bcategory\b|hedgerow_(?:decisions|requests|rule|category)", query)
        for window in re.findall(r"\[(\w+)\]", query):
            assert window in ("7d", "30d"), query


def kept() -> list[str]:
    """What comes to a district, by each of the two ways."""
    federated = yaml.safe_load((PROMETHEUS / "district" / "federation.yaml").read_text())
    match = federated["scrape_configs"][0]["params"]["match[]"]
    written = yaml.safe_load((PROMETHEUS / "remote_write.yaml").read_text())
    regex = written["remote_write"][0]["write_relabel_configs"][0]["regex"]
    found = re.search(r'__name__=~"([^"]+)"', match[0])
    assert found and match[1].startswith("ALERTS")
    return [f"{found[1]}|ALERTS", regex]


def test_the_districts_board_shows_only_what_comes_to_a_district() -> None:
    one, other = kept()
    assert one == other
    for query in queries(DISTRICT):
        assert not [name for name in names(query) if not re.fullmatch(one, name)], query
