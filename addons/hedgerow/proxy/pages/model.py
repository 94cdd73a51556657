"""What a page is made from, and what it becomes. Every field has a default: a fault page knows nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from hedgerow.stores.messages import Messages


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


class AnswerType(enum.StrEnum):
    """The form of a refusal, chosen by what the client can show. Never changes the verdict."""

    PAGE = "page"
    IMAGE = "image"
    SCRIPT = "script"
    STYLE = "style"
    JSON = "json"
    FONT = "font"
    AUDIO = "audio"
    VIDEO = "video"
    TRACK = "track"  # subtitles
    EMPTY = "empty"  # WebSocket, preflight
    TEXT = "text"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class HelplineView:
    """One helpline as a page shows it: number and hours as written in ``helplines/*.yaml``."""

    name: str
    number: str
    text: str = ""  # a text or chat address
    hours: str = ""


@dataclass(frozen=True, slots=True)
class PageContext:
    """Everything around the decision a page shows."""

    language: str = "en"
    school: str = ""
    host: str = ""  # in Unicode display form
    subject: str = ""  # the category's or topic's name in the page's language
    message: str = ""  # the school's own sentence
    helplines: tuple[HelplineView, ...] = ()
    contact: str = ""  # whom to ask, from site.yaml, in the page's language
    token: str = ""  # of the continue form; "" = no way on
    action: str = ""  # the form's target, a path on the same site
    to: str = "/"  # the path asked for, in origin form
    until: datetime | None = None  # when a limit opens
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
