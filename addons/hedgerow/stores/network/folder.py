"""The name server's folder: made aside, tried by Unbound's own checker, then put in place file by file.

The configuration is written last: until then the files before it belong together, and Unbound reads none of them
before somebody reloads it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from hedgerow.stores.exports.writing import write
from hedgerow.stores.network.unbound import CONF

type Fill = Callable[[IO[bytes]], int]
_SEARCHED = "/usr/sbin:/sbin:/usr/bin:/bin"
_SECONDS = 300  # a zone of millions of names is read whole


class UnboundError(Exception):
    """Unbound would not start with these files; nothing was put in place. The message is its own."""


def put(folder: Path, files: Mapping[str, Fill], conf: Callable[[Path], str]) -> bool:
    """Write ``files`` and the configuration, which ``conf`` makes for the folder it is to stand in.

    True when Unbound's checker has seen them; False where there is none. Raises UnboundError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as name:
        aside = Path(name)
        aside.chmod(0o755)
        for file, fill in files.items():
            write(aside / file, fill)
        (aside / CONF).write_text(conf(aside), encoding="utf-8")
        checked = _check(aside / CONF)
        write(aside / CONF, lambda out: out.write(conf(folder).encode()))
        for file in (*files, CONF):
            (aside / file).replace(folder / file)
    _forget(folder, set(files))
    return checked


def changes(folder: Path, files: Mapping[str, Fill], conf: str) -> list[str]:
    """The names of files that would be other ones, besides the moment they were made at; those that would go."""
    found = [] if _text(folder / CONF) == conf else [CONF]
    with tempfile.TemporaryDirectory(prefix="hedgerow-") as name:
        for file, fill in files.items():
            with (Path(name) / file).open("wb") as out:
                fill(out)
            if not _same(folder / file, Path(name) / file):
                found.append(file)
    gone = (path.name for path in sorted(folder.glob("*.zone")) if path.name not in files)
    return [*found, *(f"{name} (removed)" for name in gone)]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _same(old: Path, new: Path) -> bool:
    """True when they say the same. A zone's comments and its SOA record hold the time it was made."""
    if not old.is_file():
        return False
    with old.open("rb") as one, new.open("rb") as other:
        kept = (filter(_says, one), filter(_says, other))
        return all(a == b for a, b in zip(*kept, strict=False)) and not any(next(lines, b"") for lines in kept)


def _says(line: bytes) -> bool:
    return not line.startswith((b";", b"@ SOA"))


def checker() -> str | None:
    """Where Unbound's own checker is; None when it is not installed."""
    return shutil.which("unbound-checkconf") or shutil.which("unbound-checkconf", path=_SEARCHED)


def _check(conf: Path) -> bool:
    program = checker()
    if program is None:
        return False
    done = subprocess.run([program, str(conf)], capture_output=True, text=True, timeout=_SECONDS)
    if done.returncode:
        raise UnboundError(f"{done.stdout.strip()}\n{done.stderr.strip()}".strip())
    return True


def _forget(folder: Path, files: set[str]) -> None:
    """Zones of bands that no network has any more."""
    for path in folder.glob("*.zone"):
        if path.name not in files:
            path.unlink()
