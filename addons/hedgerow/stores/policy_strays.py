"""Files in the school's folder that nothing reads: an edit there would silently do nothing."""

from __future__ import annotations

import difflib
import os
from pathlib import Path, PurePosixPath

from hedgerow.stores.policy_bands import LANGUAGES
from hedgerow.stores.yamlfile import Mistakes

FOLDERS = ("bands", "helplines", "words", "messages", "messages/ideas")
FILES = ("site.yaml", "floor.yaml")
LISTS = "blocklists"
"""Where it is installed, the school's own lists lie in its folder too: ``deploy/install`` links them to their place."""


def check_strays(school: Path, mistakes: Mistakes, lists: Path | None = None) -> None:
    """Notes every YAML file in ``school`` that has the wrong name, ending or folder. Hidden files are left alone.

    ``lists`` is where the school's lists are read from: a folder here that leads there is none of ours to judge.
    A folder that cannot be looked into is a mistake too: globbing would find nothing there and say nothing.
    """
    for folder in (school, *(school / name for name in FOLDERS)):
        if problem := _closed(folder):
            name = folder.relative_to(school).as_posix()
            mistakes.add("local" if name == "." else f"local/{name}", 0, 0, f"cannot be read: {problem}")
    for path in sorted(school.rglob("*.y*ml")) if school.is_dir() else ():
        relative = PurePosixPath(path.relative_to(school).as_posix())
        if any(part.startswith(".") for part in relative.parts) or _is_read(relative):
            continue
        if relative.parts[0] == LISTS and lists is not None and _same(school / LISTS, lists):
            continue
        mistakes.add(f"local/{relative}", 0, 0, f"nothing reads this file; {_hint(relative)}")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _closed(folder: Path) -> str:
    """Why a folder cannot be listed, "" when it can or is not there."""
    try:
        with os.scandir(folder):
            return ""
    except FileNotFoundError:
        return ""
    except OSError as error:
        return error.strerror or str(error)


def _is_read(path: PurePosixPath) -> bool:
    if path.suffix != ".yaml":
        return False
    folder = path.parent.as_posix()
    if folder == ".":
        return path.name in FILES
    if folder.startswith("messages"):
        return path.stem in LANGUAGES and folder in FOLDERS or path.as_posix() == "messages/fact-checks.yaml"
    return folder in FOLDERS


def _hint(path: PurePosixPath) -> str:
    if path.suffix != ".yaml" and _is_read(path.with_suffix(".yaml")):
        return f"did you mean '{path.with_suffix('.yaml')}'?"
    near = difflib.get_close_matches(path.parts[0], (*FILES, *FOLDERS), n=1)
    hint = f"did you mean {near[0]!r}? " if near and near[0] != path.parts[0] else ""
    return f"{hint}known: {', '.join((*FILES, *(f'{folder}/*.yaml' for folder in FOLDERS)))}"
