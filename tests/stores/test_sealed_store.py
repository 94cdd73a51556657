"""The sealed pairs on the disk: found again, opened by two, forged by nobody, gone with their events."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.stores.pseudonyms import Pair
from hedgerow.stores.sealed import SealError, public_text
from hedgerow.stores.sealed_store import SealedStore, encode, expire, find, sealed_pseudonyms

NOW = datetime(2026, 11, 23, 10, 31, 42, 5, timezone(timedelta(hours=7)))
LAN, MINH = X25519PrivateKey.generate(), X25519PrivateKey.generate()
HOLDERS = {
    name: public_text(key.public_key().public_bytes_raw()) for name, key in (("Lan", LAN), ("Minh", MINH))
}  # fmt: skip


def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def written(tmp_path: Path, *persons: str) -> list[str]:
    pseudonyms = sealed_pseudonyms(tmp_path / "keys", tmp_path / "sealed" / "0")
    found = [pseudonyms.of(person, NOW, "day", HOLDERS) for person in persons]
    pseudonyms.close()
    return found


def test_two_keyholders_find_out_who_it_was(tmp_path: Path) -> None:
    first, second = written(tmp_path, "10.20.3.4", "fd20::1:2")
    [found] = find(tmp_path / "sealed", second)
    pair = found.open(MINH, LAN)
    assert (pair.person, pair.first, pair.period) == ("fd20::1:2", "2026-11-23T10:31+07:00", "2026-11-23")
    assert [one.open(LAN, MINH).person for one in find(tmp_path / "sealed", first)] == ["10.20.3.4"]


def test_no_byte_of_an_address_is_in_the_file_and_all_lines_have_one_length(tmp_path: Path) -> None:
    written(tmp_path, "10.20.3.4", "fd20:1234:5678:9abc:def0:1234:5678:9abc")
    [path] = (tmp_path / "sealed" / "0").iterdir()
    assert path.name == "2026-11-23.sealed" and path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    assert b"10.20." not in content and b"fd20" not in content
    assert len({len(line) for line in content.split(b"\n") if line}) == 1


def test_it_is_sealed_soon_and_not_only_at_the_end(tmp_path: Path) -> None:
    pseudonyms = sealed_pseudonyms(tmp_path / "keys", tmp_path / "sealed" / "0")
    pseudonym = pseudonyms.of("10.20.3.4", NOW, "day", HOLDERS)
    until(lambda: list(find(tmp_path / "sealed", pseudonym)))
    pseudonyms.close()


def test_a_name_put_under_another_pseudonym_is_told_as_forged(tmp_path: Path) -> None:
    """The public keys are public: the administrator can seal anything, but not a pair that is true."""
    [pseudonym] = written(tmp_path, "10.20.3.4")
    forged = Pair(pseudonym, "2026-11-23", "10.20.3.99", bytes(32), "2026-11-23T10:31+07:00")
    (tmp_path / "sealed" / "9").mkdir()
    (tmp_path / "sealed" / "9" / "2026-11-22.sealed").write_bytes(encode(forged, HOLDERS))
    lie, truth = find(tmp_path / "sealed", pseudonym)
    with pytest.raises(SealError, match="a forged line"):
        lie.open(LAN, MINH)
    assert truth.open(LAN, MINH).person == "10.20.3.4"


def test_a_line_moved_to_another_pseudonym_does_not_open(tmp_path: Path) -> None:
    first, second = written(tmp_path, "10.20.3.4", "10.20.3.5")
    [path] = (tmp_path / "sealed" / "0").iterdir()
    path.write_bytes(path.read_bytes().replace(first.encode(), b"0" * 16).replace(second.encode(), first.encode()))
    [found] = find(tmp_path / "sealed", first)
    with pytest.raises(SealError, match="was changed"):
        found.open(LAN, MINH)


def test_a_torn_line_hides_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "sealed" / "0"
    folder.mkdir(parents=True)
    (folder / "2026-11-23.sealed").write_bytes(b'{"pseudonym": "0000000000000000", "shar')
    [pseudonym] = written(tmp_path, "10.20.3.4")
    assert [found.open(LAN, MINH).person for found in find(tmp_path / "sealed", pseudonym)] == ["10.20.3.4"]
    assert list(find(tmp_path / "sealed", "0000000000000000")) == []


@pytest.mark.parametrize("line", [b"\xff", b"[]", b'{"pseudonym":"x"}', b'{"pseudonym":"x","shares":{"a":[1]}}'])
def test_nonsense_is_skipped(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "2026-11-23.sealed").write_bytes(line.replace(b"x", b"0" * 16) + b"\n")
    assert list(find(tmp_path, "0" * 16)) == []


def test_what_cannot_be_written_is_counted_and_tried_again(tmp_path: Path) -> None:
    dropped: list[int] = []
    (tmp_path / "sealed").write_text("a file where the folder should be")
    pseudonyms = sealed_pseudonyms(tmp_path / "keys", tmp_path / "sealed" / "0", lambda: dropped.append(1))
    pseudonym = pseudonyms.of("10.20.3.4", NOW, "day", HOLDERS)
    until(lambda: dropped)
    (tmp_path / "sealed").unlink()
    assert pseudonyms.of("10.20.3.4", NOW, "day", HOLDERS) == pseudonym
    pseudonyms.close()
    assert len(list(find(tmp_path / "sealed", pseudonym))) == 1


def test_a_full_queue_drops_and_counts_and_never_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.stores.sealed_store._QUEUE", 3)
    dropped: list[int] = []
    store = SealedStore(tmp_path / "0", lambda: dropped.append(1))
    for number in range(10):
        store.add(Pair("0" * 16, "p", str(number), bytes(32), "2026-11-23T10:31+07:00"), HOLDERS, lambda: None)
    store.close()
    assert len(dropped) >= 4


def test_a_day_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.stores.sealed_store._MOST_A_DAY", 100)
    written(tmp_path, "10.20.3.4")
    [second] = written(tmp_path, "10.20.3.5")
    assert list(find(tmp_path / "sealed", second)) == []


def test_files_go_when_the_events_of_their_day_go(tmp_path: Path) -> None:
    [pseudonym] = written(tmp_path, "10.20.3.4")
    [path] = (tmp_path / "sealed" / "0").iterdir()
    assert expire(tmp_path / "sealed", 30, time.time() + 29 * 86_400) == 0
    os.utime(path, (0, time.time() - 31 * 86_400))
    assert expire(tmp_path / "sealed", 30, time.time()) == 1
    assert list(find(tmp_path / "sealed", pseudonym)) == []
    assert expire(tmp_path / "nowhere", 30, time.time()) == 0


def test_a_line_is_json(tmp_path: Path) -> None:
    pair = Pair("0" * 16, "2026/1", "10.20.3.4", bytes(32), "2026-11-23T10:31+07:00")
    content = json.loads(encode(pair, HOLDERS))
    assert set(content) == {"pseudonym", "period", "ephemeral", "shares", "box"} and len(content["shares"]) == 2
