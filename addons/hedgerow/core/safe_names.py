"""Safe search by names: which name or address answers for another in its safe mode, as the engines publish it.

A resolver gives it to devices, and the gateway dials it for connections that it passes on unread: it dials its own
answer for a name, and would undo what the resolver said else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from hedgerow.core.model import SafeModes
from hedgerow.core.safe_engines import ENGINES, YOUTUBE_ANSWERS, YOUTUBE_NAMES


@lru_cache(maxsize=32)
def safe_names(modes: SafeModes) -> Mapping[str, str]:
    """Canonical name -> the name or address in whose place it is reached."""
    found: dict[str, str] = {}
    if modes.engines:
        found |= {name: engine.resolver[0] for engine in ENGINES for name in engine.resolver[1]}
    if modes.youtube in YOUTUBE_ANSWERS:
        found |= dict.fromkeys(YOUTUBE_NAMES, YOUTUBE_ANSWERS[modes.youtube])
    return found
