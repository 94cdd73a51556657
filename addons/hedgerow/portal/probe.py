"""Is this device ready? Documents inside a page that arrive only if it is. No script, and nobody keeps who asked.

``<object>`` elements stand one inside the other, and a browser shows the first that loads (HTML, "The object element").
The outermost is asked for over https at a name nobody ever opens a page at: it arrives where the certificate is trusted
and the gateway is passed. The next is plain http on port 443: where only that arrives, the certificate is missing. What
is shown is the very document that arrived, so that the page cannot be wrong about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from hedgerow.pages.frame import TOLD_POLICY, told_document
from hedgerow.portal.asked import PREFIX, Asked, language_of
from hedgerow.portal.house import House
from hedgerow.portal.systems import is_firefox
from hedgerow.portal.who import Who
from hedgerow.stores.site import GATEWAY_NAME, READY

PATH = "/device/test/"
TOLD = ("ready", "missing", "outside", "nameless")
"""What a document can say, besides the one for Firefox: by the last part of its path."""
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": TOLD_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-hedgerow-action": "portal",
    "x-hedgerow-code": "0000-0000",
    "connection": "close",
}


@dataclass(frozen=True, slots=True)
class Test:
    """What stands on the page: the ``html``, and the origins its documents come from."""

    html: str
    origins: str


def test(asked: Asked) -> Test:
    """The test for whoever reads this page, at the names by which they reach us."""
    found = tuple(_documents(asked))
    failed = "missing" if asked.who.scheme == "https" else "outside"
    html = f'<p class="told">{escape(asked.say(f"device.test.{failed}"))}</p>'
    label = escape(asked.say("device.test"))
    for origin, told in reversed(found):
        address = escape(f"{origin}{PREFIX}{PATH}{told}?lang={asked.language}")
        html = f'<object class="{told}" data="{address}" type="text/html" aria-label="{label}">{html}</object>'
    return Test(f'<div class="test">{html}</div>', " ".join(dict.fromkeys(origin for origin, _ in found)))


def _documents(asked: Asked) -> Iterator[tuple[str, str]]:
    """Origin and what is told when its document arrives, the first that arrives is shown.

    A page over https may ask for nothing over http (W3C Mixed Content); it has passed the gateway already.
    """
    own = asked.who.host if asked.site else next(iter(asked.shown.site.gateway_names), GATEWAY_NAME)
    tested = own if asked.site else READY + own
    yield f"https://{tested}", "ready"
    if asked.who.scheme == "https":
        return
    yield f"http://{tested}:443", "missing"
    yield f"http://{tested}", "outside"  # plain pages come through the gateway, and port 443 does not
    if asked.who.host and not asked.site:
        yield f"http://{asked.who.host}", "nameless"


async def serve(request: Request, house: House, who: Who) -> Response:
    """One of the documents; only a worker relays them, so that arriving says: through the gateway."""
    told = request.url.path.rpartition("/")[2]
    if not who.host or (told == "ready" and who.scheme != "https"):
        return PlainTextResponse("", 404, {"cache-control": "no-store"})
    key = "firefox" if told == "missing" and is_firefox(request.headers) else told
    texts = house.shown.texts(language_of(request, who, house.shown))
    made = told_document(texts.language, texts.direction, texts[f"device.test.{key}"], told == "ready")
    return HTMLResponse(made, 200, _HEADERS)
