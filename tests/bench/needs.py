"""What a machine must have to run the bench."""

from __future__ import annotations

import shutil

from tests.lab import net


def why_not() -> str:
    """Why the bench cannot run here, "" when it can."""
    missing = [tool for tool in ("wrk", "h2load", "nginx", "taskset") if not shutil.which(tool)]
    if missing:
        return f"needs {', '.join(missing)} (Debian: apt-get install wrk nghttp2-client nginx-light util-linux)"
    return net.why_not()
