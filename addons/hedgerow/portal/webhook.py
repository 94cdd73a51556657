"""A message to a web address (webhook). It goes to the very address that was checked: no redirect, no second look-up.

A private address, or a name that answers with one, is refused unless ``private:`` of site.yaml names it: whoever may
edit recipients is not to reach the inside of the school with them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import httpx

from hedgerow.core.addresses import is_private
from hedgerow.core.refusals import private_allowed, private_name_allowed
from hedgerow.portal.mail import THREADS, NotDelivered

TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Way:
    """How the school goes out: ``private:`` and ``proxy: parent:`` of site.yaml."""

    private: tuple[str, ...] = ()
    parent: str = ""


async def send_webhook(url: str, content: Mapping[str, object], number: str, way: Way = Way()) -> None:  # noqa: B008
    """Posts JSON with ``Idempotency-Key: number``; any 2xx is taken. Raises NotDelivered."""
    host = urlsplit(url).hostname or ""
    try:
        code = await _posted(httpx.URL(url), content, number, way)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NotDelivered(f"{host}: {error or type(error).__name__}") from error
    if not 200 <= code < 300:
        raise NotDelivered(f"{host}: answered {code}")


async def _posted(url: httpx.URL, content: Mapping[str, object], number: str, way: Way) -> int:
    """The status. Every checked address is dialled until one takes the connection; the parent proxy looks names up."""
    headers = {"host": url.netloc.decode("ascii"), "idempotency-key": number, "user-agent": "hedgerow"}
    addresses = await _checked(url.host, url.port or 443, way)
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(), timeout=TIMEOUT_SECONDS, trust_env=False, proxy=way.parent or None
    ) as client:
        for last, address in enumerate(addresses, 1 - len(addresses)):
            try:
                return await _post(client, url.copy_with(host=address), content, headers, url.host)
            except httpx.ConnectError:
                if not last:
                    raise
    raise NotDelivered(f"{url.host}: has no address")


async def _post(
    client: httpx.AsyncClient, url: httpx.URL, content: Mapping[str, object], headers: Mapping[str, str], name: str
) -> int:
    """The certificate is the name's, whatever address is dialled. The answer's body is not read."""
    extensions = {"sni_hostname": name}
    async with client.stream("POST", url, json=content, headers=headers, extensions=extensions) as answer:
        return answer.status_code


async def _checked(host: str, port: int, way: Way) -> list[str]:
    """The addresses to dial. Raises NotDelivered when any answer is private and not named."""
    if way.parent and not _is_literal(host):
        return [host]
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(THREADS, look_up)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if is_private(address) and not (
            private_allowed(way.private, address) or private_name_allowed(way.private, host)
        ):
            raise NotDelivered(f"{host}: {address} is a private address, and `private:` of site.yaml does not name it")
    return addresses


def _is_literal(host: str) -> bool:
    """An address written as such: a parent proxy is not to be asked for one inside the school either."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.rpartition(".")[2].isdigit() or host == "localhost" or host.endswith(".localhost")
    return True
