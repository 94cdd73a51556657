"""Connections: hooks in order, faults that show the page and dial nobody, deadlines, h1 and h2 inside TLS."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import ClientHelloData

from hedgerow import metrics
from hedgerow.proxy import handler
from hedgerow.proxy.guard import Guard
from hedgerow.proxy.handler import plain
from tests.proxy.h2 import H2
from tests.proxy.lab import Lab, closed, lab, read_all

HOOKS = (
    "client_connected http_connect http_connected tls_clienthello tls_start_client tls_established_client "
    "requestheaders request server_connect server_connected tls_start_server tls_established_server "
    "responseheaders response error client_disconnected server_disconnected"
).split()
BEFORE_THE_ANSWER = HOOKS[: HOOKS.index("error")]


class Addon:
    """Judges by host as the real ones do, hears every hook, fails in the one it is told to."""

    def __init__(self, failing: str = "", fail: Callable[[Any], object] = lambda data: 1 / 0) -> None:
        self.heard: list[str] = []
        self._failing, self._fail = failing, fail
        for name in HOOKS:
            setattr(self, name, self._hook(name, getattr(self, f"on_{name}", lambda data: None)))

    def _hook(self, name: str, work: Callable[[Any], object]) -> Callable[[Any], object]:
        def hook(data: Any) -> object:
            self.heard.append(name)
            return self._fail(data) if name == self._failing else work(data)

        return hook

    def on_tls_clienthello(self, data: ClientHelloData) -> None:
        data.establish_server_tls_first = "allowed" in (data.client_hello.sni or "")

    def on_requestheaders(self, flow: http.HTTPFlow) -> None:
        flow.request.data.host = flow.request.host_header.partition(":")[0] if flow.request.host_header else ""
        if flow.request.path == "/blocked":
            flow.response = http.Response.make(403, b"our page")


async def ask(here: Lab, path: str, protocol: str, host: str = "allowed.test") -> tuple[int, bytes]:
    """Status and body of one request inside TLS; 0 when the connection ends without an answer.

    The origin of allowed.test is dialled before the client's handshake, other.test's when a request is let through.
    """
    reader, writer = await here.tunnel(host, (protocol,))
    if protocol == "h2":
        return await H2(reader, writer).get(f"{host}:{here.origin_port}", path)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{here.origin_port}\r\n\r\n".encode())
    answer = await read_all(reader)
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else 0, body


def run(tmp_path: Path, addon: Addon, work: Callable[[Lab], Awaitable[None]], guard: Guard | None = None) -> None:
    async def main() -> None:
        async with lab(tmp_path, [addon], guard=guard) as here:
            await work(here)

    asyncio.run(main())


def test_hooks_come_in_mitmproxys_order(tmp_path: Path) -> None:
    addon = Addon()

    async def work(here: Lab) -> None:
        assert await ask(here, "/", "http/1.1") == (200, b"hello")

    run(tmp_path, addon, work)
    seen = list(dict.fromkeys(addon.heard))
    assert seen == [
        "client_connected",
        "http_connect",
        "http_connected",
        "tls_clienthello",
        "server_connect",
        "server_connected",
        "tls_start_server",
        "tls_established_server",
        "tls_start_client",
        "tls_established_client",
        "requestheaders",
        "request",
        "responseheaders",
        "response",
        *sorted(seen[14:]),
    ]
    assert set(seen[14:]) == {"client_disconnected", "server_disconnected"}


def hangs(_data: object) -> None:
    time.sleep(30)


async def coroutine(_data: object) -> None:
    return None


@pytest.mark.parametrize(
    "fail", [lambda data: 1 / 0, hangs, coroutine, lambda data: "nonsense"], ids="raise hang coroutine nonsense".split()
)
@pytest.mark.parametrize("name", BEFORE_THE_ANSWER)
def test_a_hook_that_fails_shows_the_fault_page_or_nothing(
    tmp_path: Path, name: str, fail: Callable[[Any], object]
) -> None:
    """Whatever fails, however it fails: not a byte of the origin, and the counter moves."""
    before = metrics.FAULTS.labels(name)._value.get()
    guard = Guard(0.15) if fail is hangs else Guard()  # the other hooks, on a busy machine, must not be late
    guard.watch()

    async def work(here: Lab) -> None:
        for path in ("/", "/blocked"):
            try:
                status, body = await ask(here, path, "http/1.1")
            except (OSError, EOFError):
                continue
            assert b"hello" not in body
            assert status in (503, 0) or (status, body) == (403, b"our page")

    try:
        run(tmp_path, Addon(name, fail), work, guard)
    finally:
        guard.stop()
    assert metrics.FAULTS.labels(name)._value.get() > before


@pytest.mark.parametrize("protocol", ["http/1.1", "h2"])
@pytest.mark.parametrize("name", [n for n in BEFORE_THE_ANSWER if n not in ("tls_start_client",)])
def test_the_fault_page_is_shown_where_there_is_a_way(tmp_path: Path, name: str, protocol: str) -> None:
    async def work(here: Lab) -> None:
        status, body = await ask(here, "/", protocol, "other.test")
        assert (status, body[:9]) == (503, b"503 fault")

    run(tmp_path, Addon(name), work)


@pytest.mark.parametrize("name", ["client_connected", "http_connect", "tls_clienthello", "requestheaders", "request"])
def test_a_fault_before_the_origin_dials_nobody(tmp_path: Path, name: str) -> None:
    async def work(here: Lab) -> None:
        await ask(here, "/", "http/1.1", "other.test")
        assert here.origin.contacts == 0

    run(tmp_path, Addon(name), work)


def test_a_fault_page_that_fails_is_the_plain_one(tmp_path: Path) -> None:
    async def work(here: Lab) -> None:
        def broken(flow: http.HTTPFlow) -> None:
            raise ZeroDivisionError

        def bare(flow: http.HTTPFlow) -> None:
            flow.response = http.Response.make(503, b"bare")

        object.__setattr__(here.engine._pages, "fault", broken)
        assert (await ask(here, "/", "http/1.1"))[1][:9] == b"503 fault"
        object.__setattr__(here.engine._pages, "bare", bare)
        assert await ask(here, "/", "http/1.1") == (503, b"bare")
        object.__setattr__(here.engine._pages, "bare", broken)
        assert (await ask(here, "/", "http/1.1"))[1][:9] == b"503 fault"

    run(tmp_path, Addon("requestheaders"), work)


def test_a_hello_that_fails_is_never_passed_on(tmp_path: Path) -> None:
    def passes_then_fails(data: ClientHelloData) -> None:
        data.ignore_connection = True
        raise ZeroDivisionError

    async def work(here: Lab) -> None:
        assert (await ask(here, "/", "http/1.1"))[0] == 503
        assert here.origin.contacts == 0

    run(tmp_path, Addon("tls_clienthello", passes_then_fails), work)


def test_h2_requests_share_one_connection_to_the_origin(tmp_path: Path) -> None:
    """The origin speaks h1 only, so the client is offered no h2: no connection for each request."""

    async def work(here: Lab) -> None:
        reader, writer = await here.tunnel("allowed.test", ("h2", "http/1.1"))
        for _ in range(5):
            writer.write(f"GET / HTTP/1.1\r\nHost: allowed.test:{here.origin_port}\r\n\r\n".encode())
            assert (await read_all(reader)).endswith(b"hello")
        assert here.origin.contacts == 1

    run(tmp_path, Addon(), work)


def test_a_blocked_page_in_h2_contacts_nobody(tmp_path: Path) -> None:
    async def work(here: Lab) -> None:
        reader, writer = await here.tunnel("other.test", ("h2",))
        client = H2(reader, writer)
        for _ in range(3):
            assert await client.get(f"other.test:{here.origin_port}", "/blocked") == (403, b"our page")
        assert here.origin.contacts == 0

    run(tmp_path, Addon(), work)


def test_passing_through_shows_the_origins_own_certificate(tmp_path: Path) -> None:
    def passes(data: ClientHelloData) -> None:
        data.ignore_connection = True

    async def work(here: Lab) -> None:
        with pytest.raises(ssl.SSLError):
            await here.tunnel("allowed.test")  # trusts the school's CA, which signed nothing here
        here.ca = (tmp_path / "origin.pem").read_bytes()
        assert await ask(here, "/", "http/1.1") == (200, b"hello")

    run(tmp_path, Addon("tls_clienthello", passes), work)


def test_what_is_passed_through_lives_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request will ever be seen on it, so none is waited for."""
    monkeypatch.setitem(handler._OWES_AFTER, "http_connected", 0.3)
    monkeypatch.setattr(handler, "HEADER_SECONDS", 0.3)

    def passes(data: ClientHelloData) -> None:
        data.ignore_connection = True

    async def work(here: Lab) -> None:
        here.ca = (tmp_path / "origin.pem").read_bytes()
        reader, writer = await here.tunnel("allowed.test")
        await asyncio.sleep(0.7)
        writer.write(b"GET / HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
        assert (await read_all(reader)).endswith(b"hello")

    run(tmp_path, Addon("tls_clienthello", passes), work)


def test_an_idle_connection_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.proxy.handler.IDLE_SECONDS", 0.3)

    async def work(here: Lab) -> None:
        reader, writer = await here.tunnel("allowed.test")
        assert await closed(reader, 2)
        writer.close()

    run(tmp_path, Addon(), work)


def test_a_connect_without_a_hello_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handler._OWES_AFTER, "http_connected", 0.2)

    async def work(here: Lab) -> None:
        reader, writer = await here.dial()
        writer.write(b"CONNECT allowed.test:443 HTTP/1.1\r\n\r\n")
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        assert await closed(reader, 2)

    run(tmp_path, Addon(), work)


def test_a_server_that_an_addon_refuses_is_not_dialled(tmp_path: Path) -> None:
    def refuse(data: ServerConnectionHookData) -> None:
        data.server.error = "private-address"

    async def work(here: Lab) -> None:
        assert (await ask(here, "/", "http/1.1"))[0] == 403
        assert here.origin.contacts == 0

    run(tmp_path, Addon("server_connect", refuse), work)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    async def work(here: Lab) -> None:
        before = len(asyncio.all_tasks())
        for _ in range(5):
            await ask(here, "/", "http/1.1")
        for writer in here.writers:
            writer.close()
        await asyncio.sleep(0.3)
        assert not here.engine.handlers
        assert len(asyncio.all_tasks()) <= before

    run(tmp_path, Addon(), work)


@pytest.mark.parametrize(
    "address, expected",
    [
        (("::ffff:192.0.2.1", 5, 0, 0), ("192.0.2.1", 5)),
        (("fe80::1%eth0", 5, 0, 2), ("fe80::1", 5)),
        (("2001:db8::1", 5, 0, 0), ("2001:db8::1", 5)),
        (("192.0.2.1", 5), ("192.0.2.1", 5)),
    ],
)
def test_addresses_are_plain(address: Any, expected: tuple[str, int]) -> None:
    assert plain(address) == expected


def test_head_and_body_of_an_answer_are_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    write = asyncio.StreamWriter.write

    def listening(writer: asyncio.StreamWriter, data: bytes) -> None:
        written.append(data)
        write(writer, data)

    async def work(here: Lab) -> None:
        monkeypatch.setattr(asyncio.StreamWriter, "write", listening)
        await here.raw(b"GET http://allowed.test/blocked HTTP/1.1\r\nHost: allowed.test\r\nConnection: close\r\n\r\n")

    run(tmp_path, Addon(), work)
    assert [data for data in written if b" 403 " in data and data.endswith(b"our page")]
