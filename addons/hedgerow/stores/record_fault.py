"""What verifying the record finds, and which of it somebody has written down as known (``hedgerow record accept``).

Knowing of a fault makes a note of it where a backup that was put back would leave the same: a gap, an end that is
missing. A **grave** fault is another matter: an entry was changed, put in, written with another key, or is not the one
noted elsewhere. Whoever asks with the starting keys or a noted head wants to know just that: to them it stays a fault,
with whoever accepted it beside it. Else one entry that accepts its own forgery would make it whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hedgerow.stores.record_entry import Entry


@dataclass(frozen=True, slots=True)
class Fault:
    """Something found. ``line`` counts from 1, 0 = the record as a whole; a ``note`` has a harmless reading."""

    line: int
    message: str
    note: bool = False
    grave: bool = False
    accepted: str = ""  # "minh on 2026-11-24": who wrote down that they know of it, and when

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message

    @property
    def told(self) -> str:
        """With whoever accepted it."""
        return f"{self} (accepted by {self.accepted})" if self.accepted else str(self)


@dataclass(slots=True)
class Known:
    """The faults that somebody wrote down as known."""

    by: dict[str, str] = field(default_factory=dict)  # the fault's text -> who and when

    def learn(self, entry: Entry) -> None:
        """From an entry that is to be believed: that is the caller's to know."""
        if entry.kind == "record" and isinstance(faults := entry.detail.get("accepted"), list):
            self.by.update(dict.fromkeys(map(str, faults), f"{entry.who} on {entry.time[:10]}"))

    def judge(self, fault: Fault, strict: bool) -> Fault:
        """As a note when it is known; a grave one only when not ``strict``."""
        accepted = self.by.get(str(fault), "")
        return replace(fault, accepted=accepted, note=fault.note or bool(accepted and not (strict and fault.grave)))
