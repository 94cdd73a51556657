"""Failures become answers of ours: the right status, the right reason, on the wire as HTTP/1 wants it."""

from __future__ import annotations

import pytest
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http._events import ErrorCode, ResponseProtocolError

from hedgerow.proxy.errors import answer_for, as_http1
from hedgerow.proxy.guest import Guest
from hedgerow.proxy.settings import Settings, plain_error


def context(fault: str = "") -> Context:
    client = Guest(peername=("192.0.2.1", 1), sockname=("192.0.2.2", 2))
    client.fault = fault
    return Context(client, Settings().for_layers())


@pytest.mark.parametrize(
    "message, code, expected",
    [
        ("private-address", ErrorCode.CONNECT_FAILED, (403, b"403 private-address\n")),
        ("loop", ErrorCode.CONNECT_FAILED, (403, b"403 loop\n")),
        ("timeout", ErrorCode.CONNECT_FAILED, (504, b"504 timeout\n")),
        ("no-address", ErrorCode.CONNECT_FAILED, (502, b"502 upstream\n")),
        ("anything else", ErrorCode.CONNECT_FAILED, (502, b"502 upstream\n")),
        ("Certificate verify failed: expired", ErrorCode.CONNECT_FAILED, (502, b"502 certificate\n")),
        ("protocol", ErrorCode.GENERIC_SERVER_ERROR, (502, b"502 upstream\n")),
        ("smuggling", ErrorCode.REQUEST_VALIDATION_FAILED, (400, b"400 bad-request\n")),
    ],
)
def test_reasons(message: str, code: ErrorCode, expected: tuple[int, bytes]) -> None:
    answer = answer_for(context(), ResponseProtocolError(1, message, code))
    assert answer is not None and (answer[0], answer[2]) == expected


def test_a_faulty_connection_says_so() -> None:
    answer = answer_for(context("server_connect"), ResponseProtocolError(1, "x", ErrorCode.CONNECT_FAILED))
    assert answer is not None and answer[0] == 503


def test_where_nobody_listens_there_is_no_answer() -> None:
    assert answer_for(context(), ResponseProtocolError(1, "killed", ErrorCode.KILL)) is None


def test_on_the_wire() -> None:
    wire = as_http1((403, (("X-A", "ü"), ("Content-Length", "9"), ("Connection", "keep-alive")), b"body"))
    assert wire == "HTTP/1.1 403 Forbidden\r\nX-A: ü\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody".encode()
    assert as_http1(plain_error(400, "bad-request"), "HEAD").endswith(b"\r\n\r\n")
