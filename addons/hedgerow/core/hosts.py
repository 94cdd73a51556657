"""One canonical form of a host, so that a name can be spelled, listed and judged in one way only.

The WHATWG host parser (https://url.spec.whatwg.org/#host-parsing): percent-decoding, UTS #46 (``core.idn``), IPv4 in
all its spellings and IPv6 (``core.addresses``), then the limits of DNS (RFC 1035): labels of 1 to 63 octets, names
of at most 253. One trailing dot is dropped, and IPv6 loses its brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from hedgerow.core.addresses import ends_in_number, is_private, parse_ipv4, parse_ipv6
from hedgerow.core.idn import HostError, imitates_latin, mixes_scripts, to_ascii, to_unicode
from hedgerow.core.suffixes import is_listed_suffix, is_public_suffix, registrable

__all__ = [
    "HostError",
    "below",
    "canonical_host",
    "display_host",
    "is_address",
    "is_listed_suffix",
    "is_private",
    "is_public_suffix",
    "parents",
    "registrable",
    "suspicious",
]

_LONGEST_RAW = 1_024  # characters: room for a percent-encoded international name, no more
_LONGEST_NAME = 253
_LONGEST_LABEL = 63

# Already canonical: most hosts of real traffic. A last label that begins with a letter is no IPv4 number.
_CANONICAL = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z_][a-z0-9_-]{0,62}")
# WHATWG forbidden domain code points, and the comma: a Host header folded from two has one.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#%,/:<>?@\[\\\]^|]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-f.]*:[0-9a-f.:]*")


def canonical_host(raw: str) -> str:
    """The one spelling of a host name or address: lower case, ``xn--``, dotted IPv4, IPv6 without brackets.

    Raises HostError for whatever no request may be sent to: empty, too long, an empty label, forbidden code points,
    a zone id, a Unicode name that UTS #46 forbids. A leading hyphen or an underscore makes a name like any other, and
    so does a faulty ``xn--`` label: ``suspicious`` is for those.
    """
    return _canonical(raw) if len(raw) <= _LONGEST_NAME else _parse(raw)


@lru_cache(maxsize=16_384)
def _canonical(raw: str) -> str:
    return raw if _CANONICAL.fullmatch(raw) else _parse(raw)


def _parse(raw: str) -> str:
    if len(raw) > _LONGEST_RAW:
        raise HostError("host is too long")
    if raw.startswith("["):
        if not raw.endswith("]"):
            raise HostError("IPv6 address without its closing bracket")
        return parse_ipv6(raw[1:-1])
    if raw.count(":") > 1:
        return parse_ipv6(raw)
    return _name(unquote(raw, errors="replace") if "%" in raw else raw)


def _name(domain: str) -> str:
    ascii_name = _ascii(domain)
    if found := _FORBIDDEN.search(ascii_name):
        raise HostError(f"host with a forbidden character: {found.group()!r}")
    host = ascii_name.removesuffix(".")
    if ends_in_number(host):
        return parse_ipv4(host)
    _check_lengths(host)
    return host


def _ascii(domain: str) -> str:
    """ASCII is not looked into: also ``xn--`` labels that do not decode are DNS names (URL Standard)."""
    return domain.lower() if domain.isascii() else to_ascii(domain)


def _check_lengths(host: str) -> None:
    if len(host) > _LONGEST_NAME:
        raise HostError("host is longer than 253 octets")
    for label in host.split("."):
        if not label:
            raise HostError("host is empty or has an empty label")
        if len(label) > _LONGEST_LABEL:
            raise HostError("host has a label longer than 63 octets")


def parents(host: str) -> Iterator[str]:
    """The canonical host itself, then each parent at a label boundary; an address has no parents."""
    return iter(_lineage(host))


@lru_cache(maxsize=8192)
def _lineage(host: str) -> tuple[str, ...]:
    if is_address(host):
        return (host,)
    labels = host.split(".")
    return tuple(".".join(labels[first:]) for first in range(len(labels)))


def below(host: str, parent: str) -> bool:
    """True when a canonical host is ``parent`` or stands below it at a label boundary."""
    return host == parent or (host.endswith("." + parent) and not is_address(host))


@lru_cache(maxsize=8192)
def is_address(host: str) -> bool:
    """True when a canonical host is an IP literal."""
    return _ADDRESS.fullmatch(host) is not None


@lru_cache(maxsize=1_024)
def suspicious(host: str) -> bool:
    """True when a canonical host cannot be what it shows: no request for it is honest.

    A label mixes look-alike scripts (Latin with Cyrillic), or an ``xn--`` label is no Punycode of a legal one (a
    zero-width joiner that joins nothing, letters that are not normalised).
    """
    if "xn--" not in host:
        return False
    try:
        return to_ascii(host) != host or any(map(mixes_scripts, host.split(".")))
    except HostError:
        return True


def display_host(host: str) -> str:
    """A canonical host for people to read: Unicode where that cannot deceive, else the ``xn--`` form."""
    if "xn--" not in host or suspicious(host):
        return host
    foreign = not to_unicode(host.rpartition(".")[2]).isascii()  # below .рф a Cyrillic word is what it seems
    return ".".join(_display(label, foreign) for label in host.split("."))


def _display(label: str, foreign: bool) -> str:
    return label if imitates_latin(label) and not foreign else to_unicode(label)
