"""All checks in the order a person would look, and the table that the documents show."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.doctor import certificates, machine, network, people, rules, service
from hedgerow.doctor.model import CHECKS, Check, Finding
from hedgerow.doctor.patient import Patient

_ROOMS = (service, certificates, network, rules, people, machine)
ALL: tuple[Check, ...] = tuple(one for room in _ROOMS for one in CHECKS if one.look.__module__ == room.__name__)


def examine(patient: Patient) -> Iterator[Finding]:
    """What every check finds."""
    for one in ALL:
        yield from one.findings(patient)


def markdown() -> str:
    """The table of deploy/DOCTOR.md."""
    rows = [f"| `{one.id}` | {one.severity} | {one.fault} | {one.cure} |" for one in ALL]
    return "\n".join(("| id | how bad | what is wrong | the cure |", "|---|---|---|---|", *rows))
