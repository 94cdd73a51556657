"""site.yaml: the school itself. Made by ``deploy/up`` from the one shipped example, ``policies/site.example.yaml``.

Every key may be left out; a school without the file has no network, so everyone gets the strictest band. Default
hours are mon to fri, 08:00 to 16:00::

    school: "THCS Hoa Phượng"        # shown on every page
    timezone: Asia/Ho_Chi_Minh       # IANA name; default UTC
    languages: [vi, en]              # of the pages, the first is the default; vi, en, fa, kk, ru; default [en]
    contact: {vi: "Hỏi thầy Minh, phòng 12"}      # whom to ask, by language
    networks:                        # client addresses -> band; the longest matching range decides
      pupils: {addresses: [10.20.0.0/16, "fd00:20::/48"], band: ages-8-10, capture: decrypted}
      staff-room: {addresses: [10.30.0.0/24], band: staff, staff-only: true}
      guests: {addresses: [10.40.0.0/24], band: ages-8-10, capture: names-only}
    default-band: ages-5-7           # whoever is unknown; another than the strictest needs
    default-band-reason: "..."       #   a reason
    hours: {mon: "07:30-16:30", tue: "07:30-12:00"}   # school days, and the window `school-hours`
    calendar:
      holidays: [2026-11-20, 2027-02-01 to 2027-02-14]
      exam-days: [2027-05-10 to 2027-05-14]
    place: {country: VN, province: "Lào Cai", formerly: ["Yên Bái"]}     # which helplines are local
    reports: {help: ["mailto:lead@school.example", "desk:Ms Lan"], technical: ["https://hooks.school.example/filter"]}
    mail: {server: mail.school.example, from: gateway@school.example}     # see stores.site_reports
    privacy:
      pseudonyms: term               # day (default) or term; and events, detail, time:
      events: blocked
      detail: host
      time: minute
      keep-days: 30
      keyholders: {"Cô Lan": hedgerow1..., "Thầy Minh": hedgerow1...}   # `hedgerow identity key make`; any two open
    proxy: {parent: "http://proxy.district.example:3128"}
    ports: [80, 443]                 # destination ports that are opened
    private: [10.1.0.10, 10.2.0.0/24, intranet.school.example]           # private destinations pupils may reach
    gateway:
      names: [hedgerow.school.example]             # the gateway's own names
      proxy: "hedgerow.school.example:8080"        # what /proxy.pac names; else the address a device reaches us at
      direct: [moodle.school.example]              # where /proxy.pac lets devices go without the gateway
    firewall: {outside: [eth0]}      # what passes beside the web; see stores.site_firewall
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from hedgerow.core.hosts import is_address
from hedgerow.core.model import Calendar, Where
from hedgerow.core.tenants import Tenants
from hedgerow.stores.identities import NetworkRule
from hedgerow.stores.network.model import Firewall

REPORT_TOPICS = ("help", "hurt", "harmful", "wrongly-blocked", "wrongly-allowed", "alerts", "fake-news", "technical")
GATEWAY_NAME = "hedgerow.internal"
"""The gateway's name in every school, beside those of ``gateway:``. ``.internal`` is reserved for private use (ICANN
Board resolution 2024.07.29.06), so it never is anybody's site."""
TEST_ZONE = f"test.{GATEWAY_NAME}"
"""Below it each category has a host of its own, which the seeds list: ``gambling.test.hedgerow.internal``. Whoever may
open one is answered by the gateway itself (``proxy.canary``)."""
READY = "ready."
"""Before a name of the gateway: where a device is tested (``portal.probe``). Nobody ever opens a page there, so that no
browser has been told to overlook a certificate on it."""
DEFAULT_HOURS = {weekday: (time(8), time(16)) for weekday in range(5)}


@dataclass(frozen=True, slots=True)
class Privacy:
    """How little the decision log keeps: defaults are the least."""

    pseudonyms: str = "day"  # day | term: how long one person keeps one pseudonym
    events: str = "blocked"  # blocked | all: allowed traffic is logged only with "all"
    detail: str = "category"  # category | host | url
    time: str = "minute"  # minute | second
    keep_days: int = 30
    keyholders: Mapping[str, str] = field(default_factory=dict)  # name -> public key; any two open a pseudonym


@dataclass(frozen=True, slots=True)
class Place:
    """Where the school is, for local helplines. ``formerly`` are former names of the province."""

    country: str = ""  # ISO 3166-1 alpha-2
    province: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """The school's own mail server, for reports. The password stands in a file of its own, never in site.yaml."""

    server: str
    port: int
    security: str  # starttls | tls | none
    sender: str
    user: str = ""
    password_file: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """All of site.yaml that is not the policy itself. ``default_band`` "" = the strictest."""

    school: str = ""
    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    contact: Mapping[str, str] = field(default_factory=dict)
    networks: tuple[NetworkRule, ...] = ()
    default_band: str = ""
    hours: Mapping[int, tuple[time, time]] = field(default_factory=lambda: dict(DEFAULT_HOURS))
    calendar: Calendar = field(default_factory=lambda: Calendar("UTC"))
    place: Place = Place()
    reports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mail: Mail | None = None
    privacy: Privacy = Privacy()
    parent_proxy: str = ""  # "http://host:port", "" = none
    ports: frozenset[int] = frozenset({80, 443})
    private: tuple[str, ...] = ()
    gateway_names: Mapping[str, Where] = field(default_factory=dict)
    pac_proxies: tuple[str, ...] = ()  # "HOST:PORT"; () = where a device reaches this gateway
    pac_direct: tuple[str, ...] = ()  # ranges (CIDR) and names
    tenants: Tenants = Tenants()
    firewall: Firewall = Firewall()

    @property
    def own_names(self) -> Mapping[str, Where]:
        """Every name the gateway answers to: the school's and its own, each also with ``READY`` before it."""
        named = {GATEWAY_NAME: Where("builtin:gateway"), **self.gateway_names}
        return {**named, **{READY + name: where for name, where in named.items() if not is_address(name)}}
