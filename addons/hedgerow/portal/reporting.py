"""Reports: the form for each kind, and what becomes of it when it is sent.

Who needs help sees the helplines before anything is asked or stored, whatever is full, broken or not answered here.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from html import escape
from urllib.parse import urlencode

from starlette.responses import Response

from hedgerow.core.hosts import HostError, canonical_host, display_host
from hedgerow.core.urls import UrlError, parse_url
from hedgerow.pages.parts import facts_card
from hedgerow.portal import parts
from hedgerow.portal.asked import Asked
from hedgerow.portal.forms import BadForm, from_a_page_of_ours, read_form
from hedgerow.portal.look import page
from hedgerow.stores.report_model import CARE, KINDS, TEXT_LIMIT, Context, ReportError, ReportsFull, ReportsUnavailable
from hedgerow.stores.reports import kinds_with_recipient

_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
_CONTACT, _ADDRESS = 200, 500
_FULL = {"rate": "report.slow", "day": "report.day", "flood": "report.busy"}
"""What ``Flood.takes`` says is full -> what the child is told."""


async def show(asked: Asked) -> Response:
    """GET: the form of a kind. A kind nobody reads has a page that says so, with whom to talk to instead."""
    kind = asked.query("kind", 20)
    if kind not in KINDS:
        return page(asked, asked.say("portal.lost.title"), parts.paragraph(asked.say("portal.lost.lead")), status=404)
    return _form(asked, kind, {"site": asked.about()}, code=_page_code(asked.query("code", 20)))


async def take(asked: Asked) -> Response:
    """POST: store it, then say the code. A form that came too late or from elsewhere is shown again, words and all."""
    try:
        fields = await read_form(asked.request)
    except BadForm as bad:
        await _held(asked, bad.reason)
        return _not_taken(asked, "portal.again", bad.status)
    kind = fields.get("kind", "")
    if kind not in kinds_with_recipient(asked.shown.site):
        return _not_taken(asked, "report.nobody", 400)
    if strange := _strange(asked, fields):
        await _held(asked, strange)
        return _form(asked, kind, fields, _why(asked, fields), 403)
    if full := asked.house.flood(kind in CARE).takes(asked.who.key):
        await _held(asked, full)
        return _form(asked, kind, fields, _FULL[full], 429)
    return await _store(asked, kind, fields)


def _strange(asked: Asked, fields: dict[str, str]) -> str:
    """ "" for the form we gave to this person not long ago; else what is wrong: it is from elsewhere, or not that."""
    if not from_a_page_of_ours(asked.request, asked.who.host):
        return "origin"
    return "" if asked.house.tokens.verify(fields.get("token", ""), asked.who.key, "report") else "token"


def _why(asked: Asked, fields: dict[str, str]) -> str:
    """Why a form is shown again: it was open too long, or it is not surely the one we gave to this person."""
    late = asked.house.tokens.late(fields.get("token", ""), asked.who.key, "report")
    return "report.again" if late and from_a_page_of_ours(asked.request, asked.who.host) else "report.unsure"


async def _store(asked: Asked, kind: str, fields: dict[str, str]) -> Response:
    try:
        text = fields.get("text", "")[: 2 * TEXT_LIMIT]
        code = await asyncio.to_thread(_new, asked, kind, text, _context(asked, fields))
    except ReportsFull:
        return _form(asked, kind, fields, "report.full", 503)
    except (ReportError, ReportsUnavailable):
        return _form(asked, kind, fields, "report.unkept", 503)
    first = parts.helplines(asked) if kind in CARE else ""
    body = (
        first
        + parts.paragraph(asked.say("report.thanks.care" if kind in CARE else "report.thanks.other"), "lead")
        + parts.paragraph(asked.say("report.code"))
        + f'<p class="code" dir="ltr">{code}</p>'
        + f"<p>{parts.link(asked.path('outcome'), asked.say('portal.outcome.title'))}</p>"
    )
    return page(asked, asked.say("report.thanks.title"), body, "thanks", here="outcome")


def _new(asked: Asked, kind: str, text: str, context: Context) -> str:
    return asked.house.reports.new(kind, text, context)


def _form(
    asked: Asked, kind: str, fields: dict[str, str] | None = None, told: str = "", status: int = 200, code: str = ""
) -> Response:
    given = fields or {}
    title = asked.say(f"report.kind.{kind}")
    code = "" if kind in CARE else code or _page_code(given.get("page", ""))
    site = asked.about(given.get("site", ""))
    here = _here(kind, code, site)
    before = parts.helplines(asked) if kind in CARE else ""
    if kind not in kinds_with_recipient(asked.shown.site):
        before = before or parts.helplines(asked)
        body = before + parts.paragraph(asked.say("report.nobody")) + _checked(asked, kind)
        return page(asked, title, body, "report", status, here)
    warned = f'<p class="school" role="alert">{escape(asked.say(told))}</p>' if told else ""
    fields_of_form = [
        parts.hidden("token", asked.house.tokens.sign(asked.who.key, "report")),
        parts.hidden("kind", kind),
        parts.hidden("page", code),
        _which_page(asked, kind, site, given.get("address", "")),
        parts.text(
            "text", asked.say("report.text.care" if kind in CARE else "report.text"), given.get("text", "")[:TEXT_LIMIT]
        ),
        parts.line("contact", asked.say("report.contact"), given.get("contact", "")[:_CONTACT], _CONTACT),
        parts.paragraph(asked.say("report.private"), "small"),
        parts.paragraph(asked.say("report.private.page"), "small") if code else "",
    ]
    body = (
        before
        + warned
        + parts.paragraph(asked.say(f"report.lead.{kind}"), "lead")
        + _checked(asked, kind)
        + parts.form(asked.path("report"), asked.say("report.send"), *fields_of_form)
    )
    return page(asked, title, body, "report", status, here)


def _checked(asked: Asked, kind: str) -> str:
    """Behind "this is not true": where such claims are checked."""
    if kind != "untrue":
        return ""
    texts = asked.texts
    return facts_card(texts.fact_checks(asked.shown.site.place.country), texts, asked.register)


def _which_page(asked: Asked, kind: str, site: str, address: str) -> str:
    """Which site it is about; on our own name it goes along with the form."""
    carried = parts.hidden("site", site) if site else ""
    if kind in CARE:
        return carried
    if site:
        return f"{carried}<p>{escape(asked.say('report.page'))} <bdi>{escape(display_host(site))}</bdi></p>"
    return parts.line("address", asked.say("report.address"), address[:_ADDRESS], _ADDRESS, 'inputmode="url"')


def _not_taken(asked: Asked, told: str, status: int) -> Response:
    body = parts.helplines(asked) + parts.paragraph(asked.say(told), "lead")
    return page(asked, asked.say("portal.title"), body, "report", status, "")


def _context(asked: Asked, fields: dict[str, str]) -> Context:
    """What goes with a report. No address, no person: only a mark by which the store knows a double click."""
    host, path = asked.about(fields.get("site", "")[:300]), ""
    if not host and fields.get("address", "").strip():
        host, path = _typed(fields["address"].strip()[:_ADDRESS])
    kind = fields.get("kind", "")
    mark = hmac.new(asked.house.marks, f"{kind}\0{asked.who.key}".encode(), hashlib.sha256).hexdigest()
    return Context(
        host=host,
        path=path,
        page_code=_page_code(fields.get("page", "")),
        band=asked.who.band,
        network=asked.who.network,
        language=asked.language,
        person=mark,
        contact=fields.get("contact", "")[:_CONTACT],
    )


def _typed(address: str) -> tuple[str, str]:
    """Host and path of what a child wrote as an address; what is none is kept as it was written."""
    try:
        target = parse_url(address)
        return canonical_host(target.host_raw), target.path
    except (UrlError, HostError):
        return address, ""


def _page_code(text: str) -> str:
    return text if _CODE.fullmatch(text) else ""


def _here(kind: str, code: str, site: str) -> str:
    """The form's own path, for the choice of languages."""
    said = {"kind": kind, "code": code, "site": site}
    return "report?" + urlencode({name: value for name, value in said.items() if value})


async def _held(asked: Asked, reason: str) -> None:
    """Count it, where the store lets us: a child's answer does not wait for a figure."""
    try:
        await asyncio.to_thread(lambda: asked.house.reports.held(reason))
    except ReportsUnavailable:
        return
