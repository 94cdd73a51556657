"""What became of a report, for whoever holds its code. The code is posted: an address line is remembered and shown."""

from __future__ import annotations

import asyncio
from datetime import datetime
from html import escape

from starlette.responses import Response

from hedgerow.portal import parts
from hedgerow.portal.asked import Asked
from hedgerow.portal.forms import BadForm, from_a_page_of_ours, read_form
from hedgerow.portal.look import page
from hedgerow.stores.report_model import CARE, Outcome, ReportsUnavailable


async def show(asked: Asked) -> Response:
    """GET: the field for the code."""
    return page(asked, asked.say("portal.outcome.title"), _form(asked), "outcome", here="outcome")


async def tell(asked: Asked) -> Response:
    """POST: how far it has come, and the answer. Never the words of the report itself."""
    try:
        fields = await read_form(asked.request)
    except BadForm as bad:
        return _again(asked, "portal.again", bad.status)
    if not from_a_page_of_ours(asked.request, asked.who.host):
        return _again(asked, "portal.again", 403)
    try:
        found = await asyncio.to_thread(_look_up, asked, fields.get("code", "")[:100])
    except ReportsUnavailable:
        return _again(asked, "portal.outcome.unavailable", 503)
    if found is None:
        return _again(asked, "portal.outcome.unknown", 404)
    return page(asked, asked.say("portal.outcome.title"), _told(asked, found), "outcome", here="outcome")


def _look_up(asked: Asked, code: str) -> Outcome | None:
    return asked.house.reports.outcome(code)


def _told(asked: Asked, found: Outcome) -> str:
    sent = datetime.fromtimestamp(found.at, asked.shown.zone).strftime("%Y-%m-%d")
    title = f'<h2>{escape(asked.say(f"report.kind.{found.kind}"))} · <bdi dir="ltr">{sent}</bdi></h2>'
    state = parts.paragraph(asked.say(f"portal.outcome.{found.state}"), "lead")
    answer = (
        parts.paragraph(asked.say("portal.outcome.answer")) + f'<p class="school" dir="auto">{_lines(found.answer)}</p>'
    )
    first = parts.helplines(asked) if found.kind in CARE else ""
    return title + state + (answer if found.answer else "") + first


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _again(asked: Asked, told: str, status: int) -> Response:
    body = f'<p class="school" role="alert">{escape(asked.say(told))}</p>' + _form(asked)
    return page(asked, asked.say("portal.outcome.title"), body, "outcome", status, "outcome")


def _form(asked: Asked) -> str:
    code = parts.line(
        "code", asked.say("portal.outcome.code"), limit=40, extra='autocapitalize="characters"', direction="ltr"
    )
    return parts.form(asked.path("outcome"), asked.say("portal.outcome.look"), code)
