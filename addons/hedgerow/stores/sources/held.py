"""What was fetched: ``state/lists/<id>/<version>/``, this version and the one before, and ``meta.json``.

A version's folder is finished and on the disk before ``meta.json`` names it, and ``meta.json`` is replaced whole: at
any moment, also after a SIGKILL or a power cut, either the old version is in force or the new one.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hedgerow.stores.sources.meta import FileFacts, Meta, Version, read_meta, write_meta
from hedgerow.stores.sources.model import Source
from hedgerow.stores.state import belong

NEWS = "changed"
"""A file beside the sources' folders whose time tells whoever watches that another version is in force."""


class Busy(Exception):
    """Another process fetches, takes in or undoes just now."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is in force of one source. Times are aware (UTC)."""

    path: Path  # the file; of several, the folder they lie in
    version: str  # 12 hexadecimal digits
    fetched: datetime  # when the publisher last confirmed it
    changed: datetime  # when this version was taken
    names: int


class Downloads:
    """All that is held, below ``state/lists``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, source: Source) -> Path:
        return self.folder / source.id

    def meta(self, source: Source) -> Meta:
        """Raises OSError when it is damaged."""
        return read_meta(self.of(source))

    def held(self, source: Source) -> Held | None:
        """What is in force of a fetched source, None before the first time. Raises OSError when it is damaged."""
        meta = self.meta(source)
        if meta.current is None:
            return None
        path = self.of(source) / meta.current.version
        if source.single and len(meta.current.files) == 1:
            path /= next(iter(meta.current.files))
        if not path.exists():
            raise OSError(errno.ENOENT, "is gone; remove its folder and run `hedgerow lists update`", str(path))
        fetched, taken = (datetime.fromtimestamp(at, UTC) for at in (meta.fetched, meta.current.taken))
        return Held(path, meta.current.version, fetched, taken, meta.current.names)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only one process writes at a time. Raises Busy."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        belong(self.folder)
        with open(os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600), "r+") as file:
            belong(self.folder / ".lock")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(f"{self.folder}: another `hedgerow lists` command is writing; wait for it") from None
            yield

    def work(self, source: Source) -> Path:
        """The folder for what is not finished: kept between runs, so that a transfer goes on where it broke off."""
        folder = self.of(source) / ".work"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        belong(folder.parent)
        belong(folder)
        return folder

    def take(self, source: Source, staged: Mapping[str, Path], version: Version, meta: Meta) -> None:
        """Put ``version`` in force: its files are linked from ``staged``, by name. Raises OSError; the old stays then.

        ``meta`` is what else is to stand in ``meta.json``; what was in force becomes the version before.
        """
        old = self.meta(source).current
        self._lay(self.of(source) / version.version, staged)
        before = old if old is not None and old.version != version.version else meta.before
        write_meta(self.of(source), replace(meta, current=version, before=before, refused=None))
        self.tidy(source)
        self.tell()

    def _lay(self, folder: Path, staged: Mapping[str, Path]) -> None:
        """The folder of one version, made beside and renamed, with everything flushed to the disk."""
        if folder.is_dir():
            return
        beside = folder.with_name(f".new-{folder.name}")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        for name, path in staged.items():
            _linked(path, beside / name)
        _flush(beside)
        belong(beside)
        beside.rename(folder)
        _flush(folder.parent)

    def note(self, source: Source, meta: Meta) -> None:
        """Write what became known without another version being in force."""
        self.of(source).mkdir(mode=0o700, exist_ok=True)
        belong(self.of(source))
        write_meta(self.of(source), meta)

    def undo(self, source: Source) -> Version:
        """Put the version before in force again; the one taken back is not taken anew. Raises LookupError, OSError."""
        meta = self.meta(source)
        if meta.current is None or meta.before is None:
            raise LookupError(f"{source.id}: there is no version before the one in force")
        if not (self.of(source) / meta.before.version).is_dir():
            raise LookupError(f"{source.id}: the version before is gone")
        self.note(source, replace(meta, current=meta.before, before=None, undone=meta.current.version, refused=None))
        self.tidy(source)
        self.tell()
        return meta.before

    def tidy(self, source: Source) -> None:
        """Take away what no version needs any more. What cannot be taken away is no fault."""
        meta, folder = self.meta(source), self.of(source)
        wanted = {version.version for version in (meta.current, meta.before) if version} | {".work", "meta.json"}
        for path in folder.iterdir():
            if path.name not in wanted:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def tell(self) -> None:
        path = self.folder / NEWS
        path.touch(mode=0o600)
        os.utime(path)
        belong(path)


def version_of(files: Mapping[str, FileFacts]) -> str:
    """The name of a state of these files: the same files always give the same."""
    lines = "".join(f"{facts.sha256}  {name}\n" for name, facts in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def _linked(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(path, to)
    to.chmod(0o600)
    belong(to)
    _flush(to)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
