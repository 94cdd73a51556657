"""What the five addons share in one worker, handed to them through their constructors. No globals, no ``ctx``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mitmproxy.tls import TlsData

from hedgerow import metrics
from hedgerow.core.alerting import alerts
from hedgerow.core.explain import Overhear
from hedgerow.core.model import Capture, Channel, Decision, Identity, Request, TopicScore
from hedgerow.core.unread import HANDSHAKE, OPENED, Unread
from hedgerow.proxy.connections import Connection, Connections
from hedgerow.proxy.guest import canary_of
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.once import Lately, Once
from hedgerow.proxy.refusals import Refusals
from hedgerow.runtime import Runtime, Snapshot
from hedgerow.stores.alert_spool import AlertSpool
from hedgerow.stores.alerts import make_alert
from hedgerow.stores.events import Event, make_event
from hedgerow.stores.grants import GrantStore
from hedgerow.stores.pseudonyms import Pseudonyms
from hedgerow.stores.spool import EventSpool
from hedgerow.stores.tokens import Tokens


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Services:
    """One worker's runtime, stores and counters."""

    runtime: Runtime
    grants: GrantStore
    spool: EventSpool
    alerts: AlertSpool
    tokens: Tokens
    pseudonyms: Pseudonyms
    name: str = ""  # what a parent proxy knows this box by
    clock: Callable[[], datetime] = _utc_now
    connections: Connections = field(default_factory=Connections)
    searched: Once = field(default_factory=Once)
    lately: Lately = field(default_factory=Lately)
    refusals: Refusals = field(default_factory=Refusals)

    def now(self, snapshot: Snapshot) -> datetime:
        """The moment, aware and in the school's time zone."""
        return self.clock().astimezone(snapshot.zone)

    def identity(self, snapshot: Snapshot, connection: Connection) -> Identity:
        """Who is behind a connection: whom a canary plays, else whoever has the address. Never a header's word."""
        if connection.canary is not None:
            return connection.canary.identity(snapshot)
        return snapshot.identities.resolve(connection.address)

    def record(self, state: Judged, scheme: str) -> None:
        """Count a finished decision and log it. Never waits: the spool takes the event or counts it as dropped."""
        metrics.count_decision(state.decision, scheme, state.snapshot.named_rules)
        if not self.searched.told(state):
            self._log(state.snapshot, state.identity, state.request, state.decision, state.now)

    def telling(self, state: Judged) -> Overhear:
        """What ``hear_typed`` calls with each text that was heard."""
        return lambda channel, scores: self.tell(state, scores, channel)

    def tell(
        self,
        state: Judged,
        scores: Sequence[TopicScore],
        channel: Channel,
        talk: Lately | None = None,
        received: bool = False,
    ) -> None:
        """Raise what of these scores somebody at the school should know. Never waits.

        One search is many requests: the same words are told once. In a conversation a message is looked at with those
        before it: ``talk`` remembers which phrases it has told. ``received``: somebody else wrote it.
        """
        if state.identity.synthetic:
            return
        decision, snapshot = state.decision, state.snapshot
        found = alerts(scores, channel, snapshot.policy.bands[decision.band], state.now.date()) if scores else ()
        now = self.now(snapshot) if found else state.now
        for alert in found:
            if talk is not None:
                again = talk.again((alert.topic, hash(alert.phrases)), now)
            else:
                again = self.lately.again((state.identity.key, alert.topic, hash(alert.evidence)), now)
            privacy = snapshot.site.privacy
            if not again and (
                made := make_alert(alert, decision, state.identity, now, privacy, self.pseudonyms, received)
            ):
                self.alerts.append(made)

    def record_passed(
        self, snapshot: Snapshot, identity: Identity, request: Request, decision: Decision, now: datetime
    ) -> Unread:
        """A connection passed on undecrypted: its name was judged, nothing in it was read. Returns why."""
        why = self._why_passed(identity, decision, now)
        if identity.synthetic:
            return why
        metrics.count_decision(decision, "tunnel", snapshot.named_rules)
        metrics.NOT_INSPECTED.labels(why, decision.band).inc()
        self._log(snapshot, identity, request, decision, now)
        return why

    def _why_passed(self, identity: Identity, decision: Decision, now: datetime) -> Unread:
        if decision.protected:
            return Unread.PROTECTED
        if identity.level is Capture.DECRYPTED:
            return Unread.RELAXED if self.grants.relaxed(now) is not None else Unread.NO_DECRYPT
        return Unread.NAMES_ONLY

    def count_connection(self, connection: Connection, band: str, outcome: str) -> None:
        """Count what became of a connection, once. ``outcome``: one of ``core.unread.OUTCOMES``."""
        if not connection.counted and connection.canary is None:
            connection.counted = True
            metrics.CONNECTIONS.labels(band, outcome).inc()
            if outcome == OPENED and connection.sni is not None:
                self.refusals.accepted(connection.address)

    def record_refused(self, snapshot: Snapshot, identity: Identity, request: Request, decision: Decision) -> None:
        """A CONNECT that step 0 refused."""
        if identity.synthetic:
            return
        metrics.count_decision(decision, "tunnel", snapshot.named_rules)
        self._log(snapshot, identity, request, decision, self.now(snapshot))

    def count_tls_failed(self, side: str, data: TlsData) -> None:
        if canary_of(data.context.client) is not None:
            return
        metrics.TLS_FAILED.labels(side).inc()
        if side == "client":
            self._count_refusal(self.connections.open(data.context.client))

    def _count_refusal(self, connection: Connection) -> None:
        """The device took no certificate of ours: it lacks the CA, or an application accepts its maker's only."""
        band = self.runtime.current.identities.resolve(connection.address).band
        self.count_connection(connection, band, HANDSHAKE)
        name = connection.sni or connection.connect or connection.destination
        trust, wide = self.refusals.refused(connection.address, (name and name.host) or "")
        if trust:
            metrics.DEVICES_REFUSING.labels(trust).inc()
        if wide:
            metrics.WIDELY_REFUSED.inc()

    def _log(self, snapshot: Snapshot, identity: Identity, request: Request, decision: Decision, now: datetime) -> None:
        event: Event | None = make_event(decision, identity, request, now, snapshot.site.privacy, self.pseudonyms)
        if event is not None:
            self.spool.append(event.as_dict())
