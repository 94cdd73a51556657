"""A small HTTP/2 client over asyncio streams, for one request at a time."""

from __future__ import annotations

import asyncio

import h2.config
import h2.connection
import h2.events


class H2:
    """Speaks h2 on an open TLS connection; ``fields`` of a request are sent as given, legal or not."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        config = h2.config.H2Configuration(
            client_side=True,
            header_encoding=None,
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
        )
        self.connection = h2.connection.H2Connection(config)
        self._reader, self._writer = reader, writer
        self.connection.initiate_connection()
        self.flush()

    def flush(self) -> None:
        self._writer.write(self.connection.data_to_send())

    async def get(self, authority: str, path: str = "/", *more: tuple[str, str]) -> tuple[int, bytes]:
        fields = [(":method", "GET"), (":scheme", "https"), (":authority", authority), (":path", path), *more]
        return await self.ask(fields)

    async def ask(self, fields: list[tuple[str, str]], body: bytes = b"") -> tuple[int, bytes]:
        """Status and body; (0, b"") when the stream or the connection was closed instead."""
        stream = self.connection.get_next_available_stream_id()
        self.connection.send_headers(stream, fields, end_stream=not body)
        if body:
            self.connection.send_data(stream, body, end_stream=True)
        self.flush()
        return await self.answer(stream)

    async def answer(self, stream: int) -> tuple[int, bytes]:
        status, body = 0, b""
        while data := await asyncio.wait_for(self._read(), 10):
            for event in self.connection.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived) and event.stream_id == stream:
                    status = int(dict(event.headers or ())[b":status"])
                elif isinstance(event, h2.events.DataReceived) and event.stream_id == stream:
                    body += event.data or b""
                    self.connection.acknowledge_received_data(event.flow_controlled_length or 0, stream)
                elif isinstance(event, h2.events.StreamEnded) and event.stream_id == stream:
                    self.flush()
                    return status, body
                elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    return 0, b""
            self.flush()
        return 0, b""

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(65536)
        except ConnectionError:
            return b""
