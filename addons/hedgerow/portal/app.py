"""The portal as an ASGI application: which path answers what. One for the workers, one for ``--portal``."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hedgerow.core.hosts import HostError, canonical_host, is_address
from hedgerow.portal import certificate, device, outcome, pac, poster, probe, reporting, start, unlock
from hedgerow.portal.asked import PREFIX, Asked, language_of
from hedgerow.portal.house import House
from hedgerow.portal.look import lead_to
from hedgerow.portal.who import NotTold, Who, who

logger = logging.getLogger(__name__)

Page = Callable[[Asked], Awaitable[Response]]

PAGES: tuple[tuple[str, Page, str], ...] = (
    ("/", start.start, "GET"),
    ("/help", start.start, "GET"),
    ("/report", reporting.show, "GET"),
    ("/report", reporting.take, "POST"),
    ("/outcome", outcome.show, "GET"),
    ("/outcome", outcome.tell, "POST"),
    ("/unlock", unlock.show, "GET"),
    ("/unlock", unlock.redeem, "POST"),
    ("/poster", poster.show, "GET"),
    ("/privacy", start.privacy, "GET"),
    ("/device", device.show, "GET"),
    ("/device/read", device.read, "GET"),
)
"""To add a page: a function of ``Asked``, and a row here."""


File = Callable[[Request, House, Who], Awaitable[Response]]

FILES: tuple[tuple[str, File], ...] = (
    ("/device/ca.cer", certificate.serve_der),
    ("/device/ca.crt", certificate.serve_pem),
    ("/device/ca.mobileconfig", certificate.serve_profile),
    *((probe.PATH + told, probe.serve) for told in probe.TOLD),
    *((path, pac.serve) for path in pac.PATHS),
)
"""What programs fetch and pages hold: the same for everybody, apart from its language."""


def make(house: House, relayed: bool) -> Starlette:
    """The application. ``relayed``: it is a worker that speaks, and its word about who asks is believed."""

    async def answer(request: Request, page: Page) -> Response:
        shown = house.shown
        told = who(request, shown, relayed)
        lang = language_of(request, told, shown)
        banner = await asyncio.to_thread(house.banner, lang) if page is not start.fault else ""
        asked = Asked(request, house, shown, told, language_of(request, told, shown), banner)
        return _led_home(asked) or await page(asked)

    def endpoint(page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            if _is_part(request) or not (relayed or _is_called_by_its_name(request, house)):
                return PlainTextResponse("", 403, {"cache-control": "no-store"})
            return await answer(request, page)

        return run

    def served(file: File, path: str) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            if not (relayed or _is_called_by_its_name(request, house) or _looks_for_proxies(request, path)):
                return PlainTextResponse("", 403, {"cache-control": "no-store"})
            return await file(request, house, who(request, house.shown, relayed))

        return run

    async def health(_request: Request) -> Response:
        """Whether this process answers, and by which files. Tells nothing about anybody."""
        return JSONResponse({"portal": "up", "policy": house.shown.version}, headers={"cache-control": "no-store"})

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return await answer(request, lambda asked: start.lost(asked, status))

    async def not_told(_request: Request, _error: Exception) -> Response:
        return PlainTextResponse("not for you\n", 403, {"cache-control": "no-store"})

    async def broken(request: Request, error: Exception) -> Response:
        """The one guard: the reader gets a page with the helplines; what they wrote is in no log."""
        logger.error("fault in the portal: %s at %s", type(error).__name__, _place(error))
        return await answer(request, start.fault)

    routes = [
        Route(prefix + path, endpoint(page), methods=[method]) for path, page, method in PAGES for prefix in ROOTS
    ]
    routes += [Route(prefix + path, served(file, path)) for path, file in FILES for prefix in ROOTS]
    routes += [Route(PREFIX, endpoint(start.start))]
    routes += [Route(prefix + "/health", health) for prefix in ROOTS]
    handlers = {HTTPException: missing, NotTold: not_told, Exception: broken}
    return Starlette(routes=routes, exception_handlers=handlers)


ROOTS = ("", PREFIX)


_KEPT = {"/report": ("kind", "code", "lang"), "/device": ("system", "lang")}


def _led_home(asked: Asked) -> Response | None:
    """A page that was asked for on a site's origin, with our own name in reach: there, before a word is written."""
    if not asked.elsewhere or asked.request.method not in ("GET", "HEAD"):
        return None
    path = asked.request.url.path.removeprefix(PREFIX)
    name = path if any(path == known for known, _, _ in PAGES) else "/"
    kept = _KEPT.get(name, ("lang",))  # a teacher's code leads nowhere
    said = {key: asked.query(key) for key in kept} | {"site": asked.site}
    query = urlencode({key: value for key, value in said.items() if value})
    return lead_to(f"{asked.elsewhere.rstrip('/')}{name}?{query}")


def _place(error: Exception) -> str:
    """File and line only: a message or a local could carry what a child wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))


def _is_called_by_its_name(request: Request, house: House) -> bool:
    """False when a stranger's name leads here (DNS rebinding): its page would be of one origin with ours."""
    host = request.headers.get("host", "")
    name = host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    try:
        canonical = canonical_host(name)
    except HostError:
        return False
    return is_address(canonical) or canonical in house.shown.gateway_names


def _looks_for_proxies(request: Request, path: str) -> bool:
    """True for a device that asks ``wpad``, in whatever domain it was told, for the script (and for nothing else)."""
    name = request.headers.get("host", "").partition(":")[0].lower()
    return path in pac.PATHS and (name == "wpad" or name.startswith("wpad."))


def _is_part(request: Request) -> bool:
    """True for what a script, a frame or a picture asks for: these pages are for people (Fetch Metadata)."""
    headers = request.headers
    return headers.get("sec-fetch-mode", "navigate") not in ("navigate", "") or headers.get(
        "sec-fetch-dest", "document"
    ) not in ("document", "")
