"""Files, folders and archives as one tree of files: gzip, xz, bzip2, zip and tar are unwrapped, whatever the format.

An archive comes from elsewhere and may be made to harm. Members are streamed and never written by their names; what
must lie still while it is read is kept in a nameless temporary file. Links are passed over; names that lead out of the
archive, devices, names that stand there twice, encryption, and packings within packings within packings are refused.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from lzma import LZMAError
from pathlib import Path
from typing import IO

from hedgerow.stores.formats.model import FormatError, Member, Options, Tree
from hedgerow.stores.formats.packed import COMPRESSIONS, Budget, Metered, Unpacked
from hedgerow.stores.formats.tars import Slice, entries, is_tar

_HEAD = 512  # bytes by which a file is known
_IN_MEMORY = 8 << 20  # bytes of an archive before its temporary file goes to disk
_DEEPEST = 2  # a packed file, and packed ones in it
_ENTRY = 1_024  # bytes of a zip file's directory for each of its files, at most
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar", b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x9d": "compress",
    b"SQLite format 3\0": "SQLite", b"%PDF-": "PDF",
}  # fmt: skip
_ZIP_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OverflowError,
    IndexError, struct.error, zlib.error, LZMAError, OSError,
)  # fmt: skip
"""What zipfile raises for a file that is none."""


@contextmanager
def unpacked(path: Path, options: Options) -> Iterator[Tree]:
    """The files below ``path``, while the block runs. Raises FormatError and OSError."""
    with ExitStack() as stack:
        walk = _Walk(options, stack, Budget(options.most_bytes))
        found = walk.folder(path) if path.is_dir() else walk.unwrap(Member("", partial(_open, path)), 0)
        members = sorted((member for member in found if walk.wanted(member)), key=lambda member: member.name)
        for one, other in zip(members, members[1:], strict=False):
            if one.name == other.name:
                raise FormatError(f"holds {one.name[:80]!r} twice")
        yield Tree(path.name.split(".")[0], tuple(members))


@dataclass(slots=True)
class _Walk:
    options: Options
    stack: ExitStack
    budget: Budget
    seen: int = field(default=0)

    def wanted(self, member: Member) -> bool:
        """Hidden files and what a Mac puts beside them are no lists."""
        parts = member.name.split("/")
        hidden = any(part.startswith(".") for part in parts) or "__MACOSX" in parts
        return not hidden and (not member.name or fnmatchcase(member.name, self.options.only or "*"))

    def folder(self, root: Path) -> Iterator[Member]:
        for folder, below, names in os.walk(root):
            below.sort()
            for name in sorted(names):
                path = Path(folder, name)
                if stat.S_ISREG(path.lstat().st_mode):
                    self._count()
                    member = Member(path.relative_to(root).as_posix(), partial(_open, path))
                    yield from self.unwrap(member, 0) if self.wanted(member) else ()

    def unwrap(self, member: Member, depth: int) -> Iterator[Member]:
        """The member, or the files packed in it."""
        head = _head(member)
        if other := next((name for begin, name in _OTHERS.items() if head.startswith(begin)), ""):
            raise FormatError(f"is a {other} file; gzip, xz, bzip2, zip and tar are unpacked")
        kind = next((name for name, (begin, _) in COMPRESSIONS.items() if head.startswith(begin)), "")
        if kind == "bzip2" and head[4:10] not in (b"1AY&SY", b"\x17rE8P\x90"):
            kind = ""  # a line of text that begins with these letters
        is_zip = head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
        if not (kind or is_zip or is_tar(head)):
            yield member
            return
        if depth == _DEEPEST:
            raise FormatError("is packed more than twice")
        if kind:
            yield from self._compressed(member, kind, depth)
        elif is_zip:
            yield from self._zip(member, depth)
        else:
            yield from self._tar(member, depth)

    def _compressed(self, member: Member, kind: str, depth: int) -> Iterator[Member]:
        inner = Member(member.name, lambda: io.BufferedReader(Unpacked(member.open(), kind, self.budget)))
        if is_tar(_head(inner)):
            yield from self._tar(inner, depth)
        else:
            yield from self.unwrap(inner, depth + 1)

    def _tar(self, member: Member, depth: int) -> Iterator[Member]:
        file, size = self._still(member)
        for entry in entries(file, size):
            name = self._named(member, entry.name)
            inner = Member(name, partial(_slice, file, entry.start, entry.size))
            yield from self.unwrap(inner, depth + 1) if self.wanted(inner) else ()

    def _zip(self, member: Member, depth: int) -> Iterator[Member]:
        file, size = self._still(member)
        self._check_directory(file, size)
        try:
            archive = self.stack.enter_context(zipfile.ZipFile(file))
        except _ZIP_ERRORS as error:
            raise FormatError(f"is no whole zip file: {error}") from None
        for info in archive.infolist():
            kind = info.external_attr >> 16
            if info.is_dir() or stat.S_ISLNK(kind):
                continue
            name = self._named(member, info.filename)
            if info.flag_bits & 1:
                raise FormatError(f"{name[:80]!r} is encrypted")
            inner = Member(name, partial(self._open_zipped, archive, info))
            yield from self.unwrap(inner, depth + 1) if self.wanted(inner) else ()

    def _open_zipped(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
        try:
            inner = archive.open(info)
        except _ZIP_ERRORS as error:
            raise FormatError(f"is no whole zip file: {error}") from None
        return io.BufferedReader(Metered(inner, info.compress_size, self.budget, _ZIP_ERRORS))

    def _check_directory(self, file: IO[bytes], size: int) -> None:
        """zipfile reads the whole directory before anyone can count it."""
        file.seek(max(0, size - 66_000))
        tail = file.read()
        found = tail.rfind(b"PK\x05\x06")
        if found < 0 or len(tail) < found + 22:
            raise FormatError("the zip file ends in the middle")
        (length,) = struct.unpack_from("<I", tail, found + 12)
        if length > self.options.most_parts * _ENTRY:
            raise FormatError(f"holds more than {self.options.most_parts} files")

    def _still(self, member: Member) -> tuple[IO[bytes], int]:
        """A member's bytes as a file that can be read in any order, and their number."""
        file = self.stack.enter_context(member.open())
        if not file.seekable() or isinstance(file, io.BufferedReader) and isinstance(file.raw, Metered):
            kept = self.stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            while data := file.read(1 << 20):
                kept.write(data)
            return kept, kept.tell()
        return file, file.seek(0, io.SEEK_END)

    def _named(self, outer: Member, raw: str) -> str:
        """A name inside an archive. Raises FormatError for one that leads out of it."""
        self._count()
        parts = raw.replace("\\", "/").split("/")
        if parts[0].endswith(":") or not parts[0] or ".." in parts or "\0" in raw:
            raise FormatError(f"{raw[:80]!r} leads out of the archive")
        name = "/".join(part for part in parts if part not in ("", "."))
        return f"{outer.name}/{name}" if outer.name else name

    def _count(self) -> None:
        self.seen += 1
        if self.seen > self.options.most_parts:
            raise FormatError(f"holds more than {self.options.most_parts} files")


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _head(member: Member) -> bytes:
    with member.open() as file:
        return file.read(_HEAD)


def _slice(file: IO[bytes], start: int, size: int) -> IO[bytes]:
    return io.BufferedReader(Slice(file, start, size))
