"""Is the record whole? What anybody can see from the file, and what only the starting keys show.

Without starting keys a person who computes everything anew goes unnoticed here; what then still tells is a head that
left the machine (``--head``, Prometheus). With them every entry is checked that was written before the machine was
taken over, since the key that wrote it no longer exists on it. What somebody accepted: ``stores.record_fault``.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hedgerow.stores.record import Head, Record
from hedgerow.stores.record_entry import FIRST, Entry, Line
from hedgerow.stores.record_fault import Fault, Known
from hedgerow.stores.record_key import Key, commitment, decode_key

_SET_BACK = timedelta(minutes=5)
_REWINDS = 10
"""How often the key is computed from its start again, where an old ``record.key`` was put back; each may take long."""


@dataclass(slots=True)
class Verified:
    """What was looked at and what was found."""

    entries: int = 0
    by_key: int = 0  # entries whose MAC was checked
    last: str = FIRST
    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return all(fault.note for fault in self.faults)


class _Walk:
    """Goes along the lines and remembers what the next one must fit."""

    def __init__(self, starts: Mapping[int, bytes]) -> None:
        self.starts, self.found = starts, Verified()
        self.before: Line | None = None
        self.number = 0
        self.heads: dict[int, str] = {}  # entry number -> hash
        self.known = Known()
        self.key: Key | None = None  # of the entry that comes next, when its starting key is known
        self.held = False  # whether the MAC of the last entry was checked, and fits
        self.rewinds = 0

    def step(self, place: int, line: Line | None) -> Iterator[Fault]:
        if line is None:
            yield Fault(place, "is no entry: torn by a power failure, or damaged", note=True)
            return
        if not line.sound:
            yield Fault(place, f"entry {line.entry.number} was changed: its hash does not fit", grave=True)
        yield from self._order(place, line.entry)
        yield from self._epoch(place, line.entry)
        yield from self._mac(place, line)
        if line.sound and (self.held or not self.starts):
            self.known.learn(line.entry)
        self.found.entries += 1
        self.before, self.number = line, line.entry.number
        self.found.last = self.heads[self.number] = line.hash

    def announced(self) -> Key | None:
        """The key that follows when the last entry announces another one; one nobody has when it is not among ours."""
        last = self.before.entry if self.before else None
        if last is None or last.kind != "record" or "commitment" not in last.detail:
            return None
        return Key(last.epoch + 1, 0, self.starts.get(last.epoch + 1, b""))

    def _order(self, place: int, entry: Entry) -> Iterator[Fault]:
        last = self.before.hash if self.before else FIRST
        if entry.number > self.number + 1:
            yield Fault(place, f"entries {self.number + 1} to {entry.number - 1} are missing before it")
        elif entry.number <= self.number:
            yield Fault(place, f"entry {entry.number} stands after entry {self.number}", grave=True)
        if entry.before != last:
            yield Fault(place, f"entry {entry.number} does not follow the entry before it", grave=True)
        if self.before and _time(entry) < _time(self.before.entry) - _SET_BACK:
            yield Fault(place, f"entry {entry.number} is older than the one before: the clock was set back", note=True)

    def _epoch(self, place: int, entry: Entry) -> Iterator[Fault]:
        old = self.before.entry if self.before else None
        expected = old.step + 1 if old and old.epoch == entry.epoch else 0
        if entry.step != expected:
            gap = entry.number - old.number if old else 0  # a backup that was put back leaves as many numbers missing
            text = f"entry {entry.number} has the key of step {entry.step}, not {expected}"
            yield Fault(place, text, grave=old is None or entry.step - old.step != gap)
        if old and old.epoch == entry.epoch:
            return
        secret = self.starts.get(entry.epoch)
        self.key = Key(entry.epoch, 0, secret) if secret else None
        promised = str(old.detail.get("commitment", "")) if old and old.kind == "record" else ""
        if old and (not promised or (secret and commitment(secret) != promised)):
            text = f"entry {entry.number} begins with a key that the entry before does not announce"
            yield Fault(place, text, grave=True)

    def _mac(self, place: int, line: Line) -> Iterator[Fault]:
        entry, self.held = line.entry, False
        if self.key is not None and 0 <= entry.step < self.key.step and self.rewinds < _REWINDS:
            self.rewinds += 1
            self.key = Key(self.key.epoch, 0, self.starts[self.key.epoch])
        if self.key is None or entry.step < self.key.step or entry.step > self.key.step + 100_000:
            return
        while self.key.step < entry.step:
            self.key = self.key.next()
        self.found.by_key += 1
        self.held = hmac.compare_digest(self.key.mac("entry", line.body), line.mac)
        if not self.held:
            yield Fault(place, f"entry {entry.number} was not written with the record's key", grave=True)
        self.key = self.key.next()


def verify(
    record: Record,
    starts: Mapping[int, bytes] | None = None,
    noted: Mapping[int, int] | None = None,
    strict: bool | None = None,
) -> Verified:
    """Read the whole record. Raises OSError.

    ``starts``: epoch -> starting key; ``noted``: number of an entry -> its fingerprint, as written down elsewhere.
    ``strict``: a grave fault stays one, whoever accepted it; by default when ``starts`` or ``noted`` are given.
    """
    head, state = record.head(), _state(record)  # before the lines: an entry may be added meanwhile
    walk = _Walk(starts or {})
    for place, line in enumerate(record.lines(), 1):
        walk.found.faults += walk.step(place, line)
    walk.found.faults += _at_the_end(walk, head, state)
    walk.found.faults += _elsewhere(walk, noted or {})
    strict = bool(starts or noted) if strict is None else strict
    walk.found.faults = [walk.known.judge(fault, strict) for fault in walk.found.faults]
    return walk.found


def accept(record: Record, who: str, why: str) -> tuple[Fault, ...]:
    """Write down that somebody knows what is wrong and why (a backup was put back): from then on it is a note.

    Nothing is taken out of the record. Gives what was accepted; nothing when the record is whole. Raises OSError.
    """
    if verify(record).whole:
        return ()
    record.append("record", who, "looks at what does not fit", why)  # where an end was missing, the gap is settled now
    found = tuple(fault for fault in verify(record).faults if not fault.note)
    record.append("record", who, f"knows of {len(found)} faults", why, {"accepted": list(map(str, found))})
    return found


def _state(record: Record) -> Key | None:
    return decode_key(record.key_file.read_bytes()) if record.key_file.exists() else None


def _at_the_end(walk: _Walk, head: Head, state: Key | None) -> Iterator[Fault]:
    """What should be there, by the two files that go along: the end of a file is cut off in one moment."""
    if head.entries == 0 and walk.found.entries:
        yield Fault(0, "head.json is missing or damaged")
    yield from _behind(walk, "head.json", head.entries, head.hash)
    if state is None and walk.found.entries:
        yield Fault(0, "keys/record.key is not here: a copy, or it was removed", note=True)
    if state is not None:
        yield from _behind(walk, "keys/record.key", state.entries, state.last)
    known = walk.announced() or walk.key
    if known and not known.secret:
        return
    if known and state and walk.number == state.entries and (known.epoch, known.step) == (state.epoch, state.step):
        if not hmac.compare_digest(known.secret, state.secret):
            yield Fault(0, "keys/record.key is not the key that follows the last entry", grave=True)
    if known and head.entries == walk.number and not hmac.compare_digest(known.mac("head", head.text), head.mac):
        yield Fault(0, "head.json was not written with the record's key", grave=True)


def _behind(walk: _Walk, file: str, entries: int, last: str) -> Iterator[Fault]:
    if entries > walk.number:
        yield Fault(0, f"{file} knows {entries} entries, the last one here is {walk.number}: the end is missing")
    elif entries and walk.heads.get(entries) != last:
        yield Fault(0, f"entry {entries} is not the one that {file} knows")


def _elsewhere(walk: _Walk, noted: Mapping[int, int]) -> Iterator[Fault]:
    for number, fingerprint in noted.items():
        found = walk.heads.get(number)
        if found is None:
            text = f"entry {number}, noted elsewhere, is not here: the record was set back or cut off"
            yield Fault(0, text, grave=True)
        elif replace(Head(), hash=found).fingerprint != fingerprint:
            text = f"entry {number} is not the one noted elsewhere: the record was written anew"
            yield Fault(0, text, grave=True)


def _time(entry: Entry) -> datetime:
    try:
        return datetime.fromisoformat(entry.time)
    except ValueError:
        return datetime.max.replace(tzinfo=datetime.now().astimezone().tzinfo)
