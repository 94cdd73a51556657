"""``hedgerow ARGUMENTS`` in this process: one of its own needs a second only to import what is here already.

What a command is told by its surroundings (a network namespace, standard input, a terminal) still needs a process.
"""

from __future__ import annotations

import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout

from hedgerow.cli import run


def raw(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Exit code and what was written, byte for byte. Raises what nobody caught."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    written = [stream.detach().getvalue() for stream in (out, err)]
    return subprocess.CompletedProcess(["hedgerow", *arguments], code, *written)


def hedgerow(*arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    """The same as text. Raises CalledProcessError when it should have gone well."""
    done = raw(*arguments)
    out, err = (text.decode().replace("\r\n", "\n") for text in (done.stdout, done.stderr))
    if check and done.returncode:
        raise subprocess.CalledProcessError(done.returncode, done.args, out, err)
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)
