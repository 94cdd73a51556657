"""The second judges: words and files are asked about what steps 5-7 allow, and the stricter verdict stands."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from hedgerow.core.asking import effective
from hedgerow.core.model import (
    Action,
    Channel,
    Decision,
    FileRule,
    Grants,
    Identity,
    Kind,
    Policy,
    Request,
    Rule,
    Step,
    TopicScore,
)
from hedgerow.core.safemode import shows_pictures
from hedgerow.core.sites import in_force

TYPED_THRESHOLD = 1.0  # a person who types a phrase means it: one is enough
SUPPORT = "self-harm"
"""The topic of words, and the category, whose reader gets support before anything else is said."""
SEEKING = "help-seeking"
"""The topic of a search for a helpline: it gets support, whatever would close it (``core.explain``)."""


def judge_words(
    decision: Decision,
    scores: Iterable[TopicScore],
    channel: Channel,
    identity: Identity,
    policy: Policy,
    now: datetime,
    kind: Kind = Kind.PAGE,
    grants: Grants | None = None,
) -> Decision:
    """The decision after words were heard: stricter or the same, never more open.

    ``scores`` come from ``core.words``; ``channel`` says where the text stood: typed text needs one hit,
    a page its topic's threshold. A continued warning about words lifts that topic on that site only.
    """
    if not decision.reads_words:
        return decision
    band = policy.bands[decision.band]
    for score in scores:
        word = band.words.get(score.topic)
        if word is None or score.score < (TYPED_THRESHOLD if channel.typed else word.threshold):
            continue
        rule = word.spoken(channel)
        if not in_force(rule, now.date()):
            continue
        action = effective(rule, now, band, policy)
        if action in (Action.WARN, Action.HELP) and _continued(decision, rule, identity, now, grants):
            continue
        if action in (Action.WARN, Action.LIMIT) and kind is Kind.PART and band.lenient:
            action = Action.MONITOR
        if action > decision.action:
            decision = _by_words(decision, rule, action, score, channel)
    return decision


def fewest_points(decision: Decision, policy: Policy) -> float:
    """Points a page must reach in a topic to matter to whoever asked: below that no rule of the band speaks."""
    band = policy.bands.get(decision.band)
    return min((word.threshold for word in band.words.values()), default=math.inf) if band else math.inf


def _continued(decision: Decision, rule: Rule, identity: Identity, now: datetime, grants: Grants | None) -> bool:
    """This person went on past this very rule on this site."""
    return grants is not None and grants.lifts(identity.key, decision.site, rule.digest, now) is not None


def _by_words(decision: Decision, rule: Rule, action: Action, score: TopicScore, channel: Channel) -> Decision:
    found = "; ".join(f"{'against it ' * (hit.weight < 0)}“{hit.phrase}” ({hit.where})" for hit in score.hits)
    evidence = f"words about {score.topic} in the {channel}: {found}"
    return replace(_by(decision, Step.WORDS, rule, action, evidence), category="", status=403, until=None)


def _by(decision: Decision, step: Step, rule: Rule, action: Action, evidence: str) -> Decision:
    """The decision in the words of the second judge's rule."""
    return replace(
        decision,
        action=action,
        step=step,
        rule=rule.id,
        where=str(rule.where),
        digest=rule.digest,
        message=rule.message,
        evidence=evidence,
        pending=decision.pending and not action.forbids,
        lifted=False,
    )


def judge_files(decision: Decision, request: Request, policy: Policy, now: datetime) -> Decision:
    """The decision once the file's type or size is known: stricter or the same, never more open."""
    if not decision.reads_files:
        return decision
    band = policy.bands[decision.band]
    for file in band.files:
        if not _speaks_about(file, request) or not in_force(file.rule, now.date()):
            continue
        action = effective(file.rule, now, band, policy)
        if action in (Action.WARN, Action.LIMIT) and band.lenient:
            action = Action.MONITOR  # a download has no page of its own to warn on
        if action > decision.action:
            decision = _by_file(decision, file.rule, action, request)
    return decision


def _speaks_about(file: FileRule, request: Request) -> bool:
    typed = not file.types or request.file_type in file.types
    sized = file.over is None or (request.size is not None and request.size > file.over)
    return typed and sized and bool(file.types or file.over is not None)


def _by_file(decision: Decision, rule: Rule, action: Action, request: Request) -> Decision:
    size = f", {request.size} bytes" if request.size is not None else ""
    evidence = f"a file of type {request.file_type or request.media_type}{size}"
    return _by(decision, Step.FILES, rule, action, evidence)


def judge_pictures(decision: Decision, request: Request, policy: Policy) -> Decision:
    """A search for pictures, and its small pictures, are closed in a band that hides them; never more open."""
    if decision.action.forbids or decision.band not in policy.bands or decision.step in _ABOVE_BANDS:
        return decision
    safe = policy.bands[decision.band].safe
    if safe.thumbnails:
        return decision
    hosts = {name.host for name in request.names if name.host}
    if not any(shows_pictures(host, request.path, request.query) for host in hosts):
        return decision
    rule = Rule("safe-search:thumbnails", Action.BLOCK, safe.where)
    return _by(decision, Step.FILES, rule, Action.BLOCK, "searches for pictures are off in this band")


_ABOVE_BANDS = frozenset({Step.BUILTIN, Step.ILLEGAL, Step.PROTECTED, Step.FLOOR})


def judge_undecodable(
    decision: Decision, identity: Identity, policy: Policy, now: datetime, reason: str, grants: Grants | None = None
) -> Decision:
    """The band's word about a body whose text cannot be read (unknown charset, broken or too many layers).

    A continued warning lifts it on that site.
    """
    if not decision.reads_words:
        return decision
    band = policy.bands[decision.band]
    action = effective(band.undecodable, now, band, policy)
    if action <= decision.action or (
        action is Action.WARN and _continued(decision, band.undecodable, identity, now, grants)
    ):
        return decision
    return replace(
        decision,
        action=action,
        step=Step.WORDS,
        rule=band.undecodable.id,
        where=str(band.undecodable.where),
        digest=band.undecodable.digest,
        evidence=f"the text cannot be read: {reason}",
        pending=False,
    )
