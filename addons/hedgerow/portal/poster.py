"""The poster: a sheet to print and to hang up, with the portal's address as words and as a QR code (ISO/IEC 18004)."""

from __future__ import annotations

import re
from html import escape

import segno
from starlette.responses import Response

from hedgerow.portal import parts
from hedgerow.portal.asked import Asked
from hedgerow.portal.look import page
from hedgerow.stores.site import GATEWAY_NAME

_HOST = re.compile(r"[a-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9a-f:.]{2,45}\](:\d{1,5})?")


async def show(asked: Asked) -> Response:
    """One language large, the school's others below it."""
    address = plain_address(asked)
    others = [language for language in asked.shown.site.languages if language != asked.language]
    also = "".join(
        f'<p lang="{language}" dir="{asked.shown.texts(language).direction}">'
        f"<strong>{escape(asked.shown.texts(language)['portal.poster.title'])}</strong><br>"
        f"{escape(asked.shown.texts(language)['portal.poster.lead'])}</p>"
        for language in others
    )
    body = (
        f'<div class="poster">{parts.paragraph(asked.say("portal.poster.lead"), "lead")}{code(address)}'
        f'<p class="address" dir="ltr">{escape(address.removeprefix("http://").rstrip("/"))}</p>'
        f"{parts.paragraph(asked.say('portal.poster.where'))}{parts.helplines(asked, brief=True)}"
        f'<div class="also">{also}</div></div>'
        f'<p class="noprint small">{escape(asked.say("portal.poster.print"))}</p>'
    )
    return page(asked, asked.say("portal.poster.title"), body, "poster", here="poster")


def plain_address(asked: Asked) -> str:
    """The portal's own address, short enough to type: the school's name for it before the one it always has.

    Over ``--portal`` it is what the reader typed, for the school may not let its devices use the proxy.
    """
    if not asked.who.host:
        typed = asked.request.headers.get("host", "").lower()
        return f"http://{typed}/" if _HOST.fullmatch(typed) else f"http://{GATEWAY_NAME}/"
    return f"http://{next(iter(asked.shown.site.gateway_names), GATEWAY_NAME)}/"


def code(address: str) -> str:
    """The address as an SVG that prints sharp. Level Q: a quarter may be torn off."""
    made = segno.make(address, error="q", micro=False)
    drawn: str = made.svg_inline(scale=4, border=4, svgclass="scan", lineclass=None, omitsize=True, dark="#000")
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(address)}" ', 1)
