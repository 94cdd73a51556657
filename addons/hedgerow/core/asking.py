"""What one name is judged with, and how a rule becomes a decision told in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hedgerow.core.hosts import below, registrable
from hedgerow.core.model import (
    Action,
    Band,
    Capture,
    Decision,
    Grants,
    Identity,
    Index,
    Kind,
    Pass,
    Policy,
    Request,
    Rule,
    Step,
)
from hedgerow.core.refusals import BUILTIN_STATUS
from hedgerow.core.schedule import is_open, next_open
from hedgerow.core.sites import covers

Trace = Callable[[Step, str], None]
"""``explain`` listens here; ``None`` in traffic, so that the told and the taken decision are one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything one name is judged with: the arguments of ``decide``, and the band they lead to."""

    request: Request
    identity: Identity
    policy: Policy
    band: Band
    index: Index
    now: datetime  # aware, in the school's time zone
    grants: Grants | None
    trace: Trace | None = None

    def note(self, step: Step, template: str, *facts: object) -> None:
        """Tell a listener what a step said; in traffic nobody listens, and no text is made."""
        if self.trace is not None:
            self.trace(step, template % facts if facts else template)


def effective(rule: Rule, asking_now: datetime, band: Band, policy: Policy) -> Action:
    """The rule's action at this moment: that of its first open window, else its own."""
    for name, action in rule.times:
        if is_open(band.windows[name], asking_now, policy.calendar):
            return action
    return rule.action


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rule at this moment: what it asks for, and what is left of that after grants and what can be shown."""

    rule: Rule
    action: Action
    shown: Action
    lifted: bool
    pending: bool


def weigh(asking: Asking, step: Step, rule: Rule, host: str, action: Action | None = None) -> Weighed:
    """The rule's action now; lifted by a grant, softened where no page can be shown (never in the floor)."""
    asked = effective(rule, asking.now, asking.band, asking.policy) if action is None else action
    if step is Step.FLOOR:
        return Weighed(rule, asked, asked, False, False)
    if lifted(asking, rule, asked, host):
        return Weighed(rule, asked, Action.ALLOW, True, False)
    if asked in (Action.WARN, Action.LIMIT) and asking.band.lenient:
        if asking.request.kind is Kind.PART or asking.request.upgrade:
            return Weighed(rule, asked, Action.MONITOR, False, False)  # no page can be shown: allowed and counted
        if asking.request.kind is Kind.UNKNOWN and asking.identity.level is Capture.DECRYPTED:
            return Weighed(rule, asked, Action.MONITOR, False, True)  # the response's type decides
    return Weighed(rule, asked, asked, False, False)


def by_rule(asking: Asking, step: Step, rule: Rule, action: Action, host: str, evidence: str) -> Decision:
    return told(asking, step, weigh(asking, step, rule, host, action), host, evidence)


def told(
    asking: Asking,
    step: Step,
    weighed: Weighed,
    host: str,
    evidence: str,
    waits: bool = False,
    *,
    words: bool = True,
    files: bool = True,
    category: str = "",
) -> Decision:
    """The decision in full. ``waits``: page and part differ, so the response's type decides.

    ``words`` and ``files`` say whether the second judges are asked at all.
    """
    rule, shown = weighed.rule, weighed.shown
    held = pass_over(asking, rule, host) if weighed.lifted else None
    asks = step is not Step.FLOOR and not shown.forbids
    return Decision(
        action=shown,
        capture=Capture.DECRYPTED,
        band=asking.band.name,
        step=step,
        rule=rule.id,
        where=str(rule.where),
        evidence=evidence,
        host=host,
        policy=asking.policy.version,
        digest=rule.digest if weighed.action.forbids else "",
        message=rule.message,
        site=registrable(host),
        category=category,
        reads_words=asks and words,
        reads_files=asks and files and bool(asking.band.files),
        pending=weighed.pending or waits,
        until=_opens_at(asking, rule) if shown is Action.LIMIT else None,
        lifted=weighed.lifted,
        lifted_by=held.id if held is not None else "",
    )


def lifted(asking: Asking, rule: Rule, action: Action, host: str) -> bool:
    """True when this person continued past exactly this rule on this site, or a pass lifts it; never after its end."""
    if asking.grants is None or not action.forbids:
        return False
    if action is Action.WARN or action is Action.HELP:
        grant = asking.grants.lifts(asking.identity.key, registrable(host), rule.digest, asking.now)
        if grant is not None:
            asking.note(_step_of(rule), "%s was continued by this person on %s", rule.id, grant.site)
            return True
    held = pass_over(asking, rule, host)
    if held is not None:
        asking.note(_step_of(rule), "%s is lifted by the pass %s", rule.id, held.id)
    return held is not None


def _step_of(rule: Rule) -> Step:
    """Of 5 to 7, the one whose rules are called so."""
    return {"site": Step.SITE, "category": Step.CATEGORY}.get(rule.id.partition(":")[0], Step.DEFAULT)


def pass_over(asking: Asking, rule: Rule, host: str) -> Pass | None:
    """The pass in force that lifts this rule here, if any."""
    if asking.grants is None:
        return None
    for held in asking.grants.passes(asking.identity, asking.now):
        if rule.digest in held.digests and on_site(held, host, asking.request.path):
            return held
    return None


def on_site(held: Pass, host: str, path: str) -> bool:
    """True for the pass's host and path and what is below them, and everywhere for a category's pass."""
    return not held.host or (below(host, held.host) and covers(held.path, path))


def _opens_at(asking: Asking, rule: Rule) -> datetime | None:
    """When a limit opens: the next opening of a window in which it is not forbidden."""
    moments = [
        next_open(asking.band.windows[name], asking.now, asking.policy.calendar)
        for name, action in rule.times
        if not action.forbids
    ]
    return min((m for m in moments if m is not None), default=None)


def refused(request: Request, band: str, version: str, reason: str, evidence: str) -> Decision:
    """A built-in refusal: also of what only dialling can find, such as a name that answers with a private address."""
    return Decision(
        action=Action.BLOCK,
        capture=Capture.DECRYPTED,
        band=band,
        step=Step.BUILTIN,
        rule=f"builtin:{reason}",
        where=f"builtin:{reason}",
        evidence=evidence,
        host=next((n.host for n in request.names if n.host), "") or "",
        policy=version,
        status=BUILTIN_STATUS.get(reason, 403),
    )
