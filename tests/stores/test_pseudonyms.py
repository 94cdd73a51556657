"""Pseudonyms: the same within a period, nothing beyond it, and a key that is gone when its period is."""

from __future__ import annotations

import hmac
import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from hedgerow.stores.pseudonyms import Pair, Pseudonyms, committed, destroy, period, tend

ZONE = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 23, 10, 31, 42, 5, ZONE)
PERSON = "10.8.0.17"
HOLDERS = {"Lan": "a", "Minh": "b"}


class Kept:
    """A sealer that keeps what it is given; ``lose`` makes it lose everything."""

    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self.lose = False

    def add(self, pair: Pair, holders: Mapping[str, str], lost: Callable[[], None]) -> None:
        self.pairs.append(pair)
        if self.lose:
            lost()

    def close(self) -> None:
        self.pairs.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pseudonyms"


def test_a_pseudonym_holds_for_its_period(folder: Path) -> None:
    of = Pseudonyms(folder).of
    today = of(PERSON, NOW, "day")
    assert len(today) == 16 and int(today, 16) >= 0
    assert today == of(PERSON, NOW + timedelta(hours=3), "day")
    assert today != of(PERSON, NOW + timedelta(days=1), "day")
    assert today != of("10.8.0.18", NOW, "day")
    assert of(PERSON, NOW, "term") == of(PERSON, NOW + timedelta(days=30), "term") != today


def test_all_processes_give_the_same(folder: Path) -> None:
    assert Pseudonyms(folder).of(PERSON, NOW, "day") == Pseudonyms(folder).of(PERSON, NOW, "day")


def test_it_needs_the_key(tmp_path: Path) -> None:
    here, there = Pseudonyms(tmp_path / "a"), Pseudonyms(tmp_path / "b")
    assert here.of(PERSON, NOW, "day") != there.of(PERSON, NOW, "day")


def test_days_and_terms_have_keys_of_their_own(folder: Path) -> None:
    pseudonyms = Pseudonyms(folder)
    pseudonyms.of(PERSON, NOW, "day")
    pseudonyms.of(PERSON, NOW, "term")
    keys = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(keys) == {"2026-11-23.key", "2026-1.key"} and len(set(keys.values())) == 2
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())


@pytest.mark.parametrize(
    "day, name",
    [("2026-08-01", "2026/1"), ("2027-01-31", "2026/1"), ("2027-02-01", "2026/2"), ("2027-07-31", "2026/2")],
)
def test_terms_are_halves_of_the_school_year(day: str, name: str) -> None:
    assert period(datetime.fromisoformat(day), "term") == name


def test_the_key_of_a_period_is_destroyed_when_the_period_ends(tmp_path: Path, folder: Path) -> None:
    pseudonyms = Pseudonyms(folder)
    before = pseudonyms.of(PERSON, NOW, "day")
    assert tend(tmp_path, folder, NOW, "day") == ()
    midnight = NOW.replace(hour=0, minute=0, second=30) + timedelta(days=1)
    assert tend(tmp_path, folder, midnight, "day") == (), "a request that began before midnight"
    assert tend(tmp_path, folder, midnight + timedelta(minutes=3), "day") == ("2026-11-23",)
    assert list(folder.iterdir()) == []
    assert Pseudonyms(folder).of(PERSON, NOW, "day") != before, "no address leads to the old pseudonym any more"


def test_a_term_key_stays_for_the_term_and_goes_with_another_choice(tmp_path: Path, folder: Path) -> None:
    Pseudonyms(folder).of(PERSON, NOW, "term")
    assert tend(tmp_path, folder, NOW + timedelta(days=60), "term") == ()
    assert tend(tmp_path, folder, NOW, "day") == ("2026-1",)


def test_the_one_key_of_earlier_versions_is_destroyed(tmp_path: Path, folder: Path) -> None:
    old = tmp_path / "pseudonym.key"
    old.write_bytes(b"k" * 32)
    held = old.open("rb")  # what a second name for the file would still show
    tend(tmp_path, folder, NOW, "day")
    assert not old.exists() and held.read() == bytes(32)
    held.close()
    destroy(old)  # twice is fine


def test_an_idle_process_forgets_its_key_too(folder: Path) -> None:
    pseudonyms = Pseudonyms(folder)
    before = pseudonyms.of(PERSON, NOW, "day")
    pseudonyms.forget(NOW + timedelta(hours=13))
    assert pseudonyms.of(PERSON, NOW, "day") == before
    destroy(folder / "2026-11-23.key")
    assert pseudonyms.of(PERSON, NOW, "day") == before, "still in memory"
    pseudonyms.forget((NOW + timedelta(hours=14)).astimezone(timezone(timedelta(0))))
    assert pseudonyms.of(PERSON, NOW, "day") != before


def test_a_pair_is_sealed_once_a_day_and_again_for_other_keyholders(folder: Path) -> None:
    kept = Kept()
    pseudonyms = Pseudonyms(folder, kept)
    for _ in range(3):
        pseudonym = pseudonyms.of(PERSON, NOW, "term", HOLDERS)
    assert [(pair.pseudonym, pair.person, pair.first) for pair in kept.pairs] == [
        (pseudonym, PERSON, "2026-11-23T10:31+07:00")
    ]
    pseudonyms.of(PERSON, NOW, "term", dict(HOLDERS))  # a reload, the same people
    assert len(kept.pairs) == 1
    pseudonyms.of(PERSON, NOW, "term", {**HOLDERS, "Mai": "c"})
    pseudonyms.of(PERSON, NOW + timedelta(days=1), "term", {**HOLDERS, "Mai": "c"})
    assert len(kept.pairs) == 3


def test_without_keyholders_nothing_is_sealed(folder: Path) -> None:
    kept = Kept()
    Pseudonyms(folder, kept).of(PERSON, NOW, "day")
    assert not kept.pairs


def test_a_pair_that_was_lost_is_tried_again(folder: Path) -> None:
    kept = Kept()
    kept.lose = True
    pseudonyms = Pseudonyms(folder, kept)
    first = pseudonyms.of(PERSON, NOW, "day", HOLDERS)
    kept.lose = False
    assert [pseudonyms.of(PERSON, NOW, "day", HOLDERS) for _ in range(2)] == [first, first]
    assert len(kept.pairs) == 2


def test_a_pair_proves_who_it_is(folder: Path) -> None:
    kept = Kept()
    Pseudonyms(folder, kept).of(PERSON, NOW, "day", HOLDERS)
    [pair] = kept.pairs
    assert pair.true
    assert not replace(pair, person="10.8.0.18").true
    assert not replace(pair, salt=bytes(32)).true


def test_a_disk_that_takes_no_key_fails_no_event(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    pseudonyms = Pseudonyms(tmp_path / "file" / "below")
    assert pseudonyms.of(PERSON, NOW, "day") == pseudonyms.of(PERSON, NOW, "day")
    assert caplog.text.count("no key for pseudonyms") == 1


def test_a_flood_of_addresses_does_not_fill_the_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.stores.pseudonyms._MOST_KEPT", 10)
    pseudonyms = Pseudonyms(folder)
    for number in range(100):
        pseudonyms.of(f"10.0.0.{number}", NOW, "day")
    assert pseudonyms._turn is not None and len(pseudonyms._turn.known) <= 10


def test_a_known_person_costs_little(folder: Path) -> None:
    pseudonyms = Pseudonyms(folder)
    pseudonyms.of(PERSON, NOW, "day", HOLDERS)
    begun = time.process_time()
    for _ in range(10_000):
        pseudonyms.of(PERSON, NOW, "day", HOLDERS)
    assert (time.process_time() - begun) / 10_000 < 5e-6, "seconds an event"


def _guessed(state: Path, wanted: str) -> list[str]:
    """The attack of whoever has the whole state folder: every address of a /16, with every key that lies there."""
    keys = [path.read_bytes() for path in state.rglob("*") if path.is_file() and path.stat().st_size >= 32]
    periods = ("2026-11-23", "2026/1")
    found = []
    for high, low in itertools.product(range(256), range(256)):
        person = f"10.8.{high}.{low}"
        for key, name in itertools.product(keys, periods):
            salt = hmac.digest(key[:32], f"{name}\0{person}".encode(), "sha256")
            if committed(salt, person) == wanted:
                found.append(person)
    return found


def test_the_whole_state_folder_gives_no_address_away_once_the_day_is_over(tmp_path: Path, folder: Path) -> None:
    pseudonym = Pseudonyms(folder).of(PERSON, NOW, "day")
    assert _guessed(tmp_path, pseudonym) == [PERSON], "while the day lasts the key must be there: this is the limit"
    tend(tmp_path, folder, NOW + timedelta(days=1), "day")
    Pseudonyms(folder).of(PERSON, NOW + timedelta(days=1), "day")
    assert _guessed(tmp_path, pseudonym) == []
