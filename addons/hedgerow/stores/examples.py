"""Runs the examples that the bands carry, through the very ``explain`` that traffic and ``hedgerow explain`` use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hedgerow.core.explain import Scan, explain
from hedgerow.core.model import Calendar, Channel, Decision, Identity, Index, Policy, Request, Typed
from hedgerow.core.schedule import is_school_day
from hedgerow.stores.policy_examples import Example

USUAL_HOUR = time(10)
_FAR = 400


@dataclass(frozen=True, slots=True)
class Result:
    """One example and what became of it."""

    example: Example
    decision: Decision

    @property
    def problem(self) -> str:
        """What differs from the promise, "" when it is kept."""
        wanted, found = self.example, self.decision
        if found.action is not wanted.expect:
            return f"expected {wanted.expect}, but it is {found.action} by {found.rule} ({found.where})"
        if wanted.by and found.rule != wanted.by:
            return f"{found.action} as expected, but by {found.rule} ({found.where}) and not by {wanted.by}"
        return ""

    @property
    def kept(self) -> bool:
        return not self.problem

    def __str__(self) -> str:
        return f"{self.example.where}: {self.example.band}: {self.example.url}: {self.problem or 'as promised'}"


def run_examples(
    examples: tuple[Example, ...],
    policy: Policy,
    index: Index,
    scan: Scan,
    request_of: Callable[[Example], Request],
    today: date,
) -> tuple[Result, ...]:
    """Every example judged. ``request_of`` makes the facts of its URL; ``today`` is the school's date.

    Without its own ``at`` an example is judged at 10:00 of the first school day from ``today`` on.
    """
    zone = ZoneInfo(policy.calendar.timezone)
    usual = datetime.combine(school_day(today, policy.calendar), USUAL_HOUR, zone)
    return tuple(_run(example, policy, index, scan, request_of(example), usual) for example in examples)


def school_day(today: date, calendar: Calendar) -> date:
    """The first school day from ``today`` on; ``today`` itself when the calendar has none for a year."""
    days = (today + timedelta(days=ahead) for ahead in range(_FAR))
    return next((day for day in days if is_school_day(day, calendar)), today)


def _run(example: Example, policy: Policy, index: Index, scan: Scan, request: Request, usual: datetime) -> Result:
    now = example.at.replace(tzinfo=usual.tzinfo) if example.at else usual
    identity = Identity("example", example.band, "example", example.capture)
    typed = (*request.typed, Typed(Channel.POSTED, example.posted)) if example.posted else request.typed
    asked = replace(request, typed=typed, kind=example.kind)
    text = (example.text,) if example.text else ()
    return Result(example, explain(asked, identity, policy, index, now, scan, text).decision)
