"""The same ``decide``, told step by step: what the block page, the log and a ticket rest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from typing import Protocol

from hedgerow.core.alerting import Alert, alerts
from hedgerow.core.asking import effective
from hedgerow.core.judges import SEEKING, SUPPORT, TYPED_THRESHOLD, judge_files, judge_pictures, judge_words
from hedgerow.core.model import (
    Action,
    Channel,
    Decision,
    Grants,
    Identity,
    Index,
    Passage,
    Place,
    Policy,
    Request,
    Step,
    TopicScore,
    Typed,
)
from hedgerow.core.policy import decide
from hedgerow.core.safemode import safe_change
from hedgerow.core.sites import in_force


class Scan(Protocol):
    """Text to topic scores: ``core.words.Lexicon.scan``."""

    def __call__(self, texts: Sequence[str | Passage], typed: bool = False, /) -> Sequence[TopicScore]: ...


type Overhear = Callable[[Channel, Sequence[TopicScore]], object]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and the steps that led to it, in the order they were asked."""

    decision: Decision
    steps: tuple[tuple[str, str], ...]
    alerts: tuple[Alert, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The contract of ``hedgerow explain --json``."""
        decision = self.decision
        return {
            "action": str(decision.action),
            "capture": str(decision.capture),
            "band": decision.band,
            "rule": decision.rule,
            "where": decision.where,
            "evidence": decision.evidence,
            "code": decision.code,
            "category": decision.category,
            "step": str(decision.step),
            "status": decision.status,
            "pending": decision.pending,
            "pass": decision.lifted_by,
            "policy": decision.policy,
            "alert": str(self.alerts[0].severity) if self.alerts else "",
            "alerts": [{"topic": alert.topic, "severity": str(alert.severity)} for alert in self.alerts],
            "steps": [{"step": step, "text": text} for step, text in self.steps],
        }


def hear_typed(
    decision: Decision,
    request: Request,
    scan: Scan,
    identity: Identity,
    policy: Policy,
    now: datetime,
    grants: Grants | None = None,
    overhear: Overhear = lambda channel, scores: None,
) -> Decision:
    """The words judge over all that was typed, search by search; the strictest stands.

    A search is heard also where something else closed the page: whoever is in need gets support. ``overhear`` is told
    the scores of each text that was heard (``core.alerting``).
    """
    for typed in request.typed:
        if not (decision.reads_words or (typed.channel is Channel.SEARCH and _closed(decision))):
            continue
        scores = scan(scanned(typed), typed.channel.typed)
        overhear(typed.channel, scores)
        decision = judge_words(decision, scores, typed.channel, identity, policy, now, request.kind, grants)
        decision = _supported(decision, scores, typed.channel, policy, now)
    return decision


def _supported(
    decision: Decision, scores: Sequence[TopicScore], channel: Channel, policy: Policy, now: datetime
) -> Decision:
    """Support in place of a closed page, for whoever searches for it: help, and a way on only past a warning."""
    if channel is not Channel.SEARCH or not _closed(decision) or decision.action is Action.HELP:
        return decision
    for score in scores:
        if score.score >= TYPED_THRESHOLD and _supports(score.topic, decision, policy, now):
            evidence = f"support first, for words about {score.topic} in the search; {decision.evidence}"
            digest = decision.digest if decision.action is Action.WARN else ""
            return replace(decision, action=Action.HELP, digest=digest, until=None, evidence=evidence)
    return decision


def _closed(decision: Decision) -> bool:
    return decision.action.forbids and decision.step not in (Step.BUILTIN, Step.ILLEGAL)


def _supports(topic: str, decision: Decision, policy: Policy, now: datetime) -> bool:
    """Does this band answer a search about ``topic`` with support?"""
    band = policy.bands[decision.band]
    word = band.words.get(topic) if topic in (SUPPORT, SEEKING) else None
    rule = word.spoken(Channel.SEARCH) if word is not None else None
    return rule is not None and in_force(rule, now.date()) and effective(rule, now, band, policy) >= Action.HELP


def in_need(decision: Decision, request: Request, scan: Scan, policy: Policy, now: datetime) -> bool:
    """Did somebody type what this band answers with support, though something else closed the page?

    Where the words themselves closed it, that is told by the rule. The verdict stays as it is.
    """
    if not _closed(decision) or decision.action is Action.HELP or not _supports(SUPPORT, decision, policy, now):
        return False
    if decision.rule == f"words:{SUPPORT}":
        return True
    found = (score for typed in request.typed for score in scan(scanned(typed), True))
    return any(score.topic == SUPPORT and score.score >= TYPED_THRESHOLD for score in found)


def scanned(typed: Typed) -> tuple[str | Passage, ...]:
    """What of it is scanned."""
    read = typed_readings(typed.text)
    return tuple(Passage(one, Place.ADDRESS) for one in read) if typed.channel is Channel.URL else read


def typed_readings(text: str) -> tuple[str, ...]:
    """The text, and what it says with HTML entities decoded twice: forms and links carry them doubly escaped."""
    plain = unescape(unescape(text)) if "&" in text else text
    return (text,) if plain == text else (text, plain)


def explain(
    request: Request,
    identity: Identity,
    policy: Policy,
    index: Index,
    now: datetime,
    scan: Scan,
    text: Sequence[str | Passage] = (),
    grants: Grants | None = None,
) -> Explanation:
    """Decide as traffic is decided, and keep what each step said. ``text`` is a page's visible text."""
    steps: list[tuple[str, str]] = [
        ("band", f"{identity.band} ({identity.network or 'no network names this address'})")
    ]
    decision = decide(request, identity, policy, index, now, grants, lambda step, said: steps.append((str(step), said)))
    found: list[Alert] = []
    band = policy.bands[decision.band]
    heard = hear_typed(
        decision,
        request,
        scan,
        identity,
        policy,
        now,
        grants,
        lambda channel, scores: found.extend(alerts(scores, channel, band, now.date())),
    )
    if text and heard.reads_words:
        heard = judge_words(heard, scan(text), Channel.PAGE, identity, policy, now, request.kind, grants)
    steps.append((str(Step.WORDS), _words_said(decision, heard)))
    steps += [("alert", f"{one.severity}, about {one.topic} in the {one.channel}: somebody is told") for one in found]
    filed = judge_files(heard, request, policy, now)
    if filed is not heard:
        steps.append((str(Step.FILES), filed.evidence))
    if (pictured := judge_pictures(filed, request, policy)) is not filed:
        filed = pictured
        steps.append((str(Step.FILES), filed.evidence))
    if not filed.action.forbids and (asked := _safely(filed, request, policy)):
        steps.append(("safe-search", asked))
    steps.append(("verdict", f"{filed.action} by {filed.rule} ({filed.where}): {filed.evidence}"))
    return Explanation(filed, tuple(steps), tuple(sorted(found, key=lambda alert: -alert.severity)))


def _safely(decision: Decision, request: Request, policy: Policy) -> str:
    """What is written into the request on its way out."""
    host = next((name.host for name in request.names if name.host), "")
    change = safe_change(host, request.path, request.query, policy.bands[decision.band].safe)
    return str(change) if change is not None else ""


def _words_said(before: Decision, after: Decision) -> str:
    if after is not before:
        return after.evidence
    return "nothing stricter was found" if before.reads_words else "not asked: this verdict does not depend on words"
