"""``hedgerow lists unbundle``: take in a district's bundle, with every look that a fetched list gets.

The signature is checked over the whole file before a byte is unpacked. A member is written only if the signed manifest
names it, under a name of our own making; a link, a name that leads elsewhere, a member too many or too large ends it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hedgerow.stores.sources.bundle import FORM, MANIFEST, SOURCES_MEMBER, member
from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.held import version_of
from hedgerow.stores.sources.meta import FileFacts, Meta, Version
from hedgerow.stores.sources.model import Source
from hedgerow.stores.sources.signing import BundleFault, check, fingerprint
from hedgerow.stores.sources.taking import Outcome, Result, Taker, count_parts, disk_fault, result

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MOST_TEXT = 16 << 20
MOST_WHOLE = 8 << 30
_MOST_WINDOW = 128 << 20
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,79}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Carried:
    """One source as the manifest describes it."""

    fetched: float
    version: Version


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle whose signature is right. ``sources_yaml`` is how its maker describes the sources."""

    made: float
    sources_yaml: bytes
    carried: Mapping[str, Carried]
    key: str


class Unbundler:
    """Reads a bundle twice: first who signed it and what is in it, then the lists themselves."""

    def __init__(self, file: IO[bytes], key: Ed25519PublicKey) -> None:
        """Raises BundleFault, OSError."""
        self._file, self._start = file, 0
        check(file, key)
        self._start = file.tell()
        with self._archive() as archive:
            self.opened = _opened(archive, fingerprint(key))

    def take(
        self, sources: Sequence[Source], taker: Taker, accept: Collection[str] = (), older: bool = False
    ) -> Iterator[Result]:
        """What becomes of each source of the bundle, in its order. Those not among ``sources`` are passed over.

        Raises BundleFault when the archive is not what its manifest says.
        """
        wanted = {source.id: source for source in sources}
        for name, staged in self._staged(wanted, taker):
            yield _taken(wanted[name], self.opened, staged, taker, name in accept, older)

    def _archive(self) -> tarfile.TarFile:
        self._file.seek(self._start)
        try:
            plain = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW).stream_reader(self._file, closefd=False)
            return tarfile.open(fileobj=io.BufferedReader(_Bounded(plain), 1 << 20), mode="r|")
        except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
            raise BundleFault(f"cannot be unpacked: {error}") from error

    def _staged(self, wanted: Mapping[str, Source], taker: Taker) -> Iterator[tuple[str, dict[str, Path]]]:
        """(source, its files in the work folder) for each wanted source, when its last file is there."""
        expected = _expected(self.opened.carried)
        staged: dict[str, Path] = {}
        with self._archive() as archive:
            entries = _entries(archive)
            for _ in (MANIFEST, SOURCES_MEMBER):
                next(entries, None)
            for source, name in expected:
                entry = next(entries, None)
                facts = self.opened.carried[source].version.files[name]
                if entry is None or entry.name != member(source, name) or entry.size != facts.size:
                    raise BundleFault(f"does not hold {member(source, name)} as its manifest says")
                if source in wanted:
                    staged[name] = taker.downloads.work(wanted[source]) / name
                    _write(archive, entry, staged[name], facts)
                if source in wanted and len(staged) == len(self.opened.carried[source].version.files):
                    yield source, staged
                    staged = {}
            if next(entries, None) is not None:
                raise BundleFault("holds more than its manifest says")


class _Bounded(io.RawIOBase):
    """A reader that gives out so many bytes and no more: a bomb is small on the disk."""

    def __init__(self, inner: zstandard.ZstdDecompressionReader) -> None:
        self._inner, self._left = inner, MOST_WHOLE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._inner.read(len(view))
        self._left -= len(data)
        if self._left < 0:
            raise BundleFault(f"unpacks to more than {MOST_WHOLE >> 20} MiB")
        view[: len(data)] = data
        return len(data)


def _expected(carried: Mapping[str, Carried]) -> list[tuple[str, str]]:
    return [(source, name) for source in sorted(carried) for name in sorted(carried[source].version.files)]


def _entries(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Its members; only plain files are legal. Raises BundleFault."""
    try:
        for entry in archive:
            if not entry.isreg() or entry.sparse is not None:
                raise BundleFault(f"holds {entry.name[:80]!r}, which is no plain file")
            yield entry
    except (tarfile.TarError, zstandard.ZstdError, EOFError, ValueError) as error:
        raise BundleFault(f"cannot be unpacked: {error}") from error


def _opened(archive: tarfile.TarFile, key: str) -> Opened:
    entries = _entries(archive)
    texts = []
    for wanted in (MANIFEST, SOURCES_MEMBER):
        entry = next(entries, None)
        file = archive.extractfile(entry) if entry and entry.name == wanted and entry.size <= _MOST_TEXT else None
        if file is None:
            raise BundleFault(f"holds no {wanted} where it must stand")
        texts.append(file.read())
    try:
        manifest: dict[str, Any] = json.loads(texts[0])
        if manifest["form"] != FORM:
            raise BundleFault("was made by a newer Hedgerow")
        carried = {str(name): _carried(str(name), found) for name, found in manifest["sources"].items()}
        return Opened(float(manifest["made"]), texts[1], carried, key)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BundleFault(f"its manifest cannot be read: {error}") from error


def _carried(source: str, found: Mapping[str, Any]) -> Carried:
    files = {str(name): FileFacts(**facts) for name, facts in found["files"].items()}
    sound = all(
        _NAME.fullmatch(name) and _SHA256.fullmatch(facts.sha256) and isinstance(facts.size, int) and facts.size >= 0
        for name, facts in files.items()
    )
    if not (_NAME.fullmatch(source) and files and sound):
        raise BundleFault(f"its manifest names files of {source[:80]!r} that cannot be")
    version = Version(version_of(files), float(found["taken"]), files)
    if version.version != found["version"]:
        raise BundleFault(f"its manifest calls the files of {source} by another version than they make")
    return Carried(float(found["fetched"]), version)


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, path: Path, facts: FileFacts) -> None:
    file, digest = archive.extractfile(entry), hashlib.sha256()
    assert file is not None  # a plain file has content
    path.unlink(missing_ok=True)
    try:
        with path.open("xb") as out:
            while piece := file.read(1 << 20):
                digest.update(piece)
                out.write(piece)
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
        raise BundleFault(f"cannot be unpacked: {error}") from error
    if digest.hexdigest() != facts.sha256 or path.stat().st_size != facts.size:
        path.unlink()
        raise BundleFault(f"{entry.name} is not what its manifest says")


def _taken(
    source: Source, opened: Opened, staged: Mapping[str, Path], taker: Taker, accepted: bool, older: bool
) -> Result:
    meta, carried = Meta(), opened.carried[source.id]
    try:
        meta = taker.downloads.meta(source)
        if set(staged) != set(source.names):
            raise NotTaken("has other files here than where the bundle was made: one of the two is of another version")
        if max(facts.size for facts in carried.version.files.values()) > source.most_bytes:
            raise NotTaken(f"is larger than {source.most_bytes // 1000:,} KB, the most this source may have")
        if carried.fetched < meta.fetched and not older:
            raise NotTaken(f"is of {_day(carried.fetched)}, older than what is held ({_day(meta.fetched)}); --older")
        if meta.current is not None and meta.current.version == carried.version.version:
            return taker.confirmed(source, meta, meta.current, max(meta.fetched, carried.fetched))
        version = replace(carried.version, taken=taker.clock(), parts=count_parts(source, staged))
        state = replace(meta, fetched=carried.fetched, made=opened.made)
        how = f" from the bundle of {_day(opened.made)}, signed with {opened.key}"
        return taker.take(source, state, version, staged, accepted=accepted, how=how)
    except NotTaken as error:
        return taker.refused(source, meta, error)
    except OSError as error:
        return result(source, Outcome.FAILED, meta.current, disk_fault(error))


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
