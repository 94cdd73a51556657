"""What the supervisor records: edits with their difference, also while it was down; and what it does when it cannot."""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.runtime import Sources
from hedgerow.stores.pseudonyms import Pseudonyms
from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import Entry
from hedgerow.stores.record_start import opened, starts
from hedgerow.stores.record_verify import verify
from hedgerow.stores.sealed import public_text
from hedgerow.stores.state import State, prepare
from hedgerow.supervisor import BuildRefused
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_record import Keeper, fingerprint
from hedgerow.supervisor_serve import Builder

ROOT = Path(__file__).parents[1]
LAN, MINH = X25519PrivateKey.generate(), X25519PrivateKey.generate()
TEXTS = [public_text(key.public_key().public_bytes_raw()) for key in (LAN, MINH)]
HOLDERS = f"\nprivacy: {{keyholders: {{Lan: {TEXTS[0]}, Minh: {TEXTS[1]}}}}}\n"


class House:
    """A school, its lists and its state; ``start`` is what a supervisor does, without workers."""

    def __init__(self, root: Path) -> None:
        self.root, self.school, self.lists = root, root / "local", root / "blocklists"
        (self.school / "bands").mkdir(parents=True)
        (root / "run").mkdir()
        (self.school / "site.yaml").write_text("school: Hoa Phượng\n")
        shutil.copytree(ROOT / "blocklists", self.lists)
        self.state: State = prepare(root / "state")
        self.record = Record(self.state.record)

    def start(self) -> tuple[Builder, Keeper, Box]:
        sources = Sources(ROOT / "policies", self.school, self.lists, ROOT / "blocklists", self.root / "index")
        box = Box()
        keeper = Keeper(self.state, sources, box)
        builder = Builder(sources, self.root / "run", keeper)
        builder()
        return builder, keeper, box

    def new(self, work: Callable[[], object]) -> list[Entry]:
        """The entries that ``work`` leads to."""
        before = len(list(self.record.entries()))
        work()
        return list(self.record.entries())[before:]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Builder, Keeper, Box]:
    house = House(tmp_path_factory.mktemp("house"))
    return house, *house.start()


Running = tuple[House, Builder, Keeper, Box]


def test_the_first_start_records_what_is_there_once(running: Running) -> None:
    house, builder, _keeper, _box = running
    whats = [entry.what for entry in house.record.entries()]
    assert whats[0] == "new local/site.yaml: 1 lines added, 0 removed"
    assert any("shipped files are new" in what for what in whats) and any("lists built: " in what for what in whats)
    assert house.new(builder) == [], "nothing changed"


def test_an_edit_is_recorded_with_its_difference_before_it_is_in_force(running: Running) -> None:
    house, builder, _keeper, _box = running
    band = house.school / "bands" / "ages-8-10.yaml"
    band.write_text("band: ages-8-10\nsites: {a.example: block}\n")
    assert [entry.what[:30] for entry in house.new(builder)] == ["new local/bands/ages-8-10.yaml"]
    band.write_text("band: ages-8-10\nsites: {a.example: allow}\n")
    [entry] = house.new(builder)
    assert (entry.kind, entry.what) == ("policy", "changed local/bands/ages-8-10.yaml: 1 lines added, 1 removed")
    assert "-sites: {a.example: block}\n+sites: {a.example: allow}" in str(entry.detail["diff"])
    assert entry.who.startswith("whoever edits the files (owner ") and entry.detail["policy"] == builder().version
    band.write_text("band: ages-8-10\nsites: {a.example: allow}\n# a word\n")
    assert len(house.new(builder)) == 1, "also what changes no rule"
    band.unlink()
    assert [entry.what[:34] for entry in house.new(builder)] == ["removed local/bands/ages-8-10.yaml"]


def test_a_mistake_is_no_change(running: Running) -> None:
    house, builder, _keeper, _box = running
    edit = house.school / "bands" / "ages-5-7.yaml"
    edit.write_text("band: ages-5-7\nsites: {bet365.com: alow}\n")

    def refused() -> None:
        with pytest.raises(BuildRefused):
            builder()

    assert house.new(refused) == []
    edit.unlink()
    assert house.new(builder) == []


def test_floor_lists_recipients_and_keyholders_are_told_by_kind(running: Running) -> None:
    house, builder, _keeper, box = running
    (house.school / "floor.yaml").write_text("sites: {casino.example: block}\n")
    (house.lists / "local" / "games.txt").write_text("play.example\n")
    site = house.school / "site.yaml"
    site.write_text(site.read_text() + 'reports: {harmful: ["mailto:lead@school.example"]}' + HOLDERS)
    found = {(entry.kind, entry.what.partition(":")[0]) for entry in house.new(builder)}
    assert found == {
        ("floor", "new local/floor.yaml"),
        ("list", "new blocklists/local/games.txt"),
        ("list", "lists built"),
        ("policy", "changed local/site.yaml"),
        ("recipient", "the recipients are not the same any more"),
        ("identity", "the keyholders are not the same any more"),
    }
    assert (box.keyholders, box.keyholders_fingerprint) == (2, fingerprint({"a": TEXTS[1], "b": TEXTS[0]}))
    assert fingerprint({}) == 0


def test_what_cannot_be_recorded_does_not_come_into_force(running: Running) -> None:
    house, builder, _keeper, _box = running
    before, away = builder().version, house.root / "away"
    house.state.record.rename(away)
    house.state.record.write_text("a file where the folder should be")
    edit = house.school / "bands" / "ages-5-7.yaml"
    edit.write_text("band: ages-5-7\nsites: {b.example: allow}\n")
    with pytest.raises(BuildRefused, match="not recorded"):
        builder()
    house.state.record.unlink()
    away.rename(house.state.record)
    assert len(house.new(lambda: builder().version != before)) == 1


def test_what_changed_while_it_was_down_is_recorded_even_with_its_traces_wiped(house: House) -> None:
    house.start()
    site, texts = house.school / "site.yaml", house.state.seen / "files.json"
    stat = site.stat()
    site.write_text("school: Hoa Phuong\n")
    os.utime(site, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert [entry.what for entry in house.new(house.start)] == ["changed local/site.yaml: 1 lines added, 1 removed"]
    site.write_text("school: Phượng Hoa\n")
    texts.write_text(json.dumps({**json.loads(texts.read_text()), "local/site.yaml": site.read_text()}))
    [entry] = house.new(house.start)
    assert entry.detail["file"] == "local/site.yaml" and "not kept" in str(entry.detail["diff"])


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
