"""``meta.json`` of one source: what is held of it, what was before, and why something newer was refused."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hedgerow.stores.state import belong, write_whole

_FILE = "meta.json"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file as it was fetched. ``etag`` and ``modified`` are the server's words, for asking whether it changed."""

    url: str
    sha256: str
    size: int
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a source's files. Times are Unix seconds."""

    version: str  # 12 hexadecimal digits over all its files' sums; its folder's name
    taken: float
    files: Mapping[str, FileFacts] = field(default_factory=dict)  # by the name each is kept under
    parts: Mapping[str, int] = field(default_factory=dict)  # names by the source's own category

    @property
    def names(self) -> int:
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what the publisher has now is not taken. ``since`` is when it was first seen."""

    reason: str
    since: float
    version: str = ""  # of what was refused, "" when not even that is known
    by_size: bool = False  # shrunk or grown: a person may accept it


@dataclass(frozen=True, slots=True)
class Meta:
    """All that is known of one source. ``fetched`` is when the publisher last confirmed what is held."""

    fetched: float = 0.0
    current: Version | None = None
    before: Version | None = None
    refused: Refusal | None = None
    undone: str = ""  # a version that a person took back: not taken again
    made: float = 0.0  # of a bundle: when it was made; an older one is refused


def read_meta(folder: Path) -> Meta:
    """What is known of the source in this folder; nothing yet without a file. Raises OSError for a damaged one."""
    path = folder / _FILE
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        return Meta(
            fetched=float(found["fetched"]),
            current=_version(found["current"]),
            before=_version(found["before"]),
            refused=Refusal(**found["refused"]) if found["refused"] else None,
            undone=str(found["undone"]),
            made=float(found["made"]),
        )
    except FileNotFoundError:
        return Meta()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise OSError(errno.EIO, "damaged; remove it and run `hedgerow lists update`", str(path)) from error


def _version(found: dict[str, Any] | None) -> Version | None:
    if not found:
        return None
    files = {name: FileFacts(**facts) for name, facts in found["files"].items()}
    return Version(str(found["version"]), float(found["taken"]), files, {k: int(n) for k, n in found["parts"].items()})


def write_meta(folder: Path, meta: Meta) -> None:
    """The one moment at which something else is in force. Raises OSError."""
    write_whole(folder / _FILE, json.dumps(asdict(meta), sort_keys=True, indent=1).encode())
    belong(folder / _FILE)
