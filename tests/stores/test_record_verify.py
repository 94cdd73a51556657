"""What an attacker with the administrator's shell does to the record, and what finds it.

Each row says what is noticed by anybody (``alone``), and what needs the starting key that two keyholders have
(``keyed``) or a head that left the machine (``noted``). Rows with nothing are the honest ones: the record cannot
tell.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import FIRST, Entry, Line, decode, encode
from hedgerow.stores.record_key import Key, decode_key
from hedgerow.stores.record_start import starts
from hedgerow.stores.record_verify import Verified, accept, verify

ENTRIES = 6


@dataclass
class Attacked:
    """The record, and what the attacker finds on the machine."""

    record: Record
    copy: Path  # of the whole state folder, as it was two entries ago

    def lines(self) -> list[bytes]:
        return self.record.log.read_bytes().splitlines(keepends=True)

    def write(self, lines: list[bytes]) -> None:
        self.record.log.write_bytes(b"".join(lines))

    def key(self) -> Key:
        found = decode_key(self.record.key_file.read_bytes())
        assert found
        return found


def parsed(raw: bytes) -> Line:
    line = decode(raw)
    assert line
    return line


@pytest.fixture
def attacked(tmp_path: Path) -> Attacked:
    state = tmp_path / "state"
    record = Record(state / "record")
    for number in range(1, ENTRIES - 1):
        record.append("policy", "minh", f"change {number}")
    shutil.copytree(state, tmp_path / "copy")
    record.append("grant", "minh", "a pass for his own address")
    record.append("policy", "minh", "and one more")
    return Attacked(record, tmp_path / "copy")


def edit(at: Attacked) -> None:
    at.write([line.replace(b"his own address", b"her own address") for line in at.lines()])


def edit_and_fit_the_hash(at: Attacked) -> None:
    lines = at.lines()
    line = parsed(lines[4])
    at.write([*lines[:4], encode(line.body.replace("his own", "her own"), line.mac), *lines[5:]])


def delete(at: Attacked) -> None:
    lines = at.lines()
    at.write([*lines[:4], *lines[5:]])


def reorder(at: Attacked) -> None:
    lines = at.lines()
    at.write([*lines[:3], lines[4], lines[3], lines[5]])


def repeat(at: Attacked) -> None:
    lines = at.lines()
    at.write([*lines[:5], lines[4], lines[5]])


def spoil(at: Attacked) -> None:
    lines = at.lines()
    at.write([*lines[:4], b"\n", lines[5]])


def cut_the_tail(at: Attacked) -> None:
    at.write(at.lines()[:4])


def cut_the_tail_and_go_on(at: Attacked) -> None:
    at.write(at.lines()[:4])
    at.record.append("policy", "minh", "nothing happened")


def cut_the_tail_and_the_head(at: Attacked) -> None:
    shutil.copy(at.copy / "record" / "head.json", at.record.head_file)
    cut_the_tail(at)


def set_the_folder_back(at: Attacked) -> None:
    shutil.rmtree(at.record.log.parent)
    shutil.copytree(at.copy / "record", at.record.log.parent)


def remove_everything(at: Attacked) -> None:
    shutil.rmtree(at.record.log.parent)


def write_it_all_anew(at: Attacked) -> None:
    """With the hash chain whole, and the key of today: the keys of then do not exist any more."""
    last, key, out = FIRST, at.key(), []
    for number, raw in enumerate(at.lines()):
        old = parsed(raw).entry
        entry = replace(old, what=old.what.replace("his own", "her own"), before=last)
        out.append(encode(entry.body(), key.mac("entry", entry.body())))
        last = parsed(out[-1]).hash
        assert entry.step == number
    at.write(out)
    at.record.store(at.record.key_file, replace(key, last=last).encode())
    head = replace(at.record.head(), hash=last)
    content = {"entries": head.entries, "hash": last, "time": head.time, "mac": key.mac("head", head.text)}
    at.record.store(at.record.head_file, json.dumps(content).encode())


def throw_the_key_away(at: Attacked) -> None:
    """And begin anew after a tail that is cut off: the new key is not announced by the old one."""
    at.record.key_file.unlink()
    at.record.head_file.unlink()
    at.write(at.lines()[:4])
    at.record.append("policy", "minh", "a fresh start")


def write_by_hand(at: Attacked) -> None:
    """A line without the key, put at the end: an innocent man's pass."""
    last = parsed(at.lines()[-1])
    entry = Entry(ENTRIES + 1, last.entry.time, "grant", "lan", "a pass", "", {}, 1, ENTRIES, last.hash)
    at.write([*at.lines(), encode(entry.body(), "0" * 64)])
    at.record.append("policy", "minh", "the next")


def set_everything_back(at: Attacked) -> None:
    shutil.rmtree(at.record.log.parent)
    shutil.rmtree(at.record.key_file.parent)
    shutil.copytree(at.copy, at.record.log.parent.parent, dirs_exist_ok=True)


def forge_with_the_present_key(at: Attacked) -> None:
    at.record.append("policy", "lan, who was at home", "something she never did")


@pytest.mark.parametrize(
    "attack, alone, keyed, noted",
    [
        (edit, "was changed", "was changed", "was changed"),
        (edit_and_fit_the_hash, "does not follow", "not written with the record's key", "does not follow"),
        (delete, "entries 5 to 5 are missing", "are missing", "are missing"),
        (reorder, "stands after", "stands after", "stands after"),
        (repeat, "stands after", "stands after", "stands after"),
        (spoil, "entries 5 to 5 are missing", "are missing", "are missing"),
        (cut_the_tail, "the end is missing", "the end is missing", "noted elsewhere, is not here"),
        (cut_the_tail_and_go_on, "entries 5 to 6 are missing", "are missing", "noted elsewhere, is not here"),
        (cut_the_tail_and_the_head, "keys/record.key knows 6 entries", "the end is missing", "is not here"),
        (set_the_folder_back, "keys/record.key knows 6 entries", "the end is missing", "is not here"),
        (remove_everything, "keys/record.key knows 6 entries", "the end is missing", "is not here"),
        (write_it_all_anew, "", "not written with the record's key", "was written anew"),
        (throw_the_key_away, "does not announce", "does not announce", "is not the one noted|is not here"),
        (write_by_hand, "has the key of step 6, not 7", "not written with the record's key", "of step 6"),
        (set_everything_back, "", "", "noted elsewhere, is not here"),
        (forge_with_the_present_key, "", "", ""),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_finds_it(
    attacked: Attacked, attack: Callable[[Attacked], None], alone: str, keyed: str, noted: str
) -> None:
    known, head = starts(attacked.record), attacked.record.head()
    attack(attacked)
    _expect(verify(attacked.record), alone)
    _expect(verify(attacked.record, known), keyed)
    _expect(verify(attacked.record, None, {head.entries: head.fingerprint}), noted)


def _expect(found: Verified, message: str) -> None:
    told = [str(fault) for fault in found.faults if not fault.note]
    if not message:
        assert told == [] and found.whole
    else:
        assert any(part in line for part in message.split("|") for line in told), told
        assert not found.whole


def test_a_record_nobody_touched_is_whole_and_all_of_it_was_checked(attacked: Attacked) -> None:
    found = verify(attacked.record, starts(attacked.record))
    assert (found.whole, found.entries, found.by_key, found.faults) == (True, ENTRIES, ENTRIES, [])
    assert found.last == attacked.record.head().hash


def test_no_record_is_whole(tmp_path: Path) -> None:
    assert verify(Record(tmp_path / "record")).whole


def test_the_starting_key_of_another_record_fits_nothing(attacked: Attacked) -> None:
    found = verify(attacked.record, {1: b"x" * 32})
    assert len([fault for fault in found.faults if "not written with" in fault.message]) == ENTRIES + 1


def test_a_copy_without_the_keys_is_whole_with_a_note(attacked: Attacked, tmp_path: Path) -> None:
    shutil.copytree(attacked.record.log.parent, tmp_path / "elsewhere" / "record")
    found = verify(Record(tmp_path / "elsewhere" / "record"), starts(attacked.record))
    assert found.whole and found.by_key == ENTRIES
    assert [fault.note for fault in found.faults] == [True]


def test_what_a_crash_leaves_is_whole(attacked: Attacked) -> None:
    """The line was written, the key was not yet: the next entry catches up."""
    key, head = attacked.record.key_file.read_bytes(), attacked.record.head_file.read_bytes()
    attacked.record.append("policy", "minh", "then the power went")
    attacked.record.key_file.write_bytes(key)
    attacked.record.head_file.write_bytes(head)
    assert verify(attacked.record, starts(attacked.record)).whole
    attacked.record.append("policy", "minh", "and came back")
    found = verify(attacked.record, starts(attacked.record))
    assert (found.whole, found.by_key, found.faults) == (True, ENTRIES + 2, [])


def test_a_clock_set_back_is_a_note(tmp_path: Path) -> None:
    times = iter((2e9, 1e9))
    record = Record(tmp_path / "record", clock=lambda: next(times))
    record.append("policy", "a", "b")
    record.append("policy", "a", "b")
    found = verify(record, starts(record))
    assert found.whole and "the clock was set back" in str(found.faults[0])


def test_the_keys_of_the_past_are_not_on_the_machine(attacked: Attacked, tmp_path: Path) -> None:
    """Forward integrity: of all bytes in the state folder none is the key of an entry that was written."""
    key, secrets = Key(1, 0, starts(attacked.record)[1]), []
    for _ in range(ENTRIES):
        secrets.append(key.secret.hex().encode())
        key = key.next()
    (attacked.record.key_file.parent / "record-start-1.key").unlink()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file())
    assert key.secret.hex().encode() in kept and not any(secret in kept for secret in secrets)


def test_what_somebody_accepts_is_a_note_and_nothing_else_is(attacked: Attacked) -> None:
    cut_the_tail(attacked)
    told = accept(attacked.record, "minh", "a backup was put back")
    assert any("entries 5 to 6 are missing" in str(fault) for fault in told)
    found = verify(attacked.record, starts(attacked.record))
    assert found.whole and found.faults and all(fault.note for fault in found.faults)
    assert [entry.why for entry in attacked.record.entries()][-2:] == ["a backup was put back"] * 2
    assert accept(attacked.record, "minh", "again") == ()
    lines = attacked.lines()
    attacked.write([*lines[:2], *lines[3:]])
    assert not verify(attacked.record).whole


def test_a_record_that_was_removed_can_be_gone_on_with(attacked: Attacked) -> None:
    remove_everything(attacked)
    assert accept(attacked.record, "minh", "the disk failed")
    assert verify(attacked.record).whole and attacked.record.head().entries == ENTRIES + 2


def test_of_a_copy_whose_end_was_cut_off_its_head_tells(attacked: Attacked, tmp_path: Path) -> None:
    shutil.copytree(attacked.record.log.parent, tmp_path / "elsewhere" / "record")
    copy = Attacked(Record(tmp_path / "elsewhere" / "record"), tmp_path)
    cut_the_tail(copy)
    _expect(verify(copy.record), "head.json knows 6 entries, the last one here is 4: the end is missing")
    copy.record.head_file.write_text("{}")
    _expect(verify(copy.record), "head.json is missing or damaged")


def accept_ones_own(at: Attacked, forge: Callable[[int, str], str]) -> None:
    """An entry is rewritten, all after it is fitted to it, and the last one accepts what that leaves."""
    lines, key = at.lines(), at.key()
    raw, last = lines[:4], parsed(lines[3]).hash
    left = [f"line {n}: entry {n} was not written with the record's key" for n in range(5, ENTRIES + 2)]
    left += [
        "keys/record.key is not the key that follows the last entry",
        "head.json was not written with the record's key",
    ]
    left += [f"line {n}: entry {n} does not follow the entry before it" for n in range(5, ENTRIES + 2)]
    left += [f"entry {n} is not the one noted elsewhere: the record was written anew" for n in range(1, ENTRIES + 2)]
    entries = [parsed(line).entry for line in lines[4:]]
    entries[0] = replace(entries[0], what="nothing happened")
    known = replace(entries[-1], number=ENTRIES + 1, step=ENTRIES, kind="record", detail={"accepted": left})
    for entry in (*entries, known):
        body = replace(entry, before=last).body()
        raw.append(encode(body, forge(entry.step, body)))
        last = parsed(raw[-1]).hash
    at.write(raw)
    at.record.store(at.record.key_file, replace(key.next(), entries=ENTRIES + 1, last=last).encode())
    content = {"entries": ENTRIES + 1, "hash": last, "time": 0.0, "mac": "0" * 64}
    at.record.store(at.record.head_file, json.dumps(content).encode())


@pytest.mark.parametrize("present", [False, True], ids=["without a key", "with the present key"])
def test_an_entry_that_accepts_its_own_forgery_is_found(attacked: Attacked, present: bool) -> None:
    """The accepting entry is written without the record's key, or with the one that lies on the machine now."""
    known, head, key = starts(attacked.record), attacked.record.head(), attacked.key()
    accept_ones_own(attacked, lambda step, body: key.mac("entry", body) if present and step == key.step else "0" * 64)
    assert verify(attacked.record).whole, "without a starting key and a noted head nothing finds it: RECORD.md says so"
    _expect(verify(attacked.record, known), "line 5: entry 5 was not written with the record's key")
    noted = verify(attacked.record, None, {head.entries: head.fingerprint})
    _expect(noted, "is not the one noted elsewhere")
    assert [fault.accepted[:8] for fault in noted.faults if not fault.note] == ["minh on "]
    by_key = [fault for fault in verify(attacked.record, known, strict=False).faults if fault.line == 5]
    assert [(fault.note, fault.accepted[:8]) for fault in by_key] == (
        [(True, "minh on ")] if present else [(False, "")]
    )


def test_a_line_that_was_changed_is_accepted_only_by_whoever_asks_for_no_more(attacked: Attacked) -> None:
    known, head = starts(attacked.record), attacked.record.head()
    edit(attacked)
    assert accept(attacked.record, "Minh", "the disk is old")
    assert verify(attacked.record).whole
    for found in (verify(attacked.record, known), verify(attacked.record, None, {head.entries: head.fingerprint})):
        _expect(found, "entry 5 was changed")
        assert "(accepted by Minh on 20" in next(fault.told for fault in found.faults if not fault.note)


def rewrite_the_end_with_the_present_key(at: Attacked) -> None:
    last, key = parsed(at.lines()[2]), at.key()
    entry = Entry(4, last.entry.time, "grant", "lan", "a pass", "", {}, 1, key.step, last.hash)
    line = encode(entry.body(), key.mac("entry", entry.body()))
    at.write([*at.lines()[:3], line])
    at.record.store(at.record.key_file, key.after(4, parsed(line).hash).encode())


@pytest.mark.parametrize("attack", [throw_the_key_away, rewrite_the_end_with_the_present_key, edit_and_fit_the_hash])
def test_accepting_with_a_key_of_ones_own_hides_no_rewriting(
    attacked: Attacked, attack: Callable[[Attacked], None]
) -> None:
    known, head = starts(attacked.record), attacked.record.head()
    attack(attacked)
    accept(attacked.record, "minh", "I know")
    assert not verify(attacked.record, known).whole
    assert not verify(attacked.record, None, {head.entries: head.fingerprint}).whole


def test_an_old_key_that_was_put_back_is_checked_and_can_be_accepted(attacked: Attacked) -> None:
    shutil.copy(attacked.copy / "keys" / "record.key", attacked.record.key_file)
    attacked.record.append("policy", "minh", "after the keys' backup was put back")
    assert accept(attacked.record, "minh", "the keys' disk failed")
    found = verify(attacked.record, starts(attacked.record), strict=False)
    assert found.whole and found.by_key == found.entries == ENTRIES + 3
