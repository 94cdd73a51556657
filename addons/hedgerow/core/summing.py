"""From the points of hand-made lists and the odds of all words to one score a topic."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hedgerow.core.learned import SHORT, Model, Subject
from hedgerow.core.model import Hit, TopicScore
from hedgerow.core.scoring import MAX_HITS, Scored

PAGE, TYPED = 3.0, 1.0
"""Points at which a page, and what somebody typed, is just caught."""

_SHOWN = 0.05
"""Points below which there is nothing to tell."""

type Odds = Mapping[int, float]
"""By subject, the natural logarithm of the odds by the features."""


def points(subject: Subject, odds: float, listed: float, words: int | None) -> float:
    """The score of a text with these odds that the lists give so many points: of a page, or of so many words that
    somebody typed; there the lists' points at least, if they are believed."""
    line, caught = (subject.page, PAGE) if words is None else (subject.typed, TYPED)
    reached = line.points(odds + subject.listed * math.log1p(listed), caught) if line else 0.0
    return max(reached, listed) if words is not None and subject.believes(odds, listed, words) else reached


def worth_a_look(model: Model, odds: Odds, most: Mapping[str, float], least: float) -> set[str]:
    """The topics in which a page may reach so many points, when the lists give ``most`` at most."""
    found = {topic for topic, listed in most.items() if listed >= least}
    for number, value in odds.items():
        subject = model.subjects[number]
        if points(subject, value, most.get(subject.topic, 0.0), None) >= max(least, _SHOWN):
            found.add(subject.topic)
    return found


def summed(
    model: Model,
    odds: Odds,
    listed: Iterable[Scored],
    firm: Mapping[str, float],
    words: int | None,
    tell: Callable[[int], Sequence[Hit]],
    least: float = _SHOWN,
) -> tuple[TopicScore, ...]:
    """One score a topic of ``least`` points, highest first; ``tell`` says what a subject's odds rest on.

    ``words``: of what somebody typed, how many; None for a page. Of what is ``firm``, by topic, nothing is taken away:
    what a school wrote itself holds, and whoever disguises a word means it. What somebody says in two or three words is
    a crisis or an insult only where a list says so: "sorry" stands in many a farewell.
    """
    short = words is not None and words < SHORT
    scores = {one.topic: one for one in _checked(model, odds, listed, firm, words)}
    best: dict[str, tuple[float, int]] = {}
    for number, value in odds.items():
        subject = model.subjects[number]
        if words is not None or subject.page:
            by_list = scores[subject.topic].score if subject.topic in scores else 0.0
            reached = points(subject, value, by_list, words)
            candidate = min(reached, by_list) if short and not subject.page else reached, number
            best[subject.topic] = max(best.get(subject.topic, candidate), candidate)
    found: list[TopicScore] = []
    for topic, (reached, number) in best.items():
        by_hand = scores.pop(topic, None)
        reached = max(reached, firm.get(topic, 0.0))
        if reached >= max(least, _SHOWN):  # to find the evidence costs more than to judge
            found.append(_both(model.subjects[number], reached, by_hand, tell(number)))
    found += (one.told() for one in scores.values())
    return tuple(sorted(found, key=lambda one: (-one.score, one.topic)))


def _checked(
    model: Model, odds: Odds, listed: Iterable[Scored], firm: Mapping[str, float], words: int | None
) -> Iterator[Scored]:
    """What the lists say of topics that another subject knows about, as far as that agrees."""
    for one in listed:
        about = [(model.subjects[n], value) for n, value in odds.items() if one.topic in model.subjects[n].checks]
        judged = [
            points(subject, value, one.score, words) for subject, value in about if words is not None or subject.page
        ]
        score = max(min(one.score, max(judged)), firm.get(one.topic, 0.0)) if judged else one.score
        if score >= _SHOWN:
            yield replace(one, score=score)


def _both(subject: Subject, reached: float, by_hand: Scored | None, telling: Sequence[Hit]) -> TopicScore:
    listed = by_hand.told() if by_hand else None
    hits = sorted((*(listed.hits if listed else ()), *telling), key=lambda hit: -abs(hit.weight))
    language = listed.language if listed else subject.language
    return TopicScore(subject.topic, reached, language, tuple(hits[:MAX_HITS]))
