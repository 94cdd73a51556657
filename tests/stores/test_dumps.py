"""A process that dies leaves no picture of its memory, and neither do its children."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_DIES = """
import os, resource, subprocess, sys
from hedgerow.stores.dumps import forbid
try:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
except ValueError:  # another test in this process has forbidden it already, and that cannot be taken back
    pass
forbid()
forbid()
print(subprocess.run([sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"],
                     capture_output=True, text=True).stdout, flush=True)
os.abort()
"""


def test_no_core_is_left(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _DIES], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == -6, done.stderr
    assert done.stdout.strip() in ("(1, 1)", "(0, 0)")
    assert not list(tmp_path.iterdir())
