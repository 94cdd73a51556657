"""What passes unread is counted as it passes; a held body as it lay on the wire."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hedgerow import metrics
from hedgerow.core.model import Action, Capture, Decision, Step
from hedgerow.core.text import Text
from hedgerow.core.unread import Unread
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.passing import PassOn, by_policy, of_body

DECISION = Decision(Action.ALLOW, Capture.DECRYPTED, "ages-8-10", Step.SITE, "site:a.test", "x:1", "e", "a.test")


def state(synthetic: bool = False, **changes: Any) -> Judged:
    who = SimpleNamespace(synthetic=synthetic)
    made = SimpleNamespace(decision=replace(DECISION, **changes), not_inspected=None, inspected=0, identity=who)
    return cast(Judged, made)


def passed(reason: Unread) -> float:
    labels = {"reason": str(reason), "band": "ages-8-10"}
    return metrics.WORKER.get_sample_value("hedgerow_not_inspected_bytes_total", labels) or 0.0


def test_each_piece_counts_at_once() -> None:
    one, before = state(), passed(Unread.MEDIA)
    on = PassOn(one, Unread.MEDIA)
    assert on(b"12345") == b"12345" and passed(Unread.MEDIA) - before == 5
    assert on(b"678") == b"678" and on(b"") == b"" and passed(Unread.MEDIA) - before == 8
    assert one.not_inspected is Unread.MEDIA


def test_what_was_read_before_is_no_part_of_it() -> None:
    one, before = state(), passed(Unread.REST)
    on = PassOn(one, Unread.REST, skip=6)
    on(b"12345")
    assert one.not_inspected is None
    on(b"67890")
    assert passed(Unread.REST) - before == 4 and one.not_inspected is Unread.REST


def test_of_our_own_test_clients_nothing_is_counted() -> None:
    one, before = state(synthetic=True), passed(Unread.MEDIA)
    assert PassOn(one, Unread.MEDIA)(b"12345") == b"12345"
    assert passed(Unread.MEDIA) == before and one.not_inspected is None


def test_no_bytes_give_no_reason() -> None:
    one = state()
    PassOn(one, Unread.PICTURE)(b"")
    assert one.not_inspected is None


@pytest.mark.parametrize(
    "text, coded, read, reason",
    [
        (Text(inspected=100), False, 100, None),
        (Text(inspected=900), True, 100, None),  # 100 bytes of gzip
        (Text(inspected=60, truncated=True), False, 60, Unread.REST),
        (Text(inspected=60, truncated=True), True, 0, Unread.REST),  # nobody can say how many of the 100
        (Text(undecodable="charset"), False, 0, Unread.UNDECODABLE),
        (Text(), False, 0, Unread.PICTURE),
    ],
)
def test_a_held_body(text: Text, coded: bool, read: int, reason: Unread | None) -> None:
    one = state()
    before = {each: passed(each) for each in Unread}
    of_body(one, text, "image/png", b"x" * 100, coded)
    grown = {each: passed(each) - old for each, old in before.items() if passed(each) > old}
    assert one.inspected == read and one.not_inspected is reason
    assert grown == ({reason: 100 - read} if reason else {})


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({}, Unread.POLICY),
        ({"capture": Capture.NAMES_ONLY}, Unread.NAMES_ONLY),  # plain http on a network of names only
        ({"protected": True}, Unread.PROTECTED),
    ],
)
def test_why_nobody_asks_for_the_words(changes: dict[str, Any], reason: Unread) -> None:
    assert by_policy(state(**changes)) is reason
