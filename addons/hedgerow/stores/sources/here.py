"""Sources that lie on this machine: a file or folder that a school or district puts there by its own means.

A copy is kept of what was taken, so that a file that is suddenly gone, empty or another's web page changes nothing.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hedgerow.stores.formats import FormatError
from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.guards import compare, look, look_inside
from hedgerow.stores.sources.held import Downloads, Held
from hedgerow.stores.sources.listing import count_names
from hedgerow.stores.sources.meta import Meta, Refusal, Version
from hedgerow.stores.sources.model import Source
from hedgerow.stores.state import belong

_CHUNK = 1 << 20


def held_here(source: Source, blocklists: Path) -> Held | None:
    """What lies at ``source.path`` now, None when nothing does. Raises OSError and FormatError.

    It counts as fetched when it was last saved: nobody but its owner knows better.
    """
    path = blocklists / source.path
    if not path.exists():
        return None
    version, saved = _digest(path)
    names = sum(count_names(path, source.format, source.options).values())
    return Held(path, version, _moment(saved), _moment(saved), names)


def take_here(source: Source, blocklists: Path, downloads: Downloads, accepted: bool = False) -> Held:
    """What lies at ``source.path`` now, after the same looks as at a fetched list; a copy of it is kept.

    Raises NotTaken with the reason, which is noted, and OSError; ``kept_here`` is in force then.
    """
    meta, path = downloads.meta(source), blocklists / source.path
    try:
        version = _looked_at(source, path, meta.current, accepted)
    except NotTaken as error:
        since = meta.refused.since if meta.refused and meta.refused.reason == str(error) else time.time()
        downloads.work(source)
        downloads.note(source, replace(meta, refused=Refusal(str(error), since, by_size=error.by_size)))
        raise
    if meta.current is None or version.version != meta.current.version or meta.refused is not None:
        _copy(path, downloads.work(source).parent / version.version)
        downloads.note(source, Meta(fetched=version.taken, current=version))
        downloads.tidy(source)
    return Held(path, version.version, _moment(version.taken), _moment(version.taken), version.names)


def kept_here(source: Source, downloads: Downloads) -> Held | None:
    """The copy of what was last taken; None before the first time. Raises OSError when it is damaged."""
    current = downloads.meta(source).current
    if current is None:
        return None
    path = downloads.of(source) / current.version / Path(source.path).name
    return Held(path, current.version, _moment(current.taken), _moment(current.taken), current.names)


def _looked_at(source: Source, path: Path, old: Version | None, accepted: bool) -> Version:
    if not path.exists():
        raise NotTaken(f"nothing lies at {source.path}")
    digest, saved = _digest(path)
    if path.is_dir():
        look_inside(path)
    else:
        look(path, path.name, source.options.most_bytes)
    try:
        counts = dict(count_names(path, source.format, source.options))
    except FormatError as error:
        raise NotTaken(f"cannot be read as {source.format}: {error}") from error
    compare(source, counts, old, accepted)
    return Version(digest, saved, parts=counts)


def _copy(path: Path, folder: Path) -> None:
    """The folder with a copy of the file or folder, made beside and renamed."""
    if folder.is_dir():
        return
    beside = folder.with_name(f".new-{folder.name}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    if path.is_dir():
        shutil.copytree(path, beside / path.name)
    else:
        shutil.copyfile(path, beside / path.name)
    for made in (beside, *beside.rglob("*")):
        belong(made)
    beside.rename(folder)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _digest(path: Path) -> tuple[str, float]:
    """(12 hexadecimal digits over names and content, when the newest file was saved)"""
    files = list(_files(path))
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(path.parent)}\0".encode())
        with file.open("rb") as content:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()[:12], max((file.stat().st_mtime for file in files), default=0.0)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from sorted(file for file in path.rglob("*") if file.is_file())
