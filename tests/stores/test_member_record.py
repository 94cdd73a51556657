"""What the record says of the lists, and which of them must therefore be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.member_reading import held, read_list
from hedgerow.stores.member_record import lies_where_it_is_kept, must_stand, put_in, taken_out
from hedgerow.stores.member_record import tested as told_of_test
from hedgerow.stores.record import Record
from hedgerow.stores.record_promise import promised
from tests.core.member import keyed

MADE = held(
    read_list([b"canary.test/secret\n", b"canary.test\n"], keyed), "iwf", 5.0, "Lan", "http://canary.test/secret"
)


def test_counts_and_a_fingerprint() -> None:
    failed = told_of_test("iwf", False, ["staff"])
    for what, detail in (put_in(MADE, None), put_in(MADE, MADE), taken_out("iwf", MADE), failed):
        assert "iwf" in what and "canary" not in f"{what} {detail}" and "secret" not in f"{what} {detail}"
    assert put_in(MADE, None)[1]["entries"] == 2 and put_in(MADE, MADE)[1]["entries-before"] == 2
    assert told_of_test("iwf", True, [])[0].endswith("passes its self-test again")


def test_what_must_stand(tmp_path: Path) -> None:
    record = Record(tmp_path / "record", tmp_path / "keys")

    def put(out: bool = False, fails: bool = False) -> None:
        with promised(record) as promises:
            what, detail = taken_out("iwf", MADE) if out else put_in(MADE, None)
            promises.append("list", "Lan", what, "", detail)
            if fails:
                raise OSError("the disk is full")

    def standing() -> list[str]:
        return list(must_stand(record.entries()))

    record.append("list", "Hedgerow", "lists built", "", {"index": "x"})
    assert standing() == []
    with pytest.raises(OSError):
        put(fails=True)
    assert standing() == []
    put()
    assert standing() == ["iwf"]
    with pytest.raises(OSError):
        put(out=True, fails=True)
    assert standing() == ["iwf"]  # it was not taken out after all
    record.append("list", "Hedgerow", *told_of_test("iwf", False, ["staff"])[:1])
    put(out=True)
    assert standing() == []


@pytest.mark.parametrize("file, kept", [("lists/local/iwf.txt", True), ("lists/../iwf.txt", False), ("iwf.txt", False)])
def test_where_no_such_list_may_lie(tmp_path: Path, file: str, kept: bool) -> None:
    (tmp_path / "lists" / "local").mkdir(parents=True)
    assert lies_where_it_is_kept(tmp_path / file, [tmp_path / "lists"]) is kept
