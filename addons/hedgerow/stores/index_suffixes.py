"""Is a listed name a public suffix? ``core.suffixes`` knows; here it is asked for three million names.

Nearly no name is one, and the list's rules (https://publicsuffix.org/list/) tell that by two look-ups in sets.
"""

from __future__ import annotations

from functools import cache

import tldextract

from hedgerow.core.suffixes import is_public_suffix


def is_suffix(host: str) -> bool:
    """``core.suffixes.is_public_suffix`` of a canonical host; False for an address or a network."""
    if host in _exact() or "xn--" in host or "." not in host or host.partition(".")[2] in _wildcards():
        return is_public_suffix(host)
    return False


def without_www(host: str) -> str:
    """What a person means who writes ``www.casino.example``: the whole site. ``www.gov.uk`` is a site of its own."""
    site = host.removeprefix("www.")
    return host if site == host or is_suffix(site) else site


@cache
def _exact() -> frozenset[str]:
    return frozenset(rule for rule in _rules() if not rule.startswith(("*", "!")))


@cache
def _wildcards() -> frozenset[str]:
    """Of ``*.ck``: whatever stands directly below ``ck`` may be a suffix."""
    return frozenset(rule.removeprefix("*.") for rule in _rules() if rule.startswith("*."))


def _rules() -> list[str]:
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
    return extract.tlds
