"""Compiled word lists, kept: to read and compile twenty thousand phrases takes ten seconds, to open them again a tenth.

What is shipped is kept as it was read, too: a school that edits its own words waits for their compilation only. A file
is named by all that went into it: the lists, the code that reads and compiles them, the versions of Python and
Hyperscan. What others could have written is not opened: a pickle is a program.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import os
import pickle
import platform
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import hedgerow
from hedgerow.core.learned import Learned
from hedgerow.core.phrases import Phrase
from hedgerow.core.words import Lexicon
from hedgerow.stores.state import write_whole
from hedgerow.stores.word_weights import load_weights
from hedgerow.stores.words import WordList, in_force, load_folder

ENDING, SHIPPED = ".words", ".shipped"
WEIGHTS = "learned"
"""The folder of learned weights, in that of the shipped lists."""

_MOST = 12
"""Files kept in a folder: the newest."""

_NOWHERE = Path("/nonexistent")
_PACKAGE = Path(hedgerow.__file__).parent


@dataclass(frozen=True, slots=True)
class Words:
    """All phrases in force and the machine that finds them; ``key`` names them."""

    key: str
    phrases: tuple[Phrase, ...]
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is shipped, read: it changes with a new version only."""

    lists: tuple[WordList, ...]
    learned: Learned


def kept_words(shipped: Path, school: Path, folders: Sequence[Path] = ()) -> Words:
    """The word lists of both folders, compiled. Raises PolicyError; that a file cannot be kept is no fault.

    ``folders`` are looked into, in this order; the first that can be written keeps what had to be made.
    """
    key = _key(shipped, school)
    return (
        _known(key)
        or next(filter(None, (opened(folder, key) for folder in folders)), None)
        or _made(key, shipped, school, folders)
    )


def opened(folder: Path, key: str) -> Words | None:
    """What ``keep`` wrote there; None when there is nothing that can be trusted and read."""
    path = folder / f"{key}{ENDING}"
    words = _opened(path, Words)
    if words is None or words.key != key:
        return None
    _remember(words)
    _LIES[key] = path
    return words


def _opened[T](path: Path, kind: type[T]) -> T | None:
    try:
        if not (_is_ours(path.parent) and _is_ours(path)):
            return None
        with _nothing_collected(), path.open("rb") as file:  # not all of its bytes beside what they become
            found = pickle.load(file)
    except Exception:  # whatever is wrong with it, it can be made anew
        return None
    return found if isinstance(found, kind) else None


def keep(words: Words, folder: Path) -> None:
    """Write it into the folder, unless it is there. Raises OSError."""
    _keep(words, folder / f"{words.key}{ENDING}", _LIES.get(words.key))


def _keep(what: Words | Shipped, path: Path, elsewhere: Path | None = None) -> None:
    if path.exists():
        with suppress(OSError):
            os.utime(path)
        return
    write_whole(path, _as_it_lies(elsewhere) or _pickled(what), 0o644)
    for old in sorted(path.parent.glob(f"*{path.suffix}"), key=lambda one: one.stat().st_mtime)[:-_MOST]:
        old.unlink(missing_ok=True)


def _as_it_lies(path: Path | None) -> bytes:
    """A file of ours from which this process has its words, b"" when it is gone: to read it takes no second."""
    with suppress(OSError):
        if path and _is_ours(path.parent) and _is_ours(path):
            return path.read_bytes()
    return b""


def _pickled(what: Words | Shipped) -> bytes:
    with _nothing_collected():
        return pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Half a million objects are made and none is garbage: the collector would look through them again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def environment() -> Path:
    """The folder of this Python environment for compiled lists: who may write there may change the program as well."""
    return Path(sys.prefix) / "var" / "hedgerow"


def _made(key: str, shipped: Path, school: Path, folders: Sequence[Path]) -> Words:
    with _nothing_collected():
        ours = _read(shipped, folders)
        phrases = in_force((*ours.lists, *load_folder(school, False)))
        words = Words(key, phrases, Lexicon.build(phrases, ours.learned))
    _remember(words)
    _keep_somewhere(words, f"{key}{ENDING}", folders)
    return words


def _read(shipped: Path, folders: Sequence[Path]) -> Shipped:
    """The shipped lists and weights, as they were read before where they were."""
    name = f"{_key(shipped, _NOWHERE)}{SHIPPED}"
    for folder in folders:
        if found := _opened(folder / name, Shipped):
            return found
    made = Shipped(load_folder(shipped, True), Learned(load_weights(shipped / WEIGHTS)))
    _keep_somewhere(made, name, folders)
    return made


def _keep_somewhere(what: Words | Shipped, name: str, folders: Sequence[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            _keep(what, folder / name)
            break


_LAST: dict[str, Words] = {}
_LIES: dict[str, Path] = {}
"""Where words were opened."""


def _known(key: str) -> Words | None:
    return _LAST.get(key)


def _remember(words: Words) -> None:
    """Of this process the last two: a reload that is taken back compiles nothing."""
    _LAST.pop(words.key, None)
    _LAST[words.key] = words
    while len(_LAST) > 2:
        oldest = next(iter(_LAST))
        del _LAST[oldest]
        _LIES.pop(oldest, None)


def _is_ours(path: Path) -> bool:
    """True when only root or we could have written it. Who can be root again (``stores.owner``) goes by root alone."""
    found = path.stat()
    return found.st_uid in (0, os.getuid()) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _key(shipped: Path, school: Path) -> str:
    found = hashlib.blake2b(_code().encode(), digest_size=16)
    for path in (*_files(shipped, "*.yaml"), *_files(shipped / WEIGHTS, "*"), *_files(school, "*.yaml")):
        content = path.read_bytes() if path.is_file() else b""
        found.update(f"{path.parent != school}{path.name} {len(content)} ".encode() + content)
    return found.hexdigest()


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    yield from sorted(folder.glob(pattern))


@functools.cache
def _code() -> str:
    """Names the code and what it runs on."""
    found = hashlib.blake2b(f"{platform.python_version()} {version('hyperscan')}".encode(), digest_size=16)
    for path in _sources():
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def _sources() -> Iterator[Path]:
    yield from sorted((_PACKAGE / "core").glob("*.py"))
    yield from sorted((_PACKAGE / "stores").glob("*word*.py"))
    yield from sorted((_PACKAGE / "stores").glob("yaml*.py"))
