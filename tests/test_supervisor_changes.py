"""What is recorded of edits: with their difference, also those made while the gateway was down."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from hedgerow.supervisor import BuildRefused
from hedgerow.supervisor_record import fingerprint
from tests.recorded import HOLDERS, TEXTS, House, Running


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Running:
    house = House(tmp_path_factory.mktemp("house"))
    return house, *house.start()


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


def test_what_alerts_is_a_change_of_its_own(running: Running) -> None:
    house, builder, _keeper, _box = running
    edit = house.school / "bands" / "ages-8-10.yaml"
    edit.write_text(
        "band: ages-8-10\nwords: {self-harm: {action: help, alert: off}, drugs: {action: warn, alert: low}}\n"
    )
    (told,) = (entry for entry in house.new(builder) if entry.kind == "recipient")
    assert told.what == "the alerts are not the same any more"
    before, after = told.detail["before"], told.detail["alerts"]
    assert isinstance(before, dict) and isinstance(after, dict)
    assert before["ages-8-10: self-harm"] == "high from 1" and "ages-8-10: self-harm" not in after
    assert after["ages-8-10: drugs"] == "low from 1" and after["ages-8-10: bullying"] == "medium from 2"
    edit.write_text(
        "band: ages-8-10\nwords: {self-harm: {action: help, alert: off}, drugs: {action: block, alert: low}}\n"
    )
    assert {entry.kind for entry in house.new(builder)} == {"policy"}  # another action alerts no otherwise
    edit.unlink()
    (told,) = (entry for entry in house.new(builder) if entry.kind == "recipient")
    assert told.detail["alerts"] == before


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


def test_who_opened_a_pseudonym_does_not_change_who_may(house: House) -> None:
    (house.school / "site.yaml").write_text("school: Hoa Phượng\n" + HOLDERS)
    house.start()
    house.record.append("identity", "Lan and Minh", "opened 3f9c", "threat", {"keyholders": ["Lan 3f9c", "Minh 4a7d"]})
    house.record.append("identity", "Lan and Minh", "opened 3f9c", "threat", {"opened-by": ["Lan 3f9c", "Minh 4a7d"]})
    assert house.new(house.start) == [], "nothing was changed by looking"
