"""Keys of the judging index: made so that one prefix search finds a host with all its listed parents.

* a host is written backwards and closed with a dot, so that a prefix ends at a label: ``casino.example`` ->
  ``elpmaxe.onisac.``, a prefix of ``elpmaxe.onisac.www.`` and not of ``elpmaxe.onisacton.``;
* an address or a network is ``#4`` or ``#6`` and its leading bits: a network is a prefix of its addresses;
* a path follows its host, closed with a slash: ``moc.tidder./r/nsfw/``.

No host contains "#" or "/" (WHATWG forbidden host code points), so the three never meet.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from hedgerow.core.hosts import is_address


def host_key(host: str) -> str:
    """Of a canonical host, an address, or a network ``192.0.2.0/24``. Nearly all are hosts that end with a letter."""
    if ":" in host or "/" in host or host[-1:].isdigit() and is_address(host):
        return address_key(host)
    return host[::-1] + "."


def path_tail(path: str) -> str:
    """What follows the host's key for a canonical path, in lower case."""
    tail = path.lower()
    return tail if tail.endswith("/") else f"{tail}/"


def name_keys(name: str) -> tuple[str, ...]:
    """Keys a name of ``key_name`` may have come from: ``192.0.2.0/24`` is a network, or the path /24 of an address."""
    host, slash, path = name.partition("/")
    if not slash:
        return (host_key(host),)
    keys = (host_key(host) + path_tail(f"/{path}"),)
    return (*keys, host_key(name)) if path.isdigit() and _is_network(name) else keys


def key_name(key: str) -> str:
    """The name a key stands for: ``host``, ``host/path``, an address or a network."""
    if "/" not in key and key[0] != "#":
        return key[-2::-1]
    base, slash, path = key.partition("/")
    host = _address(base) if base.startswith("#") else base[-2::-1]
    return f"{host}/{path[:-1]}" if slash else host


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def address_key(host: str) -> str:
    """Of an address or a network."""
    network = ipaddress.ip_network(host)
    bits = f"{int(network.network_address):0{network.max_prefixlen}b}"[: network.prefixlen]
    return f"#{network.version}{bits}"


def _address(base: str) -> str:
    bits = base[2:]
    whole = 32 if base[1] == "4" else 128
    number = int(bits.ljust(whole, "0"), 2)
    address = ipaddress.IPv4Address(number) if whole == 32 else ipaddress.IPv6Address(number)
    return str(address) if len(bits) == whole else f"{address}/{len(bits)}"
