"""Who is told what somebody typed: by the band's word, whatever the reader gets; pages and addresses tell nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hedgerow.core.alerting import WINDOW, alerts, written
from hedgerow.core.model import Band, Channel, Hit, Severity, TopicScore, Where, WordRule
from tests.core.house import A, band, rule

TODAY = date(2026, 11, 25)
TYPED = [channel for channel in Channel if written(channel)]


def hit(topic: str, weight: float, excerpt: str) -> Hit:
    return Hit(topic, excerpt, Where(f"words/{topic}.en.yaml", 4), 0, len(excerpt), excerpt, "en", weight)


def score(topic: str, points: float, *excerpts: tuple[float, str]) -> TopicScore:
    hits = tuple(hit(topic, weight, text) for weight, text in excerpts or ((points, "words"),))
    return TopicScore(topic, points, "en", hits)


def word(topic: str, severity: Severity | None, at: float | None = None, action: A = A.MONITOR) -> WordRule:
    return WordRule(topic, rule(f"words:{topic}", action), alert=severity, alert_from=at)


def school(*words: WordRule) -> Band:
    return replace(band(), words={one.topic: one for one in words})


CARE = school(
    word("self-harm", Severity.HIGH, action=A.HELP),
    word("grooming", Severity.HIGH, action=A.ALLOW),
    word("bullying", Severity.MEDIUM, at=2, action=A.BLOCK),
    word("hate", None),
    word("extremism", Severity.OFF),
)


@pytest.mark.parametrize(
    "topic, points, severity",
    [
        ("self-harm", 1.0, Severity.HIGH),
        ("self-harm", 0.9, None),
        ("grooming", 1.0, Severity.HIGH),  # allowed, and told all the same
        ("bullying", 1.9, None),  # a bad name
        ("bullying", 2.0, Severity.MEDIUM),  # a threat; blocked, and told all the same
        ("hate", 9.0, None),  # nothing said of alerts
        ("extremism", 9.0, None),  # switched off
        ("cooking", 9.0, None),  # no rule at all
    ],
)
def test_the_band_says_of_what_and_from_when_on(topic: str, points: float, severity: Severity | None) -> None:
    found = alerts([score(topic, points)], Channel.POSTED, CARE, TODAY)
    assert [one.severity for one in found] == ([severity] if severity else [])


@pytest.mark.parametrize("channel", Channel)
def test_only_what_a_person_wrote_is_told(channel: Channel) -> None:
    told = bool(alerts([score("self-harm", 5.0)], channel, CARE, TODAY))
    assert told is (channel in TYPED)
    assert Channel.PAGE not in TYPED and Channel.URL not in TYPED
    assert {Channel.SEARCH, Channel.POSTED, Channel.MESSAGE} <= set(TYPED)


def test_the_most_serious_comes_first() -> None:
    found = alerts([score("bullying", 5), score("grooming", 2)], Channel.MESSAGE, CARE, TODAY)
    assert [one.topic for one in found] == ["grooming", "bullying"]


def test_the_window_is_of_the_words_that_weighed_most_and_no_longer_than_it_may_be() -> None:
    said = score("self-harm", 2.5, (0.5, "so tired"), (2.0, "y" * 200), (-1.0, "helpline"))
    (found,) = alerts([said], Channel.SEARCH, CARE, TODAY)
    assert found.evidence == "y" * WINDOW
    assert (found.score, found.language, found.channel) == (2.5, "en", Channel.SEARCH)


@pytest.mark.parametrize("points, told", [(1.0, False), (1.9, False), (2.0, True)])
def test_the_question_for_a_helpline_is_no_alarm(points: float, told: bool) -> None:
    """What is said of oneself beyond doubt is heard beside it."""
    scores = [score("help-seeking", 1.0), score("self-harm", points)]
    assert bool(alerts(scores, Channel.SEARCH, CARE, TODAY)) is told


@pytest.mark.parametrize("since, until, told", [(None, None, True), (date(2026, 12, 1), None, False)])
def test_a_rule_out_of_its_dates_tells_nobody(since: date | None, until: date | None, told: bool) -> None:
    late = WordRule("grooming", rule("words:grooming", A.BLOCK, since=since, until=until), alert=Severity.HIGH)
    assert bool(alerts([score("grooming", 3)], Channel.MESSAGE, school(late), TODAY)) is told
