"""What this package needs of ``stores.formats``: formats by name, their options, how many names a file holds.

The only place that knows. Until the package of formats is here, a small reader of domains, hosts and squidGuard files
stands in for ``formats.parts``; then ``Options``, ``FORMAT_NAMES`` and ``_parts`` come from there and the rest goes.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hedgerow.stores.formats import Options

FORMAT_NAMES = (
    "addresses",
    "adblock",
    "csv",
    "dnsmasq",
    "domains",
    "hosts",
    "json",
    "rpz",
    "squidguard",
    "swot",
    "unbound",
    "v2fly",
    "wildcard",
)


def count_names(path: Path, format: str, options: Options) -> Counter[str]:
    """Names in a list by the source's own category ("" = none). Raises FormatError."""
    counts: Counter[str] = Counter()
    for category, lines in _parts(path, options):
        counts[category] += sum(1 for line in lines if line.strip() and not line.startswith(b"#"))
    return counts


def _parts(path: Path, options: Options) -> Iterator[tuple[str, Iterator[bytes]]]:
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            for category, lines in _parts(inner, options):
                yield category or inner.stem, lines
        return
    with path.open("rb") as file:
        head = file.read(4)
    try:
        if tarfile.is_tarfile(path):
            yield from _tar(path)
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    with archive.open(name) as member:
                        yield Path(name).stem, iter(member)
        else:
            with gzip.open(path) if head.startswith(b"\x1f\x8b") else path.open("rb") as plain:
                yield "", iter(plain)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise FormatError(str(error)) from error


def _tar(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    with tarfile.open(path) as archive:
        for entry in archive:
            inner = Path(entry.name)
            if entry.isfile() and inner.name in ("domains", "urls") and (member := archive.extractfile(entry)):
                yield inner.parent.name, iter(member)
