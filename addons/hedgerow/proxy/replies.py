"""Replies that come bit by bit: server-sent events, JSON lines, WebSocket messages. Each is judged before it passes.

What must not go on ends where a person sees it: with an event of the same form that says why, then with the stream's
end; a WebSocket is closed with code 1008.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mitmproxy import http
from mitmproxy.websocket import WebSocketMessage

from hedgerow.core.chat import is_chat
from hedgerow.core.decode import looks_like_text
from hedgerow.core.model import Channel, Decision
from hedgerow.core.streamed import Frames, Said, in_its_form, said_by, said_in
from hedgerow.core.undo import Broken, Undo
from hedgerow.core.unread import Unread
from hedgerow.proxy import apply
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.hearing import heard, unreadable
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.layers import END
from hedgerow.proxy.once import Lately
from hedgerow.proxy.passing import unread
from hedgerow.proxy.reading import Ear
from hedgerow.proxy.services import Services
from hedgerow.stores.alert_taking import SAME_SECONDS

MESSAGE_LIMIT = 2 * 1024 * 1024
"""Characters of one WebSocket message that are judged; the rest of it passes unread."""
_SHORT = 2_000
"""Characters up to which what another side sends is a message of somebody, judged as typed; longer it is a page."""


class Reply:
    """A streamed body: mitmproxy calls it with what comes, and sends on what it returns."""

    def __init__(self, flow: http.HTTPFlow, state: Judged, services: Services, undo: Undo, events: bool) -> None:
        self._flow, self._state, self._services, self._undo = flow, state, services, undo
        self._frames = Frames(events)
        self._ear = Ear(state.snapshot.lexicon, Channel.REPLY)
        self._form = b""  # the last event that said something
        self._over = False

    def __call__(self, data: bytes) -> list[bytes]:
        """Never an empty piece: in chunked coding that would be the end."""
        passed = b"".join(self._passed(data)) if not self._over else b""
        return [passed] if passed else []

    def _passed(self, data: bytes) -> Iterator[bytes]:
        try:
            for event in self._events(data):
                if not self._may_pass(event):
                    yield self._end()
                    return
                yield event
        except Broken as broken:
            if self._settle(unreadable(self._state, self._services, str(broken))):
                yield self._end()
            self._finish()

    def _events(self, data: bytes) -> Iterator[bytes]:
        if not data:
            if rest := self._frames.rest():
                yield rest
            return
        for piece in self._undo.feed(data):
            yield from self._frames.feed(piece)

    def _may_pass(self, event: bytes) -> bool:
        said = said_by(event)
        self._state.inspected += len(event)
        if said:
            self._form = event
        scores = self._ear.hear(said)
        return not scores or not self._settle(heard(self._state, self._services, scores, Channel.REPLY))

    def _settle(self, decision: Decision) -> bool:
        """True when it must not go on."""
        self._state.decision = decision
        return decision.action.forbids

    def _end(self) -> bytes:
        self._finish()
        sentence = apply.sentence(self._flow, self._state, self._services)
        return in_its_form(self._form, self._ear.main, sentence)

    def _finish(self) -> None:
        self._over = True
        self._flow.metadata[END] = ""


class Talk:
    """A WebSocket conversation, heard in both directions."""

    def __init__(self, state: Judged, services: Services) -> None:
        self._state, self._services = state, services
        lexicon = state.snapshot.lexicon
        self._typed, self._told = Ear(lexicon, Channel.MESSAGE), Ear(lexicon, Channel.MESSAGE)
        self._reply = Ear(lexicon, Channel.REPLY)
        self._machine = is_chat(judged_host(state.request))
        self._alerted = Lately(SAME_SECONDS)

    def hear(self, message: WebSocketMessage) -> Decision:
        """The conversation's decision after this message."""
        said = said_by_message(message)
        if said:
            self._state.inspected += len(message.content)
        else:
            unread(self._state, Unread.MESSAGE, len(message.content))
        ear = self._ear(message.from_client, said)
        scores = ear.hear(said)
        self._services.tell(self._state, scores, ear.channel, self._alerted, received=not message.from_client)
        return heard(self._state, self._services, scores, ear.channel) if scores else self._state.decision

    def _ear(self, from_client: bool, said: Said) -> Ear:
        if from_client:
            return self._typed
        long = sum(len(text) for _, text in said) > _SHORT
        return self._reply if self._machine or long else self._told

    def shown(self, flow: http.HTTPFlow, message: WebSocketMessage) -> None:
        """In place of a machine's reply, a message of its form that says it ends here; anything else is dropped."""
        if message.from_client or not self._machine:
            message.drop()
            return
        sentence = apply.sentence(flow, self._state, self._services)
        message.content = in_its_form(message.content, self._reply.main, sentence)


def said_by_message(message: WebSocketMessage) -> Said:
    """The texts of a message, also of a binary one that is text in UTF-8."""
    content = message.content[:MESSAGE_LIMIT]
    if not message.is_text and not looks_like_text(content[:1024].replace(b"\x1e", b"")):
        return ()
    try:
        text = content.decode("utf-8", "strict" if len(content) < MESSAGE_LIMIT and not message.is_text else "replace")
    except UnicodeDecodeError:
        return ()
    return said_in(text)


def streamed(flow: http.HTTPFlow, media: str, state: Judged) -> Callable[[Services, Undo], Reply] | None:
    """How to read this response as it comes; None when it does not come bit by bit."""
    assert flow.response is not None
    events = media == "text/event-stream"
    if not events and media not in ("application/x-ndjson", "application/jsonl", "application/stream+json"):
        chatting = flow.request.method == "POST" and is_chat(judged_host(state.request))
        if not chatting or "json" not in media or "content-length" in flow.response.headers:
            return None
    return lambda services, undo: Reply(flow, state, services, undo, events)


def prepare(flow: http.HTTPFlow, undo: Undo) -> None:
    """Headers of a body that may end early and comes uncoded."""
    assert flow.response is not None
    headers = flow.response.headers
    if undo.coded:
        headers.pop("content-encoding", None)
    headers.pop("content-length", None)
    if flow.request.is_http11 and "chunked" not in headers.get("transfer-encoding", "").lower():
        headers["transfer-encoding"] = "chunked"
