"""What fetching and unbundling share at their end: weigh the new against the old, put it in force or say why not."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from hedgerow.stores.formats import FormatError
from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.guards import compare, look
from hedgerow.stores.sources.held import Downloads
from hedgerow.stores.sources.listing import count_names
from hedgerow.stores.sources.meta import Meta, Refusal, Version
from hedgerow.stores.sources.model import Source


class Outcome(enum.StrEnum):
    """What became of one source."""

    NEW = "new"
    UNCHANGED = "unchanged"
    NOT_DUE = "not-due"
    REFUSED = "refused"  # it came, and is not taken
    FAILED = "failed"  # it did not come


@dataclass(frozen=True, slots=True)
class Result:
    """One source's outcome; ``names`` are those now in force."""

    source: str
    outcome: Outcome
    reason: str = ""
    names: int = 0
    before: int = 0
    version: str = ""
    by_size: bool = False  # refused for its size only: `--accept` takes it
    required: bool = False

    @property
    def bad(self) -> bool:
        return self.outcome in (Outcome.REFUSED, Outcome.FAILED)


Recorded = Callable[[str, Mapping[str, object]], AbstractContextManager[object]]
"""Writes down what the block then does. Raises OSError on entering: then nothing is put in force."""


class NotWanted(NotTaken):
    """Refused as a whole; which version it is, is known."""

    def __init__(self, version: Version, reason: str, by_size: bool) -> None:
        super().__init__(reason, by_size)
        self.version = version


@dataclass(frozen=True, slots=True)
class Taker:
    """Puts versions in force in ``downloads``; the caller holds ``downloads.writing()``."""

    downloads: Downloads
    recorded: Recorded = lambda what, detail: nullcontext()
    clock: Callable[[], float] = time.time

    def take(
        self,
        source: Source,
        meta: Meta,
        version: Version,
        staged: Mapping[str, Path],
        *,
        accepted: bool = False,
        how: str = "",
    ) -> Result:
        """``meta`` is the old state with the new ``fetched``. Raises NotTaken, OSError; the old stays then."""
        old = meta.current
        self._weigh(source, meta, version, accepted)
        before = f", before {old.names:,}" if old else ""
        in_spite = ", accepted in spite of its size" if accepted else ""
        what = f"took the list {source.id} in{how}: {version.names:,} names{before}{in_spite}"
        with self.recorded(what, {"source": source.id, "version": version.version}):
            self.downloads.take(source, staged, version, meta)
        for path in self.downloads.work(source).iterdir():
            path.unlink()
        return result(source, Outcome.NEW, version, before=old.names if old else 0)

    def confirmed(self, source: Source, meta: Meta, current: Version, fetched: float) -> Result:
        """The publisher has what is held: whatever was refused before is no longer offered."""
        self.downloads.note(source, replace(meta, fetched=fetched, current=current, refused=None))
        return result(source, Outcome.UNCHANGED, current)

    def refused(self, source: Source, meta: Meta, error: NotTaken) -> Result:
        """Notes why, and since when."""
        version = error.version.version if isinstance(error, NotWanted) else ""
        same = meta.refused is not None and meta.refused.reason == str(error)
        since = meta.refused.since if meta.refused and same else self.clock()
        try:
            self.downloads.note(source, replace(meta, refused=Refusal(str(error), since, version, error.by_size)))
        except OSError as fault:
            return result(source, Outcome.FAILED, meta.current, f"{error}; and that cannot be noted: {fault}")
        return replace(result(source, Outcome.REFUSED, meta.current, str(error)), by_size=error.by_size)

    @staticmethod
    def _weigh(source: Source, meta: Meta, version: Version, accepted: bool) -> None:
        if version.version == meta.undone and not accepted:
            raise NotWanted(version, "is what a person took back with --undo", by_size=True)
        try:
            compare(source, version.parts, meta.current, accepted)
        except NotTaken as error:
            raise NotWanted(version, str(error), error.by_size) from error


def count_parts(source: Source, staged: Mapping[str, Path]) -> dict[str, int]:
    """Names by the source's own category, after a look at each file. Raises NotTaken, OSError."""
    parts: dict[str, int] = {}
    for name, path in staged.items():
        prefix = "" if source.single else f"{name} "
        try:
            look(path, name, source.options.most_bytes)
            for category, count in count_names(path, source.format, source.options).items():
                key = category if source.single else category or PurePosixPath(name).name.split(".")[0]
                parts[key] = parts.get(key, 0) + count
        except NotTaken as error:
            raise NotTaken(f"{prefix}{error}", error.by_size) from error
        except FormatError as error:
            raise NotTaken(f"{prefix}cannot be read as {source.format}: {error}") from error
    return parts


def result(source: Source, outcome: Outcome, held: Version | None, reason: str = "", before: int = 0) -> Result:
    """A result with what is in force now."""
    names, version = (held.names, held.version) if held else (0, "")
    return Result(source.id, outcome, reason, names, before, version, required=source.required)


def disk_fault(error: OSError) -> str:
    """An OSError in words, with its file."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)
