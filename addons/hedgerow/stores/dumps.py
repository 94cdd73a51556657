"""No core dumps: what a worker has in memory (keys, addresses of the moment) must not land on a disk when it dies."""

from __future__ import annotations

import resource

_NEVER = 1
"""core(5) writes no file smaller than a page, and starts no program for a limit of exactly one byte; 0 would still feed
a ``|program`` in kernel.core_pattern."""


def forbid() -> None:
    """For this process and whatever it starts from now on. Nothing is asked for that an ordinary account may not do."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limit = _NEVER if hard == resource.RLIM_INFINITY or hard >= _NEVER else hard
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
