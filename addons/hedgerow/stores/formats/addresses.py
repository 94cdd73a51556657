"""Addresses, networks and ranges: ``192.0.2.7``, ``192.0.2.0/24``, ``192.0.2.0-192.0.2.9``; ``#``, ``;`` a comment."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from itertools import islice

from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found, LineError
from hedgerow.stores.formats.names import Network, network_name, parse_network, utf8

_MOST_NETWORKS = 64  # of one range
_RANGE = re.compile(r"([0-9a-f:.]+)\s*-\s*([0-9a-f:.]+)", re.IGNORECASE)


def parse(line: int, text: str) -> Iterator[Found]:
    if not (text := utf8(re.split(r"[#;]", text, maxsplit=1)[0]).strip()):
        return
    if ends := _RANGE.fullmatch(text):
        for host in _range(ends[1], ends[2]):
            yield Found(line, host)
    else:
        yield Found(line, parse_network(text.strip("[]")))


def _range(first: str, last: str) -> list[str]:
    """The networks that make up a range; none of it when a part is too wide."""
    try:
        one, other = ipaddress.ip_address(first), ipaddress.ip_address(last)
        if isinstance(one, ipaddress.IPv4Address) and isinstance(other, ipaddress.IPv4Address):
            return _networks(ipaddress.summarize_address_range(one, other))
        if isinstance(one, ipaddress.IPv6Address) and isinstance(other, ipaddress.IPv6Address):
            return _networks(ipaddress.summarize_address_range(one, other))
    except LineError:
        raise
    except ValueError as error:
        raise LineError(str(error)) from None
    raise LineError(f"{first}-{last} begins and ends in two kinds of addresses")


def _networks(found: Iterator[Network]) -> list[str]:
    names = [network_name(network) for network in islice(found, _MOST_NETWORKS + 1)]
    if len(names) > _MOST_NETWORKS:
        raise LineError(f"a range of more than {_MOST_NETWORKS} networks")
    return names


IPS = per_file(by_line(parse), suffix=True)
