"""A resolver's file as a whole: what it is, from what, for how long, what it cannot say; then its lines."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from hedgerow.core.plain import plain
from hedgerow.stores.exports.dnsmasq import dnsmasq
from hedgerow.stores.exports.hosts import hosts
from hedgerow.stores.exports.rpz import rpz
from hedgerow.stores.exports.unbound import unbound
from hedgerow.stores.exports.wanted import Wanted


class Format(NamedTuple):
    """How comments begin, and the lines for (wanted names, answer, serial)."""

    comment: str
    lines: Callable[[Wanted, str, int], Iterator[str]]


FORMATS: Mapping[str, Format] = {
    "rpz": Format(";", rpz),
    "unbound": Format("#", unbound),
    "dnsmasq": Format("#", dnsmasq),
    "hosts": Format("#", hosts),
}

LOST = {
    "paths": "listed parts of sites (host/path): of a path a resolver hears nothing",
    "names": "names that are too long for a zone, or hold characters that resolvers' files give a meaning",
    "addresses": "listed addresses and networks: this format names no addresses",
    "below": "names that close everything below them, too: a hosts file says nothing about what is below",
    "open below": "helplines of which all that is below is closed: here what is below them is open, too",
    "closed": "names that are open while all below them is closed: here they are closed, too (take rpz)",
}
"""What a file cannot say, and why."""


@dataclass(frozen=True, slots=True)
class About:
    """What the head of the file tells."""

    band: str
    policy: str  # version
    index: str  # version
    at: datetime
    until: datetime | None


def export(wanted: Wanted, format: str, answer: str, about: About, out: IO[bytes]) -> int:
    """Write the whole file; gives the number of its lines below the head. Raises OSError, NotSayable.

    The lines are kept on the disk until they can be counted: the head says what they lack.
    """
    style, count = FORMATS[format], 0
    with tempfile.TemporaryFile() as body:
        for line in style.lines(wanted, answer, int(about.at.timestamp())):
            body.write(f"{line}\n".encode("ascii"))
            count += 1
        out.writelines(f"{style.comment} {plain(line)}".rstrip().encode() + b"\n" for line in head(wanted, about))
        body.seek(0)
        shutil.copyfileobj(body, out, 1 << 20)
    return count


def write(path: Path, fill: Callable[[IO[bytes]], int]) -> int:
    """``fill`` the file aside, then put it in place: a resolver never reads half of it. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            count = fill(file)
            file.flush()
            os.fchmod(handle, 0o644)  # the resolver runs as another user
            os.fsync(handle)
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return count


def head(wanted: Wanted, about: About) -> Iterator[str]:
    """The comment above the lines, without the comment's sign."""
    yield f"Hedgerow: what the band {about.band} refuses, for a resolver. Made by `hedgerow lists export`; do not edit."
    yield f"policy {about.policy}, lists {about.index}"
    yield f"judged for {about.at:%Y-%m-%d %H:%M %Z}; {_until(about.until)}"
    yield f"a site that is not named here: {'refused' if wanted.closed else 'let through'}"
    counts = wanted.counts
    yield f"{counts['listed']} listed names; named: {counts['refused']} refused, {counts['let through']} let through"
    for what, number in sorted(wanted.lost.items()):
        if number:
            yield f"not in this file: {number} {LOST[what]}"
    yield "not in this file: words, files, passes and exams: a resolver hears nothing but names"
    yield "The lists keep their licences (blocklists/README.md): who passes this file on passes them on."


def _until(until: datetime | None) -> str:
    return f"right until {until:%Y-%m-%d %H:%M}, then make it anew" if until else "right until policies or lists change"
