"""The lean master: which addons listen, in which order, with which options. There is no mitmproxy Master beneath it.

mitmproxy's own Master brings command and option managers that copy a value at every read, and addons we do not want
running (onboarding, scripts, flow storage). What the layers need of it is three hooks, answered by ``Choose`` and
``Tls``, and the options in ``settings``.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mitmproxy import hooks as mitmproxy_hooks
from mitmproxy import http
from mitmproxy.platform.linux import original_addr
from mitmproxy.proxy.mode_specs import ProxyMode

from hedgerow import metrics
from hedgerow.proxy import patches
from hedgerow.proxy.canary import KEY, greeted
from hedgerow.proxy.choose import Choose
from hedgerow.proxy.failing import FaultPage
from hedgerow.proxy.guard import Guard, Hook
from hedgerow.proxy.handler import Handler, plain
from hedgerow.proxy.limits import CONNECTIONS_PER_CLIENT
from hedgerow.proxy.settings import ErrorPage, Settings, plain_error
from hedgerow.proxy.tls import Tls
from hedgerow.proxy.upstream import Dialer

logger = logging.getLogger(__name__)

_MODES = {"regular": ProxyMode.parse("regular"), "transparent": ProxyMode.parse("transparent")}


_NOT_OURS = frozenset({"load", "configure", "running", "done", "update"})
"""Hooks of mitmproxy's Master, which is not there."""


def plain_fault(flow: http.HTTPFlow) -> None:
    """The fault page when the house's own cannot be made."""
    status, headers, body = plain_error(503, "fault")
    flow.response = http.Response.make(status, body, dict(headers))


@dataclass(frozen=True, slots=True)
class Pages:
    """The house's pages for what the engine itself must answer."""

    fault: FaultPage = plain_fault
    bare: FaultPage = plain_fault  # where that one fails: a page made from nothing that was loaded
    error: ErrorPage = plain_error


type Ahead = Callable[[str, http.HTTPFlow, bytes], Callable[[], None] | None]
"""Hook, flow and the bytes it is about -> what that hook will need and should not be done on the loop, or None."""


class Engine:
    """Everything one worker's connections share."""

    def __init__(
        self,
        tls: Tls,
        addons: Sequence[object],
        dialer: Dialer,
        guard: Guard,
        pages: Pages,
        ahead: Ahead | None = None,
    ) -> None:
        patches.apply()
        self.hooks = listeners([Choose(), tls, *addons])
        self.ahead = ahead
        self.dialer = dialer
        self.guard = guard
        self._pages = pages
        self.settings = Settings(error_page=self._error_page)
        self.handlers: set[Handler] = set()
        self._clients: Counter[str] = Counter()
        self._draining = False

    def fault(self, flow: http.HTTPFlow) -> None:
        """Put the fault page into the flow: the school's, the bare one where that fails, at last the plain one."""
        if not any(self._shown(page, flow) for page in (self._pages.fault, self._pages.bare)):
            plain_fault(flow)

    def _shown(self, page: FaultPage, flow: http.HTTPFlow) -> bool:
        before = flow.response
        return self.guard.contain("fault-page", lambda: _nothing(page(flow))) and flow.response is not before

    def _error_page(
        self, status: int, reason: str, flow: http.HTTPFlow | None, languages: str
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        made = [plain_error(status, reason)]
        self.guard.contain("error-page", lambda: made.append(self._pages.error(status, reason, flow, languages)))
        return made[-1]

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mode: str) -> None:
        """Serve one accepted connection to its end."""
        client = plain(writer.get_extra_info("peername") or ("", 0))[0]
        destination = None
        if self._draining or self._clients[client] >= CONNECTIONS_PER_CLIENT:
            refused = "too-many" if not self._draining else "draining"
        else:
            destination, refused = _destination(writer, mode)
        if refused:
            metrics.CONNECTIONS_REFUSED.labels(refused).inc()
            writer.close()
            return
        await self._serve(Handler(self, reader, writer, _MODES[mode], destination), client)

    async def accept_canary(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a test client of our own, from the socket that only this box's service can reach."""
        found = await greeted(reader)
        if found is None or self._draining:
            writer.close()
            return
        await self._serve(Handler(self, reader, writer, _MODES["regular"], None, found), KEY)

    async def _serve(self, handler: Handler, client: str) -> None:
        self._clients[client] += 1
        self.handlers.add(handler)
        try:
            await handler.handle_client()
        finally:
            self.handlers.discard(handler)
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]

    async def tick(self, seconds: float = 1.0) -> None:
        """Look after every connection's deadlines, for ever; measure how late the loop is."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(seconds)
            now = time.monotonic()
            metrics.LOOP_LAG.set(max(0.0, now - before - seconds))
            for handler in list(self.handlers):
                handler.tick(now)

    async def drain(self, seconds: float) -> None:
        """Take no new connections, let the open ones end, close what is left after ``seconds``."""
        self._draining = True
        end = time.monotonic() + seconds
        while self.handlers and time.monotonic() < end:
            for handler in [h for h in self.handlers if h.is_idle]:
                handler.close()
            await asyncio.sleep(0.1)
        for handler in list(self.handlers):
            handler.close()


def listeners(addons: Sequence[object]) -> dict[str, tuple[Hook, ...]]:
    """Hook name -> the addons' functions in order. Only mitmproxy's hooks and our two; only plain functions."""
    names = [name for name in mitmproxy_hooks.all_hooks if name not in _NOT_OURS]
    table = {name: tuple(f for addon in addons if callable(f := getattr(addon, name, None))) for name in names}
    return {name: functions for name, functions in table.items() if functions}


def _nothing(_answer: object) -> None:
    return None


def _destination(writer: asyncio.StreamWriter, mode: str) -> tuple[tuple[str, int] | None, str]:
    """Where a redirected client wanted to go, and why it is refused ("" = it is not)."""
    if mode != "transparent":
        return None, ""
    try:
        destination = plain(original_addr(writer.get_extra_info("socket")))
    except OSError:
        return None, "not-redirected"
    if destination == plain(writer.get_extra_info("sockname")):
        return None, "not-redirected"  # dialled us, not an origin: we would dial ourselves
    return destination, ""
