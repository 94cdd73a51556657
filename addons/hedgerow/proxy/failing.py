"""What each kind of hook leaves behind when it failed: the fault page, or a connection that carries nothing more."""

from __future__ import annotations

from collections.abc import Callable

from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.connection import Connection
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import ClientHelloData, TlsData

from hedgerow.proxy.layers import FAULT
from hedgerow.proxy.upstream import Unreachable

SERVER_HOOKS = frozenset({"server_connect", "server_connected", "tls_start_server", "tls_established_server"})
_AFTERWARDS = frozenset({"client_disconnected", "server_disconnected", "server_connect_error", "error"})
"""Nothing can pass any more when these run; their faults are counted."""

type FaultPage = Callable[[http.HTTPFlow], object]


def fail_flow(hook: str, flow: http.HTTPFlow, page: FaultPage) -> None:
    """The flow gets the fault page. What was already streaming is cut off; a WebSocket message is dropped."""
    flow.metadata[FAULT] = hook
    if hook in ("error", "websocket_end"):
        return
    if flow.websocket is not None and flow.websocket.messages:
        flow.websocket.messages[-1].drop()
    if hook.startswith("websocket") or (hook == "response" and _is_under_way(flow)):
        flow.error = mitmproxy_flow.Error(mitmproxy_flow.Error.KILLED_MESSAGE)
        return
    flow.request.stream = False
    page(flow)


def _is_under_way(flow: http.HTTPFlow) -> bool:
    return flow.response is not None and (bool(flow.response.stream) or flow.websocket is not None)


def fail_server(server: Connection) -> None:
    """The origin is not spoken to."""
    server.error = Unreachable.FAULT.value


def fail_hello(data: ClientHelloData) -> None:
    """Never passed on, nothing contacted: opened, so that the fault page can be shown."""
    data.ignore_connection = False
    data.establish_server_tls_first = False


def server_of(data: object) -> Connection | None:
    """The origin's connection a hook was about."""
    if isinstance(data, ServerConnectionHookData):
        return data.server
    return data.conn if isinstance(data, TlsData) else None


def only_counts(hook: str) -> bool:
    return hook in _AFTERWARDS
