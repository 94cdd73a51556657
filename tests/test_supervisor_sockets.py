"""Listening addresses: what is understood, what is refused, and that no port stays open after a failure."""

from __future__ import annotations

import socket

import pytest

from hedgerow.supervisor_sockets import Listen, ListenError, close_all, open_sockets, parse_listen


@pytest.mark.parametrize(
    "text, expected",
    [
        ("127.0.0.1:8080", Listen("127.0.0.1", 8080)),
        (":8080", Listen("", 8080)),
        ("*:8080", Listen("", 8080)),
        ("[::1]:8080", Listen("::1", 8080)),
        ("[::]:8080/transparent", Listen("::", 8080, "transparent")),
        ("0.0.0.0:80/regular", Listen("0.0.0.0", 80)),
    ],
)
def test_parse(text: str, expected: Listen) -> None:
    assert parse_listen(text) == expected
    assert parse_listen(text.partition("/")[0], "transparent").mode == "transparent"


@pytest.mark.parametrize(
    "text, message",
    [
        ("8080", "expected HOST:PORT"),
        ("127.0.0.1", "expected HOST:PORT"),
        ("127.0.0.1:", "expected HOST:PORT"),
        ("127.0.0.1:99999", "expected HOST:PORT"),
        ("127.0.0.1:٨٠", "expected HOST:PORT"),
        ("::1:8080", "write an IPv6 address in brackets"),
        ("gateway:8080", "'gateway' is no address"),
        (":8080/socks", "unknown mode 'socks'; known: regular, transparent"),
    ],
)
def test_what_is_no_address_is_told(text: str, message: str) -> None:
    with pytest.raises(ListenError, match=message):
        parse_listen(text)


def test_every_worker_gets_a_socket_of_each_family_on_one_port() -> None:
    opened = open_sockets([Listen("", 0), Listen("127.0.0.1", 0, "transparent")], 3)
    try:
        assert len(opened) == 3
        modes = [[bound.mode for bound in sockets] for sockets in opened]
        assert all(m.count("regular") in (1, 2) and m.count("transparent") == 1 for m in modes)
        assert len({bound.socket.getsockname()[1] for s in opened for bound in s if bound.mode == "regular"}) == 1
        assert len({bound.socket.fileno() for s in opened for bound in s}) == sum(map(len, opened))
    finally:
        close_all(opened)


def test_a_taken_port_is_named_and_nothing_stays_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ListenError, match=rf"127.0.0.1:{port}/regular: Address already in use"):
            open_sockets([Listen("127.0.0.1", 0), Listen("127.0.0.1", port)], 2)  # leaks would warn: an error here


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ListenError, match="192.0.2.1"):
        open_sockets([Listen("192.0.2.1", 0)], 1)
