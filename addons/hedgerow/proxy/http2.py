"""HTTP/2 towards the client: pages of ours for failed streams, and no request line hidden in a pseudo-header."""

from __future__ import annotations

import h2.events
import h2.exceptions
from mitmproxy.proxy import commands
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.events import Event
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import _http2
from mitmproxy.proxy.layers.http._events import ResponseProtocolError

from hedgerow.proxy import errors
from hedgerow.proxy.guest import Guest, owe
from hedgerow.proxy.hostnames import parse_authority
from hedgerow.proxy.limits import MAX_FIELDS, MAX_HEAD
from hedgerow.proxy.settings import Answer


class Http2Server(_http2.Http2Server):
    """The client's side of a connection."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if isinstance(context.client, Guest):
            context.client.backlog = self._backlog

    def _backlog(self) -> int:
        return sum(len(part.data) for parts in self.h2_conn.stream_buffers.values() for part in parts)

    def _handle_event(self, event: Event) -> CommandGenerator[None]:
        if isinstance(event, ResponseProtocolError) and self._headers_are_due(event.stream_id):
            answer = errors.answer_for(self.context, event)
            if answer is not None:
                self._send(event.stream_id, answer)
                yield commands.SendData(self.conn, self.h2_conn.data_to_send())
                return
        yield from super()._handle_event(event)

    def handle_h2_event(self, event: h2.events.Event) -> CommandGenerator[bool]:
        if isinstance(event, h2.events.RequestReceived):
            owe(self.context.client, 0)
            if status := _refusal(event):
                reason = "too-large" if status == 431 else "bad-request"
                self._send(event.stream_id, errors.page(self.context, status, reason))
                return False
        return (yield from super().handle_h2_event(event))

    def _headers_are_due(self, stream_id: int) -> bool:
        if self.is_closed(stream_id) or not self.is_open_for_us(stream_id):
            return False
        return not self.h2_conn.streams[stream_id].state_machine.headers_sent

    def _send(self, stream_id: int, answer: Answer) -> None:
        status, headers, body = answer
        fields = [(b":status", b"%d" % status)]
        for name, value in headers:
            if name.lower() not in ("connection", "content-length"):
                fields.append((name.lower().encode("ascii"), value.encode("utf-8")))
        fields.append((b"content-length", b"%d" % len(body)))
        try:
            self.h2_conn.send_headers(stream_id, fields, end_stream=not body)
            if body:
                self.h2_conn.send_data(stream_id, body, end_stream=True)
        except h2.exceptions.StreamClosedError:
            return  # the client was faster


def _refusal(event: h2.events.RequestReceived) -> int:
    """400 for what HTTP/1 would read differently (RFC 9113 8.2.1, 8.3.1), 431 for too much, 0 when it is fine."""
    fields = [(bytes(name), bytes(value)) for name, value in event.headers or ()]
    if len(fields) > MAX_FIELDS or sum(len(name) + len(value) for name, value in fields) > MAX_HEAD:
        return 431
    pseudo = {name: value for name, value in fields if name.startswith(b":")}
    hosts = [value for name, value in fields if name == b"host"]
    if any(_odd(value) for value in pseudo.values()) or len(hosts) > 1:
        return 400
    try:
        parse_authority(pseudo.get(b":authority", b"none"), check=True)
    except ValueError:
        return 400  # mitmproxy would close the whole connection
    if pseudo.get(b":method", b"").upper() == b"CONNECT" or b":protocol" in pseudo:
        return 400
    if any(c in value for _, value in fields for c in (b"\r", b"\n", b"\0")):
        return 400
    return 0 if pseudo.get(b":scheme") == b"https" else 400


def _odd(value: bytes) -> bool:
    return not value or any(byte <= 0x20 or byte >= 0x7F for byte in value)
