"""What reached the lab's internet: every connection and every request, so that "nothing was contacted" can be shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from . import names


@dataclass(frozen=True, slots=True)
class Contact:
    """One event at the origin. ``kind``: tcp (accepted), tls (``name`` = SNI), http (``name`` = Host), dns."""

    kind: str
    name: str = ""
    address: str = ""  # the origin's address that was dialled
    port: int = 0
    peer: str = ""
    version: str = ""  # "1.1", "2"
    method: str = ""
    target: str = ""
    head: str = ""  # the request's header section as received, latin-1


class Journal:
    """The writing side, inside the origin: one JSON line an event, on disk before the answer goes out."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def add(self, contact: Contact) -> None:
        self._file.write(json.dumps(asdict(contact)) + "\n")


class Watch:
    """The reading side: all contacts since it was made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._start = path.stat().st_size if path.exists() else 0

    def all(self) -> Iterator[Contact]:
        with self._path.open() as lines:
            lines.seek(self._start)
            for line in lines:
                yield Contact(**json.loads(line))

    def requests(self, host: str = "") -> list[Contact]:
        return [c for c in self.all() if c.kind == "http" and host in ("", c.name)]

    def touching(self, host: str) -> list[Contact]:
        """Everything that reached ``host``: by address (when it has its own), by SNI or by Host. DNS does not count."""
        alone = list(names.HOSTS.values()).count(names.HOSTS.get(host, 0)) == 1
        mine = {names.v4(host), names.v6(host)} if alone else set[str]()
        return [c for c in self.all() if c.kind != "dns" and (c.name.split(":")[0] == host or c.address in mine)]

    def addresses(self) -> set[str]:
        return {c.address for c in self.all() if c.kind == "tcp"}

    def wait(self, true: Callable[[Watch], bool], seconds: float = 2) -> bool:
        """Contacts may be written a moment after the client has its answer."""
        end = time.monotonic() + seconds
        while not (found := true(self)) and time.monotonic() < end:
            time.sleep(0.01)
        return found
