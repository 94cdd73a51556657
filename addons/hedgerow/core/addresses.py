"""IP literals: every WHATWG spelling to one canonical form, and which addresses are nobody's business outside.

Standards: https://url.spec.whatwg.org/#concept-ipv4-parser, RFC 5952 (IPv6 text), RFC 3056 (6to4), RFC 6052 (NAT64),
RFC 4291 (v4-mapped).
"""

from __future__ import annotations

import ipaddress
import string
from functools import lru_cache

from hedgerow.core.idn import HostError

_DIGITS = {8: frozenset(string.octdigits), 10: frozenset(string.digits), 16: frozenset(string.hexdigits)}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# Not global by the IANA registries, but global (or forgotten) in some Python 3.12 and 3.13 releases.
_ALSO_PRIVATE = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "3fff::/20", "2001::/23")))


def ends_in_number(host: str) -> bool:
    """WHATWG "ends in a number": the last label is decimal or 0x-hexadecimal, so the host is IPv4 or nothing."""
    last = host.rpartition(".")[2]
    return (last.isascii() and last.isdigit()) or (last[:2] in ("0x", "0X") and _is_number(last[2:], 16))


def parse_ipv4(host: str) -> str:
    """Dotted IPv4 of one to four decimal, octal (0...) or hexadecimal (0x...) parts. Raises HostError."""
    numbers = [_number(part) for part in host.split(".")]
    if len(numbers) > 4:
        raise HostError("IPv4 address with more than four parts")
    *head, last = numbers
    if any(number > 255 for number in head) or last >= 256 ** (5 - len(numbers)):
        raise HostError("IPv4 address with a part that is too large")
    return str(ipaddress.IPv4Address(sum(n << (24 - 8 * i) for i, n in enumerate(head)) + last))


def parse_ipv6(text: str) -> str:
    """Compressed lower-case IPv6 without brackets; a v4-mapped address as its dotted IPv4. Raises HostError.

    A zone id ("%eth0") is refused: it means another machine to each reader.
    """
    if "%" in text:
        raise HostError("IPv6 address with a zone id")
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise HostError("no legal IPv6 address") from None
    return str(address.ipv4_mapped or address)


@lru_cache(maxsize=4_096)
def is_private(host: str) -> bool:
    """True for whatever is not globally routable unicast, after unwrapping v4-mapped, 6to4 and NAT64 addresses.

    Takes a canonical host or an address as a socket gives it (a zone id is ignored). Of names only ``localhost``
    and what is below it (RFC 6761) is private; any other name is judged by the address it is dialled at.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not _is_global(address)


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return _is_global(inner)
        if address not in _GLOBAL_UNICAST:  # also ::/96, which is_global lets through
            return False
    return address.is_global and not address.is_multicast and not any(address in net for net in _ALSO_PRIVATE)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _number(part: str) -> int:
    if part[:2] in ("0x", "0X"):
        digits, base = part[2:] or "0", 16
    elif len(part) > 1 and part[0] == "0":
        digits, base = part[1:], 8
    else:
        digits, base = part, 10
    if not _is_number(digits or "x", base):
        raise HostError("host ends in a number but is no IPv4 address")
    return int(digits, base)


def _is_number(digits: str, base: int) -> bool:
    return len(digits) <= 255 and _DIGITS[base].issuperset(digits)
