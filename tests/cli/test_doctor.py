"""``hedgerow doctor`` and ``hedgerow selftest`` where nothing runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND, run
from hedgerow.stores.state import prepare


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    prepare(tmp_path / "state")
    (tmp_path / "local").mkdir()
    return ["--policies", str(tmp_path / "local"), "--state", str(tmp_path / "state")]


def test_a_gateway_that_does_not_run(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json", *place]) == FOUND
    told = json.loads(capsys.readouterr().out)
    found = {one["id"]: one for one in told["findings"]}
    assert found.keys() >= {"not-running", "ca-missing", "no-networks"} and not told["ok"]
    assert [one["severity"] for one in told["findings"]][0] == "broken"
    assert run(["doctor", *place]) == FOUND
    assert "broken  not-running: no gateway runs" in capsys.readouterr().out


def test_the_table_and_bad_usage(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--table"]) == FINE
    assert "| `ipv6-leak` | broken |" in capsys.readouterr().out
    assert run(["doctor", "--listen", "here", *place]) == BAD
    assert "expected HOST:PORT" in capsys.readouterr().err


def test_a_self_test_without_a_gateway(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["selftest", *place]) == BAD
    assert "no gateway runs with this state folder" in capsys.readouterr().err
