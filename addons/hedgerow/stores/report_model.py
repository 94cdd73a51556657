"""What a report is: what a child tells us from a page, and what became of it. Values only.

Nobody is in it, unless they wrote it there. The code is the only thing that leads a reporter back to a report: 60
random bits in twelve letters of Crockford's base 32 (https://www.crockford.com/base32.html), which do not say how many
there are.
"""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass

from hedgerow.core.model import Severity

TOPICS = {
    "wrong": "wrongly-blocked",
    "open": "wrongly-allowed",
    "harmful": "harmful",
    "help": "help",
    "hurt": "hurt",
    "untrue": "fake-news",
    "alert": "alerts",
}
"""Kind of a report -> the topic of site.yaml ``reports:`` that says who is told."""

STORED = tuple(TOPICS)
ALERT = "alert"
"""The kind that nobody sends: what a child typed elsewhere (``stores.alerts``)."""
KINDS = tuple(kind for kind in TOPICS if kind != ALERT)
"""What a child can tell us."""
CARE = frozenset({"help", "hurt"})
"""Kinds behind which a child may be waiting: never merged with another's, never closed without a contact."""

HELD = ("rate", "day", "flood", "full", "care-full", "size", "slow", "origin", "token", "form")
"""Why a form was held off: one line's were too many in ten minutes, in a day, everybody's, the store is full, is full
even of requests for help, too large, too slow, sent by another site, without our token or late, no form at all."""

TEXT_LIMIT = 4_000
"""Characters of a text that are kept; more is cut. A help request is never refused for its length."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u2010": None, "\u2011": None, "\u2013": None}
)


class ReportError(ValueError):
    """What was asked of a report cannot be done; the text says why and what can. Nothing was changed."""


class ReportsFull(ReportError):
    """No more reports of this kind are stored: somebody has to close some, or find out who sends them."""


class ReportsUnavailable(Exception):
    """The store cannot be written or read now (disk full, locked). Tell the person to speak to somebody instead."""


class ReportState(enum.StrEnum):
    """How far a report has come, as its reporter sees it."""

    WAITING = "waiting"  # stored; nobody has opened it yet
    SEEN = "seen"  # a person opened it
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Context:
    """What the gateway knew when the report was made. All of it may be empty."""

    host: str = ""
    path: str = ""
    page_code: str = ""  # Decision.code of the page it was made from; never kept with a request for help
    category: str = ""
    band: str = ""
    network: str = ""
    language: str = ""
    person: str = ""  # only told to the store: what it keeps of it says "the same again", and leads to no other report
    contact: str = ""  # how the reporter wants to be found, if they wrote it


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a member of staff did. Times are seconds since 1970 (UTC)."""

    at: float
    who: str
    what: str  # read | assigned | answered | contact | closed
    text: str = ""


@dataclass(frozen=True, slots=True)
class Alerted:
    """What an alert has that a report has not. ``person`` is a pseudonym of the decision log."""

    severity: Severity
    topic: str
    channel: str
    person: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report as staff see it. ``times``: how often the same was reported; ``notes`` only from ``show``.

    Of an alert ``text`` is the window of what was typed, and ``context.host`` the site.
    """

    code: str
    kind: str
    at: float
    text: str
    context: Context
    state: ReportState
    times: int = 1
    assigned: str = ""
    read_at: float | None = None
    closed_at: float | None = None
    same_as: str = ""
    notes: tuple[Note, ...] = ()
    unrecorded: str = (
        ""  # why this look at it is not in the change record: a child's call for help is shown all the same
    )
    alerted: Alerted | None = None
    told: tuple[str, ...] = ()  # "mailto:a@b: sent", "https://...: waiting (3 tries: ...)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reporter sees by the code: never the text, for whoever finds the slip of paper."""

    kind: str
    at: float
    state: ReportState
    answer: str = ""
    answered_at: float | None = None


def fresh_code() -> str:
    """A new code, ``7K3M-2QXW-90AB``: 60 bits of the system's randomness."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def read_code(typed: str) -> str:
    """A code as a child types it (small letters, O for 0, spaces) in its one form; "" when it is none."""
    letters = typed[:100].upper().translate(_MEANT)
    if len(letters) != 12 or not set(letters) <= set(_ALPHABET):
        return ""
    return "-".join((letters[:4], letters[4:8], letters[8:]))
