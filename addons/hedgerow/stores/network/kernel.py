"""The rules that are in force in this machine's kernel, read and changed by nft(8)."""

from __future__ import annotations

import difflib
import shutil
import subprocess
from collections.abc import Sequence

from hedgerow.stores.network.nftables import TABLE

_SEARCHED = "/usr/sbin:/sbin:/usr/bin:/bin"  # an ordinary account's PATH lacks the first two
_SECONDS = 60
_LIST = ("-s", "list", "table", "inet", TABLE)  # -s: without the counters, which are never the same


class NftError(Exception):
    """nft is missing, refuses the rules, or may not look. The message is its own; what was in force still is."""


def check(text: str) -> None:
    """Ask the kernel whether it would take these rules; nothing changes. Raises NftError."""
    _nft("-c", "-f", "-", given=text)


def apply(text: str) -> None:
    """Put the rules in force: all of them at once, or none. Raises NftError."""
    _nft("-f", "-", given=text)


def in_force() -> str:
    """Our table as the kernel has it, "" when there is none. Raises NftError."""
    if TABLE not in {line.split()[2] for line in _nft("list", "tables", "inet").splitlines()}:
        return ""
    return _nft(*_LIST)


def everything() -> str:
    """All tables of this machine, whoever made them, as JSON. Raises NftError."""
    return _nft("-j", "list", "ruleset")


def as_listed(text: str) -> str:
    """The rules as ``in_force`` would list them, tried in an empty network of their own. Raises NftError."""
    nft, unshare = _program("nft"), _program("unshare")
    script = f'"{nft}" -f - && exec "{nft}" {" ".join(_LIST)}'
    return _run([unshare, "--net", "/bin/sh", "-c", script], text)


def difference(wanted: str) -> list[str]:
    """What applying ``wanted`` would change, as lines of a unified diff; empty when it is in force. Raises NftError."""
    now, then = (text.expandtabs(4).splitlines() for text in (in_force(), as_listed(wanted)))
    return list(difflib.unified_diff(now, then, "in force", "site.yaml", lineterm="", n=2))


def _nft(*arguments: str, given: str = "") -> str:
    return _run([_program("nft"), *arguments], given)


def program(name: str) -> str | None:
    """Where it is; None when it is not installed."""
    return shutil.which(name) or shutil.which(name, path=_SEARCHED)


def _program(name: str) -> str:
    found = program(name)
    if found is None:
        package = "nftables" if name == "nft" else "util-linux"
        raise NftError(f"{name} is not installed: apt-get install {package}")
    return found


def _run(command: Sequence[str], given: str) -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NftError(f"{command[0]}: {error}") from error
    if done.returncode:
        told = done.stderr.strip() or f"{command[0]} ended with {done.returncode}"
        hint = "; run this as root" if "ermitted" in told or "ermission" in told else ""
        raise NftError(f"{told}{hint}")
    return done.stdout
