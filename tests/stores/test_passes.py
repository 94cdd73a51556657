from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgerow.stores.passes import PassStore, Redeemed, Refused, Scope, Target
from hedgerow.stores.record import Record

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECRET = b"s" * 32
SITE = Target("wiki.test", digests=frozenset({"d1"}), rules=("category:games",))
BAND = Scope(band="ages-8-10")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassStore]:
    made = PassStore(tmp_path / "grants.sqlite", SECRET, Record(tmp_path / "record"))
    yield made
    made.close()


def test_a_code_opens_what_it_was_issued_for_for_each_person_once(store: PassStore) -> None:
    code, _ = store.issue(BAND, SITE, 600, 3600, 2, "Ms Lan", "a lesson")
    first = store.redeem(code, "10.8.0.1", "10.8.0.1", "en.wiki.test", NOW, "ages-8-10")
    assert isinstance(first, Redeemed) and first.here and first.host == "wiki.test"
    again = store.redeem(code.lower(), "10.8.0.1", "10.8.0.1", "other.test", NOW, "ages-8-10")
    assert isinstance(again, Redeemed) and again.id == first.id and not again.here
    assert isinstance(store.redeem(code, "10.8.0.2", "10.8.0.2", "x.test", NOW, "ages-8-10"), Redeemed)
    assert store.redeem(code, "10.8.0.3", "10.8.0.3", "x.test", NOW, "ages-8-10") is Refused.USED_UP
    assert store.redeem(code, "10.8.0.4", "10.8.0.4", "x.test", NOW, "ages-5-7") is Refused.UNKNOWN


def test_what_is_granted_is_in_the_record_first(store: PassStore, tmp_path: Path) -> None:
    row = store.add_pass(BAND, SITE, 600, "Ms Lan", "a lesson")
    assert store.held() == (row,)
    assert store.end(row.id, "Ms Lan") == row and store.held() == () and store.end(row.id, "Ms Lan") is None
    said = [(entry.kind, entry.who, entry.what) for entry in Record(tmp_path / "record").entries()]
    assert said == [
        ("grant", "Ms Lan", f"pass {row.id}: wiki.test for band ages-8-10"),
        ("grant", "Ms Lan", f"ended: pass {row.id}: wiki.test for band ages-8-10"),
    ]
