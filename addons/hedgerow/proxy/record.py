"""record: what happened? Metrics and the decision log, last of the five addons; it never waits and never names."""

from __future__ import annotations

from dataclasses import replace

from mitmproxy import http

from hedgerow import metrics
from hedgerow.core.asking import refused
from hedgerow.proxy.judged import KEY, Judged, judged
from hedgerow.proxy.services import Services


class Record:
    """Counts each request once, when its answer is known, and writes the event the school's settings ask for."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def response(self, flow: http.HTTPFlow) -> None:
        if flow.request.method == "CONNECT":
            return
        self._services.connections.ended(flow.client_conn, flow.id)
        self._finish(flow, judged(flow))

    def error(self, flow: http.HTTPFlow) -> None:
        """The client left, or the upstream failed: the decision was taken all the same."""
        state: Judged | None = flow.metadata.get(KEY)
        if state is None:
            return
        self._services.connections.ended(flow.client_conn, flow.id)
        if not (state.answered or state.own or state.identity.synthetic) and flow.error is not None:
            self._upstream_failed(state, flow.error.msg)
        self._finish(flow, state)

    @staticmethod
    def _upstream_failed(state: Judged, message: str) -> None:
        """What only dialling can find is a refusal of step 0, and is told and logged as one."""
        reason = _reason(message)
        metrics.UPSTREAM_ERRORS.labels(reason).inc()
        if reason in ("private-address", "loop"):
            old = state.decision
            state.request = replace(state.request, faults=(reason,))
            state.decision = refused(state.request, old.band, old.policy, reason, f"{old.host}: {reason}")

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """A conversation may go on for hours: what its words led to is told when they were said."""
        self._finish(flow, judged(flow))

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        state = judged(flow)
        if not state.identity.synthetic:
            self._count_inspected(state)
            self._count_unread(state)

    def _finish(self, flow: http.HTTPFlow, state: Judged) -> None:
        if state.recorded is state.decision or state.identity.synthetic:
            return
        state.recorded = state.decision
        scheme = ("wss" if state.request.scheme == "https" else "ws") if state.request.upgrade else state.request.scheme
        self._services.record(state, scheme)
        metrics.ADDED_SECONDS.observe(state.spent)
        self._count_unread(state)
        self._count_inspected(state)

    @staticmethod
    def _count_inspected(state: Judged) -> None:
        if state.inspected:
            metrics.INSPECTED_BYTES.labels(_kind(state), state.decision.band).inc(state.inspected)
            state.inspected = 0

    @staticmethod
    def _count_unread(state: Judged) -> None:
        """One reason a request, also when something else of it was read."""
        if state.not_inspected is not None and not state.answered:
            metrics.NOT_INSPECTED.labels(state.not_inspected, state.decision.band).inc()
        state.not_inspected = None


def _kind(state: Judged) -> str:
    media = state.request.media_type
    if not media:
        return "posted"
    for kind in ("html", "json", "plain", "xml"):
        if kind in media:
            return kind
    return "other"


_REASONS = frozenset(
    {"private-address", "loop", "no-address", "timeout", "refused", "parent-proxy", "certificate", "protocol", "fault"}
)
"""What ``proxy.upstream`` says; anything else is mitmproxy's own sentence, which may name a site and is not kept."""


def _reason(message: str) -> str:
    if message in _REASONS:
        return message
    if message.startswith("Certificate verify failed"):
        return "certificate"
    return "closed" if "clos" in message or "disconnect" in message else "other"
