"""The end of fetching and unbundling: a record that cannot be written, a disk that is full."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from hedgerow.stores.sources import Downloads
from hedgerow.stores.sources.held import version_of
from hedgerow.stores.sources.meta import FileFacts, Meta, Version
from hedgerow.stores.sources.taking import Outcome, Taker, count_parts, disk_fault
from tests.stores.sources.listed import ADDRESS, names, source


def staged(downloads: Downloads, count: int) -> tuple[Version, dict[str, Path]]:
    path = downloads.work(source()) / "bets.txt"
    path.write_bytes(names(count))
    files = {"bets.txt": FileFacts(ADDRESS, hashlib.sha256(names(count)).hexdigest(), path.stat().st_size)}
    return Version(version_of(files), 1.0, files, count_parts(source(), {"bets.txt": path})), {"bets.txt": path}


def test_it_is_recorded_before_it_is_in_force(tmp_path: Path) -> None:
    downloads, said = Downloads(tmp_path), []

    @contextmanager
    def recorded(what: str, detail: Mapping[str, object]) -> Iterator[None]:
        said.append((what, downloads.held(source())))
        yield

    found = Taker(downloads, recorded).take(source(), Meta(fetched=2.0), *staged(downloads, 20))
    assert found.outcome is Outcome.NEW and said == [("took the list bets in: 20 names", None)]
    assert not list(downloads.work(source()).iterdir())


def test_what_cannot_be_recorded_does_not_happen(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path)

    @contextmanager
    def recorded(what: str, detail: Mapping[str, object]) -> Iterator[None]:
        raise OSError(errno.ENOSPC, "No space left on device", "changes.log")
        yield

    with pytest.raises(OSError) as error:
        Taker(downloads, recorded).take(source(), Meta(fetched=2.0), *staged(downloads, 20))
    assert disk_fault(error.value) == "changes.log: No space left on device"
    assert downloads.held(source()) is None


def test_names_are_counted_by_the_sources_own_category(tmp_path: Path) -> None:
    several = source(urls=(ADDRESS, ADDRESS), names=("adult.txt", "games.txt"), category="", categories={})
    for name, count in (("adult.txt", 3), ("games.txt", 4)):
        (tmp_path / name).write_bytes(names(count))
    assert count_parts(several, {name: tmp_path / name for name in several.names}) == {"adult": 3, "games": 4}
