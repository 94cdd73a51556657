"""HTTP/1 at both ends, stricter than mitmproxy's: bounded heads, no line that two readers could read in two ways.

Standards: RFC 9112 (2.2 bare CR, 3 request line, 5.2 obs-fold, 7.1.2 trailers), RFC 9110 (15.2 interim responses).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import h11
from mitmproxy import http
from mitmproxy.connection import ConnectionState
from mitmproxy.net.http import http1
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import _events as http_events
from mitmproxy.proxy.layers.http import _http1
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import ErrorCode

from hedgerow.proxy import errors
from hedgerow.proxy.guest import owe, owes
from hedgerow.proxy.limits import BODY_STALL_SECONDS, HEADER_SECONDS, MAX_FIELDS, MAX_FRAMING, MAX_HEAD, MAX_PIPELINED

_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\x21-\x7e]+ HTTP/1\.[01]")
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] [1-9][0-9]{2}( [\t\x20-\x7e\x80-\xff]*)?")
_FIELD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*")
_MAX_CHUNK = 2**60
"""Bytes. h11 takes twenty digits; what overflows 64 bits an origin may count otherwise than we do."""


class HeadTooLarge(ValueError):
    """More header than anybody needs: 431 (RFC 6585 5)."""


def check_head(lines: Sequence[bytes], first: re.Pattern[bytes]) -> None:
    """Raise ValueError for a head that is too large, or not exactly what the grammar says."""
    if len(lines) > MAX_FIELDS + 1 or sum(map(len, lines)) > MAX_HEAD:
        raise HeadTooLarge("head too large")
    if not first.fullmatch(lines[0]):
        raise ValueError("no HTTP/1 start line")
    hosts = 0
    for line in lines[1:]:
        if not _FIELD.fullmatch(line):
            raise ValueError("malformed header field")
        hosts += line[:5].lower() == b"host:"
    if hosts > 1:
        raise ValueError("more than one Host")


class _Http1(_http1.Http1Connection):
    """Heads and bodies in bounds; trailers are dropped (RFC 9110 6.5.1 allows it), where mitmproxy crashes."""

    def take_head(self, first: re.Pattern[bytes]) -> list[bytes] | None:
        """The lines of a complete head, or None while it is not complete. Raises ValueError."""
        while (lines := self.buf.maybe_extract_lines()) == []:
            continue  # empty lines before a request (RFC 9112 2.2)
        if lines is None:
            self._check_beginning(first)
            return None
        head = [bytes(line) for line in lines]
        check_head(head, first)
        return head

    def _check_beginning(self, first: re.Pattern[bytes]) -> None:
        """What never was HTTP (SSH, a PROXY header, HTTP/0.9) is refused at its first line."""
        if len(self.buf) > MAX_HEAD:
            raise HeadTooLarge("endless head")
        line, end, _ = bytes(self.buf).partition(b"\n")
        if end and not first.fullmatch(line.removesuffix(b"\r")):
            raise ValueError("no HTTP/1 start line")

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        assert self.stream_id is not None
        while True:
            try:
                read = self._read_part(event)
            except h11.ProtocolError:
                yield from self._broken_body()
                return
            if read is None:
                return
            if isinstance(read, h11.EndOfMessage):
                yield from self._end_of_body()
                return
            if read.data:
                yield ReceiveHttp(self.ReceiveData(self.stream_id, bytes(read.data)))

    def _read_part(self, event: events.Event) -> Any:
        reader: Any = self.body_reader
        if isinstance(event, events.ConnectionClosed):
            return reader.read_eof()
        read = reader(self.buf)
        if getattr(reader, "_bytes_in_chunk", 0) > _MAX_CHUNK:
            raise h11.RemoteProtocolError("a chunk size that overflows")
        if read is None and len(self.buf) > MAX_FRAMING:
            raise h11.RemoteProtocolError("endless chunk header or trailer")
        return read

    def _broken_body(self) -> CommandGenerator[None]:
        assert self.stream_id is not None
        yield commands.CloseConnection(self.conn)
        error = self.ReceiveProtocolError(self.stream_id, "malformed body", code=self.ReceiveProtocolError.code)
        yield ReceiveHttp(error)

    def _end_of_body(self) -> CommandGenerator[None]:
        assert self.request and self.stream_id is not None
        if self.request.data.method.upper() != b"CONNECT":
            yield ReceiveHttp(self.ReceiveEndOfMessage(self.stream_id))
        is_request = isinstance(self, _http1.Http1Server)
        yield from self.mark_done(request=is_request, response=not is_request)


def _body_is_here(event: http_events.ResponseHeaders) -> bool:
    """True when ``Stream.send_response`` sends the whole body right behind this head: never for what is streamed."""
    return not event.end_stream and not event.response.stream and event.response.status_code >= 200


class Http1Server(_Http1, _http1.Http1Server):
    """The client's side of a connection."""

    _head = b""  # of an answer that is whole already: it leaves with its body, in one TLS record

    def send(self, event: http_events.HttpEvent) -> CommandGenerator[None]:
        if isinstance(event, http_events.ResponseProtocolError):
            yield from self._send_error(event)
            return
        held, self._head = self._head, b""
        if held and not isinstance(event, http_events.ResponseData):
            yield commands.SendData(self.conn, held)
            held = b""
        for command in super().send(event):
            if not isinstance(command, commands.SendData):
                yield command
            elif isinstance(event, http_events.ResponseHeaders) and _body_is_here(event):
                self._head = command.data
            else:
                yield commands.SendData(self.conn, held + command.data)
                held = b""

    def _send_error(self, event: http_events.ResponseProtocolError) -> CommandGenerator[None]:
        if not self.conn.state & ConnectionState.CAN_WRITE:
            return
        answer = errors.answer_for(self.context, event) if not self.response else None
        if answer is not None:
            method = self.request.method if self.request else "GET"
            yield commands.SendData(self.conn, errors.as_http1(answer, method))
        yield commands.CloseConnection(self.conn)

    def read_headers(self, event: events.ConnectionEvent) -> CommandGenerator[None]:
        if not isinstance(event, events.DataReceived):
            yield commands.CloseConnection(self.conn)
            return
        try:
            head = self.take_head(_REQUEST_LINE)
            if head is None:
                if self.buf and not owes(self.context.client):
                    owe(self.context.client, HEADER_SECONDS)
                return
            self.request = http1.read_request_head(head)
            size = http1.expected_http_body_size(self.request)
        except ValueError as error:
            yield from self._refuse(error)
            return
        owe(self.context.client, BODY_STALL_SECONDS if size else 0)
        yield ReceiveHttp(http_events.RequestHeaders(self.stream_id, self.request, size == 0))
        self.body_reader = _http1.make_body_reader(size)
        self.state = self.read_body
        yield from self.state(event)

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        if owes(self.context.client):
            owe(self.context.client, BODY_STALL_SECONDS)
        yield from super().read_body(event)

    def _end_of_body(self) -> CommandGenerator[None]:
        owe(self.context.client, 0)
        yield from super()._end_of_body()

    def _refuse(self, error: ValueError) -> CommandGenerator[None]:
        """No flow was made of it yet, so no hook sees it: it says nothing that could be judged."""
        self.state = self.done
        status, reason = (431, "too-large") if isinstance(error, HeadTooLarge) else (400, "bad-request")
        yield commands.SendData(self.conn, errors.as_http1(errors.page(self.context, status, reason)))
        yield commands.CloseConnection(self.conn)

    def wait(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.DataReceived) and len(self.buf) > MAX_PIPELINED:
            yield commands.CloseConnection(self.conn)
            event = events.ConnectionClosed(self.conn)
        yield from super().wait(event)


class Http1Client(_Http1, _http1.Http1Client):
    """The origin's side of a connection."""

    def read_headers(self, event: events.ConnectionEvent) -> CommandGenerator[None]:
        if not isinstance(event, events.DataReceived):
            yield from super().read_headers(event)
            return
        if self.request is None or self.stream_id is None:
            yield commands.CloseConnection(self.conn)  # an origin that speaks unasked
            return
        try:
            self.response = response = self._take_response()
            if response is None:
                return
            size = http1.expected_http_body_size(self.request, response)
        except ValueError:
            yield commands.CloseConnection(self.conn)
            code = ErrorCode.GENERIC_SERVER_ERROR
            yield ReceiveHttp(http_events.ResponseProtocolError(self.stream_id, "protocol", code))
            return
        yield ReceiveHttp(http_events.ResponseHeaders(self.stream_id, response, size == 0))
        self.body_reader = _http1.make_body_reader(size)
        self.state = self.read_body
        yield from self.state(event)

    def _take_response(self) -> http.Response | None:
        """The next final response; 100, 102 and 103 are not passed on, which RFC 9110 15.2 leaves to a proxy."""
        while (head := self.take_head(_STATUS_LINE)) is not None:
            response = http1.read_response_head(head)
            if response.status_code == 101 or response.status_code >= 200:
                return response
        return None
