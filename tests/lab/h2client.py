"""An HTTP/2 client that says what it is told to, legal or not."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import ProtocolError

from .wire import Header, Link, Reply

Fields = Sequence[tuple[str, str]]


def fields(host: str, path: str = "/", method: str = "GET", *more: tuple[str, str]) -> list[Header]:
    """The header list of an ordinary request."""
    return [(":method", method), (":scheme", "https"), (":authority", host), (":path", path), *more]


class H2Client:
    """One connection; one request at a time is enough for verdicts, ``start``/``finish`` for several at once."""

    def __init__(self, link: Link) -> None:
        self._link = link
        config = H2Configuration(
            validate_outbound_headers=False, normalize_outbound_headers=False, validate_inbound_headers=False
        )
        self.h2 = H2Connection(config)
        self.h2.initiate_connection()
        self.flush()
        self._replies: dict[int, Reply] = {}
        self._done: dict[int, str] = {}
        self.ended = ""

    def flush(self) -> None:
        self._link.send(self.h2.data_to_send())

    def start(self, headers: Fields, body: bytes | None = None) -> int:
        """Send a request without waiting; its stream id."""
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, list(headers), end_stream=body is None)
        self._replies[stream] = Reply()
        self.flush()
        if body is not None:
            with contextlib.suppress(ProtocolError, TimeoutError):
                self._send(stream, body)
        return stream

    def _send(self, stream: int, body: bytes) -> None:
        """The body as the windows allow; stops when the stream was answered meanwhile."""
        while len(body) > (room := self.h2.local_flow_control_window(stream)):
            self._pieces(stream, body[:room], False)
            body = body[room:]
            if stream in self._done or self.ended:
                return
            data = self._link.more()
            self.ended = "" if data else "closed"
            self._receive(data)
        self._pieces(stream, body, True)

    def _pieces(self, stream: int, body: bytes, last: bool) -> None:
        size = self.h2.max_outbound_frame_size
        for at in range(0, len(body), size):
            self.h2.send_data(stream, body[at : at + size])
            self.flush()
        if last:
            self.h2.end_stream(stream)
            self.flush()

    def finish(self, stream: int) -> Reply:
        """Read until the stream ended; a reset or a closed connection is in ``error``."""
        try:
            while stream not in self._done and not self.ended:
                data = self._link.more()
                if not data:
                    self.ended = "closed"
                else:
                    self._receive(data)
        except TimeoutError:
            return Reply(error="timeout", body=self._replies[stream].body)
        reply = self._replies[stream]
        return Reply(reply.status, reply.headers, reply.body, self._done.get(stream, self.ended))

    def request(self, headers: Fields, body: bytes | None = None) -> Reply:
        return self.finish(self.start(headers, body))

    def _receive(self, data: bytes) -> None:
        try:
            events = self.h2.receive_data(data)
        except ProtocolError as error:
            self.ended = f"protocol: {error}"
            return
        for event in events:
            stream = getattr(event, "stream_id", None) or 0
            now = self._replies.get(stream, Reply())
            if isinstance(event, ResponseReceived):
                headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in event.headers or ())
                self._replies[stream] = Reply(int(dict(headers)[":status"]), headers)
            elif isinstance(event, DataReceived):
                self._replies[stream] = Reply(now.status, now.headers, now.body + (event.data or b""))
                with contextlib.suppress(ProtocolError):
                    self.h2.acknowledge_received_data(event.flow_controlled_length or 0, stream)
            elif isinstance(event, StreamEnded):
                self._done[stream] = ""
            elif isinstance(event, StreamReset):
                self._done[stream] = f"reset {event.error_code}"
            elif isinstance(event, ConnectionTerminated):
                self.ended = f"goaway {event.error_code}"
        self.flush()
