"""``hedgerow sheet``: bad months and files are told, JSON has the rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, run
from hedgerow.stores.selftest_log import Kept, append
from hedgerow.stores.state import prepare


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    state = prepare(tmp_path / "state")
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "site.yaml").write_text("timezone: UTC\nlanguages: [ru, en]\n")
    append(state.root / "selftest", Kept(1_772_000_000.0, 2.0, "abc", {"floor": (15, 15)}))  # 2026-02-25
    return ["--policies", str(tmp_path / "local"), "--state", str(state.root)]


@pytest.mark.parametrize(
    "words, told",
    [
        (["--month", "2026-13"], "a month as YYYY-MM"),
        (["--month", "november"], "a month as YYYY-MM"),
        (["--month", "2099-01"], "has not begun"),
        (["--month", "2026-02"], "--out hedgerow-2026-02.pdf"),
        (["--month", "2026-02", "--out", "sheet.doc"], "ends in .pdf or .html"),
        (["--month", "2026-02", "--out", "sheet.pdf", "--html"], "ends in .html"),
    ],
)
def test_what_it_refuses(place: list[str], words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sheet", *words, *place]) == BAD
    assert told in capsys.readouterr().err


def test_a_sheet_and_its_rows(place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sheet.html"
    assert run(["sheet", "--month", "2026-02", "--out", str(out), "--json", *place]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert told["runs"] == 1 and told["rows"]["illegal"] == {
        "result": "fine", "passed": 15, "asked": 15, "unasked": 0
    }  # fmt: skip
    assert told["rows"]["context"]["result"] == "none"
    assert '<html lang="ru"' in out.read_text()


def test_a_sheet_on_standard_output_is_the_sheet_alone(place: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """For whoever may not write here by this account: `sudo hedgerow sheet --html --out - > FILE`."""
    assert run(["sheet", "--month", "2026-02", "--html", "--out", "-", *place]) == FINE
    told = capsys.readouterr()
    assert told.out.startswith("<!doctype html>") and told.out.rstrip().endswith("</html>")
    assert "1 runs of the self-test" in told.err
    assert run(["sheet", "--month", "2026-02", "--out", "-", "--json", *place]) == BAD
    assert "both want standard output" in json.loads(capsys.readouterr().out)["error"]
