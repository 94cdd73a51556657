"""``/device``: how a device is set up for the school's network, is it ready, and what the filter reads on it.

Reached over plain http by devices that trust nothing of ours yet. The system is guessed and every other can be chosen.
"""

from __future__ import annotations

import re
from html import escape

from cryptography import x509
from starlette.responses import Response

from hedgerow.core.model import Capture
from hedgerow.portal import parts, probe
from hedgerow.portal.asked import Asked
from hedgerow.portal.certificate import common_name, fingerprint, held
from hedgerow.portal.look import page
from hedgerow.portal.poster import code, plain_address
from hedgerow.portal.profile import SIGNING_KEY
from hedgerow.portal.systems import SYSTEMS, System, recognised
from hedgerow.stores.site import Site


async def show(asked: Asked) -> Response:
    """The whole way for one system; without one, what there is to choose. Where nothing is opened, nothing to do."""
    opened, chosen, tested = level(asked) is Capture.DECRYPTED, _chosen(asked), probe.test(asked)
    body = parts.paragraph(asked.say("device.lead" if opened else "device.lead.names-only"), "lead")
    if opened or asked.query("system"):
        body += await _way(asked, chosen, tested)
    body += f'<p class="noprint">{parts.link(asked.path("device/read"), asked.say("device.read.link"))}</p>'
    body += _elsewhere(asked)
    here = f"device?system={chosen}" if chosen else "device"
    return page(asked, asked.say("device.title"), body, "device", here=here, loads=tested.origins)


async def _way(asked: Asked, chosen: str, tested: probe.Test) -> str:
    """The test, every system to choose from, the steps of the chosen one, and what to compare."""
    certificate = await held(asked.house)
    steps = _steps(asked, chosen, certificate) if certificate and chosen else ""
    check = _check(asked, certificate) if certificate else ""
    return (
        parts.paragraph(asked.say("device.own")) + _test(asked, tested, chosen) + _choice(asked, chosen) + steps + check
    )


async def read(asked: Asked) -> Response:
    """What is read on this device and what never is, from the lists and the networks in force."""
    names_only = level(asked) is Capture.NAMES_ONLY
    lead = parts.paragraph(asked.say(f"device.read.{Capture.NAMES_ONLY if names_only else Capture.DECRYPTED}"), "lead")
    notice = f"<p>{parts.link(asked.path('privacy'), asked.say('portal.privacy'))}</p>"
    never = _never(asked, "helplines", asked.shown.help_hosts) + _never(asked, "sites", asked.shown.unread)
    outside = parts.paragraph(asked.say("device.never.elsewhere"))
    body = f"<article>{lead}{notice}{never}{outside}</article>"
    body += f"<p>{parts.link(asked.path('device'), asked.say('device.title'))}</p>"
    return page(asked, asked.say("device.read.title"), body, "privacy", here="device/read")


def level(asked: Asked) -> Capture:
    """Whether connections from the reader's network are opened, as site.yaml says."""
    site: Site = asked.shown.site
    return next((rule.level for rule in site.networks if rule.name == asked.who.network), Capture.DECRYPTED)


def _chosen(asked: Asked) -> str:
    """What the reader chose, else what the browser says of itself; "" when it says nothing that is known."""
    wished = asked.query("system")
    return wished if wished in SYSTEMS else recognised(asked.request.headers)


def _test(asked: Asked, tested: probe.Test, chosen: str) -> str:
    again = parts.link(asked.path("device", system=chosen), asked.say("device.test.again"))
    return f'<section class="noprint"><h2>{escape(asked.say("device.test"))}</h2>{tested.html}<p>{again}</p></section>'


def _choice(asked: Asked, chosen: str) -> str:
    """Every system, the chosen one marked."""
    links = "".join(
        f'<li><a href="{escape(asked.path("device", system=name))}"'
        f"{' aria-current=page' if name == chosen else ''}><bdi>{escape(system.name)}</bdi></a></li>"
        for name, system in SYSTEMS.items()
    )
    title = escape(asked.say("device.choose"))
    return f'<nav class="systems noprint" aria-label="{title}"><h2>{title}</h2><ul>{links}</ul></nav>'


def _steps(asked: Asked, chosen: str, certificate: x509.Certificate) -> str:
    system, named = SYSTEMS[chosen], common_name(certificate)
    steps = [asked.say(f"device.{chosen}.{n}") for n in range(1, system.steps + 1)]
    items = "".join(f"<li>{_isolated(step, named)}</li>" for step in steps)
    note = f'<p class="school">{_isolated(asked.say(f"device.{chosen}.note"))}</p>' if system.note else ""
    return (
        f'<section class="steps"><h2><bdi>{escape(system.name)}</bdi></h2>{_download(asked, system)}<ol>{items}</ol>'
        f"{''.join(_command(*one) for one in system.commands)}{note}"
        f"{parts.paragraph(asked.say('device.labels'), 'small')}</section>"
    )


_LATIN = re.compile(r"(\{certificate\}|[A-Za-z](?:[A-Za-z0-9 ,.’-]*[A-Za-z0-9])?)")


def _isolated(text: str, named: str = "") -> str:
    """The sentence as HTML, its Latin words each a piece of their own: between Persian ones they would pull brackets
    and quotation marks to the wrong side (UAX 9)."""
    pieces = [named if one == "{certificate}" else one for one in _LATIN.split(text)]
    return "".join(f"<bdi>{escape(one)}</bdi>" if place % 2 else escape(one) for place, one in enumerate(pieces))


def _download(asked: Asked, system: System) -> str:
    """The button; of a profile also whether it is signed."""
    is_profile = system.file.endswith(".mobileconfig")
    text = asked.say("device.get.profile" if is_profile else "device.get")
    signs = (asked.house.state.keys / SIGNING_KEY).exists()
    unsigned = parts.paragraph(asked.say("device.unsigned"), "small") if is_profile and not signs else ""
    return f"<p>{parts.link(asked.under(f'device/{system.file}'), text, 'get')}</p>{unsigned}"


def _command(whom: str, line: str) -> str:
    return f'<p class="small"><bdi>{escape(whom)}</bdi></p><pre dir="ltr"><code>{escape(line)}</code></pre>'


def _check(asked: Asked, certificate: x509.Certificate) -> str:
    """The fingerprint in rows that an eye can compare."""
    pairs = fingerprint(certificate).split(":")
    rows = "".join(f"<span>{' '.join(pairs[start : start + 8])}</span> " for start in range(0, len(pairs), 8))
    return (
        f"<section><h2>{escape(asked.say('device.check'))}</h2>{parts.paragraph(asked.say('device.check.lead'))}"
        f'<p class="print" dir="ltr">{rows}</p></section>'
    )


def _elsewhere(asked: Asked) -> str:
    address = f"{plain_address(asked)}device"
    return (
        f'<section class="elsewhere"><h2>{escape(asked.say("device.scan"))}</h2>{code(address)}'
        f'<p class="address" dir="ltr">{escape(address.removeprefix("http://"))}</p></section>'
    )


def _never(asked: Asked, what: str, hosts: tuple[str, ...]) -> str:
    """A list of names, with what holds for them; "" for an empty one."""
    names = "".join(f"<li>{escape(host)}</li>" for host in hosts)
    heading, lead = asked.say(f"device.never.{what}"), parts.paragraph(asked.say(f"device.never.{what}.lead"))
    return f'<h2>{escape(heading)}</h2>{lead}<ul class="names" dir="ltr">{names}</ul>' if hosts else ""
