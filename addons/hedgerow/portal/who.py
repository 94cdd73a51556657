"""Who asks. On the unix socket a worker says it; on TCP it is the address that dialled, never what was written."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from starlette.requests import Request

from hedgerow.portal.house import Shown

HEADER = "x-hedgerow-who"
_FIELDS = ("key", "band", "network", "language", "host", "scheme", "own", "at")


class NotTold(Exception):
    """The unix socket was spoken to without the header: that is no worker of ours."""


@dataclass(frozen=True, slots=True)
class Who:
    """The person as far as the network tells, and the site on whose origin the page was asked for."""

    key: str
    band: str
    network: str
    language: str
    host: str  # "" = the portal's own address
    scheme: str
    own: str  # "https://NAME/": where this person reaches the portal by a name of its own; "" = nowhere
    at: str = ""  # the gateway's own address, as this person's device reaches it; "" = not known


def told(header: str) -> Who:
    """What a worker wrote (``proxy.relay.who``). Raises NotTold when it is not that."""
    try:
        fields = json.loads(base64.urlsafe_b64decode(header.encode("ascii")))
        return Who(*(fields[name] for name in _FIELDS if isinstance(fields[name], str)))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise NotTold from error


def who(request: Request, shown: Shown, relayed: bool) -> Who:
    """Raises NotTold on the unix socket without a worker's header."""
    if relayed:
        headers = request.headers.getlist(HEADER)
        if len(headers) != 1:
            raise NotTold
        return told(headers[0])
    address = request.client.host if request.client else ""
    plain = address.removeprefix("::ffff:").partition("%")[0]
    identity = shown.identities.resolve(plain)
    return Who(identity.key, identity.band, identity.network, "", "", "http", "", _reached(request))


def _reached(request: Request) -> str:
    """The address of ours that was dialled."""
    server = request.scope.get("server")
    return str(server[0]).partition("%")[0] if server else ""
