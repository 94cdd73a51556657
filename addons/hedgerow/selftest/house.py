"""What a run works with: the running service's sockets, the snapshot in force, the grants, the CA."""

from __future__ import annotations

import json
import sqlite3
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.model import Grants
from hedgerow.runtime import Snapshot, assemble, read_newest
from hedgerow.selftest.client import Client
from hedgerow.selftest.expect import Player
from hedgerow.stores.ca import CERT_FILE
from hedgerow.stores.pass_copy import InForce
from hedgerow.stores.sources import Source
from hedgerow.stores.state import State

RUNNING = "running.json"
"""In the running folder: what the supervisor tells whoever looks at the box from outside."""


class NotRunning(Exception):
    """There is no gateway to test, or this account may not see its folder. The message says which."""


@dataclass(frozen=True, slots=True)
class House:
    """All that the checks need. ``sockets``: one a worker, on which it believes who a client says to be."""

    state: State
    sockets: tuple[Path, ...]
    snapshot: Snapshot
    sources: tuple[Source, ...]  # whose lists are taken in
    grants: Grants
    trust: ssl.SSLContext  # the school's CA, and nothing else
    upstream_ca: str = ""  # what the sites' certificates are checked by; "" = what Mozilla trusts
    turn: int = 0  # run by run, each band meets another worker

    def client(self, player: Player, away: bool = False, trust: ssl.SSLContext | None = None) -> Client:
        """A client that plays somebody."""
        place = sorted(self.snapshot.policy.bands).index(player.band) if player.band else 0
        who = {**player.greeting, **({"away": True} if away else {})}
        return Client(self.sockets[(place + self.turn) % len(self.sockets)], who, trust or self.trust)


def running(folder: Path) -> Mapping[str, object]:
    """What the supervisor wrote at its start. Raises NotRunning."""
    try:
        told = json.loads((folder / RUNNING).read_text())
    except PermissionError as error:
        raise NotRunning(f"{folder} is the service's own: run this as its user, or as root") from error
    except (OSError, ValueError) as error:
        raise NotRunning("no gateway runs with this state folder (hedgerow up starts one)") from error
    return told if isinstance(told, dict) else {}


def open_house(state: State, folder: Path, turn: int = 0) -> House:
    """``folder`` is the running one. Only the service's own user may: what it reads is a pickle. Raises NotRunning."""
    named = str(running(folder).get("upstream_ca", "None"))
    upstream = "" if named == "None" else named
    try:
        files = read_newest(folder)
        trust = ssl.create_default_context(cafile=str(state.ca / CERT_FILE))
        grants = InForce(state)
    except (OSError, ValueError, TypeError, sqlite3.Error) as error:
        raise NotRunning(f"what is in force cannot be read: {error}") from error
    sockets = tuple(sorted(folder.glob("canary-*.sock")))
    if not sockets:
        raise NotRunning(f"{folder} has no socket for test clients")
    return House(state, sockets, assemble(files), files.list_sources, grants, trust, upstream, turn)
