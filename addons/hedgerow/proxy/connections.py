"""What is known of each client connection before its first request: who dialled, and which names it gave."""

from __future__ import annotations

from dataclasses import dataclass, field

from mitmproxy.connection import Client
from mitmproxy.proxy.mode_specs import TransparentMode

from hedgerow.core.model import Name, Request
from hedgerow.proxy.canary import Canary
from hedgerow.proxy.guest import canary_of
from hedgerow.proxy.judged import Judged


@dataclass(slots=True)
class Connection:
    """The names a connection gave on its way to the first request. Grows, is never shared between clients."""

    address: str
    connect: Name | None = None
    connect_port: int = 443
    sni: Name | None = None
    destination: Name | None = None
    destination_port: int = 0
    client: Client | None = None
    counted: bool = False  # among the connections, by what became of it
    lasting: Request | None = None  # what a connection without further requests was opened by (``standing``)
    going: dict[str, Judged] = field(default_factory=dict)  # by flow: requests whose answers have not ended
    canary: Canary | None = None  # whom a test client of our own plays
    forbidden: dict[str, float] = field(default_factory=dict)  # of these, and since when (monotonic seconds)

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(name for name in (self.connect, self.sni, self.destination) if name is not None)


class Connections:
    """The open connections by mitmproxy's id; an entry lives from ``client_connected`` to ``client_disconnected``."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def open(self, client: Client) -> Connection:
        """The connection's facts; made at first sight, so that an addon added late still sees every name."""
        found = self._open.get(client.id)
        if found is None:
            found = self._open[client.id] = Connection(client.peername[0], client=client)
            found.canary = canary_of(client)
        return found

    def close(self, client: Client) -> bool:
        """Forget it; False when it never was open (a refused client)."""
        return self._open.pop(client.id, None) is not None

    def lasting(self) -> list[Connection]:
        """Those that go on by what was decided once. May be called from any thread."""
        return [one for one in list(self._open.values()) if one.lasting is not None or one.going]

    def ended(self, client: Client, flow: str) -> None:
        """An answer has ended; nothing of it is left to be judged again."""
        if (found := self._open.get(client.id)) is not None:
            found.going.pop(flow, None)

    def __len__(self) -> int:
        return len(self._open)


def is_transparent(client: Client) -> bool:
    """True when the client believes it speaks to the origin itself (nftables redirect)."""
    return isinstance(client.proxy_mode, TransparentMode) or client.proxy_mode.type_name.endswith("transparent")
