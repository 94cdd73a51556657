"""Answers of ours in place of mitmproxy's error pages, in the form each protocol needs."""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.net.http import status_codes
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import HttpLayer
from mitmproxy.proxy.layers.http._events import ErrorCode, ResponseProtocolError

from hedgerow.proxy.guest import Guest
from hedgerow.proxy.settings import Answer, settings
from hedgerow.proxy.upstream import Unreachable


def answer_for(context: Context, event: ResponseProtocolError) -> Answer | None:
    """The page for a stream that failed, or None where only the connection can be closed."""
    status = event.code.http_status_code()
    if status is None:
        return None
    flow = _flow(context, event.stream_id)
    reason = "bad-request"
    if status >= 500:
        known = Unreachable.FAULT if isinstance(context.client, Guest) and context.client.fault else _reason(event)
        status, reason = known.status, _PAGE_REASON.get(known, "upstream")
    return page(context, status, reason, flow)


def page(context: Context, status: int, reason: str, flow: http.HTTPFlow | None = None) -> Answer:
    """``reason`` is one of ``core.refusals.BUILTIN_STATUS``, or "too-large" (431, 413)."""
    languages = flow.request.headers.get("accept-language", "") if flow is not None else ""
    return settings(context).error_page(status, reason, flow, languages)


def as_http1(answer: Answer, method: str = "GET") -> bytes:
    """The whole answer on the wire; the connection closes after it."""
    status, headers, body = answer
    lines = [f"HTTP/1.1 {status} {status_codes.RESPONSES.get(status, '')}"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() not in ("content-length", "connection")]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("utf-8") + (b"" if method.upper() == "HEAD" else body)


def _flow(context: Context, stream_id: int) -> http.HTTPFlow | None:
    for layer in reversed(context.layers):
        if isinstance(layer, HttpLayer):
            return getattr(layer.streams.get(stream_id), "flow", None)
    return None


_PAGE_REASON = {
    Unreachable.PRIVATE: "private-address",
    Unreachable.LOOP: "loop",
    Unreachable.TIMEOUT: "timeout",
    Unreachable.CERTIFICATE: "certificate",
    Unreachable.FAULT: "fault",
}


def _reason(event: ResponseProtocolError) -> Unreachable:
    if event.message in Unreachable._value2member_map_:
        return Unreachable(event.message)
    if event.message.startswith("Certificate verify failed"):
        return Unreachable.CERTIFICATE
    return Unreachable.REFUSED if event.code is ErrorCode.CONNECT_FAILED else Unreachable.PROTOCOL
