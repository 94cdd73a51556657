"""What the portal knows: the files in force, its stores, and the banner that takes no page away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.portal.house import House
from hedgerow.stores.pass_rows import GrantKind
from hedgerow.stores.passes import PassStore
from tests.portal.place import Browser, house


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("house"))
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def asks_anew(made: House) -> None:
    made._relaxed = (0.0, 0.0)


def test_what_the_files_say(made: House) -> None:
    shown = made.shown
    assert shown.site.school == "Trường Hoa Phượng" and str(shown.zone) == "Asia/Ho_Chi_Minh"
    assert "hedgerow.school.test" in shown.gateway_names and shown.registers["ages-8-10"] == "young"
    assert "18001776" in {line.number for line in shown.helplines}
    assert shown.helplines_for("vi")[0].languages.count("vi") == 1
    assert shown.texts("xx") is shown.messages["en"]


def test_a_snapshot_that_cannot_be_read_changes_nothing(made: House, tmp_path: Path) -> None:
    before = made.shown
    with pytest.raises(OSError):
        made.load(tmp_path / "none")
    assert made.shown is before


def test_stores_are_opened_once_and_when_needed(made: House) -> None:
    assert made.passes is made.passes and made.reports is made.reports
    assert made.flood(True) is not made.flood(False)


def test_the_banner_says_until_when(made: House) -> None:
    assert made.banner("en") == ""
    row = made.passes.relax(600, "IT", "x")
    made._relaxed = (0.0, 0.0)
    assert "{time}" not in made.banner("en") and ":" in made.banner("en")
    made.passes.end(row.id, "IT")


def test_an_odd_row_takes_no_page_away(made: House) -> None:
    row = made.passes.relax(600, "IT", "x")
    with sqlite3.connect(made.state.grants, isolation_level=None) as other:
        other.execute("update granted set kind = 'holiday' where id = ?", (row.id,))
    other.close()
    answer = Browser(made).get("/")
    assert answer.status_code == 200 and "18001776" in answer.text
    assert made.passes.held(GrantKind.RELAX) == ()


def test_no_fault_of_the_store_takes_a_page_away(made: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(PassStore, "held", broken)
    answer = Browser(made).get("/")
    assert answer.status_code == 200 and "18001776" in answer.text


def test_the_page_of_a_fault_asks_no_store(made: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ValueError("odd")

    monkeypatch.setattr(House, "banner", broken)
    answer = Browser(made).get("/")
    assert answer.status_code == 503 and "18001776" in answer.text
