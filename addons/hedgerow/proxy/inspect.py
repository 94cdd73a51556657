"""inspect: what came back? Type, size and words of the response; the verdict that had to wait for them."""

from __future__ import annotations

import time
from dataclasses import replace

from mitmproxy import http

from hedgerow.core.explain import hear_typed
from hedgerow.core.judges import fewest_points, judge_files
from hedgerow.core.model import Channel, Decision, Kind, Step
from hedgerow.core.policy import decide
from hedgerow.core.search import bundles
from hedgerow.core.sniff import essence, file_type, is_json, is_readable, kind_of, sniff
from hedgerow.core.undo import Undo
from hedgerow.core.unread import Unread, by_type
from hedgerow.proxy import apply, relay, replies
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.hearing import heard, unreadable
from hedgerow.proxy.judged import Judged, judged
from hedgerow.proxy.layers import END
from hedgerow.proxy.passing import PassOn, by_policy, of_body, unread
from hedgerow.proxy.reading import read_body
from hedgerow.proxy.services import Services

SCAN_LIMIT = 2 * 1024 * 1024
"""Bytes of a page that are judged before its first byte is shown; the rest streams on behind them."""

_STREAMS = ("text/event-stream", "application/x-ndjson", "application/grpc")
_ENDLESS = "multipart/x-mixed-replace"
"""Pages in pages, without an end: it can be shown as a page and cannot be read as one."""
_SEEN_OR_HEARD = ("image/", "audio/", "video/", "font/")
_SNIFFED = ("", "application/octet-stream", "unknown/unknown", "application/unknown")


class Inspect:
    """Holds a response that must be read, streams what nobody reads, and asks the second judges."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        started = time.perf_counter()
        state = judged(flow)
        assert flow.response is not None
        if state.own == relay.OWN and not state.answered:
            relay.take(flow)
        elif not state.answered:
            apply.clean_response(flow)
            self._plan(flow, state)
        state.spent += time.perf_counter() - started

    def response(self, flow: http.HTTPFlow) -> None:
        started = time.perf_counter()
        state = judged(flow)
        assert flow.response is not None
        if not state.answered and not flow.response.stream and flow.websocket is None:
            self._read(flow, state, flow.response.raw_content or b"")
        state.spent += time.perf_counter() - started

    def response_prefix(self, flow: http.HTTPFlow, data: bytes) -> bool:
        """The first ``SCAN_LIMIT`` bytes of a larger body: judged while its headers are still held."""
        state = judged(flow)
        assert flow.response is not None
        self._read(flow, state, data)
        if not state.answered:
            reason = Unread.REST if state.decision.reads_words else by_policy(state)
            flow.response.stream = PassOn(state, reason, skip=len(data))
        return not state.answered

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """What forbids ends the conversation, for no page can be shown inside it."""
        state = judged(flow)
        assert flow.websocket is not None
        message = flow.websocket.messages[-1]
        del flow.websocket.messages[:-1]  # mitmproxy keeps them all, for as long as the connection lives
        if state.decision.action.forbids:
            message.drop()
        elif state.decision.reads_words:
            state.talk = state.talk or replies.Talk(state, self._services)
            state.decision = state.talk.hear(message)
            if state.decision.action.forbids:
                state.talk.shown(flow, message)
                flow.metadata[END] = f"hedgerow: {state.decision.action} {state.decision.code}"
        else:
            unread(state, by_policy(state), len(message.content))

    def _plan(self, flow: http.HTTPFlow, state: Judged) -> None:
        """Read, hold or pass on: decided by the declared type, before the first byte of the body."""
        assert flow.response is not None
        media = essence(flow.response.headers.get("content-type", ""))
        size = _length(flow.response)
        if state.decision.pending or state.decision.reads_files:
            self._judge_type(flow, state, media, size)
        if not state.answered and media == _ENDLESS:
            decision = unreadable(state, self._services, f"{media} never ends")
            self._settle(flow, state, decision, self._services)
        if not state.answered and state.decision.reads_words and _is_part_of_text(flow.response, media):
            self._settle(flow, state, unreadable(state, self._services, "a part of a text"), self._services)
        if state.answered:
            return
        flow.metadata["hedgerow.limit"] = SCAN_LIMIT
        if state.decision.reads_words and flow.request.method != "HEAD" and self._listens(flow, state, media):
            return
        if (
            media.startswith(_STREAMS)
            or not (_reads_text(media) and state.decision.reads_words and not _is_bundle(media, state))
            and not _open(state, media)
        ):
            if media.startswith(_SEEN_OR_HEARD):
                flow.response.headers["x-content-type-options"] = "nosniff"  # a page sent as a picture stays a picture
            flow.response.stream = PassOn(state, _why(state, media))

    def _listens(self, flow: http.HTTPFlow, state: Judged, media: str) -> bool:
        """True when the answer comes bit by bit and is read so."""
        make = replies.streamed(flow, media, state)
        if make is None:
            return False
        assert flow.response is not None
        undo = Undo(flow.response.headers.get("content-encoding", ""))
        if undo.why_not:
            self._settle(flow, state, unreadable(state, self._services, undo.why_not), self._services)
            if not state.answered:
                flow.response.stream = PassOn(state, Unread.UNDECODABLE)
        else:
            replies.prepare(flow, undo)
            flow.response.stream = make(self._services, undo)
        return True

    def _judge_type(self, flow: http.HTTPFlow, state: Judged, media: str, size: int | None) -> None:
        """Ask again with what the response says of itself; an untold type waits for its bytes."""
        assert flow.response is not None
        if media not in _SNIFFED or flow.response.status_code in (204, 304) or flow.request.method == "HEAD":
            self._ask_again(flow, state, media, size)

    def _ask_again(self, flow: http.HTTPFlow, state: Judged, media: str, size: int | None) -> None:
        assert flow.response is not None
        kind = Kind.PART if _shows_nothing(flow.response, flow.request.method) else kind_of(media)
        disposition = flow.response.headers.get("content-disposition", "")
        kinds = file_type(state.request.path, media, disposition)
        state.request = replace(state.request, kind=kind, media_type=media, size=size, file_type=kinds)
        snapshot, services = state.snapshot, self._services
        decision = state.decision
        if decision.pending:
            decision = self._decide_again(state)
            apply.keep_to_type(flow.response, media)
        decision = judge_files(decision, state.request, snapshot.policy, state.now)
        self._settle(flow, state, decision, services)

    def _decide_again(self, state: Judged) -> Decision:
        """The whole verdict once more, with the type known; what words already said stands if it is stricter."""
        snapshot, grants = state.snapshot, self._services.grants
        again = decide(state.request, state.identity, snapshot.policy, snapshot.index, state.now, grants)
        again = hear_typed(
            again, state.request, snapshot.lexicon.scan, state.identity, snapshot.policy, state.now, grants
        )
        if state.decision.step is Step.WORDS and state.decision.action > again.action:
            return replace(state.decision, pending=False)
        return again

    def _read(self, flow: http.HTTPFlow, state: Judged, data: bytes) -> None:
        """The body, or its first bytes, are here: type by sniffing, then words."""
        assert flow.response is not None
        headers = flow.response.headers
        declared = headers.get("content-type", "")
        if not data:
            return
        wanted = state.snapshot.lexicon if state.decision.reads_words else None
        read, state.ready = state.ready, None
        least = fewest_points(state.decision, state.snapshot.policy)
        read = read or read_body(data, declared, headers.get("content-encoding", ""), SCAN_LIMIT, wanted, least)
        text = read.text
        media = text.media_type or sniff(declared, data[:1445])
        if state.decision.pending or (state.decision.reads_files and not state.request.media_type):
            self._ask_again(flow, state, media, len(data))
        if state.answered:
            return
        if not state.decision.reads_words:
            unread(state, by_policy(state), len(data))
            return
        state.request = replace(state.request, media_type=media, kind=kind_of(media))
        if text.undecodable:
            decision = unreadable(state, self._services, text.undecodable)
        else:
            decision = heard(state, self._services, read.scores, Channel.PAGE)
        self._settle(flow, state, decision, self._services)
        if not state.answered:
            of_body(state, text, media, data, bool(headers.get("content-encoding", "")))
        else:
            state.inspected += min(text.inspected, len(data))

    @staticmethod
    def _settle(flow: http.HTTPFlow, state: Judged, decision: Decision, services: Services) -> None:
        if decision is state.decision:
            return
        state.decision = decision
        if decision.action.forbids:
            apply.answer(flow, state, services)


def _why(state: Judged, media: str) -> Unread:
    """The reason a body of this type streams by."""
    if media.startswith(_STREAMS):
        return Unread.STREAM
    return by_type(media) if state.decision.reads_words else by_policy(state)


def _length(response: http.Response) -> int | None:
    declared = response.headers.get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdigit() else None


def _reads_text(media: str) -> bool:
    return media in _SNIFFED or is_readable(media)


def _is_part_of_text(response: http.Response, media: str) -> bool:
    """Some bytes of a page that was asked for piece by piece: a word may stand in two of them."""
    return response.status_code == 206 and is_readable(media)


def _is_bundle(media: str, state: Judged) -> bool:
    """What a search engine's program fetches: odd words by the thousand, and none of them on a page."""
    request = state.request
    return is_json(media) and bundles(judged_host(request), request.path, request.query)


def _open(state: Judged, media: str) -> bool:
    """True while the type still has to be learned from the bytes: an unjudged page must not slip by untyped."""
    return (state.decision.pending or state.decision.reads_files) and media in _SNIFFED


def _shows_nothing(response: http.Response, method: str) -> bool:
    """A redirect shows nothing: its target is judged when it is asked for. Nor does an answer without a body, as a
    CORS preflight gets it, whatever type it claims; to HEAD the page behind it is what was asked about."""
    if response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers:
        return True
    return method != "HEAD" and response.headers.get("content-length", "") == "0"
