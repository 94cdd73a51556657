"""What a hook will need and takes long: found out on the loop, done in a thread before the hook is called.

The engine asks before each hook that reads a body. What is done touches nothing but the flow's own record, whose
exchange waits meanwhile; a fault in it refuses.
"""

from __future__ import annotations

from collections.abc import Callable

from mitmproxy import http

from hedgerow.core.decode import unpack
from hedgerow.core.judges import fewest_points
from hedgerow.proxy.inspect import SCAN_LIMIT
from hedgerow.proxy.judged import KEY, Judged
from hedgerow.proxy.reading import read_body, read_posted

LONG_ANSWER = 96 * 1024
LONG_POST = 48 * 1024
"""Bytes that are read beside the loop: fewer take no longer than the loop may be held."""


def work_ahead(name: str, flow: http.HTTPFlow, data: bytes) -> Callable[[], None] | None:
    """The work for this hook, None when it has little to do. ``data`` is the prefix, b"" for a whole body."""
    state: Judged | None = flow.metadata.get(KEY)
    if state is None or state.own or state.answered or not state.decision.reads_words:
        return None
    if name in ("request", "request_prefix") and flow.response is None:
        return _post(flow, state, data or flow.request.raw_content or b"")
    response = flow.response
    if name in ("response", "response_prefix") and response is not None:
        streams = bool(response.stream) or flow.websocket is not None
        return None if streams else _answer(response, state, data or response.raw_content or b"")
    return None


def _post(flow: http.HTTPFlow, state: Judged, data: bytes) -> Callable[[], None] | None:
    coding, kind = flow.request.headers.get("content-encoding", ""), flow.request.headers.get("content-type", "")
    if not _long(data, coding, LONG_POST):
        return None

    def work() -> None:
        state.posted = read_posted(data, kind, coding, state.request, state.snapshot.lexicon)

    return work


def _answer(response: http.Response, state: Judged, data: bytes) -> Callable[[], None] | None:
    coding, kind = response.headers.get("content-encoding", ""), response.headers.get("content-type", "")
    if not _long(data, coding, LONG_ANSWER):
        return None

    def work() -> None:
        least = fewest_points(state.decision, state.snapshot.policy)
        state.ready = read_body(data, kind, coding, SCAN_LIMIT, state.snapshot.lexicon, least)

    return work


def _long(data: bytes, coding: str, size: int) -> bool:
    return len(data) > size or bool(coding) and unpack(data, coding, size).truncated
