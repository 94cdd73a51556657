"""A child's end of the control connection: what it says when a snapshot is read, and when it cannot be."""

from __future__ import annotations

import asyncio
import json
import pickle
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgerow.stores import control
from hedgerow.stores.member import MemberError


def told(read: Callable[[Path], str]) -> dict[str, str]:
    """What the supervisor hears after ``{"load": "/file"}``."""
    ours, theirs = socket.socketpair()

    async def run() -> None:
        _, writer = await asyncio.open_connection(sock=ours)
        await control.load(writer, "/file", read)
        writer.close()
        await writer.wait_closed()
        control.say(writer, alive=1)  # nobody listens any more: nothing is said, nothing raised

    with theirs:
        asyncio.run(run())
        said: dict[str, str] = json.loads(theirs.recv(4096))
    return said


def test_the_version_in_force_is_told() -> None:
    assert told(lambda path: f"version of {path}") == {"loaded": "version of /file"}


ERRORS = [OSError("gone"), ValueError("odd"), EOFError(), pickle.UnpicklingError("cut"), MemberError("no key")]


@pytest.mark.parametrize("error", ERRORS)
def test_what_cannot_be_read_is_refused_with_a_reason(error: Exception) -> None:
    def read(_path: Path) -> str:
        raise error

    assert told(read) == {"refused": str(error) or type(error).__name__}
