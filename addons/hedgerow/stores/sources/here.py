"""Sources that lie on this machine: a file or folder that a school or district puts there by its own means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from hedgerow.stores.sources.held import Held
from hedgerow.stores.sources.listing import count_names
from hedgerow.stores.sources.model import Source

_CHUNK = 1 << 20


def held_here(source: Source, blocklists: Path) -> Held | None:
    """What lies at ``source.path`` now, None when nothing does. Raises OSError and FormatError.

    It counts as fetched when it was last saved: nobody but its owner knows better.
    """
    path = blocklists / source.path
    if not path.exists():
        return None
    files = list(_files(path))
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(path.parent)}\0".encode())
        with file.open("rb") as content:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
    saved = datetime.fromtimestamp(max((file.stat().st_mtime for file in files), default=0.0), UTC)
    names = sum(count_names(path, source.format, source.options).values())
    return Held(path, digest.hexdigest()[:12], saved, saved, names)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from sorted(file for file in path.rglob("*") if file.is_file())
