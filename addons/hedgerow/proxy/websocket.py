"""WebSocket conversations with bounds: mitmproxy holds a message of any size, and unpacks any bomb."""

from __future__ import annotations

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers import websocket
from wsproto.connection import ConnectionState
from wsproto.events import CloseConnection

from hedgerow.proxy.layers import END
from hedgerow.proxy.limits import MAX_MESSAGE

_SLICE = 16 * 1024
"""Bytes unpacked at once: deflate makes at most 1,032 bytes of one (RFC 1951)."""


class WebsocketLayer(websocket.WebsocketLayer):
    """Relays messages, each up to ``MAX_MESSAGE``; a longer one ends the conversation."""

    def relay_messages(self, event: events.Event) -> CommandGenerator[None]:
        if not isinstance(event, events.DataReceived):
            yield from super().relay_messages(event)
            return
        for start in range(0, len(event.data), _SLICE):
            part = events.DataReceived(event.connection, event.data[start : start + _SLICE])
            yield from super().relay_messages(part)
            if self._handle_event != self.relay_messages:
                return  # closed meanwhile
            if self._held() > MAX_MESSAGE:
                yield from self._end()
                return
            if END in self.flow.metadata:
                yield from self._say_goodbye(self.flow.metadata[END])
                yield from self._end()
                return

    def _held(self) -> int:
        return sum(len(part) for ws in (self.client_ws, self.server_ws) for part in ws.frame_buf)

    def _say_goodbye(self, reason: str) -> CommandGenerator[None]:
        """Close both sides as RFC 6455 has it: a policy forbids it (1008); to the origin, we leave (1001)."""
        for ws, code, told in ((self.client_ws, 1008, reason), (self.server_ws, 1001, "")):
            if ws.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
                yield ws.send2(CloseConnection(code, told))

    def _end(self) -> CommandGenerator[None]:
        yield commands.CloseConnection(self.context.server)
        yield commands.CloseConnection(self.context.client)
        yield websocket.WebsocketEndHook(self.flow)
        self.flow.live = False
        self._handle_event = self.done
