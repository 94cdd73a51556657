"""One HTTP exchange: mitmproxy's HttpStream with bounded bodies, and with answers of ours that let nothing else out.

* A body that is read is held up to ``flow.metadata["hedgerow.limit"]`` (responses; ``hedgerow.request_limit`` for
  requests). When more comes, the ``response_prefix`` / ``request_prefix`` hook judges what is held, with the headers
  not yet sent: yes streams the rest behind it, no sends the page the hook has set.
* A response replaced in ``responseheaders`` is answered at once and the origin is left.
* A refused request's body is thrown away as it comes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from mitmproxy import flow as mitmproxy_flow
from mitmproxy import http
from mitmproxy.connection import Connection
from mitmproxy.proxy import events
from mitmproxy.proxy.commands import RequestWakeup, StartHook
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import GetHttpConnection, HttpStream, SendHttp
from mitmproxy.proxy.layers.http import HttpLayer as MitmproxyHttpLayer
from mitmproxy.proxy.layers.http import _events as http_events
from mitmproxy.proxy.layers.http._events import ErrorCode
from mitmproxy.proxy.layers.http._hooks import HttpErrorHook, HttpResponseHeadersHook

from hedgerow.proxy.guest import Guest
from hedgerow.proxy.limits import DEFAULT_PREFIX, DISCARDED_BODY, FIRST_BYTE_SECONDS
from hedgerow.proxy.upstream import Unreachable

LIMIT = "hedgerow.limit"
REQUEST_LIMIT = "hedgerow.request_limit"
FAULT = "hedgerow.fault"
END = "hedgerow.end"
"""What streams, or a WebSocket, ends here: the close reason where there is a place for one."""
WAIT = "hedgerow.wait"
"""Seconds the answer may take to begin, where that is not ``FIRST_BYTE_SECONDS``."""
_RETRY_SECONDS = 2.0
"""An origin that could not be reached is not tried again sooner on the same client connection."""


@dataclass
class ResponsePrefixHook(StartHook):
    """The first bytes of a response larger than its limit. ``passed`` is the answer."""

    flow: http.HTTPFlow
    data: bytes
    passed: bool = field(default=False)


@dataclass
class RequestPrefixHook(StartHook):
    """The first bytes of a request body larger than its limit. ``passed`` is the answer."""

    flow: http.HTTPFlow
    data: bytes
    passed: bool = field(default=False)


class FirstByte(RequestWakeup):
    """Wake the stream when its origin has not begun to answer in time."""


class Overdue(http_events.ResponseProtocolError):
    """The origin has not begun to answer in time."""


class Stream(HttpStream):
    """One request and its answer."""

    def __init__(self, context: Context, stream_id: int, parent: HttpLayer) -> None:
        super().__init__(context, stream_id)
        self._parent = parent
        self._first_byte: FirstByte | None = None
        self.answered = False  # by a page of ours while the origin was still speaking
        self._discarded = 0

    # requests

    def state_wait_for_request_headers(self, event: http_events.RequestHeaders) -> CommandGenerator[None]:
        yield from super().state_wait_for_request_headers(event)
        if self.client_state == self.state_consume_request_body and self.flow.response is not None:
            self.client_state = self.state_discard_request_body

    def state_discard_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """Refused already: the body is not kept. One without end is answered over."""
        if isinstance(event, http_events.RequestData):
            self._discarded += len(event.data)
            if self._discarded > DISCARDED_BODY:
                yield from self._finish_early()
        elif isinstance(event, http_events.RequestEndOfMessage):
            self.client_state = self.state_consume_request_body
            yield from super().state_consume_request_body(event)

    def state_consume_request_body(self, event: events.Event) -> CommandGenerator[None]:
        yield from super().state_consume_request_body(event)
        if isinstance(event, http_events.RequestData) and self._over(REQUEST_LIMIT, len(self.request_body_buf)):
            yield from self._judge_request_prefix()
        elif isinstance(event, http_events.RequestEndOfMessage):
            yield from self._await_origin()

    def state_stream_request_body(self, event: events.Event) -> CommandGenerator[None]:
        yield from super().state_stream_request_body(event)
        if isinstance(event, http_events.RequestEndOfMessage):
            yield from self._await_origin()

    def _judge_request_prefix(self) -> CommandGenerator[None]:
        held = bytes(self.request_body_buf)
        hook = RequestPrefixHook(self.flow, held)
        yield hook
        self.request_body_buf.clear()
        if hook.passed and self.flow.response is None:
            self.flow.request.stream = self.flow.request.stream or True
            yield from self.start_request_stream()
            if self.client_state == self.state_stream_request_body:
                yield from self.state_stream_request_body(http_events.RequestData(self.stream_id, held))
        else:
            yield from self._finish_early()

    def _finish_early(self) -> CommandGenerator[None]:
        """Answer while the client is still sending; what else it sends is swallowed."""
        if self.flow.response is None:
            code = ErrorCode.REQUEST_TOO_LARGE
            yield SendHttp(http_events.ResponseProtocolError(self.stream_id, "too-large", code), self.context.client)
        else:
            self.flow.request.data.content = b""
            yield from self._answer()
        self.client_state = self.state_errored

    # responses

    def state_wait_for_response_headers(self, event: http_events.ResponseHeaders) -> CommandGenerator[None]:
        self._answer_began()
        self.flow.response = event.response
        if (yield from self.check_invalid(False)):
            return
        if event.response.status_code == 101 and not self._is_websocket(event.response):
            yield from self._refuse_upgrade()
            return
        yield HttpResponseHeadersHook(self.flow)
        if (yield from self.check_killed(True)):
            return
        if self.flow.response is not event.response:
            yield from self._leave_origin()
            yield from self._answer()
        elif self.flow.response.stream and not event.end_stream:
            yield from self.start_response_stream()
        else:
            self.server_state = self.state_consume_response_body

    def state_consume_response_body(self, event: events.Event) -> CommandGenerator[None]:
        yield from super().state_consume_response_body(event)
        if isinstance(event, http_events.ResponseData) and self._over(LIMIT, len(self.response_body_buf)):
            yield from self._judge_response_prefix()

    def state_stream_response_body(self, event: events.Event) -> CommandGenerator[None]:
        yield from super().state_stream_response_body(event)
        if END in self.flow.metadata and self.server_state == self.state_stream_response_body:
            yield from self._leave_origin()
            yield from self._say_the_end()

    def _say_the_end(self) -> CommandGenerator[None]:
        """What was streamed so far is all there is."""
        self.answered = True
        assert self.flow.response
        self.flow.response.trailers = None
        yield from self.send_response(already_streamed=True)
        if self.client_state not in (self.state_done, self.state_errored):
            yield from self.flow_done()
        self.client_state = self.server_state = self.state_errored

    def _judge_response_prefix(self) -> CommandGenerator[None]:
        assert self.flow.response
        held, response = bytes(self.response_body_buf), self.flow.response
        hook = ResponsePrefixHook(self.flow, held)
        yield hook
        self.response_body_buf.clear()
        if hook.passed and self.flow.response is response and FAULT not in self.flow.metadata:
            response.stream = response.stream or True
            yield from self.start_response_stream()
            yield from self.state_stream_response_body(http_events.ResponseData(self.stream_id, held))
        else:
            yield from self._leave_origin()
            yield from self._answer()

    def _answer(self) -> CommandGenerator[None]:
        """Send ``flow.response``, a page of ours, and hear nothing more of the origin."""
        self.answered = True
        self.response_body_buf.clear()
        yield from self.send_response()
        if self.client_state not in (self.state_done, self.state_errored):
            yield from self.flow_done()
        self.client_state = self.server_state = self.state_errored

    def _leave_origin(self) -> CommandGenerator[None]:
        message = http_events.RequestProtocolError(self.stream_id, "answered by the filter", ErrorCode.CANCEL)
        yield SendHttp(message, self.context.server)

    def _is_websocket(self, response: http.Response) -> bool:
        return all(
            message.headers.get("upgrade", "").strip().lower() == "websocket"
            for message in (self.flow.request, response)
        )

    def _refuse_upgrade(self) -> CommandGenerator[None]:
        """A 101 to anything but WebSocket would be a tunnel nobody looks into."""
        yield from self._leave_origin()
        self.flow.error = mitmproxy_flow.Error("raw tunnel refused")
        yield HttpErrorHook(self.flow)
        code = ErrorCode.RESPONSE_VALIDATION_FAILED
        error = http_events.ResponseProtocolError(self.stream_id, Unreachable.PROTOCOL.value, code)
        yield SendHttp(error, self.context.client)
        self.client_state = self.server_state = self.state_errored
        self.flow.live = False

    def handle_protocol_error(
        self, event: http_events.RequestProtocolError | http_events.ResponseProtocolError
    ) -> CommandGenerator[None]:
        self._answer_began()
        if isinstance(event, Overdue):
            yield from self._leave_origin()
        elif self.answered and isinstance(event, http_events.ResponseProtocolError):
            return  # the origin we left
        yield from super().handle_protocol_error(event)

    def _await_origin(self) -> CommandGenerator[None]:
        if self.server_state == self.state_wait_for_response_headers:
            self._first_byte = FirstByte(self.flow.metadata.get(WAIT, FIRST_BYTE_SECONDS))
            yield self._first_byte

    def _answer_began(self) -> None:
        if self._first_byte is not None:
            self._parent.command_sources.pop(self._first_byte, None)
            client = self.context.client
            if isinstance(client, Guest):
                client.awaited.pop(self._first_byte, None)
            self._first_byte = None

    def _over(self, key: str, size: int) -> bool:
        limit: int = self.flow.metadata.get(key, DEFAULT_PREFIX)
        return size > limit


class HttpLayer(MitmproxyHttpLayer):
    """All exchanges of one client connection."""

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.Wakeup) and isinstance(event.command, FirstByte):
            stream = self.command_sources.pop(event.command, None)
            if isinstance(stream, Stream):
                error = Overdue(stream.stream_id, Unreachable.TIMEOUT.value, ErrorCode.CONNECT_FAILED)
                yield from self.event_to_child(stream, error)
        else:
            yield from super()._handle_event(event)

    def make_stream(self, stream_id: int) -> CommandGenerator[None]:
        stream = self.streams[stream_id] = Stream(self.context.fork(), stream_id, self)
        yield from self.event_to_child(stream, events.Start())

    def get_connection(self, event: GetHttpConnection, *, reuse: bool = True) -> CommandGenerator[None]:
        if reuse:
            self._forget_failures()
        yield from super().get_connection(event, reuse=reuse)

    def _forget_failures(self) -> None:
        """mitmproxy remembers a failed origin for as long as the client stays connected; we for two seconds."""
        before = time.time() - _RETRY_SECONDS
        for connection in [c for c in self.connections if _failed(c, before)]:
            del self.connections[connection]
        if _failed(self.context.server, before):
            self.context.server.error = None


def _failed(connection: Connection, before: float) -> bool:
    return bool(connection.error) and not connection.connected and (connection.timestamp_start or 0) < before
