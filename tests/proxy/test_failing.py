"""What a failed hook leaves behind, hook by hook."""

from __future__ import annotations

import pytest
from mitmproxy import http
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import tflow
from mitmproxy.tls import ClientHelloData
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from hedgerow.proxy import failing
from hedgerow.proxy.layers import FAULT


def page(flow: http.HTTPFlow) -> None:
    flow.response = http.Response.make(503, b"fault")


@pytest.mark.parametrize("hook", ["requestheaders", "request", "responseheaders", "response", "response_prefix"])
def test_a_flow_gets_the_page_and_is_not_streamed(hook: str) -> None:
    flow = tflow.tflow(resp=True)
    flow.request.stream = True
    failing.fail_flow(hook, flow, page)
    assert flow.response is not None and flow.response.content == b"fault"
    assert not flow.request.stream and flow.metadata[FAULT] == hook and flow.error is None


def test_what_was_streaming_is_cut_off() -> None:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    flow.response.stream = True
    failing.fail_flow("response", flow, page)
    assert flow.error is not None and flow.error.msg == flow.error.KILLED_MESSAGE


def test_what_would_have_streamed_gets_the_page() -> None:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    flow.response.stream = True
    failing.fail_flow("responseheaders", flow, page)
    assert flow.response.content == b"fault" and flow.error is None


def test_a_websocket_message_is_dropped() -> None:
    flow = tflow.twebsocketflow()
    assert flow.websocket is not None
    flow.websocket.messages.append(WebSocketMessage(Opcode.TEXT, True, b"secret"))
    failing.fail_flow("websocket_message", flow, page)
    assert flow.websocket.messages[-1].dropped


def test_nothing_is_left_to_do_at_the_end() -> None:
    flow = tflow.tflow(err=True)
    failing.fail_flow("error", flow, page)
    assert flow.response is None
    assert failing.only_counts("client_disconnected") and not failing.only_counts("server_connect")


def test_a_hello_is_neither_passed_on_nor_leads_to_an_origin() -> None:
    data = ClientHelloData(context=None, client_hello=None, ignore_connection=True)  # type: ignore[arg-type]
    data.establish_server_tls_first = True
    failing.fail_hello(data)
    assert not data.ignore_connection and not data.establish_server_tls_first


def test_an_origin_is_not_spoken_to() -> None:
    flow = tflow.tflow()
    data = ServerConnectionHookData(server=flow.server_conn, client=flow.client_conn)
    server = failing.server_of(data)
    assert server is flow.server_conn
    failing.fail_server(flow.server_conn)
    assert flow.server_conn.error == "fault"
    assert failing.server_of(object()) is None
