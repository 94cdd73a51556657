"""The state folder: what Hedgerow keeps on a box. All of it is the service's own: folders 0700, keys 0600.

::

    ca/             the school's CA and the leaves' key        (backed up apart from the rest)
    keys/           token.key, grants.key, record.key, ...     (backed up apart from the rest)
    keys/pseudonyms/  of the day or term in force; destroyed after it   (never backed up)
    index/<digest>/ the lists, built
    lists/<source>/ the lists as they were fetched, this version and the one before
    alerts/         alerts on their way from a worker to the reports' store, for a second
    events/<slot>/  the decision log, one folder a worker
    member/         member-only lists (IWF, police), sealed     (backed up apart from keys/, or not at all)
    grants.sqlite   continued warnings, passes, exams, unlock codes
    reports.sqlite  what children told us, until it is deleted
    record/         the change record and its head
    sealed/<slot>/  who is behind a pseudonym, sealed to the keyholders
    seen/           the shipped policies last put in force, to tell what an upgrade changes
    hedgerow.pid    the supervisor's process, while it runs
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

_FOLDERS = ("ca", "keys", "keys/pseudonyms", "index", "lists", "events", "alerts", "seen", "record", "sealed", "member")


class StateError(Exception):
    """The state folder cannot be used. The message says what to change; nothing was written."""


@dataclass(frozen=True, slots=True)
class State:
    """Where everything lies below one root."""

    root: Path

    @property
    def ca(self) -> Path:
        return self.root / "ca"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def lists(self) -> Path:
        return self.root / "lists"

    @property
    def events(self) -> Path:
        return self.root / "events"

    @property
    def alerts(self) -> Path:
        return self.root / "alerts"

    @property
    def seen(self) -> Path:
        return self.root / "seen"

    @property
    def pseudonyms(self) -> Path:
        return self.keys / "pseudonyms"

    @property
    def sealed(self) -> Path:
        return self.root / "sealed"

    @property
    def member(self) -> Path:
        return self.root / "member"

    @property
    def record(self) -> Path:
        return self.root / "record"

    @property
    def grants(self) -> Path:
        return self.root / "grants.sqlite"

    @property
    def reports(self) -> Path:
        return self.root / "reports.sqlite"

    @property
    def pid(self) -> Path:
        return self.root / "hedgerow.pid"


def prepare(root: Path) -> State:
    """Make the folder and its parts where they are missing.

    Raises StateError when it belongs to somebody else or others may read or write it.
    """
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(root)
        for name in _FOLDERS:
            (root / name).mkdir(mode=0o700, exist_ok=True)
            _refuse_foreign(root / name)
    except OSError as error:
        raise StateError(f"{root}: {error.strerror}: {error.filename}") from error
    return State(root)


def running_path(root: Path, user: int) -> Path:
    """The folder that lives as long as the service of this state folder, in memory where the system has one."""
    shared = Path("/dev/shm")
    base = shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())
    digest = hashlib.blake2b(str(root.resolve()).encode(), digest_size=6).hexdigest()
    return base / f"hedgerow-{user}-{digest}"


def _refuse_foreign(folder: Path) -> None:
    """A folder others can write to could be given another CA or another key; one they can read gives ours away."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise StateError(f"{folder}: not a folder")
    if found.st_uid != os.geteuid():
        raise StateError(f"{folder}: belongs to user {found.st_uid}, but Hedgerow runs as user {os.geteuid()}")
    if found.st_mode & 0o077:
        raise StateError(f"{folder}: mode {found.st_mode & 0o777:o} lets others in; run: chmod 700 {folder}")


def key(path: Path, size: int = 32) -> bytes:
    """The secret in ``path``, made once (0600). Raises StateError when others may read it or it is too short.

    It is linked into place whole: of several workers that start at once, all get the same one.
    """
    if not path.exists():
        beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            write_whole(beside, secrets.token_bytes(size))
            os.link(beside, path)
        except FileExistsError:
            pass  # another worker was first
        except OSError as error:
            raise StateError(f"{path}: {error.strerror}") from error
        finally:
            beside.unlink(missing_ok=True)
    return _read_key(path, size)


def _read_key(path: Path, size: int) -> bytes:
    if path.stat().st_mode & 0o077:
        raise StateError(f"{path}: others may read this key; run: chmod 600 {path}")
    secret = path.read_bytes()
    if len(secret) < size:
        raise StateError(f"{path}: {len(secret)} bytes, {size} needed; remove the file and a new key is made")
    return secret


def belong(path: Path) -> None:
    """What root's command wrote belongs to whom its folder belongs: the service must be able to go on with it."""
    folder = path.parent.stat()
    if os.geteuid() == 0 and path.lstat().st_uid != folder.st_uid:
        os.chown(path, folder.st_uid, folder.st_gid, follow_symlinks=False)


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file so that a reader sees the old or the new content, never a part. Raises OSError.

    Its ``mode`` is that, whatever the umask: the service's lets nobody else read what is meant for everybody.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
