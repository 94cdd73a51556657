"""Tells systemd that the gateway filters, and that it still lives (sd_notify(3); ``Type=notify``, ``WatchdogSec=``).

``systemctl start hedgerow`` returns once every worker judges by the policy in force, not when a process exists: an
upgrade is kept or taken back by that. A supervisor whose loop hangs stops telling, and systemd starts it anew.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, MutableMapping

from hedgerow.supervisor_box import Box

logger = logging.getLogger(__name__)

READY_SECONDS = 0.1
AGAIN_SECONDS = 10.0

Tell = Callable[[str], None]


def teller(environ: MutableMapping[str, str] = os.environ) -> Tell | None:
    """What sends a state to the service manager; None without one. No child inherits the address."""
    address = environ.pop("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return None
    name = "\0" + address[1:] if address.startswith("@") else address  # abstract names begin with a zero byte (unix(7))

    def tell(state: str) -> None:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.sendto(state.encode(), name)
        except OSError as error:  # the gateway filters all the same; systemd starts it anew if it hears nothing
            logger.error("systemd was not told: %s", error)

    return tell


async def tell_systemd(box: Box, tell: Tell) -> None:
    """``READY=1`` once, when all workers are; then a sign of life every few seconds, with how it stands, for ever."""
    while not box.ready:
        await asyncio.sleep(READY_SECONDS)
    tell("READY=1")
    while True:
        tell(f"WATCHDOG=1\nSTATUS={standing(box)}")
        await asyncio.sleep(AGAIN_SECONDS)


def standing(box: Box) -> str:
    """One line for ``systemctl status``; nothing of any pupil stands in it."""
    filtering = "filters" if box.ready else "waits for its workers"
    mistake = "; a file has a mistake, the policy before it stays in force" if box.refused else ""
    return f"{filtering}, policy {box.version}, {len(box.workers)} workers{mistake}"
