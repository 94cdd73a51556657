"""``hedgerow lists update``: fetch what is due, look at it, and put in force what stands every look."""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from hedgerow.stores.sources.faults import NotFetched, NotTaken
from hedgerow.stores.sources.fetch import Fetcher, Got, Limits
from hedgerow.stores.sources.guards import compare, look
from hedgerow.stores.sources.held import Downloads, version_of
from hedgerow.stores.sources.listing import FormatError, count_names
from hedgerow.stores.sources.meta import FileFacts, Meta, Refusal, Version
from hedgerow.stores.sources.model import Source
from hedgerow.stores.sources.reach import Way
from hedgerow.stores.sources.sums import check_signature, check_sum, digest

_AT_ONCE = 6  # files
_COUNTED_AT_ONCE = 2
_MOST_SUMS = 1_000_000
_EARLY = 0.9  # of the refresh: a timer that runs each day must not find yesterday's list a minute too young


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
Told = Callable[[str, int, int | None], None]
"""Of which source how many bytes are here, and of how many; (id, 0, None) at its end."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for beside the ordinary."""

    force: bool = False  # also what is not due, and whole
    accept: Collection[str] = ()  # ids whose change of size a person has looked at
    named: bool = False  # the sources were named: due or not


@dataclass(frozen=True, slots=True)
class Updater:
    """Updates sources into ``downloads``; the caller holds ``downloads.writing()``."""

    downloads: Downloads
    way: Way = field(default_factory=Way)
    limits: Limits = field(default_factory=Limits)
    recorded: Recorded = lambda what, detail: nullcontext()
    told: Told = lambda source, done, whole: None
    clock: Callable[[], float] = time.time

    def run(self, sources: Sequence[Source], wishes: Wishes = Wishes()) -> tuple[Result, ...]:  # noqa: B008
        """All of them, several at a time, each for itself: one that fails hinders no other."""
        return asyncio.run(self._all(sources, wishes))

    async def _all(self, sources: Sequence[Source], wishes: Wishes) -> tuple[Result, ...]:
        async with Fetcher(self.way, self.limits) as fetcher:
            run = _Run(self, fetcher, wishes, asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_COUNTED_AT_ONCE))
            return tuple(await asyncio.gather(*map(run.one, sources)))


@dataclass(frozen=True, slots=True)
class _Run:
    updater: Updater
    fetcher: Fetcher
    wishes: Wishes
    fetching: asyncio.Semaphore
    counting: asyncio.Semaphore

    async def one(self, source: Source) -> Result:
        """Never raises for what the outside world or the disk does."""
        downloads, meta = self.updater.downloads, Meta()
        try:
            meta = downloads.meta(source)
            return await self._updated(source, meta)
        except NotTaken as error:
            return self._refused(source, meta, error)
        except NotFetched as error:
            return _result(source, Outcome.FAILED, meta.current, str(error))
        except OSError as error:
            reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            return _result(source, Outcome.FAILED, meta.current, reason)
        finally:
            self.updater.told(source.id, 0, None)

    async def _updated(self, source: Source, meta: Meta) -> Result:
        now = self.updater.clock()
        if not self.wishes.force and not self.wishes.named and not _due(source, meta, now):
            return _result(source, Outcome.NOT_DUE, meta.current)
        got = await self._fetched(source, meta)
        if meta.current is not None and not any(got.values()):
            return self._confirmed(source, meta, meta.current, now)
        async with self.counting:
            version, staged = await asyncio.to_thread(self._looked_at, source, meta, got, await self._proofs(source))
        if meta.current is not None and version.version == meta.current.version:
            return self._confirmed(source, meta, replace(meta.current, files=version.files), now)
        self._weigh(source, meta, version)
        self._take(source, meta, replace(version, taken=now), staged, now)
        return _result(source, Outcome.NEW, version, before=meta.current.names if meta.current else 0)

    def _confirmed(self, source: Source, meta: Meta, current: Version, now: float) -> Result:
        """The publisher has what is held: whatever was refused before is no longer offered."""
        self.updater.downloads.note(source, replace(meta, fetched=now, current=current, refused=None))
        return _result(source, Outcome.UNCHANGED, current)

    async def _fetched(self, source: Source, meta: Meta) -> dict[str, Got | None]:
        """Each file by name, None for one that did not change. Raises the first fault, when all have ended."""
        work = self.updater.downloads.work(source)
        held = dict(meta.current.files) if meta.current and not self.wishes.force else {}
        done = dict.fromkeys(source.names, 0)

        async def one(url: str, name: str) -> Got | None:
            def progress(here: int, whole: int | None) -> None:
                done[name] = here
                self.updater.told(source.id, sum(done.values()), whole if source.single else None)

            known = held.get(name)
            async with self.fetching:
                here = known if known and known.url == url else None
                return await self.fetcher.get(url, work / name, here, source.most_bytes, progress)

        files = zip(source.urls, source.names, strict=True)
        answers = await asyncio.gather(*(one(*file) for file in files), return_exceptions=True)
        for name, answer in zip(source.names, answers, strict=True):
            if isinstance(answer, NotFetched):
                raise NotFetched(f"{name}: {answer}" if not source.single else str(answer))
            if isinstance(answer, NotTaken):
                raise NotTaken(f"{name} {answer}" if not source.single else str(answer))
            if isinstance(answer, BaseException):
                raise answer
        return {name: a for name, a in zip(source.names, answers, strict=True) if not isinstance(a, BaseException)}

    async def _proofs(self, source: Source) -> dict[str, str]:
        """The publisher's checksums and signature, as text by their address."""
        urls = [proof.url for proof in (source.checksum, source.signature) if proof]
        found = {}
        for number, url in enumerate(urls):
            path = self.updater.downloads.work(source) / f"proof{number}"
            await self.fetcher.get(url, path, None, _MOST_SUMS)
            found[url] = path.read_text("utf-8", errors="replace")
            path.unlink()
        return found

    def _looked_at(
        self, source: Source, meta: Meta, got: Mapping[str, Got | None], proofs: Mapping[str, str]
    ) -> tuple[Version, dict[str, Path]]:
        """The version these files make, and where they lie. Runs in a thread. Raises NotTaken."""
        staged, files = {}, {}
        for url, name in zip(source.urls, source.names, strict=True):
            answer = got[name]
            if answer is None and meta.current is not None:
                staged[name] = self.updater.downloads.of(source) / meta.current.version / name
                files[name] = meta.current.files[name]
            elif answer is not None:
                _proven(source, answer.path, url, proofs)
                staged[name] = answer.path
                files[name] = FileFacts(
                    url, digest(answer.path), answer.path.stat().st_size, answer.etag, answer.modified
                )
        parts = count_parts(source, staged)
        return Version(version_of(files), 0.0, files, parts), staged

    def _weigh(self, source: Source, meta: Meta, version: Version) -> None:
        if version.version == meta.undone and source.id not in self.wishes.accept:
            raise _NotWanted(version, "is what a person took back with --undo", by_size=True)
        try:
            compare(source, version.parts, meta.current, source.id in self.wishes.accept)
        except NotTaken as error:
            raise _NotWanted(version, str(error), error.by_size) from error

    def _take(self, source: Source, meta: Meta, version: Version, staged: Mapping[str, Path], now: float) -> None:
        before = f", before {meta.current.names:,}" if meta.current else ""
        accepted = ", accepted in spite of its size" if source.id in self.wishes.accept else ""
        what = f"took the list {source.id} in: {version.names:,} names{before}{accepted}"
        with self.updater.recorded(what, {"source": source.id, "version": version.version}):
            self.updater.downloads.take(source, staged, version, replace(meta, fetched=now))
        for path in self.updater.downloads.work(source).iterdir():
            path.unlink()

    def _refused(self, source: Source, meta: Meta, error: NotTaken) -> Result:
        version = error.version.version if isinstance(error, _NotWanted) else ""
        same = meta.refused is not None and meta.refused.reason == str(error)
        since = meta.refused.since if meta.refused and same else self.updater.clock()
        refusal = Refusal(str(error), since, version, error.by_size)
        try:
            self.updater.downloads.note(source, replace(meta, refused=refusal))
        except OSError as fault:
            return _result(source, Outcome.FAILED, meta.current, f"{error}; and that cannot be noted: {fault}")
        return replace(_result(source, Outcome.REFUSED, meta.current, str(error)), by_size=error.by_size)


class _NotWanted(NotTaken):
    """Refused as a whole; which version it is, is known."""

    def __init__(self, version: Version, reason: str, by_size: bool) -> None:
        super().__init__(reason, by_size)
        self.version = version


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


def _proven(source: Source, path: Path, url: str, proofs: Mapping[str, str]) -> None:
    name = PurePosixPath(urlsplit(url).path).name
    if source.checksum:
        check_sum(path, name, proofs[source.checksum.url], source.checksum.algorithm)
    if source.signature:
        check_signature(path, proofs[source.signature.url], source.signature)


def _due(source: Source, meta: Meta, now: float) -> bool:
    """A clock that was set back must not keep a list from ever being due."""
    return not 0 <= now - meta.fetched < source.refresh.total_seconds() * _EARLY


def _result(source: Source, outcome: Outcome, held: Version | None, reason: str = "", before: int = 0) -> Result:
    names, version = (held.names, held.version) if held else (0, "")
    return Result(source.id, outcome, reason, names, before, version, required=source.required)
