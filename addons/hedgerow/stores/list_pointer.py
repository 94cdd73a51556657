"""Which index of downloaded lists is in force: a small file that is written once that index is complete.

``hedgerow lists update|build|unbundle`` make the index and point to it; the gateway only ever opens it. So neither a
reload nor a worker waits for three million names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hedgerow.stores.state import write_whole

POINTER = "base.json"
BASE = "base-"
"""How the folders of downloaded lists' indexes begin."""


@dataclass(frozen=True, slots=True)
class BaseInForce:
    """The pointer: the folder's name, when it was built, and the version of each source in it."""

    name: str
    built: datetime  # aware
    sources: dict[str, str]


def pointer_file(out_dir: Path) -> Path:
    """The file whose change puts other downloaded lists into force."""
    return out_dir / POINTER


def read_pointer(out_dir: Path) -> BaseInForce | None:
    """What is in force; None before the first build. A file that cannot be read counts as none."""
    try:
        found = json.loads(pointer_file(out_dir).read_text())
        return BaseInForce(str(found["base"]), datetime.fromisoformat(found["built"]), dict(found["sources"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def base_in_force(out_dir: Path) -> str:
    """The folder's name, "" when no downloaded lists are in force, or the folder is gone."""
    found = read_pointer(out_dir)
    return found.name if found is not None and (out_dir / found.name).is_dir() else ""


def point_to(out_dir: Path, base: Path, sources: dict[str, str]) -> None:
    """Put this index into force. Raises OSError; then the one before stays."""
    about = {"base": base.name, "built": datetime.now(UTC).isoformat(timespec="seconds"), "sources": sources}
    write_whole(pointer_file(out_dir), json.dumps(about, sort_keys=True).encode())
