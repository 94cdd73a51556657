"""The change record: every change of policy, list, grant, floor and recipient, and every look at an identity.

One file, ``changes.log``, that is only ever added to: flock, write, fsync. Beside it ``head.json`` says how many
entries there are and what the last one's hash is; the supervisor tells both to Prometheus, which is on another machine.

What is found out by what (``hedgerow record verify``; ``../README.md`` says more)::

    a line changed, taken out, put in, moved    the hash chain, on this machine, by anybody
    all lines after it computed anew            the MACs, by whoever holds the starting key
    the tail cut off                            keys/record.key and head.json, which are ahead; numbers that are missing
    tail, head and key set back together        only what left the machine: hedgerow_record_entries fell
    an entry forged by whoever is root *now*    nothing; but not once its time is over, and not what was there before

"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from hedgerow.stores.record_entry import FIRST, KINDS, Entry, Line, bounded, bounded_detail, decode, encode
from hedgerow.stores.record_key import Key, decode_key
from hedgerow.stores.state import belong, write_whole

_WAIT_SECONDS = 5.0
_TAILS = (4096, 32 << 10, 256 << 10)
"""Bytes read from the end to find the last entry: few, and more when it is longer; none is longer than the last."""


class RecordError(OSError):
    """The change could not be recorded: it must not happen. The message says what to look at."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far the record goes. ``time`` is that of the last entry, Unix seconds; 0 = no entry."""

    entries: int = 0
    hash: str = FIRST
    time: float = 0.0
    mac: str = ""  # under the key of the entry that is not yet written

    @property
    def fingerprint(self) -> int:
        """The first 48 bits of the hash: a float, and so Prometheus, holds them exactly."""
        return int(self.hash[:12], 16)

    @property
    def text(self) -> str:
        return f"{self.entries} {self.hash} {self.time:.3f}"


class Record:
    """``state/record``. Any process may append; nobody waits longer than five seconds for another.

    The key lies in ``state/keys``, apart, so that setting back one folder does not set back the other.
    """

    def __init__(self, folder: Path, keys: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self.log, self.head_file = folder / "changes.log", folder / "head.json"
        self.key_file = (keys or folder.parent / "keys") / "record.key"
        self._clock = clock

    def append(
        self,
        kind: str,
        who: str,
        what: str,
        why: str = "",
        detail: Mapping[str, object] | None = None,
        follow: Callable[[Key], Key] = lambda key: key,
    ) -> Entry:
        """Write one entry; it is on the disk when this returns. Call it before the change takes place.

        ``kind`` is one of ``KINDS`` (else ValueError). Texts are cut to 200 (who), 500 (what) and 1000 (why)
        characters, ``detail`` to 100,000. Raises RecordError when it could not be written: then change nothing. (When
        the disk fills up just then, an entry may stand for a change that did not happen; never the other way round.)
        ``follow`` may put another key in place of the next entry's (``stores.record_start``).
        """
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
        try:
            with self._locked() as file:
                texts = bounded("who", who), bounded("what", what), bounded("why", why)
                entry, following = self._write(file, self._key(file), kind, texts, bounded_detail(detail or {}))
                self._advance(follow(following), entry)
                return entry
        except RecordError:
            raise
        except OSError as error:
            raise RecordError(f"{self.log}: not recorded: {error.strerror or error}") from error

    def lines(self) -> Iterator[Line | None]:
        """All lines, oldest first, None for one that is torn or no entry; nothing without a file. Raises OSError."""
        try:
            with self.log.open("rb") as file:
                yield from map(decode, file)
        except FileNotFoundError:
            return

    def entries(self) -> Iterator[Entry]:
        """All entries that can be read, oldest first."""
        return (line.entry for line in self.lines() if line is not None)

    def head(self) -> Head:
        """As ``head.json`` has it; an empty one when there is none, or it cannot be read."""
        try:
            found = json.loads(self.head_file.read_bytes())
            return Head(int(found["entries"]), str(found["hash"]), float(found["time"]), str(found["mac"]))
        except (OSError, ValueError, TypeError, KeyError):
            return Head()

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        for folder in (self.log.parent, self.key_file.parent):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                belong(folder)
        descriptor = os.open(self.log, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(descriptor, "r+b", buffering=0) as file:
            belong(self.log)
            deadline = time.monotonic() + _WAIT_SECONDS
            while not _flocked(descriptor):
                if time.monotonic() > deadline:
                    raise RecordError(f"{self.log}: not recorded: another process holds it")
                time.sleep(0.01)
            yield file

    def _key(self, file: IO[bytes]) -> Key:
        """The key of the next entry. A line that was written just before a power failure is caught up with."""
        key = decode_key(self.key_file.read_bytes()) if self.key_file.exists() else None
        last, torn = _last(file)
        if torn:
            _write(file, b"\n")  # what a power failure tore stays, as a line that is no entry
        if key is None:
            return self._begin(last)
        if last and last.entry.number == key.entries + 1 and last.mac == key.mac("entry", last.body):
            return key.after(last.entry.number, last.hash)
        if last and last.hash == key.last:
            return key
        return Key(key.epoch, key.step, key.secret, max(key.entries, last.entry.number if last else 0), _hash(last))

    def _begin(self, last: Line | None) -> Key:
        """A new starting key: for the first entry, or because the key is gone. Whoever verifies sees where."""
        epoch = last.entry.epoch + 1 if last else 1
        secret = secrets.token_bytes(32)
        self.store(self.key_file.with_name(f"record-start-{epoch}.key"), secret.hex().encode())
        return Key(epoch, 0, secret, last.entry.number if last else 0, _hash(last))

    def _write(
        self, file: IO[bytes], key: Key, kind: str, texts: tuple[str, str, str], detail: Mapping[str, object]
    ) -> tuple[Entry, Key]:
        moment = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="milliseconds")
        entry = Entry(key.entries + 1, moment, kind, *texts, detail, key.epoch, key.step, key.last)
        body = entry.body()
        line = encode(body, key.mac("entry", body))
        _write(file, line)
        os.fsync(file.fileno())
        return entry, key.after(entry.number, line[:64].decode())

    def _advance(self, key: Key, entry: Entry) -> None:
        """Forget the key of what was just written, and say how far the record goes."""
        self.store(self.key_file, key.encode())
        head = Head(key.entries, key.last, datetime.fromisoformat(entry.time).timestamp())
        mac = key.mac("head", head.text)
        content = {"entries": head.entries, "hash": head.hash, "time": head.time, "mac": mac}
        self.store(self.head_file, json.dumps(content).encode())

    def store(self, path: Path, content: bytes) -> None:
        """Write a file that goes with the record, as the service's own. Raises OSError."""
        write_whole(path, content)
        belong(path)


def _flocked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(file: IO[bytes], content: bytes) -> None:
    if file.write(content) != len(content):
        raise RecordError(f"{file.name}: not recorded whole: the disk is full")


def _last(file: IO[bytes]) -> tuple[Line | None, bool]:
    """The last entry of the file, and whether the file ends within a line."""
    size, last, tail = file.seek(0, os.SEEK_END), None, b""
    for length in _TAILS:
        start = max(0, size - length)
        file.seek(start)
        tail = file.read()
        lines = tail.splitlines(keepends=True)[bool(start) :]  # the first one begins before
        last = next((one for raw in reversed(lines) if raw.endswith(b"\n") and (one := decode(raw))), None)
        if last or not start:
            break
    return last, bool(tail) and not tail.endswith(b"\n")


def _hash(line: Line | None) -> str:
    return line.hash if line else FIRST
