"""What a page is made from, and what it becomes. Every field has a default: a fault page knows nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from hedgerow.pages.helplines import HelplineView
from hedgerow.pages.parts import PREFIX
from hedgerow.stores.messages import Messages

CONTINUE_SECONDS = 30 * 60
"""How long a continued warning holds: a lesson's half, then the question is asked again."""

__all__ = ["CONTINUE_SECONDS", "Answer", "AnswerType", "HelplineView", "PageContext", "PageKind"]


class PageKind(enum.StrEnum):
    """Which page a person meets."""

    BLOCK = "block"
    WARN = "warn"
    LIMIT = "limit"
    HELP = "help"
    CERTIFICATE = "certificate"
    UPSTREAM = "upstream"
    FAULT = "fault"
    BAD_REQUEST = "bad-request"
    DISAGREE = "disagree"
    EXAM = "exam"


class AnswerType(enum.StrEnum):
    """The form of a refusal, chosen by what the client can show. Never changes the verdict."""

    PAGE = "page"
    FRAME = "frame"  # a page within somebody else's page: nothing to click
    IMAGE = "image"
    SCRIPT = "script"
    STYLE = "style"
    JSON = "json"
    FONT = "font"
    AUDIO = "audio"
    VIDEO = "video"
    TRACK = "track"  # subtitles
    EMPTY = "empty"  # WebSocket, preflight, what programs say to each other
    TEXT = "text"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class PageContext:
    """Everything around the decision a page shows."""

    language: str = "en"
    register: str = "older"  # how the band is spoken to: one of core.model.REGISTERS
    school: str = ""
    host: str = ""  # in Unicode display form
    subject: str = ""  # the category's or topic's name in the page's language
    message: str = ""  # the school's own sentence, where it fits
    care: bool = False  # whoever asked needs support, whatever closed the page
    helplines: tuple[HelplineView, ...] = ()
    contact: str = ""  # whom to ask, from site.yaml, in the page's language
    token: str = ""  # of the continue form; "" = no way on
    action: str = ""  # the form's target, a path on the same site
    to: str = "/"  # the path asked for, in origin form
    until: datetime | None = None  # when a limit opens, or an exam ends; in the school's time
    now: datetime | None = None  # the school's time: tells whether ``until`` is today
    country: str = ""  # the school's (ISO 3166-1), for places that check facts
    report_kinds: tuple[str, ...] = ()  # reports that somebody at the school reads
    portal: str = PREFIX  # where those links lead: below this address of the gateway, or this path of the same origin
    codes: bool = False  # a teacher's code could open this page
    code_token: str = ""  # of the form for that code
    banner: str = ""  # what every page says now, in the page's language: the filter is relaxed
    answer: AnswerType = AnswerType.PAGE
    expired: bool = False  # the form was sent too late, or by somebody else
    status: int = 403
    messages: Messages | None = None  # the snapshot's sentences; None = the shipped ones


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response of ours."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
