"""``/proxy.pac`` and ``/wpad.dat``: a script that tells browsers to use this gateway (Netscape's proxy auto-config).

It fails closed: nothing falls back to going without the gateway. It says what site.yaml and the listening addresses
say, the same to everybody. ECMAScript 3 alone, for the oldest of those who run it (WinHTTP).
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hedgerow.portal.house import House
from hedgerow.portal.who import Who

TYPE = "application/x-ns-proxy-autoconfig"
PATHS = ("/proxy.pac", "/wpad.dat")
HEADERS = {
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",  # no page may run it as a script of its own and read the school's names
    "cross-origin-resource-policy": "same-origin",
}
_NO_PROXY = """this gateway has no address that devices could use as their proxy:
start it with --listen HOST:PORT, or write gateway: {proxy: "HOST:PORT"} into site.yaml
"""
_SCRIPT = """// The school's web filter. Made from site.yaml; what is not named here goes by the gateway or not at all.
var BY = %(by)s;
var NAMES = %(names)s;
var RANGES = %(ranges)s;
var ADDRESSES = %(addresses)s;

function FindProxyForURL(url, host) {
  host = host.toLowerCase().replace(/^\\[|\\]$/g, "").replace(/\\.$/, "");
  return isNear(host) ? "DIRECT" : BY;
}

function isNear(host) {
  var i, number = asNumber(host);
  for (i = 0; i < NAMES.length; i++)
    if (host === NAMES[i] || host.slice(-NAMES[i].length - 1) === "." + NAMES[i]) return true;
  for (i = 0; i < ADDRESSES.length; i++)
    if (host === ADDRESSES[i]) return true;
  for (i = 0; i < RANGES.length; i++)
    if (number >= RANGES[i][0] && number <= RANGES[i][1]) return true;
  return false;
}

function asNumber(host) {
  var part = /^(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})$/.exec(host);
  var i, number = 0;
  for (i = 1; part && i < 5; i++) {
    if (part[i] > 255) return -1;
    number = number * 256 + Number(part[i]);
  }
  return part ? number : -1;
}
"""


async def serve(_request: Request, house: House, who: Who) -> Response:
    """The script for a device that reaches us at ``who.at``; 404 where there is no proxy it could name."""
    site = house.shown.site
    proxies = site.pac_proxies or tuple(reached(house.proxies, who.at))
    if not proxies:
        return PlainTextResponse(_NO_PROXY, 404, HEADERS)
    return Response(script(proxies, (*site.pac_direct, *_ours(who.at))), 200, HEADERS, TYPE)


def script(proxies: Iterable[str], direct: Iterable[str]) -> str:
    """``proxies`` are "HOST:PORT", tried in turn; ``direct`` canonical names (and all below them) and ranges (CIDR)."""
    names, ranges, addresses = ["localhost"], [_ends("127.0.0.0/8")], ["::1"]
    for item in direct:
        if "/" not in item:
            names.append(item)
        elif ":" in item:
            addresses.append(item.removesuffix("/128"))
        else:
            ranges.append(_ends(item))
    by = "; ".join(f"PROXY {one}" for one in proxies)
    said = {"by": by, "names": names, "ranges": ranges, "addresses": addresses}
    return _SCRIPT % {name: json.dumps(value) for name, value in said.items()}


def reached(listening: Iterable[tuple[str, int]], at: str) -> Iterator[str]:
    """The listening addresses as a device can dial them; ``at`` is where it reaches us, which stands for "every"."""
    for host, port in listening:
        address = ipaddress.ip_address(host)
        if address.is_unspecified:
            address = _dialled(at, address.version) or address
        if not address.is_unspecified and (not address.is_loopback or host == at or str(address) == at):
            yield f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


def _dialled(at: str, version: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """``at`` as an address of this version that means the same on the device: not one of a link."""
    try:
        address = ipaddress.ip_address(at)
    except ValueError:
        return None
    return address if address.version == version and not address.is_link_local else None


def _ours(at: str) -> tuple[str, ...]:
    """The portal at our own address: the filter refuses to dial itself."""
    address = _dialled(at, 6 if ":" in at else 4)
    return (str(ipaddress.ip_network(address)),) if address else ()


def _ends(range_: str) -> tuple[int, int]:
    """First and last address of an IPv4 range, as numbers."""
    network = ipaddress.IPv4Network(range_)
    return int(network.network_address), int(network.broadcast_address)
