"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hedgerow.doctor.patient import Patient

SEVERITIES = {
    "broken": "pupils are not protected, or cannot work, now",
    "soon": "it will break, or nobody would notice if it did",
    "hint": "it works, and could work better",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of this very box."""

    id: str
    severity: str  # one of SEVERITIES
    finding: str
    cure: str

    def as_dict(self) -> dict[str, str]:
        return {"id": self.id, "severity": self.severity, "finding": self.finding, "cure": self.cure}


type Look = Callable[[Patient], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """``look`` says what is wrong in one sentence each; ``fault`` and ``cure`` are what the documents say of it."""

    id: str
    severity: str
    fault: str
    cure: str
    look: Look

    def findings(self, patient: Patient) -> Iterator[Finding]:
        """What it finds. A check that fails itself is a finding: nothing is taken for well because nobody looked."""
        try:
            for told in self.look(patient):
                yield Finding(self.id, self.severity, told, self.cure)
        except (OSError, ValueError, KeyError) as error:
            told = f"could not be looked at: {error}"
            yield Finding(self.id, "hint", told, "Run it as root, or as the service's user.")


CHECKS: list[Check] = []


def check(name: str, severity: str, fault: str, cure: str) -> Callable[[Look], Look]:
    """Registers a function as the check ``name``."""

    def registered(look: Look) -> Look:
        CHECKS.append(Check(name, severity, fault, cure, look))
        return look

    return registered
