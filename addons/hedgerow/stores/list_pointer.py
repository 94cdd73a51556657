"""Which index of downloaded lists is in force: a small file that is written once that index is complete.

``hedgerow lists update|build|unbundle`` make the index and point to it; the gateway only ever opens it. So neither a
reload nor a worker waits for three million names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hedgerow.stores.index_files import JUDGE, IndexFault
from hedgerow.stores.state import belong, write_whole

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
    """What is in force; None when no downloaded lists ever were. Raises IndexFault for what cannot be followed.

    What was in force and cannot be found must not count as nothing: the filter would be open and look as ever.
    """
    path = pointer_file(out_dir)
    try:
        found = json.loads(path.read_text())
        return BaseInForce(str(found["base"]), datetime.fromisoformat(found["built"]), dict(found["sources"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexFault(f"{path} cannot be read ({error}): `hedgerow lists build` makes it anew") from error


def base_in_force(out_dir: Path) -> str:
    """The folder's name, "" when no downloaded lists are in force. Raises IndexFault when it cannot be found."""
    found = read_pointer(out_dir)
    if found is not None and not (out_dir / found.name / JUDGE).is_file():
        raise IndexFault(f"{out_dir / found.name} is gone: `hedgerow lists build` makes it anew")
    return found.name if found is not None else ""


def usable_base(out_dir: Path) -> Path | None:
    """The folder in force, None when there is none or it cannot be followed: for a build, which makes it anew."""
    try:
        name = base_in_force(out_dir)
    except IndexFault:
        return None
    return out_dir / name if name else None


def point_to(out_dir: Path, base: Path, sources: dict[str, str]) -> None:
    """Put this index into force. Raises OSError; then the one before stays."""
    path = pointer_file(out_dir)
    about = {"base": base.name, "built": datetime.now(UTC).isoformat(timespec="seconds"), "sources": sources}
    write_whole(path, json.dumps(about, sort_keys=True).encode())
    belong(path)


def point_to_none(out_dir: Path) -> None:
    """Take the downloaded lists out of force: no source is used any more. Raises OSError."""
    pointer_file(out_dir).unlink(missing_ok=True)
