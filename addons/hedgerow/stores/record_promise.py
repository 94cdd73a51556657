"""What is recorded before it takes place, and then does not: the entry cannot be taken out, so another one says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import Entry


class Promises:
    """The entries of one change that is about to take place."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._entries: list[Entry] = []

    def append(self, kind: str, who: str, what: str, why: str = "", detail: Mapping[str, object] | None = None) -> None:
        """As ``Record.append``. Raises RecordError: then change nothing."""
        self._entries.append(self._record.append(kind, who, what, why, detail))

    def broken(self, error: BaseException) -> None:
        """An entry for each: it did not take place. One that cannot be written (the disk is full) is left out."""
        because = str(error) or type(error).__name__
        for entry in self._entries:
            with suppress(OSError):
                what = f"did not take place: {entry.what}"
                self._record.append(entry.kind, entry.who, what, because, {"entry": entry.number})


@contextmanager
def promised(record: Record) -> Iterator[Promises]:
    """Record within the block, and change within the block: what the block raises is raised after it was recorded."""
    promises = Promises(record)
    try:
        yield promises
    except BaseException as error:
        promises.broken(error)
        raise
