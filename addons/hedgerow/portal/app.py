"""The portal as an ASGI application: which path answers what. One for the workers, one for ``--portal``."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hedgerow.portal.house import House

PREFIX = "/.well-known/hedgerow"


def make(house: House, relayed: bool) -> Starlette:
    """The application. ``relayed``: it is a worker that speaks, and its word about who asks is believed."""

    async def health(_request: Request) -> Response:
        """Whether this process answers, and by which files. Tells nothing about anybody."""
        return JSONResponse({"portal": "up", "policy": house.shown.version}, headers={"cache-control": "no-store"})

    pages = [("/health", health, ["GET"])]
    routes = [Route(prefix + path, page, methods=methods) for path, page, methods in pages for prefix in ("", PREFIX)]
    return Starlette(routes=routes)
