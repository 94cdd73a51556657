"""The second judges' word about what was read: asked the same way for pages, posts, streams and conversations."""

from __future__ import annotations

from collections.abc import Sequence

from hedgerow.core.judges import judge_undecodable, judge_words
from hedgerow.core.model import Channel, Decision, TopicScore
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.services import Services


def heard(state: Judged, services: Services, scores: Sequence[TopicScore], channel: Channel) -> Decision:
    """The decision after these scores; the state's own where they change nothing."""
    policy, kind = state.snapshot.policy, state.request.kind
    return judge_words(state.decision, scores, channel, state.identity, policy, state.now, kind, services.grants)


def unreadable(state: Judged, services: Services, reason: str) -> Decision:
    """The band's word about what cannot be read."""
    policy = state.snapshot.policy
    return judge_undecodable(state.decision, state.identity, policy, state.now, reason, services.grants)
