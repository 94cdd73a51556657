"""The name server's configuration (unbound.conf(5)), made from site.yaml: the same site gives the same text.

It answers the school and nobody else, validates DNSSEC, writes no names down, and does what only a name server can:
safe search by names, no way round by encrypted name servers, no HTTPS records, and in names-only networks the verdicts
themselves. ``deploy/NETWORK.md`` says what each part is for. Tried with Unbound 1.17.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from hedgerow.core.model import Capture, SafeModes
from hedgerow.core.plain import plain
from hedgerow.stores.network.addresses import STAND_IN, STAND_IN6
from hedgerow.stores.site import GATEWAY_NAME, Site

CONF, SCRIPT = "hedgerow.conf", "https-records.py"
CANARY = "use-application-dns.net"
"""Asked by Firefox before it turns to a name server of its own: "no such name" keeps it here
(https://support.mozilla.org/kb/canary-domain-use-application-dnsnet)."""
RELAY = ("mask.icloud.com", "mask-h2.icloud.com")
"""Apple's iCloud Private Relay: "no such name" turns it off with a word to the user
(https://developer.apple.com/icloud/prepare-your-network-for-icloud-private-relay)."""
DESIGNATED = "resolver.arpa"
"""Where systems ask for an encrypted name server (RFC 9462): there is none here."""

WPAD = "wpad"
"""Where browsers look for proxy settings when nobody told them (Web Proxy Auto-Discovery): here, so that nobody else
answers. With a domain of the school's own (``wpad.school.example``) it is the school's name server that says so."""

REBINDING = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
    *("fc00::/7", "fe80::/10", "::ffff:0:0/96"),
)
"""Addresses no public name may have: a page cannot point a name of its own at a machine of the school."""


def safe_zone(band: str) -> str:
    return f"safe-{band}"


def names_zone(band: str) -> str:
    return f"names-{band}"


def safe_bands(site: Site, modes: Mapping[str, SafeModes]) -> list[str]:
    """Bands of the school's networks that ask search engines or YouTube for a safe mode."""
    used = dict.fromkeys(rule.band for rule in site.networks)
    return [band for band in used if modes[band].engines or modes[band].youtube != "off"]


def names_bands(site: Site) -> list[str]:
    """Bands of networks where nothing but names is judged."""
    return list(dict.fromkeys(rule.band for rule in site.networks if rule.level is Capture.NAMES_ONLY))


def configuration(site: Site, safe: list[str], folder: Path, script: bool = True) -> str:
    """``hedgerow.conf``; ``safe`` as ``safe_bands`` gives it, ``folder`` where its files lie.

    Without ``script`` HTTPS records pass, and no Python is needed.
    """
    return "".join(f"{line}\n" for line in _lines(site, safe, folder, script))


def _lines(site: Site, safe: list[str], folder: Path, script: bool) -> Iterator[str]:
    named = names_bands(site)
    yield "# Hedgerow: the school's name server. Made by `hedgerow network unbound` from site.yaml; do not edit."
    yield "server:"
    yield from (f"  {line}" for line in _server(site, safe, named, script))
    if script:
        yield "python:"
        yield f'  python-script: "{folder / SCRIPT}"'
    for zone in (*map(safe_zone, safe), *map(names_zone, named)):  # the first that speaks decides
        yield "rpz:"
        yield f'  name: "{zone}.hedgerow."'
        yield f'  zonefile: "{folder / f"{zone}.zone"}"'
        yield f'  tags: "{zone}"'


def _server(site: Site, safe: list[str], named: list[str], script: bool) -> Iterator[str]:
    yield "# respip: the rpz files below; validator: answers that fail DNSSEC are refused"
    yield f'module-config: "{"python " * script}respip validator iterator"'
    if script:
        yield 'chroot: ""   # the script needs its Python'
    yield from _listening(site)
    yield from _quiet()
    if tags := [*map(safe_zone, safe), *map(names_zone, named)]:
        yield f'define-tag: "{" ".join(tags)}"'
    for rule in site.networks:
        yield f"# {plain(rule.name, 60)}: {rule.band}, {rule.level}"
        own = [safe_zone(rule.band)] * (rule.band in safe)
        own += [names_zone(rule.band)] * (rule.level is Capture.NAMES_ONLY)
        for address in rule.addresses:
            yield f"access-control: {address} allow"
            if own:
                yield f'access-control-tag: {address} "{" ".join(own)}"'
    yield from _names(site)


def _listening(site: Site) -> Iterator[str]:
    yield "interface: 0.0.0.0"
    yield "interface: ::0"
    yield "interface-automatic: yes   # answers come from the address that was asked: the firewall leads questions here"
    for network in ("0.0.0.0/0", "::/0"):
        yield f"access-control: {network} refuse"
    for network in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"):
        yield f"access-control: {network} allow"


def _quiet() -> Iterator[str]:
    """Nothing that is asked is written down; nothing of this machine is told."""
    yield from ("log-queries: no", "log-replies: no", "log-servfail: no", "val-log-level: 0", "verbosity: 1")
    yield from ("hide-identity: yes", "hide-version: yes", "qname-minimisation: yes", "aggressive-nsec: yes")
    yield "deny-any: yes              # ANY would bring the HTTPS records along"
    yield "prefetch: yes"
    yield from (f"private-address: {network}" for network in REBINDING)


def _names(site: Site) -> Iterator[str]:
    yield from (f'private-domain: "{name}"' for name in site.private if _is_name(name))
    for name in (CANARY, *RELAY):
        yield f'local-zone: "{name}." always_nxdomain'
    yield f'local-zone: "{DESIGNATED}." always_nodata'
    six = any(address.version == 6 for rule in site.networks for address in rule.addresses)
    for name in (GATEWAY_NAME, WPAD, *sorted(filter(_is_name, site.gateway_names))):
        yield f'local-zone: "{name}." redirect'
        yield f'local-data: "{name}. 60 A {STAND_IN}"'
        if six:
            yield f'local-data: "{name}. 60 AAAA {STAND_IN6}"'


def _is_name(text: str) -> bool:
    return "/" not in text and ":" not in text and not text.replace(".", "").isdigit()
