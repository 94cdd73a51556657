"""What was sent with a form: bounded, of one kind, from a page of ours. Nothing is believed because it is there."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

BODY_LIMIT = 64 * 1024
FIELDS = 12
READ_SECONDS = 10.0
TOKEN_SECONDS = 2 * 3600
"""How long a form may be open: a child may need time to find words."""


class BadForm(Exception):
    """What came is no form of ours. ``reason`` is one of a closed set: size, form, origin, slow."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


def from_a_page_of_ours(request: Request, own: str) -> bool:
    """False when the browser says that another site, a script or a frame sent it. ``own`` is this origin's host.

    Fetch Metadata (https://www.w3.org/TR/fetch-metadata/) says it best, but only where the origin is secure; Origin
    is "null" under our own referrer policy. What neither of them says, the form's token does.
    """
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    if (
        headers.get("sec-fetch-mode", "navigate") != "navigate"
        or headers.get("sec-fetch-dest", "document") != "document"
    ):
        return False
    origin = headers.get("origin", "null")
    try:
        return origin == "null" or (urlsplit(origin).hostname or "") == own
    except ValueError:
        return False


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, the first of each name. Raises BadForm; reads no more than ``BODY_LIMIT`` bytes."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        raise BadForm("form", 415)
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await _body(request)
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS)
    except (TimeoutError, ClientDisconnect) as error:
        raise BadForm("slow", 408) from error
    except ValueError as error:
        raise BadForm("form", 400) from error
    return dict(reversed(pairs))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_LIMIT:
            raise BadForm("size", 413)
    return bytes(body)


@dataclass(frozen=True, slots=True)
class FormTokens:
    """A token in each form: this person got this form from us, not long ago (HMAC-SHA256, RFC 2104)."""

    key: bytes
    clock: Callable[[], float] = field(default=time.time)

    def sign(self, person: str, purpose: str) -> str:
        now = f"{int(self.clock()):x}"
        return f"{now}.{self._mac(person, purpose, now)}"

    def verify(self, token: str, person: str, purpose: str) -> bool:
        """True when ``sign`` made it for this person and purpose in the last two hours."""
        age = self._age(token, person, purpose)
        return age is not None and -60 <= age <= TOKEN_SECONDS

    def late(self, token: str, person: str, purpose: str) -> bool:
        """True when ``sign`` made it for this person and purpose, but longer ago."""
        age = self._age(token, person, purpose)
        return age is not None and age > TOKEN_SECONDS

    def _age(self, token: str, person: str, purpose: str) -> float | None:
        """Seconds since it was made; None when it is not ours."""
        issued, _, mac = token[:200].partition(".")
        if not hmac.compare_digest(self._mac(person, purpose, issued).encode(), mac.encode("utf-8", "replace")):
            return None
        return self.clock() - int(issued, 16)

    def _mac(self, person: str, purpose: str, issued: str) -> str:
        said = "\0".join(("hedgerow-portal-1", purpose, person, issued)).encode("utf-8", "replace")
        return hmac.new(self.key, said, hashlib.sha256).hexdigest()
