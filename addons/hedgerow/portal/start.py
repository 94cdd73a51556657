"""Where the portal begins: whom to talk to, then everything that can be told, asked or read here."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from hedgerow.portal import parts
from hedgerow.portal.asked import Asked
from hedgerow.portal.look import page
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.privacy_text import privacy_html
from hedgerow.stores.reports import kinds_with_recipient


async def start(asked: Asked) -> Response:
    """The first page: helplines, then the kinds of reports somebody at this school reads."""
    kinds = [(asked.path("report", kind=kind), asked.say(f"report.kind.{kind}")) for kind in _offered(asked)]
    rest = [
        (asked.path("outcome"), asked.say("portal.outcome.title")),
        (asked.path("unlock"), asked.say("portal.unlock.title")),
        (asked.path("privacy"), asked.say("portal.privacy")),
        (asked.path("poster"), asked.say("portal.poster")),
        (asked.path("device"), asked.say("device.link")),
    ]
    body = parts.helplines(asked) + parts.paragraph(asked.say("portal.lead"), "lead") + parts.choices([*kinds, *rest])
    return page(asked, asked.say("portal.title"), body, "start")


def _offered(asked: Asked) -> tuple[str, ...]:
    """Help first. "I need help" is there at every school: its page shows the helplines, read here or not."""
    read = kinds_with_recipient(asked.shown.site)
    order = ("help", "hurt", "wrong", "open", "harmful", "untrue")
    return tuple(kind for kind in order if kind in read or kind == "help")


async def privacy(asked: Asked) -> Response:
    """The notice for pupils and parents, with what is in force. A school's own text with a mistake is passed over."""
    site, language = asked.shown.site, asked.language
    try:
        told = await asyncio.to_thread(privacy_html, site, language, asked.house.school)
    except (PolicyError, OSError):
        told = await asyncio.to_thread(privacy_html, site, language)
    return page(asked, asked.say("portal.privacy"), f"<article>{told}</article>", "privacy", here="privacy")


async def lost(asked: Asked, status: int = 404) -> Response:
    """There is nothing here; nobody is left without a number to call."""
    body = parts.paragraph(asked.say("portal.lost.lead"), "lead") + parts.helplines(asked)
    return page(asked, asked.say("portal.lost.title"), body, "lost", status)


async def fault(asked: Asked) -> Response:
    """A bug of ours; whom to talk to stands here all the same."""
    body = parts.paragraph(asked.say("portal.fault"), "lead") + parts.helplines(asked)
    return page(asked, asked.say("portal.title"), body, "fault", 503)
