"""One worker slot: the process in it, its control socket, its heartbeat. The slot outlives the process."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.metrics import worker_environment
from hedgerow.supervisor_sockets import Bound

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "hedgerow.proxy.worker")
_LONGEST_MESSAGE = 64 * 1024


@dataclass(slots=True)
class Slot:
    """A worker's place. ``version`` is the snapshot it serves by ("" until it is ready)."""

    number: int
    sockets: Sequence[Bound]
    process: asyncio.subprocess.Process | None = None
    started: float = 0.0
    heard: float = 0.0  # monotonic time of the last heartbeat
    version: str = ""
    refused: str = ""  # why it could not load the last snapshot
    control: asyncio.StreamWriter | None = None
    changed: Callable[[], None] = field(default=lambda: None)  # called after each message
    name: str = ""  # in the log; "" = "worker N"

    def __str__(self) -> str:
        return self.name or f"worker {self.number}"

    @property
    def ready(self) -> bool:
        return bool(self.version)

    def silent_for(self) -> float:
        """Seconds since the last sign of life."""
        return time.monotonic() - self.heard

    def send(self, **message: object) -> None:
        """Tell the worker something. A worker that is gone hears nothing; the watcher will replace it."""
        if self.control is not None and not self.control.is_closing():
            self.control.write(json.dumps(message).encode() + b"\n")

    def kill(self) -> None:
        """SIGKILL: a worker that hangs cannot be asked."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()


async def run_once(slot: Slot, config: Mapping[str, object], run_dir: Path, command: Sequence[str] = COMMAND) -> int:
    """Start a process in the slot and wait for its end. Returns its exit code (negative: the signal that ended it).

    Beside ``config`` the process is told its sockets, its control socket and its number, in a file of ``run_dir``.
    Raises OSError when no process can be started.
    """
    ours, theirs = socket.socketpair()
    try:
        process = await _start(slot, theirs, config, run_dir, command)
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    reader, writer = await asyncio.open_connection(sock=ours, limit=_LONGEST_MESSAGE)
    slot.process, slot.control, slot.version = process, writer, ""
    slot.started = slot.heard = time.monotonic()
    listener = asyncio.create_task(_listen(slot, reader))
    code = await process.wait()
    slot.version, slot.control = "", None
    writer.close()
    await listener
    return code


async def _start(
    slot: Slot, control: socket.socket, config: Mapping[str, object], run_dir: Path, command: Sequence[str]
) -> asyncio.subprocess.Process:
    fds = [bound.socket.fileno() for bound in slot.sockets]
    sockets = [{"fd": bound.socket.fileno(), "mode": bound.mode} for bound in slot.sockets]
    path = run_dir / f"worker-{slot.number}.json"
    path.write_text(json.dumps({**config, "sockets": sockets, "control": control.fileno(), "worker": slot.number}))
    return await asyncio.create_subprocess_exec(
        *command,
        "--config",
        str(path),
        pass_fds=[*fds, control.fileno()],
        env={**os.environ, **worker_environment(str(config["metrics_dir"]), slot.number)},
    )


async def _listen(slot: Slot, reader: asyncio.StreamReader) -> None:
    while line := await _line(reader):
        try:
            message = json.loads(line)
        except ValueError:
            logger.error("%s: unreadable message on its control socket", slot)
            continue
        _hear(slot, message)
        slot.changed()


async def _line(reader: asyncio.StreamReader) -> bytes:
    """The next message, or nothing once the worker is gone or talks nonsense without end."""
    try:
        return await reader.readline()
    except (ConnectionError, ValueError):
        return b""


def _hear(slot: Slot, message: Mapping[str, object]) -> None:
    slot.heard = time.monotonic()
    version = message.get("ready", message.get("loaded"))
    if isinstance(version, str):
        slot.version, slot.refused = version, ""
    if "refused" in message:
        slot.refused = str(message["refused"])
        logger.error("%s refused the new policy: %s", slot, slot.refused)
