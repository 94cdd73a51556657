"""What the firewall cannot know or should be asked about: legal, and worth a look before it is put in force."""

from __future__ import annotations

from urllib.parse import urlsplit

from hedgerow.core.model import Capture
from hedgerow.stores.network.model import Opening
from hedgerow.stores.network.nftables_rules import literal
from hedgerow.stores.policy_layers import SCHOOL
from hedgerow.stores.site import Site


def notes(site: Site) -> list[str]:
    """One sentence each, in the order of site.yaml."""
    found = [] if site.networks else ["networks: none is named, so only what does not come from outside is filtered"]
    named = [name for name in site.private if literal(name) is None]
    if named:
        found.append(f"private: the firewall knows no names: write the addresses of {', '.join(named)} as well")
    parent = urlsplit(site.parent_proxy).hostname
    if parent and literal(parent) is None:
        found.append(f"proxy: when {parent} is inside the school, name its address and port under 'firewall: filter:'")
    found += [_wide(site, opening) for opening in site.firewall.exceptions if not opening.to and opening.udp]
    if site.firewall.name_servers and any(rule.level is Capture.NAMES_ONLY for rule in site.networks):
        found.append(
            "firewall: name-servers: who asks one of these is not judged by name there; let it forward to this gateway"
        )
    return found


def _wide(site: Site, opening: Opening) -> str:
    place = site.firewall.places.get(opening.name, f"{SCHOOL}site.yaml")
    return f"{place}: {opening.name} reaches any address over UDP, as a VPN on such a port would: name 'to:' if you can"
