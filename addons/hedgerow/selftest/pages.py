"""Checks of what a person meets: our page over https, its certificate, the portal, the helplines' own sites."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hedgerow.core.model import Decision
from hedgerow.selftest.checks import compare, protected
from hedgerow.selftest.client import Answer, NoAnswer, greet, through
from hedgerow.selftest.expect import Player, expected
from hedgerow.selftest.house import House
from hedgerow.selftest.model import Canary
from hedgerow.stores.ca import CERT_FILE
from hedgerow.stores.identities import NetworkRule
from hedgerow.stores.site import GATEWAY_NAME, TEST_ZONE

_LANGUAGE = re.compile(rb'<html[^>]* lang="([a-z]{2})"')
_NOBODY = ("10.255.255.254", "172.31.255.254", "192.168.255.254", "fd00:ffff:ffff:ffff::fffe")


def closed(house: House, player: Player) -> tuple[str, Decision] | None:
    """A test host that this band's policy closes with a page of ours; the floor sees to it that there is one."""
    for name in house.snapshot.categories.ids:
        host = f"{name}.{TEST_ZONE}"
        wanted = expected(f"https://{host}/", player, house.snapshot, house.grants)
        if wanted.action.forbids and wanted.status == 403:
            return host, wanted
    return None


def page(house: House, player: Player) -> Iterator[Canary]:
    """Our page, as a device with the school's CA shows it, in each language of this band."""
    found = closed(house, player)
    if found is None:
        yield Canary("page", player.band, "", False, "nothing is closed for this band: there is no page to show")
        return
    host, wanted = found
    for language in house.snapshot.languages(player.band):
        with house.client(player) as client:
            try:
                told = wrong(client.get(f"https://{host}/", {"Accept-Language": language}), wanted, language)
            except NoAnswer as error:
                told = str(error)
        yield Canary("page", player.band, f"{host} ({language})", not told, told)


def wrong(answer: Answer, wanted: Decision, language: str) -> str:
    """What is not right with a page of ours; "" when all is."""
    shown = _LANGUAGE.search(answer.body)
    faults = (
        (answer.status != wanted.status, f"status {answer.status}, expected {wanted.status}"),
        (answer.action != str(wanted.action), f"says {answer.action!r}, expected {wanted.action}"),
        (answer.code != wanted.code, f"code {answer.code!r}, expected {wanted.code}"),
        (wanted.code.encode() not in answer.body, "the code does not stand on the page"),
        ("content-security-policy" not in answer.headers, "no content-security-policy"),
        (answer.headers.get("cache-control") != "no-store", "may be cached"),
        (shown is None or shown[1].decode() != language, f"not in {language}"),
    )
    return next((text for true, text in faults if true), "")


def certificate(house: House) -> tuple[list[Canary], dict[str, float]]:
    """The leaf that the gateway shows, checked as a device checks it; and when it and the CA end (Unix seconds)."""
    host = f"certificate.{TEST_ZONE}"
    expiries = {"ca": _ends((house.state.ca / CERT_FILE).read_bytes())}
    try:
        with greet(house.sockets[house.turn % len(house.sockets)], Player(_first(house)).greeting) as sock:
            with through(sock, host, house.trust) as shown:
                der = shown.getpeercert(binary_form=True) or b""
        leaf = x509.load_der_x509_certificate(der)
        expiries["leaf"] = leaf.not_valid_after_utc.timestamp()
        told = "" if is_p256(leaf) else "not a P-256 key"
        if expiries["leaf"] < time.time() + 86_400:
            told = "the leaf ends within a day"
    except (OSError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"
    return [Canary("certificate", "", host, not told, told)], expiries


def is_p256(certificate: x509.Certificate) -> bool:
    """The curve that every device knows; larger ones are slower, and some clients refuse them."""
    key = certificate.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == ec.SECP256R1.name


def _ends(pem: bytes) -> float:
    return x509.load_pem_x509_certificate(pem).not_valid_after_utc.timestamp()


def _first(house: House) -> str:
    return min(house.snapshot.policy.bands.values(), key=lambda band: band.order).name


def portal(house: House) -> Iterator[Canary]:
    """The gateway's own names, each as pupils reach it through the filter."""
    with house.client(Player(_first(house))) as client:
        for name in (GATEWAY_NAME, *house.snapshot.site.gateway_names):
            try:
                answer = client.get(f"http://{name}/")
                told = "" if answer.status == 200 and b"<html" in answer.body else f"answered {answer.status}"
            except NoAnswer as error:
                told = str(error)
            yield Canary("portal", "", name, not told, told)


def networks(house: House) -> Iterator[Canary]:
    """Whoever has an address of a network gets its band, and whoever is in none the strictest one."""
    known = [(rule.name, _one(rule)) for rule in house.snapshot.site.networks]
    nobody = [("(unknown)", one) for one in _NOBODY if not house.snapshot.identities.known(one)][:1]
    for name, address in (*known, *nobody):
        player = Player(address=address)
        if (found := closed(house, player)) is not None:
            with house.client(player) as client:
                yield compare("networks", house, client, player, f"http://{found[0]}/", name)


def _one(rule: NetworkRule) -> str:
    """An address of the network, its last: the first may belong to a longer range of another."""
    return str(rule.addresses[0][-1])


def reached(house: House) -> Iterator[Canary]:
    """Through the filter to the school's own helplines: passed on unopened, so that their own certificate is seen.

    Only those of the school's place: a helpline elsewhere serves people in need, not us. Pages on a shared platform are
    not asked for: nobody would learn from that whether the helpline's page is there.
    """
    local = {host for line in house.snapshot.helplines for host in line.hosts}
    trust = ssl.create_default_context(cafile=house.upstream_ca or certifi.where())
    who = {**Player(_first(house)).greeting, "away": True}
    for entry in protected(house.snapshot):
        if entry.path or entry.host not in local:
            continue
        try:
            with greet(house.sockets[0], who) as sock, through(sock, entry.host, trust):
                told = ""
        except (OSError, ValueError) as error:
            told = type(error).__name__  # its text may name the site
        yield Canary("helplines-reached", "", str(entry.where), not told, told)
