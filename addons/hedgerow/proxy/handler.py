"""One client connection: mitmproxy's ConnectionHandler with hooks called inline, and nothing open without a deadline.

mitmproxy makes a task for every hook and walks all addons twice. Our hooks are plain functions, so an event, the hooks
it leads to and their completions are one loop here (1.8 x the requests a second). ``feed`` is never entered twice: what
comes up meanwhile waits in the queue, as mitmproxy's lock would have it.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from mitmproxy import http
from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.proxy import commands, events, server_hooks
from mitmproxy.proxy.commands import StartHook
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.modes import HttpProxy, TransparentProxy
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.proxy.server import ConnectionHandler, ConnectionIO
from mitmproxy.tls import ClientHelloData

from hedgerow.proxy import failing
from hedgerow.proxy.canary import Canary
from hedgerow.proxy.guest import Guest, owe
from hedgerow.proxy.layers import FAULT, RequestPrefixHook, ResponsePrefixHook
from hedgerow.proxy.limits import CLIENT_BACKLOG, FIRST_REQUEST_SECONDS, HEADER_SECONDS, HELLO_SECONDS, IDLE_SECONDS
from hedgerow.proxy.staying import dialled
from hedgerow.proxy.upstream import Unreachable, UpstreamError

if TYPE_CHECKING:
    from hedgerow.proxy.master import Engine

_READ = 65535
_UNIX = ("127.0.0.1", 0)
"""What stands for the address of a client that came in over a unix socket."""
_BACKLOG_POLL = 0.05
_READS = frozenset({"request", "request_prefix", "response", "response_prefix"})
"""Hooks that read bodies, which may be long."""
_OWES_AFTER = {"http_connected": HEADER_SECONDS, "tls_established_client": FIRST_REQUEST_SECONDS}


class Handler(ConnectionHandler):
    """Serves one accepted connection from its first byte to its last."""

    client: Guest

    def __init__(
        self,
        engine: Engine,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        mode: ProxyMode,
        destination: tuple[str, int] | None = None,
        canary: Canary | None = None,
    ) -> None:
        peer, own = (_UNIX, _UNIX) if canary else (writer.get_extra_info(name) for name in ("peername", "sockname"))
        client = Guest(peername=plain(peer), sockname=destination or plain(own), proxy_mode=mode)
        client.canary = canary
        client.at = plain(own)[0]
        client.state = ConnectionState.OPEN
        client.timestamp_start = time.time()
        context = Context(client, engine.settings.for_layers())
        super().__init__(context)
        self.engine = engine
        self.layer = HttpProxy(context) if destination is None else TransparentProxy(context)
        if destination is not None:
            context.server.address = destination
        self.transports[client] = ConnectionIO(reader=reader, writer=writer)
        self.moved = time.monotonic()  # when anything last did
        self._queue: deque[events.Event] = deque()
        self._feeding = False
        self._unsent: dict[asyncio.StreamWriter, list[bytes]] = {}
        self._reading: set[asyncio.Task[None]] = set()  # long bodies that are read beside the loop

    async def handle_client(self) -> None:
        owe(self.client, HEADER_SECONDS)
        self.run_hook(server_hooks.ClientConnectedHook(self.client))
        if self.client.error:
            self._close_writer(self.client)
        else:
            await self._converse()
        self.client.timestamp_end = time.time()
        self.run_hook(server_hooks.ClientDisconnectedHook(self.client))
        await self._close_all()

    async def _converse(self) -> None:
        self.feed(events.Start())
        task = asyncio.ensure_future(self.handle_connection(self.client))
        if self.client in self.transports:
            self.transports[self.client].handler = task
        await asyncio.wait([task])

    async def _close_all(self) -> None:
        if self._reading:
            await asyncio.wait(self._reading)  # what was decided is recorded, though nobody waits for it any more
        tasks = [io.handler for io in self.transports.values() if io.handler]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # events and commands

    async def server_event(self, event: events.Event) -> None:
        self.feed(event)

    def feed(self, event: events.Event) -> None:
        """Let the layers have an event, and do what they say. A fault of theirs closes the client's connection."""
        self._queue.append(event)
        if self._feeding:
            return
        self._feeding = True
        self.moved = time.monotonic()
        sound = self.engine.guard.survive("layers", self._work_off)
        self._feeding = False
        if not sound:
            self._queue.clear()
            self.close()

    def _work_off(self) -> None:
        try:
            while self._queue:
                for command in self.layer.handle_event(self._queue.popleft()):
                    self._obey(command)
        finally:
            self._flush()

    def _flush(self) -> None:
        """One write for all that was said to one peer: head and body are one system call and one packet."""
        for writer, said in self._unsent.items():
            if not writer.is_closing():
                writer.write(said[0] if len(said) == 1 else b"".join(said))
        self._unsent.clear()

    def _obey(self, command: commands.Command) -> None:
        if isinstance(command, commands.StartHook):
            if (work := self._long_work(command)) is not None:
                self._reading.add(asyncio.ensure_future(self._read_ahead(command, work)))
                return
            self.run_hook(command)
            if command.blocking:
                self._queue.append(events.HookCompleted(command))
        elif isinstance(command, commands.OpenConnection):
            task = asyncio.ensure_future(self.open_connection(command))
            self.transports[command.connection] = ConnectionIO(handler=task)
        elif isinstance(command, commands.RequestWakeup):
            self.client.awaited[command] = time.monotonic() + command.delay
        elif isinstance(command, commands.ConnectionCommand):
            self._obey_connection(command)

    def _obey_connection(self, command: commands.ConnectionCommand) -> None:
        io = self.transports.get(command.connection)
        if io is None or io.writer is None:
            return  # closed already
        if isinstance(command, commands.SendData):
            assert isinstance(io.writer, asyncio.StreamWriter)
            self._unsent.setdefault(io.writer, []).append(command.data)
            return
        self._flush()
        if isinstance(command, commands.CloseTcpConnection):
            self.close_connection(command.connection, command.half_close)
        elif isinstance(command, commands.CloseConnection):
            self.close_connection(command.connection)

    # hooks

    async def handle_hook(self, hook: StartHook) -> None:
        self.run_hook(hook)

    def _long_work(self, hook: StartHook) -> Callable[[], None] | None:
        """What must be done beside the loop before this hook: its exchange waits, all others go on."""
        ahead = self.engine.ahead
        if ahead is None or hook.name not in _READS or not hook.blocking:
            return None
        flow, data = hook.args()[0], getattr(hook, "data", b"")
        if FAULT in flow.metadata or self.client.fault:
            return None
        found: list[Callable[[], None] | None] = []
        if not self.engine.guard.contain(hook.name, lambda: found.append(ahead(hook.name, flow, data))):
            failing.fail_flow(hook.name, flow, self.engine.fault)
        return found[0] if found else None

    async def _read_ahead(self, hook: StartHook, work: Callable[[], None]) -> None:
        if await self.engine.guard.beside(hook.name, work):
            self.run_hook(hook)
        else:
            failing.fail_flow(hook.name, hook.args()[0], self.engine.fault)
        if (task := asyncio.current_task()) is not None:
            self._reading.discard(task)
        self.feed(events.HookCompleted(hook))

    def run_hook(self, hook: StartHook) -> None:
        """Call the addons that listen; leave behind what ``failing`` says when one of them fails."""
        name = hook.name
        if name in _OWES_AFTER:
            owe(self.client, _OWES_AFTER[name])
        if isinstance(hook, (RequestPrefixHook, ResponsePrefixHook)):
            self._run_prefix(hook)
            return
        functions = self.engine.hooks.get(name)
        if not functions:
            return
        (data,) = hook.args()
        if isinstance(data, http.HTTPFlow) and not name.startswith("http_connect"):
            self._run_flow(name, functions, data)
        else:
            if not self.engine.guard.call(name, functions, data):
                self._failed(name, data)
            if isinstance(data, ClientHelloData):
                owe(self.client, 0 if data.ignore_connection else HELLO_SECONDS)

    def _run_flow(self, name: str, functions: tuple[object, ...], flow: http.HTTPFlow) -> None:
        if FAULT in flow.metadata:
            return
        if self.client.fault or not self.engine.guard.call(name, functions, flow):  # type: ignore[arg-type]
            failing.fail_flow(name, flow, self.engine.fault)
            if name.startswith("websocket"):
                self.close()

    def _run_prefix(self, hook: RequestPrefixHook | ResponsePrefixHook) -> None:
        functions = self.engine.hooks.get(hook.name, ())
        answer = self.engine.guard.ask(hook.name, functions, hook.flow, hook.data)
        hook.passed = answer is True
        if answer is None:
            failing.fail_flow(hook.name, hook.flow, self.engine.fault)

    def _failed(self, name: str, data: object) -> None:
        """A connection's hook failed: from now on it shows the fault page to every request, and dials nobody."""
        if failing.only_counts(name):
            return
        if name in failing.SERVER_HOOKS and (server := failing.server_of(data)) is not None:
            failing.fail_server(server)
        if isinstance(data, ClientHelloData):
            failing.fail_hello(data)
        self.client.fault = name

    # connections

    async def open_connection(self, command: commands.OpenConnection) -> None:
        server = command.connection
        data = server_hooks.ServerConnectionHookData(server=server, client=self.client)
        self.run_hook(server_hooks.ServerConnectHook(data))
        error = server.error or (Unreachable.FAULT.value if self.client.fault else None)
        try:
            if error is None:
                error = await self._dial(server)
        except asyncio.CancelledError:
            self._not_opened(command, data, "cancelled")
            raise
        if error is None:
            self.run_hook(server_hooks.ServerConnectedHook(data))
            if server.error:
                self._close_writer(server)
                error = server.error
        if error is not None:
            self._not_opened(command, data, error)
            return
        self.feed(events.OpenConnectionCompleted(command, None))
        try:
            await self.handle_connection(server)
        finally:
            server.timestamp_end = time.time()
            self.run_hook(server_hooks.ServerDisconnectedHook(data))

    async def _dial(self, server: Connection) -> str | None:
        """Connect, or say why not."""
        address = getattr(server, "address", None)
        if address is None:
            return Unreachable.NO_ADDRESS.value
        if not dialled(self.client, address[0]):
            return Unreachable.REFUSED.value
        server.timestamp_start = time.time()
        try:
            client = self.client
            reader, writer = await self.engine.dialer.open(address[0], address[1], client.peername[0], client.hops)
        except UpstreamError as error:
            return error.reason.value
        server.state = ConnectionState.OPEN
        server.peername = writer.get_extra_info("peername")
        server.sockname = writer.get_extra_info("sockname")
        io = self.transports[server]
        io.reader, io.writer = reader, writer
        return None

    def _not_opened(self, command: commands.OpenConnection, data: object, error: str) -> None:
        assert isinstance(data, server_hooks.ServerConnectionHookData)
        command.connection.error = error
        command.connection.state = ConnectionState.CLOSED
        self.transports.pop(command.connection, None)
        self.run_hook(server_hooks.ServerConnectErrorHook(data))
        self.feed(events.OpenConnectionCompleted(command, error))

    async def handle_connection(self, connection: Connection) -> None:
        """Read until the end; then, half-closed, wait until our side is closed too."""
        try:
            await self._read(connection)
            connection.state &= ~ConnectionState.CAN_READ
        except asyncio.CancelledError:
            connection.state = ConnectionState.CLOSED
        try:
            self.feed(events.ConnectionClosed(connection))
            if connection.state is ConnectionState.CAN_WRITE and connection in self.transports:
                await asyncio.get_running_loop().create_future()  # cancelled by close_connection
        except asyncio.CancelledError:
            connection.state = ConnectionState.CLOSED
        finally:
            self._close_writer(connection)

    async def _read(self, connection: Connection) -> None:
        reader = self.transports[connection].reader
        assert isinstance(reader, asyncio.StreamReader)
        while True:
            try:
                data = await reader.read(_READ)
            except OSError:
                return
            if not data:
                return
            if self.client.unread is not None:
                self.client.unread(len(data))
            self.feed(events.DataReceived(connection, data))
            await self._drain()
            while connection is not self.client and self.client.backlog() > CLIENT_BACKLOG:
                await asyncio.sleep(_BACKLOG_POLL)

    async def _drain(self) -> None:
        """Read no more than the others take: the origin waits for a slow client."""
        for io in list(self.transports.values()):
            writer = io.writer
            if isinstance(writer, asyncio.StreamWriter) and writer.transport.get_write_buffer_size():
                try:
                    await writer.drain()
                except OSError:
                    if io.handler is not None:
                        io.handler.cancel()

    def _close_writer(self, connection: Connection) -> None:
        io = self.transports.pop(connection, None)
        if io is not None and isinstance(io.writer, asyncio.StreamWriter):
            io.writer.close()

    def close(self) -> None:
        """End it all: the client's side now, the origins' as their tasks see it."""
        io = self.transports.get(self.client)
        if io is not None and io.handler is not None:
            self.client.state = ConnectionState.CLOSED
            io.handler.cancel()
        elif io is not None:
            self._close_writer(self.client)

    @property
    def is_idle(self) -> bool:
        """Nobody waits for anything: a connection kept alive between two requests."""
        return not self.client.awaited and time.monotonic() - self.moved > 0.2

    # deadlines

    def tick(self, now: float) -> None:
        """Called about once a second: wake who asked, close who is late or idle, or whose time is over."""
        late = self.client.due and self.client.due < now
        if late or self.moved + IDLE_SECONDS < now or self.client.over():
            self.close()
            return
        if self.client.awaited:
            for command in [c for c, due in self.client.awaited.items() if due < now]:
                del self.client.awaited[command]
                self.feed(events.Wakeup(command))


def plain(address: tuple[str, int]) -> tuple[str, int]:
    """Address and port, a v4-mapped IPv6 address as its IPv4, without zone."""
    host = address[0].partition("%")[0]
    return (host[7:] if host.lower().startswith("::ffff:") and "." in host else host), address[1]
