"""Root's command on a gateway that is another user's: it reads and builds with that user's rights, not with its own.

What it makes by the way (the index of the lists) then belongs to the service, and no link that lies in the service's
folder leads root's hand to another file. Root's rights come back for what needs them: nft(8), ``/proc/PID/environ``.
The process stays root's all the time, so it opens no pickle but root's (``stores.kept_words``).
"""

from __future__ import annotations

import codecs
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CODECS = ("idna", "punycode", "utf-8-sig", "utf-16", "utf-32", "latin-1")
"""Python opens a codec's file when it is first asked for; the owner may not see a Python that lies below ``/root``."""


def anothers(folder: Path) -> os.stat_result | None:
    """Whose the folder is, when we are root and it is another user's; else, and where there is none, None."""
    found = folder.stat() if os.geteuid() == 0 and folder.is_dir() else None
    return found if found is not None and found.st_uid != 0 else None


@contextmanager
def as_owner(folder: Path) -> Iterator[None]:
    """Nothing changes for whoever is not root, and where the folder is root's own or not there yet."""
    owner = anothers(folder)
    if owner is None:
        yield
        return
    for name in _CODECS:
        codecs.lookup(name)
    group, groups = os.getegid(), os.getgroups()
    try:
        os.setgroups(_groups(owner.st_uid, owner.st_gid))
        os.setegid(owner.st_gid)
        os.seteuid(owner.st_uid)
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


def _groups(user: int, group: int) -> list[int]:
    """Those the account would have had at its login; a number without an account has its group alone."""
    try:
        return os.getgrouplist(pwd.getpwuid(user).pw_name, group)
    except KeyError:
        return [group]
