"""What the supervisor does about the record each minute, and when it cannot write it."""

from __future__ import annotations

import logging
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hedgerow.stores.grants import GrantStore
from hedgerow.stores.pseudonyms import Pseudonyms
from hedgerow.stores.record_start import opened, starts
from hedgerow.stores.record_verify import verify
from hedgerow.stores.state import key
from hedgerow.supervisor import BuildRefused
from tests.recorded import HOLDERS, LAN, MINH, House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_what_cannot_be_recorded_does_not_come_into_force(house: House) -> None:
    builder, _keeper, box = house.start()
    before, away = builder().version, house.root / "away"
    house.state.record.rename(away)
    house.state.record.write_text("a file where the folder should be")
    edit = house.school / "bands" / "ages-5-7.yaml"
    edit.write_text("band: ages-5-7\nsites: {b.example: allow}\n")
    for times in (1, 2):
        with pytest.raises(BuildRefused, match="not recorded") as refused:
            builder()
        assert refused.value.passing and box.house_failures["record"] == times
    house.state.record.unlink()
    away.rename(house.state.record)
    assert len(house.new(lambda: builder().version != before)) == 1


def test_without_a_record_the_gateway_starts_and_tries_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.state.record.rmdir()
    house.state.record.write_text("a file where the folder should be")
    with caplog.at_level(logging.ERROR):
        _builder, keeper, box = house.start()
    assert box.house_failures["record"] == 1 and "not recorded" in caplog.text
    keeper.happened("the gateway started")
    assert box.house_failures["record"] == 2
    house.state.record.unlink()
    for chore in keeper.chores:
        chore()
    assert "new local/site.yaml" in next(house.record.entries()).what and box.record_whole


def test_the_chores_seal_the_starting_key_and_notice_damage(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with (house.school / "site.yaml").open("a") as file:
        file.write(HOLDERS)
    _builder, keeper, box = house.start()
    for _ in range(2):
        for chore in keeper.chores:
            chore()
    assert starts(house.record) == {} and box.record_whole
    keeper.happened("the gateway stopped")
    found = verify(house.record, opened(house.record, LAN, MINH))
    assert found.whole and found.by_key == found.entries
    house.record.log.write_bytes(house.record.log.read_bytes().replace(b"stopped", b"started"))
    with caplog.at_level(logging.ERROR):
        keeper.chores[2]()
    assert not box.record_whole and "the change record: line" in caplog.text


def test_the_chores_destroy_old_keys_and_old_seals(house: House) -> None:
    _builder, keeper, _box = house.start()
    (house.state.keys / "pseudonym.key").write_bytes(b"k" * 32)
    pseudonyms = Pseudonyms(house.state.pseudonyms)
    pseudonyms.of("10.0.0.1", datetime(2020, 1, 1, tzinfo=UTC), "day")
    today = datetime.now(ZoneInfo("UTC"))
    pseudonyms.of("10.0.0.1", today, "day")
    old = house.state.sealed / "0" / "2020-01-01.sealed"
    old.parent.mkdir()
    old.write_text("{}")
    os.utime(old, (0, time.time() - 31 * 86_400))
    for chore in keeper.chores:
        chore()
    kept = sorted(path.name for path in house.state.keys.rglob("*.key") if path.parent == house.state.pseudonyms)
    assert kept == [f"{today.date()}.key"]
    assert not (house.state.keys / "pseudonym.key").exists() and not old.exists()


def test_an_upgrade_asks_once_more_and_leaves_no_old_key(house: House) -> None:
    """Grants were found by the pseudonyms' key until now: those rows fit nothing any more, and harm nothing."""
    old, now = b"k" * 32, datetime.now(UTC)
    (house.state.keys / "pseudonym.key").write_bytes(old)
    before = GrantStore(house.state.grants, old)
    before.add("10.0.0.1", "a.example", "d", 600)
    before.close()
    grants = GrantStore(house.state.grants, key(house.state.keys / "grants.key"))
    assert grants.lifts("10.0.0.1", "a.example", "d", now) is None
    grants.add("10.0.0.1", "a.example", "d", 600)
    assert grants.lifts("10.0.0.1", "a.example", "d", now)
    grants.close()
    _builder, keeper, _box = house.start()
    for chore in keeper.chores:
        chore()
    kept = b"".join(path.read_bytes() for path in house.state.root.rglob("*") if path.is_file())
    assert not (house.state.keys / "pseudonym.key").exists() and old not in kept
