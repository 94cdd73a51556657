"""Pseudonyms and who is behind them, sealed to the keyholders: a folder per process, a file a day, a line a person.

Sealing (about 0.2 ms) and writing are one thread's work; the filter never waits for it. A pair is queued when a
pseudonym is first used in a day and written with the next batch, as its event is. What could not be written is counted,
and tried again at that person's next event. Files go when the events of their day go.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.stores.pseudonyms import Pair, Pseudonyms
from hedgerow.stores.sealed import Sealed, SealError, from_json, public_key, seal, to_json, unseal

logger = logging.getLogger(__name__)

SUFFIX = ".sealed"
_BATCH_SECONDS = 0.2
_MOST_A_BATCH = 100
"""A flood of addresses must not take the worker's core: at most 500 sealings a second."""
_QUEUE = 5000
_MOST_A_DAY = 64 << 20
"""Bytes one process writes a day: a hundred thousand persons."""
_TELL_SECONDS = 60.0
_PADDED = 256
"""Every secret has the same length, whatever the address."""


@dataclass(frozen=True, slots=True)
class _Job:
    pair: Pair
    holders: Mapping[str, str]
    lost: Callable[[], None]


class SealedStore:
    """Writes one process's pairs. ``dropped`` is called once for each that was not kept."""

    def __init__(self, folder: Path, dropped: Callable[[], None] = lambda: None) -> None:
        self._folder, self._dropped = folder, dropped
        self._idle: Callable[[], None] = lambda: None
        self._told = -_TELL_SECONDS
        self._queue: deque[_Job] = deque()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealer", daemon=True)
        self._thread.start()

    def add(self, pair: Pair, holders: Mapping[str, str], lost: Callable[[], None]) -> None:
        """Queue one pair (``pseudonyms.Seal``). Never waits, never raises."""
        if len(self._queue) >= _QUEUE:
            self._lost(lost)
        else:
            self._queue.append(_Job(pair, holders, lost))

    def close(self, timeout: float = 5.0) -> None:
        """Write what is queued and stop."""
        self._stop.set()
        self._thread.join(timeout)

    def when_idle(self, work: Callable[[], None]) -> None:
        """Call ``work`` after each batch, on the store's thread."""
        self._idle = work

    def _run(self) -> None:
        while not self._stop.wait(_BATCH_SECONDS):
            self._batch(_MOST_A_BATCH)
            self._idle()
        self._batch(_QUEUE)

    def _batch(self, most: int) -> None:
        jobs = [self._queue.popleft() for _ in range(min(most, len(self._queue)))]
        if not jobs:
            return
        try:
            self._write(jobs)
        except (OSError, SealError) as error:
            self._tell(len(jobs), error)
            for job in jobs:
                self._lost(job.lost)

    def _tell(self, count: int, error: Exception) -> None:
        """Once a minute: what is tried again at each event must not fill the log."""
        if time.monotonic() - self._told > _TELL_SECONDS:
            self._told = time.monotonic()
            logger.error("%d pseudonyms were not sealed: %s", count, error)

    def _write(self, jobs: list[_Job]) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{jobs[0].pair.first[:10]}{SUFFIX}"
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW
        with open(os.open(path, flags, 0o600), "ab", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > _MOST_A_DAY:
                raise SealError(f"{path} is full for today")
            content = b"".join(encode(job.pair, job.holders) for job in jobs)
            if file.write(content) != len(content):
                raise OSError(28, "No space left on device", str(path))
            os.fsync(file.fileno())

    def _lost(self, lost: Callable[[], None]) -> None:
        lost()
        self._dropped()


def sealed_pseudonyms(keys: Path, folder: Path, dropped: Callable[[], None] = lambda: None) -> Pseudonyms:
    """A process's pseudonyms, sealed into ``folder``; a key whose period is over leaves its memory."""
    store = SealedStore(folder, dropped)
    pseudonyms = Pseudonyms(keys, store)
    store.when_idle(lambda: pseudonyms.forget(datetime.now(UTC)))
    return pseudonyms


def encode(pair: Pair, holders: Mapping[str, str]) -> bytes:
    """One line. Raises SealError when there are not two keyholders."""
    secret = json.dumps({"person": pair.person, "salt": pair.salt.hex(), "first": pair.first}).encode()
    sealed = seal(secret.ljust(_PADDED), map(public_key, holders.values()), _about(pair.period, pair.pseudonym))
    line = json.dumps(Found(pair.pseudonym, pair.period, sealed).as_dict(), separators=(",", ":"))
    return b"\n" + line.encode() + b"\n"  # whatever a crash tore before it ends here


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the store about one pseudonym."""

    pseudonym: str
    period: str
    sealed: Sealed

    def as_dict(self) -> dict[str, object]:
        """As it stands in the file."""
        return {"pseudonym": self.pseudonym, "period": self.period, **to_json(self.sealed)}

    def open(self, one: X25519PrivateKey, other: X25519PrivateKey) -> Pair:
        """Who it is. Raises SealError: other keyholders', or not what the gateway sealed."""
        secret = unseal(self.sealed, (one, other), _about(self.period, self.pseudonym))
        try:
            found = json.loads(secret)
            salt = bytes.fromhex(found["salt"])
            pair = Pair(self.pseudonym, self.period, str(found["person"]), salt, str(found["first"]))
        except (ValueError, TypeError, KeyError) as error:
            raise SealError("what is sealed was not written by Hedgerow") from error
        if not pair.true:
            raise SealError(f"a forged line: who is sealed in it is not who {self.pseudonym} stands for")
        return pair


def find(root: Path, pseudonym: str) -> Iterator[Found]:
    """All lines about ``pseudonym`` of all processes, oldest day first. Raises OSError."""
    needle = json.dumps(pseudonym).encode()
    for path in sorted(root.glob(f"*/*{SUFFIX}"), key=lambda path: (path.name, path.parent.name)):
        for line in path.read_bytes().split(b"\n"):
            if needle in line and (found := _decode(line)) and found.pseudonym == pseudonym:
                yield found


@dataclass(frozen=True, slots=True)
class Opened:
    """Who it is, and how many lines about it were forged, damaged or sealed to others."""

    pair: Pair
    untrue: int


def opened(lines: Iterable[Found], one: X25519PrivateKey, other: X25519PrivateKey) -> Opened:
    """The first true pair among ``lines``. Raises SealError, that of the last line, when there is none."""
    pairs: list[Pair] = []
    untrue, why = 0, SealError("nothing is sealed in it")
    for line in lines:
        try:
            pairs.append(line.open(one, other))
        except SealError as error:
            untrue, why = untrue + 1, error
    if not pairs:
        raise why
    return Opened(pairs[0], untrue)


def request(lines: Iterable[Found]) -> bytes:
    """Lines as a file, to be opened where the keyholders are."""
    return json.dumps([line.as_dict() for line in lines], indent=1).encode() + b"\n"


def requested(content: bytes) -> list[Found]:
    """What ``request`` gave. Raises SealError."""
    try:
        lines = [_decode(json.dumps(one).encode()) for one in json.loads(content)]
    except (ValueError, TypeError) as error:
        raise SealError("no file of `hedgerow identity request`") from error
    return [line for line in lines if line is not None]


def expire(root: Path, keep_days: float, now: float) -> int:
    """Delete the files last written more than ``keep_days`` ago; how many. Raises OSError."""
    old = [path for path in root.glob(f"*/*{SUFFIX}") if now - path.stat().st_mtime > keep_days * 86_400]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _decode(line: bytes) -> Found | None:
    try:
        raw = json.loads(line)
        return Found(str(raw["pseudonym"]), str(raw["period"]), from_json(raw))
    except (ValueError, TypeError, KeyError):  # SealError is a ValueError
        return None


def _about(period: str, pseudonym: str) -> bytes:
    return f"{period}\0{pseudonym}".encode()
