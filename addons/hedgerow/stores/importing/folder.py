"""The folder an import makes: whole or not at all, and never over somebody's edits."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from hedgerow.stores.importing.faults import ImportFault

MANIFEST = ".import.json"


def refuse_edited(out: Path) -> None:
    """Raises ImportFault when ``out`` holds anything that an import did not write there just so."""
    if not out.exists() and not out.is_symlink():
        return
    if out.is_symlink() or not out.is_dir():
        raise ImportFault(f"{out} is no folder; name another with --out")
    found = (path for path in out.rglob("*") if not path.is_dir() or path.is_symlink())
    there = {path.relative_to(out).as_posix(): path for path in found}
    if not there and not any(out.iterdir()):
        return
    known = _manifest(there.pop(MANIFEST, None))
    if known is None:
        raise ImportFault(f"{out} holds files that no import wrote; name another folder with --out")
    for name, path in sorted(there.items()):
        if path.is_symlink() or known.get(name) != _digest(path):
            raise ImportFault(f"{path} was edited since it was imported; move {out} away, or name another with --out")


def _manifest(path: Path | None) -> dict[str, str] | None:
    try:
        found = json.loads(path.read_bytes()) if path and not path.is_symlink() else None
    except (OSError, ValueError):
        return None
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(out: Path, files: Mapping[str, str]) -> None:
    """Write all files into a folder beside ``out`` and give it that name. Raises ImportFault and OSError."""
    refuse_edited(out)
    out = out.absolute()
    aside, old = out.with_name(f".{out.name}.new-{os.getpid()}"), out.with_name(f".{out.name}.old-{os.getpid()}")
    try:
        aside.mkdir(parents=True)
        for name, text in files.items():
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name in ("policies/local", "blocklists/local"):
            (aside / name).mkdir(parents=True, exist_ok=True)
        digests = {name: _digest(aside / name) for name in sorted(files)}
        (aside / MANIFEST).write_text(json.dumps(digests, indent=0) + "\n")
        if out.exists():
            out.rename(old)
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
