"""A school with everything under ``firewall:``."""

from __future__ import annotations

from hedgerow.stores.site import Site
from hedgerow.stores.site_reader import read_site
from hedgerow.stores.yamlfile import Mistakes, parse

FULL = """
networks:
  young: {addresses: [10.20.0.0/16, "fd20::/48"], band: garden}
  "exam\\nroom": {addresses: [10.20.5.0/24], band: garden, capture: names-only}
  staff: {addresses: [10.30.0.0/24], band: staff, staff-only: true}
ports: [80, 443, 8443]
private: [10.99.0.9, moodle.school.example, "fd99::/64"]
gateway: {names: [hedgerow.school.example]}
proxy: {parent: "http://10.9.9.9:3128"}
firewall:
  outside: [eth0, ppp0]
  name-servers: 10.1.0.5
  time: [10.1.0.6]
  exceptions:
    calls: {udp: [3478, 19302-19309], networks: young}
    printer: {tcp: 9100, to: [10.3.0.0/24]}
  filter: {mail: {tcp: 587, to: 10.1.0.25}}
"""


def site(text: str = FULL) -> Site:
    mistakes = Mistakes()
    found = read_site(parse(text.encode(), "local/site.yaml", mistakes), ("garden", "staff"), frozenset({"staff"}))
    mistakes.raise_if_any()
    return found
