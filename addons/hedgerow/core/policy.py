"""The precedence, written once: ``decide`` says what happens to a request, and why.

First that speaks, for every name the client gave; the strictest name stands:

0. built-in refusals: what is not canonical, not ours to reach, or not what it says it is
1. member-only illegal URLs (``core.member``): lists no school can switch off and nobody can read
2. protected names: helplines and the gateway itself
3. the floor, that no school can loosen; then a school's own additions to the helplines
4. exam mode: nothing but the sites a teacher named (``core.exam``); lockout, once there is one
5. the band's site rules, most specific first
6. categories, the strictest over the name and all its listed parents
7. the band's default for the unknown

An address inside the address (a translator's, an archive's) is judged as well (``core.inside``).
Words and files are not steps but second judges (``core.judges``). Of all these the stricter verdict stands.
A grant is no step either: it lifts exactly the rules it was issued for (``core.asking.lifted``). A relaxation is
neither: while it holds, everything is judged as in a network whose connections are never opened, except that hosts with
pages in a member-only list are opened for their paths alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hedgerow.core.asking import Asking, Trace, refused
from hedgerow.core.hosts import parents
from hedgerow.core.inside import with_inside
from hedgerow.core.model import (
    Action,
    Capture,
    Decision,
    Grants,
    Identity,
    Index,
    Name,
    NameSource,
    Policy,
    Request,
    Step,
)
from hedgerow.core.refusals import refusal
from hedgerow.core.steps import STEPS, listed_nowhere, unknown

_ORDER = {step: place for place, step in enumerate(Step)}


def decide(
    request: Request,
    identity: Identity,
    policy: Policy,
    index: Index,
    now: datetime,
    grants: Grants | None = None,
    trace: Trace | None = None,
) -> Decision:
    """What happens to this request. Pure: the same arguments give the same decision.

    ``now`` is aware and in the school's time zone. The caller asks again with ``kind`` set once the
    response's type is known when the decision says ``pending``.
    """
    band = policy.bands.get(identity.band) or policy.bands[policy.default_band]
    opens = identity.level is Capture.DECRYPTED
    relaxed = grants.relaxed(now) if grants is not None else None
    if relaxed is not None:
        identity = replace(identity, level=Capture.NAMES_ONLY)
    asking = Asking(request, identity, policy, band, index, now, grants, trace)
    if relaxed is not None:
        asking.note(Step.BUILTIN, "relaxed by %s (%s): judged by names only", relaxed.by, relaxed.reason)
    if reason := refusal(request, policy):
        asking.note(Step.BUILTIN, "refused: %s", reason[1])
        return _builtin(asking, *reason)
    asking.note(Step.BUILTIN, "nothing to refuse")
    names = _judged_names(request)
    strictest = max((_judge(asking, name) for name in names), key=_weight)
    if not strictest.action.forbids and len({n.host for n in names if n.source is not NameSource.DESTINATION}) > 1:
        listed = ", ".join(f"{n.source} {n.host}" for n in names)
        asking.note(Step.BUILTIN, "the names disagree: %s", listed)
        return _builtin(asking, "names-disagree", f"the client named two destinations: {listed}")
    return _with_capture(asking, with_inside(asking, names, strictest), strictest.host, opens)


def _weight(decision: Decision) -> tuple[Action, bool, int]:
    """The strictest first; among equals the one an earlier step spoke: it tells more than "nobody has judged"."""
    return decision.action, decision.pending, -_ORDER[decision.step]


def _judged_names(request: Request) -> tuple[Name, ...]:
    """One name per host. The dialled address counts by itself only when the client named nothing else.

    It stands last, so that of two equal verdicts the name's is told, in whatever order the facts came.
    """
    unique: dict[str | None, Name] = {}
    for name in request.names:
        if name.host not in unique or unique[name.host].source is NameSource.DESTINATION:
            unique[name.host] = name  # an address that is also written in Host is a name the client gave
    return tuple(sorted(unique.values(), key=lambda name: name.source is NameSource.DESTINATION))


def _judge(asking: Asking, name: Name) -> Decision:
    host = name.host or ""
    for step in STEPS:
        if (decision := step(asking, host)) is not None:
            return decision
    if name.source is NameSource.DESTINATION:
        if any(n.source is not NameSource.DESTINATION for n in asking.request.names):
            return listed_nowhere(asking, host)
    return unknown(asking, host)


def _builtin(asking: Asking, reason: str, evidence: str) -> Decision:
    decision = refused(asking.request, asking.band.name, asking.policy.version, reason, evidence)
    illegal = asking.policy.illegal
    if illegal is not None and any(name.host and illegal.knows(name.host) for name in asking.request.names):
        return replace(decision, host="", evidence=f"refused: {reason}", secret=True)
    return decision


def _with_capture(asking: Asking, decision: Decision, host: str, opens: bool) -> Decision:
    """Decrypt or pass through. A page can only be shown on a decrypted connection, so what forbids decrypts.

    ``host`` is whose connection it is, whatever stands inside its URL. ``opens``: this network's connections can be
    opened, whatever a relaxation says. Then those of a host with pages in a member-only list are: for the path alone,
    which is judged and not kept; words and files inside stay unread.
    """
    if decision.protected:
        return decision
    if decision.action.forbids or (decision.pending and decision.step is not Step.DEFAULT):
        return decision
    names_only = asking.identity.level is Capture.NAMES_ONLY or _no_decrypt(asking, host)
    if not names_only:
        return decision
    unread = replace(decision, reads_words=False, reads_files=False, pending=False)
    illegal = asking.policy.illegal
    if opens and illegal is not None and illegal.has_pages(host):
        return replace(unread, capture=Capture.DECRYPTED)  # not told to ``explain``: that would name the list's hosts
    asking.note(Step.DEFAULT, "not decrypted: judged by its name only")
    return replace(unread, capture=Capture.NAMES_ONLY)


def _no_decrypt(asking: Asking, host: str) -> bool:
    table = asking.policy.no_decrypt
    for parent in parents(host):
        entry = table.get(parent)
        if entry is not None and (entry.below or parent == host):
            return True
    return False
