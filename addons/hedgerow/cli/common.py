"""What several commands share: where things lie, options, and how a failure is told."""

from __future__ import annotations

import json
import os
import pwd
import stat
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import hedgerow
from hedgerow.core.plain import plain, plain_json
from hedgerow.runtime import Files, Snapshot, Sources, assemble, compile_as_owner
from hedgerow.stores.ca import CAError
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.index_files import IndexFault
from hedgerow.stores.owner import as_owner
from hedgerow.stores.state import StateError, prepare

told = (PolicyError, StateError, CAError, IndexFault, OSError)
"""Errors whose text is written for the operator."""

Decorated = Callable[..., Any]
_NO_LOGIN = 2**32 - 1


class Failure(Exception):
    """A command ends with this text on standard error and this exit code."""

    def __init__(self, text: str, code: int = 2) -> None:
        super().__init__(text)
        self.code = code


def home() -> Path:
    """The folder that holds the shipped ``policies/`` and ``blocklists/``: ``HEDGEROW_HOME``, else the checkout."""
    return Path(os.environ.get("HEDGEROW_HOME") or Path(hedgerow.__file__).parents[2])


@dataclass(frozen=True, slots=True)
class Place:
    """The three folders every command works with."""

    policies: Path
    blocklists: Path
    state: Path

    @property
    def sources(self) -> Sources:
        """Raises Failure when a folder that was named is missing; a clean checkout has no school's folder yet."""
        if not self.policies.is_dir() and self.policies != home() / "policies" / "local":
            example = home() / "policies" / "site.example.yaml"
            raise Failure(f"{self.policies}: no such folder. deploy/up makes it; or copy {example} there as site.yaml")
        if not self.blocklists.is_dir():
            raise Failure(f"{self.blocklists}: no such folder")
        shipped, lists = home() / "policies", home() / "blocklists"
        with as_owner(self.state):
            index = index_folder(self.state)
        return Sources(shipped, self.policies, self.blocklists, lists, index, self.state)

    def files(self) -> Files:
        """All files read and checked. Raises PolicyError."""
        return compile_as_owner(self.sources)

    def snapshot(self) -> Snapshot:
        """What a worker would judge by now. Raises PolicyError."""
        return assemble(self.files())


def index_folder(state: Path) -> Path:
    """Where built lists lie. A reader without rights to the state folder builds a copy of its own, once."""
    where = state if state.exists() else state.absolute().parent
    if _may_write(where) and not (state / "index").is_dir():
        prepare(state)
    if _may_write(state / "index"):
        return state / "index"
    click.echo(f"{state} is not this account's: what was downloaded, and what the service knows, is left out", err=True)
    return _private_folder()


def _may_write(folder: Path) -> bool:
    """By the rights of the moment: root that reads as the owner (``stores.owner``) is judged as the owner."""
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=True)


def _private_folder() -> Path:
    """A folder of this account's in the temporary one. Raises Failure when somebody else made it first."""
    folder = Path(tempfile.gettempdir()) / f"hedgerow-index-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Failure(f"{folder} belongs to somebody else, or others may write there; remove it")
    folder.chmod(0o700)
    return folder


def placed(function: Decorated) -> Decorated:
    """Options ``--policies``, ``--blocklists`` and ``--state``; the command gets ``place``."""

    def wrapped(policies: Path, blocklists: Path, state: Path, **options: Any) -> Any:
        return function(place=Place(policies, blocklists, state), **options)

    wrapped.__doc__, wrapped.__name__ = function.__doc__, function.__name__
    wrapped.__dict__.update(function.__dict__)
    folder = click.Path(path_type=Path, file_okay=False)
    for name, default, text in (
        ("--state", "state", "CA, keys, lists and log of this box."),
        ("--blocklists", "blocklists", "Categories and lists."),
        ("--policies", "policies/local", "The school's own folder, laid over the shipped policies."),
    ):
        wrapped = click.option(
            name, type=folder, default=lambda default=default: found(default), show_default=default, help=text
        )(wrapped)
    return wrapped


def found(default: str) -> Path:
    """``default`` below the current folder when it is there, else below the checkout; of an installed one only there.

    Whoever stands in some folder with a ``state`` of its own must not be shown that in place of the gateway's.
    """
    if os.environ.get("HEDGEROW_HOME"):
        return (home() / default).resolve()  # deploy/install links /etc/hedgerow and /var/lib/hedgerow to these places
    here = Path(default)
    return here if here.exists() else home() / default


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


STANDARD = Path("-")
"""``--out -``: standard output. The installed command is another account's than its caller's, whose shell can write."""


def writable(_context: object, _option: object, out: Path | None) -> Path | None:
    """The file of ``--out``, told before any work when this account cannot make it. Raises Failure."""
    if out is None or out == STANDARD:
        return out
    near = next(folder for folder in out.absolute().parents if os.path.exists(folder))
    if not _may_write(near):
        account = _account(os.geteuid())
        raise Failure(f"--out {out}: {account} may not write there. Your own shell may: --out - > {out}")
    return out


def or_standard(context: object, option: object, out: Path | None) -> Path | None:
    """As ``writable``, for commands that write to standard output when no file is named."""
    return None if out == STANDARD else writable(context, option, out)


def acting(by: str = "") -> str:
    """Who does this, for the change record: the name they gave, and the account they are logged in by.

    The account comes from the kernel; environment variables such as USER are whatever somebody types.
    """
    user = _account(os.getuid())
    login = _login() or os.environ.get("SUDO_USER", "")
    account = f"{login} as {user}" if login and login != user else user
    return f"{by} ({account})" if by else account


def _login() -> str:
    """Whoever logged in, also behind sudo and su (``loginuid`` of proc(5)); "" where the system does not tell."""
    try:
        number = int(Path("/proc/self/loginuid").read_text())
    except (OSError, ValueError):
        return ""
    return _account(number) if number != _NO_LOGIN else ""


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def counted(number: int, one: str, many: str = "") -> str:
    """``1 minute``, ``40 minutes``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def told_plainly(text: str) -> str:
    """A message of several lines, with nothing in it that a terminal obeys."""
    return "\n".join(plain(line) for line in text.split("\n"))


def print_json(value: object) -> None:
    """What strangers wrote may stand in it: it is escaped, not only where JSON must."""
    click.echo(plain_json(json.dumps(value, ensure_ascii=False, default=str)))


def mistakes_of(error: Exception) -> list[dict[str, object]]:
    """Each mistake of the files with its place; empty for an error that is about no file."""
    mistakes = error.mistakes if isinstance(error, PolicyError) else ()
    return [{"file": m.file, "line": m.line, "column": m.column, "message": m.message} for m in mistakes]


def print_lines(lines: Iterable[str]) -> None:
    """Each on one line, with nothing in it that a terminal obeys."""
    for line in lines:
        click.echo(plain(line))
