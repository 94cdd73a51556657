"""What changed in the policy and list files since they were last looked at, whoever changed them and with what.

The digests last recorded come out of the change record itself, so that nobody can edit a file while the gateway is
down and have it pass as old; ``state/seen/files.json`` only keeps the texts, for the differences to be shown.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.stores.record_entry import Entry, cut
from hedgerow.stores.state import write_whole

_LONGEST_TEXT = 1 << 20
_LINES_IN_ORDER = 3000
_LONGEST_DIFF = 20_000
_GONE = ""
"""The digest of a file that is not there."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file that is not as it was. ``before`` and ``after`` are digests, "" where there was or is none."""

    file: str
    before: str
    after: str
    added: int = 0
    removed: int = 0
    diff: str = ""

    def __str__(self) -> str:
        verb = "new" if not self.before else "removed" if not self.after else "changed"
        return f"{verb} {self.file}: {self.added} lines added, {self.removed} removed"


@dataclass(slots=True)
class FileStates:
    """Looks at folders, again and again; a file is read only when the system says that it changed."""

    _known: dict[Path, tuple[tuple[int, ...], str, str | None]] = field(default_factory=dict)

    def look(self, folders: Mapping[str, tuple[Path, Iterable[str]]]) -> dict[str, tuple[str, str | None]]:
        """Name -> (digest, text or None when it is none or too long). ``folders``: prefix -> (folder, patterns)."""
        found = {}
        for prefix, (folder, patterns) in folders.items():
            for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
                if path.is_file() and not path.name.startswith(".") and path.suffix != ".md":
                    found[f"{prefix}{path.relative_to(folder)}"] = self._read(path)
        return found

    def _read(self, path: Path) -> tuple[str, str | None]:
        """By the time of change of the inode, which nobody sets: a tool may keep size and time of the content."""
        try:
            stat = path.stat()
            signature = (stat.st_ctime_ns, stat.st_mtime_ns, stat.st_size, stat.st_ino)
            known = self._known.get(path)
            if known is None or known[0] != signature:
                self._known[path] = known = (signature, *_content(path))
        except OSError:  # gone, or not to be read: told as not there
            return _GONE, None
        return known[1], known[2]


def _content(path: Path) -> tuple[str, str | None]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:32]
        file.seek(0)
        raw = file.read(_LONGEST_TEXT + 1)
    try:
        return digest, raw.decode() if len(raw) <= _LONGEST_TEXT else None
    except UnicodeDecodeError:
        return digest, None


def recorded(entries: Iterable[Entry]) -> dict[str, str]:
    """The digest of each file as the record last has it."""
    known: dict[str, str] = {}
    for entry in entries:
        files = entry.detail.get("files")
        if isinstance(files, dict):
            known.update({str(file): _second(pair) for file, pair in files.items()})
        if isinstance(file := entry.detail.get("file"), str):
            known[file] = str(entry.detail.get("after", ""))
    return {file: digest for file, digest in known.items() if digest}


def _second(pair: object) -> str:
    return str(pair[1]) if isinstance(pair, list) and len(pair) == 2 else ""


def compare(
    known: Mapping[str, str], texts: Mapping[str, str], now: Mapping[str, tuple[str, str | None]]
) -> Iterator[Change]:
    """Every file whose digest is not ``known``. ``texts`` are of the files before; what does not fit is not used."""
    for file in sorted(known.keys() | now.keys()):
        before, (after, text) = known.get(file, _GONE), now.get(file, (_GONE, ""))
        if before != after:
            old = "" if not before else texts.get(file)
            if old is not None and before and digest_of(old) != before:
                old = None
            yield _change(file, before, after, old, text)


def digest_of(text: str) -> str:
    """As ``look`` gives it."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _change(file: str, before: str, after: str, old: str | None, new: str | None) -> Change:
    if old is None or new is None:
        return Change(
            file, before, after, diff="(what stood there before, or stands there now, is no text or not kept)"
        )
    olds, news = old.splitlines(), new.splitlines()
    if len(olds) + len(news) > _LINES_IN_ORDER:
        lines = _unordered(olds, news)
    else:
        lines = list(difflib.unified_diff(olds, news, "before", "after", lineterm="", n=2))
    added = sum(line.startswith("+") and not line.startswith("+++ after") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("--- before") for line in lines)
    return Change(file, before, after, added, removed, cut("\n".join(lines), _LONGEST_DIFF))


def _unordered(olds: list[str], news: list[str]) -> list[str]:
    """For long lists, whose order says nothing: comparing them line by line takes minutes."""
    before, after = set(olds), set(news)
    return [f"-{line}" for line in sorted(before - after)] + [f"+{line}" for line in sorted(after - before)]


def load_texts(path: Path) -> dict[str, str]:
    """What ``save_texts`` kept; nothing when the file is missing or damaged."""
    try:
        found = json.loads(path.read_bytes())
        return {str(file): str(text) for file, text in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def save_texts(path: Path, now: Mapping[str, tuple[str, str | None]]) -> None:
    """Raises OSError."""
    texts = {file: text for file, (_, text) in now.items() if text is not None}
    write_whole(path, json.dumps(texts, ensure_ascii=False).encode())
