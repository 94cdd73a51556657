"""Who may register below what: the public suffix list (https://publicsuffix.org), as bundled with tldextract.

Private suffixes (``github.io``, ``blogspot.com``) count: their customers are strangers to one another. Nothing is
fetched and nothing is written.
"""

from __future__ import annotations

from functools import cache, lru_cache

import tldextract

from hedgerow.core.idn import to_unicode


@lru_cache(maxsize=16_384)
def registrable(host: str) -> str:
    """The name someone registered: ``a.b.co.uk`` -> ``b.co.uk``. A public suffix or an address is its own.

    ``host`` is canonical (``core.hosts``). Below a top-level domain nobody lists, the last two labels.
    """
    if _is_literal(host):
        return host
    labels = host.split(".")
    return ".".join(labels[-(_suffix_length(host) + 1) :])


@lru_cache(maxsize=4_096)
def is_public_suffix(host: str) -> bool:
    """True when strangers register directly below ``host`` (canonical): ``com``, ``co.uk``, ``github.io``."""
    return not _is_literal(host) and host.count(".") + 1 == _suffix_length(host)


def is_listed_suffix(host: str) -> bool:
    """``is_public_suffix``, but only of what the list names: not the bare ``moodle`` of a school's own network."""
    return is_public_suffix(host) and bool(_listed(host))


def _suffix_length(host: str) -> int:
    """Labels of the public suffix; 1 for an unknown top-level domain (the list's default rule ``*``)."""
    return _listed(host).count(".") + 1


def _listed(host: str) -> str:
    """The suffix a rule of the list gives ``host``; "" below a top-level domain that nobody lists."""
    return _extractor().extract_str(_readable(host)).suffix


def _readable(host: str) -> str:
    """The list writes international suffixes in Unicode."""
    return ".".join(map(to_unicode, host.split("."))) if "xn--" in host else host


def _is_literal(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit()


@cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
