"""How long a resolver's file is right: until a rule that follows the clock or the calendar says something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from hedgerow.core.asking import effective
from hedgerow.core.model import Action, Band, Policy, Rule
from hedgerow.core.schedule import next_change
from hedgerow.core.sites import in_force

_DAY = timedelta(days=1)
_MOST_STEPS = 400  # changes of windows looked at: more than a term, whatever the windows


def right_until(policy: Policy, band: Band, now: datetime, ends: Iterable[date] = ()) -> datetime | None:
    """The first moment at which another file may be due; None when no clock changes it.

    ``ends`` are other last days (of corrections). ``now`` is aware, in the school's zone.
    """
    rules = [rule for rule in _rules(policy, band) if _varies(rule, band)]
    state = _state(rules, policy, band, now)
    by_clock = (at for at in _moments(rules, policy, band, now) if _state(rules, policy, band, at) != state)
    return min((at for at in (next(by_clock, None), *_midnights(ends, now)) if at is not None), default=None)


def _rules(policy: Policy, band: Band) -> Iterator[Rule]:
    yield from band.categories.values()
    yield from policy.floor.categories.values()
    yield from (site.rule for sites in (*band.sites.values(), *policy.floor.sites.values()) for site in sites)
    yield from (band.unknown_page, band.unknown_part, band.unknown_address)


def _refuses(action: Action, band: Band) -> bool:
    return action.forbids and not (band.lenient and action in (Action.WARN, Action.LIMIT))


def _varies(rule: Rule, band: Band) -> bool:
    """True when this rule refuses at some times and not at others."""
    answers = {_refuses(action, band) for action in (rule.action, *(action for _, action in rule.times))}
    return len(answers) > 1 or rule.since is not None or rule.until is not None


def _state(rules: list[Rule], policy: Policy, band: Band, now: datetime) -> tuple[bool | None, ...]:
    return tuple(
        _refuses(effective(rule, now, band, policy), band) if in_force(rule, now.date()) else None for rule in rules
    )


def _moments(rules: list[Rule], policy: Policy, band: Band, now: datetime) -> Iterator[datetime]:
    """In order: when a window of these rules opens or closes, and the midnights at which one begins or ends."""
    windows = {name for rule in rules for name, _ in rule.times}
    first = {rule.since - _DAY for rule in rules if rule.since is not None}
    days = first | {rule.until for rule in rules if rule.until is not None}
    for _ in range(_MOST_STEPS):
        changes = [next_change(band.windows[name], now, policy.calendar) for name in windows]
        moments = [at for at in changes if at is not None] + list(_midnights(days, now))
        if not moments:
            return
        now = min(moments)
        yield now


def _midnights(days: Iterable[date], now: datetime) -> Iterator[datetime]:
    """The ends of these days, as far as they are still to come."""
    ends = (datetime.combine(day + _DAY, time(), now.tzinfo) for day in days)
    return (end for end in ends if end > now)
