"""``hedgerow lists bundle``: everything that is held, as one signed file for schools without internet.

After the frame of ``signing`` comes a tar archive, packed by zstd (RFC 8878)::

    manifest.json            what is in it: versions, times, licences, sizes, SHA-256 of every file
    sources.yaml             how the maker's sources are described
    lists/<id>/<file>        the files as they were fetched

The same lists give the same bytes: members are sorted, and carry no time and no owner.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hedgerow.stores.sources.held import Downloads
from hedgerow.stores.sources.meta import Meta, Version
from hedgerow.stores.sources.model import Source
from hedgerow.stores.sources.signing import START, BundleFault, fingerprint, sign
from hedgerow.stores.sources.written import written

MANIFEST, SOURCES_MEMBER = "manifest.json", "sources.yaml"
FORM = 1
_LEVEL = 10  # names of lists: half a minute and a fifth smaller at 19


@dataclass(frozen=True, slots=True)
class Bundled:
    """What a bundle was made of, and what was left out with the reason."""

    made: float  # when the newest of its lists was fetched, Unix seconds
    size: int
    key: str
    sources: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def bundle(out: Path, sources: Sequence[Source], downloads: Downloads, key: Ed25519PrivateKey) -> Bundled:
    """Write ``out``, whole or not at all. Raises BundleFault when there is nothing to put in, and OSError."""
    carried, left_out = [], []
    for source in sorted(sources, key=lambda one: one.id):
        meta = downloads.meta(source) if source.urls else Meta()
        if reason := _why_not(source, meta):
            left_out.append((source.id, reason))
        elif meta.current is not None:
            carried.append((source, meta, meta.current))
    if not carried:
        raise BundleFault("nothing is held that may be passed on; `hedgerow lists update` fetches it")
    made = max(meta.fetched for _, meta, _ in carried)
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w+b") as file:
            file.write(bytes(START))
            with zstandard.ZstdCompressor(level=_LEVEL, threads=0).stream_writer(file, closefd=False) as packed:
                _archive(packed, carried, made, downloads)
            sign(file, key)
            file.flush()
            os.fsync(file.fileno())
            size = file.seek(0, io.SEEK_END)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    names = tuple(source.id for source, _, _ in carried)
    return Bundled(made, size, fingerprint(key.public_key()), names, tuple(left_out))


def _why_not(source: Source, meta: Meta) -> str:
    if not source.urls:
        return "lies in the school's own folder"
    if not source.share:
        return "its licence does not let it be passed on"
    return "" if meta.current else "was never fetched"


def _archive(
    out: zstandard.ZstdCompressionWriter, carried: Sequence[tuple[Source, Meta, Version]], made: float, held: Downloads
) -> None:
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.USTAR_FORMAT) as archive:
        manifest = {"form": FORM, "made": made, "sources": {s.id: _described(s, m, v) for s, m, v in carried}}
        _add(archive, MANIFEST, json.dumps(manifest, sort_keys=True, indent=1).encode())
        _add(archive, SOURCES_MEMBER, written(source for source, _, _ in carried).encode())
        for source, _, version in carried:
            for name in sorted(version.files):
                path = held.of(source) / version.version / name
                entry = _entry(member(source.id, name), path.stat().st_size)
                with path.open("rb") as file:
                    archive.addfile(entry, file)


def _described(source: Source, meta: Meta, version: Version) -> dict[str, object]:
    told = {"title": source.title, "licence": source.licence, "home": source.home, "fetched": meta.fetched}
    return {**told, **asdict(version)}


def member(source: str, name: str) -> str:
    """What a source's file is called in the archive."""
    return f"lists/{source}/{name}"


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    archive.addfile(_entry(name, len(content)), io.BytesIO(content))
