"""Takes a version in a child that kills itself at its n-th touch of the disk, for every n: ``python dying.py FOLDER``.

Prints what was in force after each, as JSON: a list of ``[exit code, lines held]``.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from pathlib import Path

from hedgerow.stores.sources import Downloads
from hedgerow.stores.sources.held import version_of
from hedgerow.stores.sources.meta import FileFacts, Meta, Version
from tests.stores.sources.listed import ADDRESS, names, source

TOUCHES = ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.utime", "shutil.rmtree")


def take(folder: Path, content: bytes) -> None:
    downloads = Downloads(folder)
    staged = downloads.work(source()) / "bets.txt"
    staged.unlink(missing_ok=True)  # as the updater: a linked file is never written into
    staged.write_bytes(content)
    files = {"bets.txt": FileFacts(ADDRESS, hashlib.sha256(content).hexdigest(), len(content))}
    version = Version(version_of(files), 1.0, files, {"": content.count(b"\n")})
    downloads.take(source(), {"bets.txt": staged}, version, Meta(fetched=1.0))


def dies_at(touch: int, folder: Path, content: bytes) -> int:
    """The signal the child died by; 0 when it had done before."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = touch

    def hook(event: str, _: object) -> None:
        nonlocal left
        if event not in TOUCHES:
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    take(folder, content)
    os._exit(0)


def main(folder: Path) -> None:
    take(folder, names(20))
    found, touch, code = [], 0, -1
    while code:
        touch += 1
        code = dies_at(touch, folder, names(30 + touch))
        held = Downloads(folder).held(source())
        found.append([code, held.path.read_bytes().count(b"\n") if held else 0])
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
