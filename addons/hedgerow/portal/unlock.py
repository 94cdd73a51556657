"""Unlock codes, typed on a page that says no: the code goes to ``stores.passes``, the reader back to the page."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from html import escape

from starlette.responses import Response

from hedgerow.core.urls import same_site_path
from hedgerow.portal import parts
from hedgerow.portal.asked import PREFIX, Asked
from hedgerow.portal.forms import BadForm, from_a_page_of_ours, read_form
from hedgerow.portal.look import lead_to, page
from hedgerow.stores.passes import PassError, Redeemed, Refused
from hedgerow.stores.record import RecordError

SETTLED_SECONDS = 0.25
"""Workers look for new grants every 100 ms: a browser led back sooner would meet the same page again."""
UNLOCK = f"{PREFIX}/unlock"
"""On this very origin: what the code opens is the page it was typed on."""
_STATUS = {Refused.TOO_MANY: 429}


async def show(asked: Asked) -> Response:
    """GET: the field for the code."""
    return page(asked, asked.say("portal.unlock.title"), _form(asked, "/"), "unlock", here="unlock")


async def redeem(asked: Asked) -> Response:
    """POST ``code`` and ``to``: 303 to the page when it is open now, else the field again with the reason."""
    try:
        fields = await read_form(asked.request)
    except BadForm as bad:
        return _again(asked, "/", "portal.again", bad.status)
    to = same_site_path(fields.get("to", "/")[:2048])
    if not _is_ours(asked, fields.get("token", "")) or not from_a_page_of_ours(asked.request, asked.who.host):
        return _again(asked, to, "portal.again", 403)
    try:
        answer = await asyncio.to_thread(_redeem, asked, fields.get("code", "")[:100])
    except (PassError, RecordError):
        return _again(asked, to, "portal.unlock.unavailable", 503)
    if isinstance(answer, Refused):
        return _again(asked, to, f"portal.unlock.{answer}", _STATUS.get(answer, 403))
    await asyncio.sleep(SETTLED_SECONDS)
    return lead_to(to) if answer.here and asked.site else _opened(asked, answer)


def _is_ours(asked: Asked, token: str) -> bool:
    """This person got the form from us, here or on a page of a worker: else another site uses up their guesses."""
    house, person = asked.house, asked.who.key
    return house.tokens.verify(token, person, "unlock") or house.page_tokens.verify_code(token, person, time.time())


def _redeem(asked: Asked, code: str) -> Redeemed | Refused:
    who, now = asked.who, datetime.now(asked.shown.zone)
    return asked.house.passes.redeem(code, who.key, who.key, asked.site, now, who.band, who.network)


def _opened(asked: Asked, answer: Redeemed) -> Response:
    """It opens something else than the page it was typed on, or it was typed on the portal's own page."""
    until = asked.texts.clock(datetime.fromtimestamp(answer.until, asked.shown.zone))
    where = f"{answer.host}{answer.path}"
    named = parts.link(f"https://{where}/" if not answer.path else f"https://{where}", where) if where else ""
    if not where and answer.category:
        named = escape(asked.shown.categories.name(answer.category, asked.language))
    what = where or asked.shown.categories.name(answer.category, asked.language) if named else ""
    title = f"{what}: {asked.say('portal.unlock.done')}" if what else asked.say("portal.unlock.done")
    body = f'<p class="lead">{named}</p>' + parts.paragraph(asked.say("portal.unlock.until").replace("{time}", until))
    return page(asked, title, body, "unlock", here="unlock")


def _again(asked: Asked, to: str, told: str, status: int) -> Response:
    body = f'<p class="school" role="alert">{escape(asked.say(told))}</p>' + _form(asked, to)
    return page(asked, asked.say("portal.unlock.title"), body, "unlock", status, "unlock")


def _form(asked: Asked, to: str) -> str:
    token = asked.house.tokens.sign(asked.who.key, "unlock")
    code = parts.line(
        "code", asked.say("portal.unlock.code"), limit=40, extra='autocapitalize="characters"', direction="ltr"
    )
    return parts.form(UNLOCK, asked.say("portal.unlock.go"), code, parts.hidden("to", to), parts.hidden("token", token))
