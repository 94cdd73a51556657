"""Dialling: every address is checked, ourselves never dialled, the first that answers taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hedgerow.proxy.resolver import Resolver
from hedgerow.proxy.upstream import Dialer, Own, Unreachable, UpstreamError, parent_address

LOOP = ("127.0.0.0/8", "::1/128")


def dialer(addresses: tuple[str, ...], private: tuple[str, ...] = (), own: Own | None = None) -> Dialer:
    return Dialer(Resolver(lambda name: addresses), own or Own(), lambda: private, seconds=1.0)


def refused(made: Dialer, host: str, port: int = 443) -> Unreachable:
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(made.open(host, port, "pupil"))
    return caught.value.reason


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "fd00:ec2::254", "::ffff:127.0.0.1", "0.0.0.0"],
)
def test_a_public_name_at_a_private_address_is_not_dialled(address: str) -> None:
    assert refused(dialer((address,)), "public.test") is Unreachable.PRIVATE


@pytest.mark.parametrize("literal", ["127.0.0.1", "192.168.0.1", "::1"])
def test_nor_is_the_address_itself(literal: str) -> None:
    assert refused(dialer(()), literal) is Unreachable.PRIVATE


@asynccontextmanager
async def listening(answer: bytes = b"hi") -> AsyncIterator[int]:
    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await reader.read(1000)
        writer.close()

    async with await asyncio.start_server(accepted, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    "host, addresses, private",
    [
        ("printer.test", ("127.0.0.1",), LOOP),
        ("printer.test", ("127.0.0.1",), ("printer.test",)),
        ("a.printer.test", ("127.0.0.1",), ("printer.test",)),
        ("127.0.0.1", (), ("127.0.0.1",)),
        ("mixed.test", ("10.1.1.1", "127.0.0.1"), LOOP),
    ],
)
def test_what_the_site_file_names_is_dialled(host: str, addresses: tuple[str, ...], private: tuple[str, ...]) -> None:
    async def run() -> bytes:
        async with listening() as port:
            reader, writer = await dialer(addresses, private).open(host, port, "pupil")
            data = await reader.read(2)
            writer.close()
            return data

    assert asyncio.run(run()) == b"hi"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_the_gateway_never_dials_itself(address: str) -> None:
    """H07: whatever the policy names as private, our own ports are no origin."""
    made = dialer((address,), LOOP, Own(frozenset({8080})))
    assert refused(made, "self.test", 8080) is Unreachable.LOOP
    assert refused(made, address, 8080) is Unreachable.LOOP


def test_an_address_the_supervisor_names_is_ours_too() -> None:
    made = dialer(("8.8.4.4",), (), Own(frozenset({8080}), frozenset({"8.8.4.4"})))
    assert refused(made, "self.test", 8080) is Unreachable.LOOP


def test_failures_have_names() -> None:
    assert refused(dialer(()), "nowhere.test") is Unreachable.NO_ADDRESS
    assert refused(dialer(("127.0.0.1",), LOOP), "closed.test", 9) is Unreachable.REFUSED
    assert {reason.status for reason in Unreachable} == {403, 502, 503, 504}


def test_a_name_that_takes_too_long_is_a_timeout() -> None:
    made = Dialer(Resolver(lambda name: (time.sleep(0.4), ("127.0.0.1",))[1]), seconds=0.1)  # type: ignore[func-returns-value]
    assert refused(made, "slow.test") is Unreachable.TIMEOUT


def test_the_next_address_is_tried_beside_a_dead_one() -> None:
    async def run() -> float:
        async with listening() as port:
            started = time.monotonic()
            _, writer = await dialer(("127.0.0.9", "127.0.0.1"), LOOP).open("two.test", port, "pupil")
            writer.close()
            return time.monotonic() - started

    assert asyncio.run(run()) < 0.9


async def parent(
    answer: bytes,
    private: tuple[str, ...] = LOOP,
    host: str = "origin.test",
    name: str = "",
    hops: tuple[str, ...] = (),
    own: bool = False,
) -> tuple[bytes, bytes]:
    """What a parent proxy was asked, and the first bytes behind its answer."""
    asked = bytearray()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.extend(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(accepted, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        made = Dialer(
            Resolver(lambda name: ("127.0.0.1",)), private=lambda: private, parent=lambda: ("proxy.test", port)
        )
        made.seconds, made.name = 1.0, name
        made.own = Own(frozenset({port}) if own else frozenset())
        reader, writer = await made.open(host, 443, "pupil", hops)
        data = await reader.read(5)
        writer.close()
        return bytes(asked), data


def test_a_parent_proxy_is_asked_to_connect() -> None:
    asked, data = asyncio.run(parent(b"HTTP/1.1 200 ok\r\nX: y\r\n\r\nhello"))
    assert asked == b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n"
    assert data == b"hello"


def test_a_parent_proxy_learns_the_way() -> None:
    here, there = "hedgerow-0123456789abcdef", "hedgerow-fedcba9876543210"
    asked, _ = asyncio.run(parent(b"HTTP/1.1 200 ok\r\n\r\nhello", name=here, hops=(there,)))
    assert b"\r\nVia: 1.1 %b, 1.1 %b\r\n\r\n" % (there.encode(), here.encode()) in asked


def test_a_parent_proxy_is_never_ourselves() -> None:
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(parent(b"HTTP/1.1 200 ok\r\n\r\n", own=True))
    assert caught.value.reason is Unreachable.LOOP


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 no\r\n\r\n", b"nonsense\r\n\r\n", b"HTTP/1.1 200"])
def test_a_parent_that_refuses_is_told(answer: bytes) -> None:
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(parent(answer))
    assert caught.value.reason in (Unreachable.PARENT, Unreachable.TIMEOUT)


def test_private_literals_do_not_pass_by_the_parent() -> None:
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(parent(b"HTTP/1.1 200 ok\r\n\r\n", (), "10.0.0.1"))
    assert caught.value.reason is Unreachable.PRIVATE


@pytest.mark.parametrize(
    "url, expected",
    [
        ("", None),
        ("http://proxy.test:8080", ("proxy.test", 8080)),
        ("proxy.test", ("proxy.test", 3128)),
        ("http://[2001:db8::1]:80", ("2001:db8::1", 80)),
    ],
)
def test_parent_addresses(url: str, expected: tuple[str, int] | None) -> None:
    assert parent_address(url) == expected


def test_a_parent_without_host_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        parent_address("http://:80")
