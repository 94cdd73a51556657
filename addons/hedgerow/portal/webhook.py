"""A message to a web address (webhook). It goes to the very address that was checked: no redirect, no second look-up.

A private address, or a name that answers with one, is refused unless ``private:`` of site.yaml names it: whoever may
edit recipients is not to reach the inside of the school with them.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from hedgerow.core.addresses import is_private
from hedgerow.core.refusals import private_allowed, private_name_allowed
from hedgerow.portal.mail import NotDelivered

TIMEOUT_SECONDS = 15.0


async def send_webhook(
    url: str, content: Mapping[str, object], number: str, private: tuple[str, ...] = (), parent: str = ""
) -> None:
    """Posts JSON with ``Idempotency-Key: number``; any 2xx is taken. Raises NotDelivered."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    target = httpx.URL(url)
    try:
        if not parent:
            target = target.copy_with(host=await _checked(host, port, private))
        async with httpx.AsyncClient(
            verify=ssl.create_default_context(), timeout=TIMEOUT_SECONDS, trust_env=False, proxy=parent or None
        ) as client:
            headers = {"host": parts.netloc.rpartition("@")[2], "idempotency-key": number, "user-agent": "hedgerow"}
            extensions = {"sni_hostname": host}
            async with client.stream("POST", target, json=content, headers=headers, extensions=extensions) as answer:
                code = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NotDelivered(f"{host}: {error or type(error).__name__}") from error
    if not 200 <= code < 300:
        raise NotDelivered(f"{host}: answered {code}")


async def _checked(host: str, port: int, private: tuple[str, ...]) -> str:
    """The address to dial. Raises NotDelivered when any answer is private and not named."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if is_private(address) and not (private_allowed(private, address) or private_name_allowed(private, host)):
            raise NotDelivered(f"{host}: {address} is a private address, and `private:` of site.yaml does not name it")
    if not addresses:
        raise NotDelivered(f"{host}: has no address")
    return addresses[0]
