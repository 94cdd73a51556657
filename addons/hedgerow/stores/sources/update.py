"""``hedgerow lists update``: fetch what is due, look at it, and put in force what stands every look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from hedgerow.stores.sources.faults import NotFetched, NotTaken
from hedgerow.stores.sources.fetch import Fetcher, Got, Limits
from hedgerow.stores.sources.held import version_of
from hedgerow.stores.sources.meta import FileFacts, Meta, Version
from hedgerow.stores.sources.model import Source
from hedgerow.stores.sources.reach import Way
from hedgerow.stores.sources.sums import check_signature, check_sum, digest
from hedgerow.stores.sources.taking import Outcome, Result, Taker, count_parts, disk_fault, result

_AT_ONCE = 6  # files
_COUNTED_AT_ONCE = 2
_MOST_SUMS = 1_000_000
_EARLY = 0.9  # of the refresh: a timer that runs each day must not find yesterday's list a minute too young

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
    """Fetches sources and hands what stands the looks to ``taker``."""

    taker: Taker
    way: Way = field(default_factory=Way)
    limits: Limits = field(default_factory=Limits)
    told: Told = lambda source, done, whole: None

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

    @property
    def taker(self) -> Taker:
        return self.updater.taker

    async def one(self, source: Source) -> Result:
        """Never raises for what the outside world or the disk does."""
        meta = Meta()
        try:
            meta = self.taker.downloads.meta(source)
            return await self._updated(source, meta)
        except NotTaken as error:
            return self.taker.refused(source, meta, error)
        except NotFetched as error:
            return result(source, Outcome.FAILED, meta.current, str(error))
        except OSError as error:
            return result(source, Outcome.FAILED, meta.current, disk_fault(error))
        finally:
            self.updater.told(source.id, 0, None)

    async def _updated(self, source: Source, meta: Meta) -> Result:
        now = self.taker.clock()
        if not self.wishes.force and not self.wishes.named and not _due(source, meta, now):
            return result(source, Outcome.NOT_DUE, meta.current)
        got = await self._fetched(source, meta)
        if meta.current is not None and not any(got.values()):
            return self.taker.confirmed(source, meta, meta.current, now)
        proofs = await self._proofs(source)
        async with self.counting:
            version, staged = await asyncio.to_thread(self._looked_at, source, meta, got, proofs)
        if meta.current is not None and version.version == meta.current.version:
            return self.taker.confirmed(source, meta, replace(meta.current, files=version.files), now)
        accepted = source.id in self.wishes.accept
        return self.taker.take(
            source, replace(meta, fetched=now), replace(version, taken=now), staged, accepted=accepted
        )

    async def _fetched(self, source: Source, meta: Meta) -> dict[str, Got | None]:
        """Each file by name, None for one that did not change. Raises the first fault, when all have ended."""
        work = self.taker.downloads.work(source)
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
        return {name: _given(source, name, answer) for name, answer in zip(source.names, answers, strict=True)}

    async def _proofs(self, source: Source) -> dict[str, str]:
        """The publisher's checksums and signature, as text by their address."""
        found = {}
        for number, proof in enumerate(proof for proof in (source.checksum, source.signature) if proof):
            path = self.taker.downloads.work(source) / f"proof{number}"
            async with self.fetching:
                await self.fetcher.get(proof.url, path, None, _MOST_SUMS)
            found[proof.url] = path.read_text("utf-8", errors="replace")
            path.unlink()
        return found

    def _looked_at(
        self, source: Source, meta: Meta, got: Mapping[str, Got | None], proofs: Mapping[str, str]
    ) -> tuple[Version, dict[str, Path]]:
        """The version these files make, and where they lie. Runs in a thread. Raises NotTaken."""
        staged, files = {}, {}
        for url, name in zip(source.urls, source.names, strict=True):
            answer = got[name]
            if answer is not None:
                _proven(source, answer.path, url, proofs)
                sum, size = digest(answer.path), answer.path.stat().st_size
                staged[name], files[name] = answer.path, FileFacts(url, sum, size, answer.etag, answer.modified)
            elif meta.current is not None:
                staged[name] = self.taker.downloads.of(source) / meta.current.version / name
                files[name] = meta.current.files[name]
        return Version(version_of(files), 0.0, files, count_parts(source, staged)), staged


def _given(source: Source, name: str, answer: Got | None | BaseException) -> Got | None:
    """The answer, or its fault raised with the file's name where there are several."""
    if isinstance(answer, NotFetched):
        raise NotFetched(str(answer) if source.single else f"{name}: {answer}")
    if isinstance(answer, NotTaken):
        raise NotTaken(str(answer) if source.single else f"{name} {answer}")
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _proven(source: Source, path: Path, url: str, proofs: Mapping[str, str]) -> None:
    name = PurePosixPath(urlsplit(url).path).name
    if source.checksum:
        check_sum(path, name, proofs[source.checksum.url], source.checksum.algorithm)
    if source.signature:
        check_signature(path, proofs[source.signature.url], source.signature)


def _due(source: Source, meta: Meta, now: float) -> bool:
    """A clock that was set back must not keep a list from ever being due."""
    return not 0 <= now - meta.fetched < source.refresh.total_seconds() * _EARLY
