"""An entry about what then fails is followed by one that says so; the error itself goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.record import Record, RecordError
from hedgerow.stores.record_promise import promised


def test_what_takes_place_needs_no_second_entry(tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    with promised(record) as told:
        told.append("grant", "lan", "a pass", "lesson", {"minutes": 5})
    assert [(entry.what, entry.why, entry.detail) for entry in record.entries()] == [
        ("a pass", "lesson", {"minutes": 5})
    ]


@pytest.mark.parametrize("error", [ValueError("no such site"), KeyboardInterrupt()])
def test_what_fails_is_said(tmp_path: Path, error: BaseException) -> None:
    record = Record(tmp_path / "record")
    with pytest.raises(type(error)), promised(record) as told:
        told.append("grant", "lan", "a pass")
        raise error
    _, undone = record.entries()
    assert (undone.kind, undone.who, undone.what) == ("grant", "lan", "did not take place: a pass")
    assert undone.why in ("no such site", "KeyboardInterrupt") and undone.detail == {"entry": 1}


def test_when_the_record_fails_the_first_error_is_the_one_that_is_told(tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    with pytest.raises(ValueError, match="the first"), promised(record) as told:
        told.append("grant", "lan", "a pass")
        record.log.unlink()
        record.log.mkdir()
        raise ValueError("the first")


def test_what_cannot_be_recorded_is_not_begun(tmp_path: Path) -> None:
    (tmp_path / "record").write_text("in the way")
    with pytest.raises(RecordError), promised(Record(tmp_path / "record")) as told:
        told.append("grant", "lan", "a pass")
        pytest.fail("this must not be reached")
