"""One event a finished search, whatever the engine fetches for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from hedgerow.core.model import Action, Capture, Decision, Identity, Name, NameSource, Request, Step
from hedgerow.core.search import typed_in_url
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.once import Lately, Once
from hedgerow.runtime import Snapshot

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def asked(
    query: str = "q=pond",
    path: str = "/search",
    host: str = "www.google.com",
    person: str = "10.0.0.1",
    after: float = 0,
    step: Step = Step.CATEGORY,
    action: Action = Action.ALLOW,
) -> Judged:
    request = Request((Name(NameSource.HOST, host),), path=path, query=query, typed=typed_in_url(host, path, query))
    decision = Decision(action, Capture.DECRYPTED, "b", step, "rule", "f:1", "", host)
    now = NOW + timedelta(seconds=after)
    return Judged(cast(Snapshot, None), Identity(person, "b"), request, decision, now)


AGAIN = {
    "next-page": asked("q=pond&start=10", after=5),
    "pictures": asked("q=Pond&tbm=isch", after=59),
    "xhr": asked("q=pond&tch=1", after=1),
}
ANOTHER = {
    "other-words": asked("q=frog", after=5),
    "other-person": asked(person="10.0.0.2", after=5),
    "other-engine": asked(host="www.bing.com", after=5),
    "later": asked(after=61),
    "clock-set-back": asked(after=-5),
    "other-verdict": asked(after=5, action=Action.BLOCK, step=Step.WORDS),
    "no-search": asked("q=pond", "/imgres.png", after=5),
}


@pytest.mark.parametrize("name", list(AGAIN))
def test_the_same_search_is_told_once(name: str) -> None:
    once = Once()
    assert not once.told(asked()) and once.told(AGAIN[name])


@pytest.mark.parametrize("name", list(ANOTHER))
def test_anything_else_is_told(name: str) -> None:
    once = Once()
    assert not once.told(asked()) and not once.told(ANOTHER[name])


def test_half_a_search_is_told_by_the_whole_one() -> None:
    once = Once()
    half = asked("q=po", "/complete/search", step=Step.WORDS, action=Action.BLOCK)
    assert once.told(half)
    assert not once.told(replace_step(half, Step.CATEGORY)), "that the site itself is closed is no matter of words"


def replace_step(state: Judged, step: Step) -> Judged:
    state.decision = replace(state.decision, step=step)
    return state


def test_memory_is_bounded() -> None:
    once = Once()
    for number in range(6_000):
        once.told(asked(f"q=pond{number}"))
    assert once.told(asked("q=pond5999", after=1)) and not once.told(asked("q=pond1", after=1))


def test_the_same_is_told_once_in_a_minute_and_old_things_are_forgotten() -> None:
    lately, now = Lately(), datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert not lately.again(("p1", "grooming", 7), now)
    assert lately.again(("p1", "grooming", 7), now + timedelta(seconds=59))
    assert not lately.again(("p1", "grooming", 8), now) and not lately.again(("p2", "grooming", 7), now)
    assert not lately.again(("p1", "grooming", 7), now + timedelta(seconds=60))
    assert not lately.again(("p1", "grooming", 7), now - timedelta(hours=1))  # the clock was set back
    for number in range(5_000):
        lately.again((number,), now)
    assert not lately.again(("p2", "grooming", 7), now)  # pushed out by the others
