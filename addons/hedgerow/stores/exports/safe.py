"""Safe search by names, for networks where only names are seen: which name a resolver answers as another's.

A file of its own, to be read before the band's verdicts. RPZ says all of it. The other formats know addresses only
where the engine publishes one, or where the resolver follows an alias by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hedgerow.core.hosts import is_address
from hedgerow.core.model import SafeModes
from hedgerow.core.safe_names import safe_names
from hedgerow.stores.exports.rpz import zone_head

PUBLISHED = {
    "forcesafesearch.google.com": "216.239.38.120",
    "restrict.youtube.com": "216.239.38.120",
    "restrictmoderate.youtube.com": "216.239.38.119",
    "strict.bing.com": "204.79.197.220",
}
"""Addresses the engines publish for resolvers that follow no alias (the help pages named in ``core.safe_engines``)."""

Answers = Mapping[str, str]


def safe_answers(modes: SafeModes, refused: Callable[[str], bool]) -> dict[str, str]:
    """Name -> the name or address to answer with, of what the band lets through at all."""
    return {name: target for name, target in sorted(safe_names(modes).items()) if not refused(name)}


def _rpz(answers: Answers, serial: int) -> Iterator[str]:
    yield from zone_head(serial)
    for name, target in answers.items():
        yield f"{name} {_record(target)}"


def _unbound(answers: Answers, serial: int) -> Iterator[str]:
    yield "server:"
    for name, target in answers.items():
        yield f'local-zone: "{name}." redirect'
        yield f'local-data: "{name}. 60 {_record(target)}"'


def _dnsmasq(answers: Answers, serial: int) -> Iterator[str]:
    """``local=`` beside it: questions of another kind (IPv6, HTTPS) would be passed on."""
    for name, address in known(answers).items():
        yield f"address=/{name}/{address}"
        yield f"local=/{name}/"


def _hosts(answers: Answers, serial: int) -> Iterator[str]:
    for name, address in known(answers).items():
        yield f"{address} {name}"


def known(answers: Answers) -> dict[str, str]:
    """Those of the answers that have an address to write down."""
    found = ((name, target if is_address(target) else PUBLISHED.get(target, "")) for name, target in answers.items())
    return {name: address for name, address in found if address}


def _record(target: str) -> str:
    return f"A {target}" if is_address(target) else f"CNAME {target}."


FORMATS: Mapping[str, Callable[[Answers, int], Iterator[str]]] = {
    "rpz": _rpz,
    "unbound": _unbound,
    "dnsmasq": _dnsmasq,
    "hosts": _hosts,
}
ALIASES = frozenset({"rpz", "unbound"})
"""Formats that can name another name."""
