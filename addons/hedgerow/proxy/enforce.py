"""enforce: the verdict on every request, before anything is contacted. Asks ``core.decide``, applies the answer."""

from __future__ import annotations

import time
from dataclasses import replace

from mitmproxy import http

from hedgerow.core.explain import Scan, hear_typed
from hedgerow.core.judges import judge_files, judge_pictures
from hedgerow.core.model import Channel, Decision, Request
from hedgerow.core.policy import decide
from hedgerow.core.unread import OPENED, Unread
from hedgerow.proxy import apply, going_on, relay, safely, staying
from hedgerow.proxy.connections import is_transparent
from hedgerow.proxy.facts import judged_host, request_facts, with_typed
from hedgerow.proxy.hearing import unreadable
from hedgerow.proxy.judged import KEY, Judged, judged
from hedgerow.proxy.layers import REQUEST_LIMIT, WAIT
from hedgerow.proxy.passing import PassOn, by_policy, unread
from hedgerow.proxy.reading import POSTED_LIMIT, read_posted
from hedgerow.proxy.services import Services

_TALKS = ("application/grpc+", "application/grpc;")
"""Both sides talk at once on these: holding one back would end the conversation."""


class Enforce:
    """Decides in ``requestheaders`` by names, time and typed words; in ``request`` by posted text."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        started = time.perf_counter()
        state = self._judge(flow)
        flow.metadata[KEY] = state
        flow.metadata[REQUEST_LIMIT] = POSTED_LIMIT
        if going_on.is_continue(state.request):
            state.own = "continue"  # answered in ``request``, where the form is; never forwarded
        elif relay.is_ours(state.request, state.decision, state.snapshot.policy):
            flow.metadata.update({REQUEST_LIMIT: relay.BODY_LIMIT, WAIT: relay.WAIT_SECONDS})
            relay.send(flow, state)
        elif state.decision.action.forbids:
            apply.answer(flow, state, self._services)
        else:
            self._forward(flow, state)
        state.spent += time.perf_counter() - started

    def request(self, flow: http.HTTPFlow) -> None:
        started = time.perf_counter()
        state = judged(flow)
        if state.own == relay.OWN:
            relay.complete(flow)
        elif state.own:
            going_on.answer(flow, state, self._services)
        elif state.decision.reads_words and flow.request.raw_content and not flow.response:
            self._judge_posted(flow, state, flow.request.raw_content)
        if not state.own:
            safely.fill_form(flow, state)
        state.spent += time.perf_counter() - started

    def request_prefix(self, flow: http.HTTPFlow, data: bytes) -> bool:
        """The first bytes of a body too large to hold: judge them, then say whether the rest may pass."""
        state = judged(flow)
        if state.own or flow.response is not None:
            return False
        if state.decision.reads_words:
            self._judge_posted(flow, state, data)
            flow.request.stream = PassOn(state, Unread.POSTED_REST, skip=len(data))
        return flow.response is None

    def _judge(self, flow: http.HTTPFlow) -> Judged:
        services = self._services
        snapshot = services.runtime.current
        connection = services.connections.open(flow.client_conn)
        identity = services.identity(snapshot, connection)
        services.count_connection(connection, identity.band, OPENED)
        request = request_facts(flow, connection, is_transparent(flow.client_conn))
        now = services.now(snapshot)
        decision = decide(request, identity, snapshot.policy, snapshot.index, now, services.grants)
        if decision.reads_words or (decision.action.forbids and request.query):
            request = with_typed(request)  # of what is closed, a search is heard: somebody may be in need
        state = Judged(snapshot, identity, request, decision, now)
        state.decision = _hear(decision, request, state, services)
        if request.file_type:
            state.decision = judge_files(state.decision, request, snapshot.policy, now)
        state.decision = judge_pictures(state.decision, request, snapshot.policy)
        return state

    def _judge_posted(self, flow: http.HTTPFlow, state: Judged, data: bytes) -> None:
        headers, lexicon = flow.request.headers, state.snapshot.lexicon
        read, state.posted = state.posted, None
        if read is None:
            kind, coding = headers.get("content-type", ""), headers.get("content-encoding", "")
            read = read_posted(data, kind, coding, state.request, lexicon)
        if read.undecodable:
            decision = unreadable(state, self._services, read.undecodable)
            if not decision.action.forbids:
                unread(state, Unread.UNDECODABLE, len(data))
        else:
            if read.is_text:
                state.inspected += len(data)
            else:
                unread(state, Unread.POSTED, len(data))
            request = replace(state.request, typed=read.typed)
            decision = _hear(state.decision, request, state, self._services, read.scan)
            if read.typed and read.typed[0].channel is Channel.SEARCH:
                state.request = replace(state.request, typed=(*state.request.typed, *read.typed))
        if decision is not state.decision:
            state.decision = decision
            if decision.action.forbids:
                apply.answer(flow, state, self._services)

    def _forward(self, flow: http.HTTPFlow, state: Judged) -> None:
        connection = self._services.connections.open(flow.client_conn)
        connection.going[flow.id] = state  # its answer may go on for hours
        if state.request.upgrade:
            connection.lasting = state.request
        apply.clean_request(flow, state)
        safely.ask(flow, state)
        flow.request.data.host = judged_host(state.request)
        flow.request.data.port = state.request.port
        if staying.stays(flow.client_conn, state.request):
            staying.lead(flow)
        if not state.decision.reads_words or f"{_posted_as(flow)};".startswith(_TALKS):
            flow.request.stream = PassOn(state, Unread.STREAM if state.decision.reads_words else by_policy(state))


def _posted_as(flow: http.HTTPFlow) -> str:
    declared: str = flow.request.headers.get("content-type", "")
    return declared.strip().lower()


def _hear(
    decision: Decision, request: Request, state: Judged, services: Services, scan: Scan | None = None
) -> Decision:
    """``scan`` is one that was asked already; else the lexicon's."""
    snapshot = state.snapshot
    return hear_typed(
        decision,
        request,
        scan or snapshot.lexicon.scan,
        state.identity,
        snapshot.policy,
        state.now,
        services.grants,
        services.telling(state),
    )
