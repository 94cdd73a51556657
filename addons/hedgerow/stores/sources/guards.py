"""What is looked at before a fetched file replaces anything: an error page, nothing, half of it, junk, another size."""

from __future__ import annotations

import bz2
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.meta import Version
from hedgerow.stores.sources.model import Source

_PIECE = 1 << 20
_HEAD = 64 << 10
_TAR_AT, _TAR = 257, b"ustar"
_TAR_END = bytes(1024)  # two blocks of zeros (POSIX.1-2024, pax, "ustar Interchange Format")
_TEXT_CONTROLS = b"\t\n\r\f\x1a"
_PACKED = (".gz", ".tgz", ".zip", ".xz", ".bz2", ".tar")
_PAPERS = frozenset({".html", ".htm", ".xml", ".md", ".pdf"})  # what publishers lay beside their lists
_FEW = 200
"""A category with fewer names may come and go: its numbers say nothing."""


class _Unpacker(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Gzip:
    """zlib's object with the face of the other two."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(0, max_length))


_MAGIC: dict[bytes, Callable[[], _Gzip | lzma.LZMADecompressor | bz2.BZ2Decompressor]] = {
    b"\x1f\x8b": _Gzip,
    b"\xfd7zXZ\x00": lzma.LZMADecompressor,
    b"BZh": bz2.BZ2Decompressor,
}


def look(path: Path, name: str, most: int) -> None:
    """Raises NotTaken for a file that is no list, or not a whole one; ``most`` bounds it unpacked. Raises OSError.

    ``name`` is what it is kept under: what calls itself an archive must be one.
    """
    size = path.stat().st_size
    if not size:
        raise NotTaken("is empty")
    with path.open("rb") as file:
        beginning = file.read(_HEAD)
    if beginning.startswith(b"PK"):
        if not zipfile.is_zipfile(path):
            raise NotTaken("is a ZIP archive without its end: cut off")
        return
    packed = any(beginning.startswith(magic) for magic in _MAGIC)
    head, tail = _ends(_unpacked(path, most) if packed else _plain(path))
    _page(head)
    if not packed and name.endswith(_PACKED) and head[_TAR_AT : _TAR_AT + 5] != _TAR:
        raise NotTaken(f"is no archive, though it is called {name}")
    if head[_TAR_AT : _TAR_AT + 5] == _TAR:
        if tail[-1024:] != _TAR_END:
            raise NotTaken("is a tar archive without its end: cut off")
    elif _junk(head):
        raise NotTaken("is no text: binary junk")


def look_inside(folder: Path) -> None:
    """Raises NotTaken for a folder in which a web page lies where a list should; empty files and papers may lie there.

    Raises OSError.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _PAPERS and path.stat().st_size:
            with path.open("rb") as file:
                try:
                    _page(file.read(_HEAD))
                except NotTaken as error:
                    raise NotTaken(f"{path.relative_to(folder)} {error}") from None


def _page(head: bytes) -> None:
    """No list in any format begins with '<'; every HTML and XML page does."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not first:
        raise NotTaken("is empty")
    if first == b"<":
        raise NotTaken("is a web page, not a list (an error page, or the network's sign-in page)")


def _junk(head: bytes) -> bool:
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in head)
    return b"\0" in head or controls * 20 > len(head)


def _ends(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """(the beginning, the last kilobyte) of what is read to its end."""
    head = tail = b""
    for piece in pieces:
        head = head if len(head) >= _HEAD else (head + piece)[:_HEAD]
        tail = (tail + piece)[-1024:]
    return head, tail


def _plain(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _unpacked(path: Path, most: int) -> Iterator[bytes]:
    """Everything in a packed file, a piece at a time. Raises NotTaken when its end is missing or it is a bomb."""
    whole = 0
    try:
        with path.open("rb") as file:
            rest = file.read(_PIECE)
            while rest:  # several may follow each other, as `cat a.gz b.gz` makes them
                unpacker = next((made() for magic, made in _MAGIC.items() if rest.startswith(magic)), None)
                if unpacker is None:
                    break  # padding
                while not unpacker.eof:
                    if unpacker.needs_input and not rest and not (rest := file.read(_PIECE)):
                        raise NotTaken("ends in the middle: cut off")
                    piece, rest = unpacker.decompress(rest, _PIECE), b""
                    if (whole := whole + len(piece)) > most:
                        raise NotTaken(f"unpacks to more than {most >> 20} MiB")
                    yield piece
                rest = unpacker.unused_data
                rest = rest if len(rest) > 8 else rest + file.read(_PIECE)
    except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file
        raise NotTaken(f"cannot be unpacked: {error}") from error


def compare(source: Source, parts: Mapping[str, int], old: Version | None, accepted: bool = False) -> None:
    """Raises NotTaken when so many names came or went that a mistake is likelier than the truth.

    ``accepted``: a person has looked at it and takes it. A category of its own that vanishes counts like the whole: a
    list of adult sites gone from an archive of seventy would hardly show in the sum.
    """
    names = sum(parts.values())
    if names < source.least_names:
        raise NotTaken(f"holds {names:,} names, at least {source.least_names:,} expected")
    if old is None or accepted:
        return
    _sized(source, "", names, old.names)
    for part, before in old.parts.items():
        if before >= _FEW and source.ours(part):
            _sized(source, f"of {part!r} it ", parts.get(part, 0), before)


def _sized(source: Source, what: str, now: int, before: int) -> None:
    if before and now < before * (1 - source.shrink):
        raise NotTaken(f"{what}shrank from {before:,} names to {now:,}", by_size=True)
    if before and now > before * source.grow:
        raise NotTaken(f"{what}grew from {before:,} names to {now:,}", by_size=True)
