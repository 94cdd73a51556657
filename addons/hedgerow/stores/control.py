"""A child process's end of the control connection: one JSON object a line, as ``hedgerow.supervisor`` speaks it."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Callable
from pathlib import Path

from hedgerow.stores.state import StateError

BEAT_SECONDS = 1.0
"""Between two signs of life from the child's event loop."""
UNREADABLE = (OSError, ValueError, TypeError, EOFError, LookupError, AttributeError, pickle.PickleError, StateError)
"""What reading a snapshot raises when its file is not one of this version's, or a member-only list's key is gone; the
old one stays in force."""


def say(writer: asyncio.StreamWriter, **message: object) -> None:
    """Tell the supervisor; nothing once the connection is closing."""
    if not writer.is_closing():
        writer.write(json.dumps(message).encode() + b"\n")


async def load(writer: asyncio.StreamWriter, path: str, read: Callable[[Path], str]) -> None:
    """``{"load": path}``: ``read`` puts the snapshot in force, in a thread; say its version, or why it was refused."""
    try:
        version = await asyncio.to_thread(read, Path(path))
    except UNREADABLE as error:
        say(writer, refused=str(error) or type(error).__name__)
    else:
        say(writer, loaded=version)
