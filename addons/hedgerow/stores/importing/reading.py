"""Files of an installation, and nothing else: no link and no include leads out of the folders that were named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

LONGEST_LINE = 65_536  # bytes; what is longer is no line a person wrote
DEEPEST = 20  # files that include one another
_PREFIXES = ("/etc/e2guardian", "/usr/local/etc/e2guardian", "/opt/etc/e2guardian", "/etc/dansguardian", "@E2CONFDIR@")


class Refused(Exception):
    """A file that is not opened. The message says why, for the report."""


@dataclass(slots=True)
class Root:
    """The folder that is imported. ``prefix`` is where it lay on the machine it comes from: "/etc/e2guardian"."""

    folder: Path
    prefixes: tuple[str, ...] = _PREFIXES
    others: tuple[Path, ...] = ()  # further folders that were named, such as squidGuard's dbhome
    opened: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.others = tuple(path.resolve() for path in self.others)

    def find(self, written: str, near: Path) -> Path:
        """The file a configuration calls ``written``; relative names start beside ``near``. Raises Refused."""
        if not written.strip() or "\0" in written:
            raise Refused("no file is named")
        try:
            meant = self._meant(written.strip(), near)
        except (OSError, ValueError) as error:  # a name too long, or no name at all
            raise Refused(f"{written[:200]!r} cannot be opened: {error}") from None
        return self.inside(meant, written)

    def inside(self, path: Path, written: str) -> Path:
        """``path``, once it is sure that it is an ordinary file of the installation. Raises Refused."""
        try:
            real = path.resolve()
            if not any(real.is_relative_to(folder) for folder in (self.folder, *self.others)):
                raise Refused(f"{written!r} leads out of the folder that is imported")
            if not real.exists():
                raise Refused(f"{written!r}: no such file")
            if not real.is_file():
                raise Refused(f"{written!r} is no ordinary file")
        except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a name too long
            raise Refused(f"{written[:200]!r} cannot be opened: {error}") from None
        self.opened.add(real)
        return real

    def _meant(self, written: str, near: Path) -> Path:
        for prefix in sorted(self.prefixes, key=len, reverse=True):
            if prefix and (written == prefix or written.startswith(prefix.rstrip("/") + "/")):
                here = self.folder / written[len(prefix) :].lstrip("/")
                if here.exists() or not Path(written).exists():
                    return here
        if PurePosixPath(written).is_absolute():
            return Path(written)
        beside, below = near.parent / written, self.folder / written
        return beside if beside.exists() or not below.exists() else below

    def name(self, path: Path) -> str:
        """What the report calls a file: below the folder, or below one of the others by its own name."""
        for folder in (self.folder, *self.others):
            if path.is_relative_to(folder):
                inside = path.relative_to(folder).as_posix()
                return inside if folder == self.folder else f"{folder.name}/{inside}"
        return str(path)

    def unused(self) -> Iterator[str]:
        """Files of the folder that nothing opened. Links are not followed."""
        for folder, _, files in os.walk(self.folder):
            for file in sorted(files):
                path = Path(folder) / file
                if not path.is_symlink() and path not in self.opened:
                    yield self.name(path)


def raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end). Of a line without an end only its beginning is given. Raises OSError."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            whole = line.endswith(b"\n")
            yield number, line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n") if number == 1 else line.rstrip(b"\r\n")
            while not whole and (rest := file.readline(LONGEST_LINE)):
                whole = rest.endswith(b"\n")


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """As ``raw_lines``, in UTF-8; bytes that are none become halves of surrogate pairs. Raises OSError."""
    for number, line in raw_lines(path):
        yield number, line.decode("utf-8", "surrogateescape")


def is_text(line: str) -> bool:
    """False when a line had bytes that are no UTF-8."""
    return line.isascii() or not any("\ud800" <= char <= "\udfff" for char in line)


def known_prefix(folder: Path, written: Iterator[str]) -> str:
    """Where the folder lay, from the absolute names its configuration uses: the part that is not found in it."""
    votes: dict[str, int] = {}
    for name in written:
        parts = PurePosixPath(name).parts
        for first in range(1, len(parts)):
            if (folder / PurePosixPath(*parts[first:])).exists():
                prefix = str(PurePosixPath(*parts[:first]))
                votes[prefix] = votes.get(prefix, 0) + 1
                break
    best = max(votes, key=lambda prefix: votes[prefix], default="")
    return "" if best == "/" else best
