"""The origin's HTTP/2, on the h2 library."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset, WindowUpdated
from h2.exceptions import ProtocolError

from .contacts import Contact, Journal
from .content import Header, Reply, answer


class _Session:
    def __init__(self, writer: asyncio.StreamWriter, link: Contact, journal: Journal) -> None:
        self._writer, self._link, self._journal = writer, link, journal
        self._requests: dict[int, tuple[dict[str, str], tuple[Header, ...]]] = {}
        self._bodies: dict[int, bytes] = {}
        self._window = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.h2 = H2Connection(H2Configuration(client_side=False, validate_inbound_headers=False))
        self.h2.initiate_connection()

    def handle(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, RequestReceived):
                self._asked(event)
            elif isinstance(event, DataReceived) and event.stream_id is not None:
                self._bodies[event.stream_id] += event.data or b""
                self.h2.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
            elif isinstance(event, StreamEnded) and event.stream_id in self._requests:
                self._start(event.stream_id)
            elif isinstance(event, StreamReset) and event.stream_id is not None:
                self._requests.pop(event.stream_id, None)
            elif isinstance(event, WindowUpdated):
                self._window.set()
        self._flush()

    def _flush(self) -> None:
        self._writer.write(self.h2.data_to_send())

    def _asked(self, event: RequestReceived) -> None:
        headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in event.headers or ())
        fields = dict(headers)
        assert event.stream_id is not None
        self._requests[event.stream_id], self._bodies[event.stream_id] = (fields, headers), b""
        host = fields.get(":authority", fields.get("host", ""))
        told = "\n".join(f"{name}: {value}" for name, value in headers)
        seen = dataclasses.replace(
            self._link, kind="http", name=host, version="2", method=fields[":method"], target=fields[":path"], head=told
        )
        self._journal.add(seen)

    def _start(self, stream: int) -> None:
        fields, headers = self._requests.pop(stream)
        host = fields.get(":authority", fields.get("host", "")).split(":")[0]
        reply = answer(fields[":method"], host, fields[":path"], headers, self._bodies.pop(stream))
        task = asyncio.create_task(self._send(stream, fields[":method"], reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, stream: int, method: str, reply: Reply) -> None:
        try:
            self.h2.send_headers(stream, [(":status", str(reply.status)), *reply.headers])
            await asyncio.sleep(reply.pause)
            for chunk in () if method == "HEAD" else reply.chunks or (reply.body,):
                await self._data(stream, chunk)
                if reply.every:
                    await asyncio.sleep(reply.every)
            if reply.trailers:
                self.h2.send_headers(stream, list(reply.trailers), end_stream=True)
            else:
                self.h2.end_stream(stream)
            self._flush()
        except ProtocolError:
            return  # the peer reset the stream meanwhile

    async def _data(self, stream: int, data: bytes) -> None:
        while data:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(data))
            if room <= 0:
                self._window.clear()
                await self._window.wait()
                continue
            self.h2.send_data(stream, data[:room])
            data = data[room:]
            self._flush()
            await self._writer.drain()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: Contact, journal: Journal) -> None:
    """Answers streams until the peer closes or breaks the protocol."""
    session = _Session(writer, link, journal)
    session.handle(())
    while data := await reader.read(65536):
        try:
            session.handle(session.h2.receive_data(data))
        except ProtocolError:
            writer.write(session.h2.data_to_send())
            return
