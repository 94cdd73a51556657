"""Reads site.yaml into ``stores.site.Site``; every mistake is noted with its place."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from datetime import time
from pathlib import Path

from hedgerow.core.model import Calendar
from hedgerow.stores import readers
from hedgerow.stores.policy_bands import DAYS, LANGUAGES
from hedgerow.stores.site import DEFAULT_HOURS, Place, Privacy, Site
from hedgerow.stores.site_firewall import firewall
from hedgerow.stores.site_gateway import gateway
from hedgerow.stores.site_keyholders import keyholders
from hedgerow.stores.site_networks import networks, private
from hedgerow.stores.site_reports import mail, reports
from hedgerow.stores.site_tenants import tenants
from hedgerow.stores.yamlfile import MapNode, Mistakes, Node, load

KEYS = (
    *("school", "timezone", "languages", "contact", "networks", "default-band", "default-band-reason", "hours"),
    *("calendar", "place", "reports", "mail", "privacy", "proxy", "ports", "private", "gateway", "tenants", "firewall"),
)
PRIVACY_KEYS = ("pseudonyms", "events", "detail", "time", "keep-days", "keyholders")
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_PARENT = re.compile(r"http://[^\s/@]+:\d{1,5}", re.ASCII)


def read_site(root: MapNode, bands: tuple[str, ...], standalone: frozenset[str]) -> Site:
    """``bands`` from the strictest; ``standalone`` are those no pupil may get by address (staff)."""
    root.known(*KEYS)
    hours = _hours(root.get("hours"))
    timezone, inside = _timezone(root.get("timezone")), private(root.get("private"))
    whose = networks(root.get("networks"), bands, standalone)
    own = gateway(root.get("gateway"))
    return Site(
        school=_text(root, "school"),
        timezone=timezone,
        languages=_languages(root.get("languages")),
        contact=_contact(root.get("contact")),
        networks=whose,
        default_band=_default_band(root, bands, standalone),
        hours=hours,
        calendar=_calendar(root.get("calendar"), timezone, frozenset(hours)),
        place=_place(root.get("place")),
        reports=reports(root.get("reports"), inside),
        mail=mail(root.get("mail")),
        privacy=_privacy(root.get("privacy")),
        parent_proxy=parent_proxy(root.get("proxy")),
        ports=_ports(root.get("ports")),
        private=inside,
        gateway_names=own.names,
        pac_proxies=own.proxies,
        pac_direct=own.direct,
        tenants=tenants(root.get("tenants")),
        firewall=firewall(root.get("firewall"), [rule.name for rule in whose]),
    )


def _text(node: MapNode, key: str) -> str:
    value = node.get(key)
    return readers.text(value, 300) if value else ""


def read_timezone(path: Path) -> str:
    """The school's zone alone, whatever else the file says; "UTC" when it says none that is known."""
    mistakes = Mistakes()
    return _timezone(load(path, "site.yaml", mistakes).get("timezone")) if path.is_file() else "UTC"


def _timezone(node: Node | None) -> str:
    if node is None or not (name := readers.text(node)):
        return "UTC"
    # "localtime" is the machine's, "EST" knows no summer
    known = {zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC"}
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    node.mistake(f"unknown time zone {name!r}{hint} (IANA names, such as Asia/Ho_Chi_Minh)")
    return "UTC"


def _languages(node: Node | None) -> tuple[str, ...]:
    found = tuple(readers.choice(item, "language", LANGUAGES) for item in readers.items(node)) if node else ()
    if node and not found:
        node.mistake(f"at least one language expected: {', '.join(LANGUAGES)}")
    return tuple(dict.fromkeys(filter(None, found))) or ("en",)


def _contact(node: Node | None) -> dict[str, str]:
    return {key.value: readers.text(value, 300) for key, value in readers.mapping(node, *LANGUAGES)} if node else {}


def _default_band(root: MapNode, bands: tuple[str, ...], standalone: frozenset[str]) -> str:
    node, reason = root.get("default-band"), _text(root, "default-band-reason")
    name = readers.choice(node, "band", bands) if node else ""
    if node and name in standalone:
        node.mistake(f"whoever is unknown cannot get the band {name!r}: nobody knows that they are staff")
    elif node and name and name != bands[0] and not reason:
        node.mistake(f"whoever is unknown gets the strictest band, {bands[0]!r}; else say 'default-band-reason'")
    return name or bands[0]


def _hours(node: Node | None) -> dict[int, tuple[time, time]]:
    if node is None:
        return dict(DEFAULT_HOURS)
    found = {}
    for key, value in readers.mapping(node, *DAYS):
        if key.value in DAYS and (span := _span(value)):
            found[DAYS.index(key.value)] = span
    return found


def _span(node: Node) -> tuple[time, time] | None:
    value = readers.text(node)
    match = _SPAN.fullmatch(value)
    numbers = [int(part) for part in match.groups()] if match else []
    if not match or max(numbers[0], numbers[2]) > 23 or max(numbers[1], numbers[3]) > 59:
        if value:
            node.mistake(f'hours such as "07:30-16:30" expected, not {value!r}')
        return None
    start, end = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    if start >= end:
        node.mistake(f"the school day ends ({end:%H:%M}) before it begins ({start:%H:%M})")
        return None
    return start, end


def _calendar(node: Node | None, timezone: str, school_days: frozenset[int]) -> Calendar:
    if node is None:
        return Calendar(timezone, school_days)
    calendar = readers.mapping(node, "holidays", "exam-days")
    holidays, exams = calendar.get("holidays"), calendar.get("exam-days")
    free = readers.days(holidays) if holidays else frozenset()
    written = readers.days(exams) if exams else frozenset()
    if exams and (both := sorted(free & written)):
        exams.mistake(f"{both[0]} is a holiday as well as an exam day")
    return Calendar(timezone, school_days, free, written)


def _place(node: Node | None) -> Place:
    if node is None:
        return Place()
    place = readers.mapping(node, "country", "province", "formerly")
    country, formerly = place.get("country"), place.get("formerly")
    code = readers.text(country) if country else ""
    if country and code and not re.fullmatch("[A-Z]{2}", code):
        country.mistake(f"a country as two capital letters (ISO 3166-1) expected, such as 'VN', not {code!r}")
    return Place(code, _text(place, "province"), readers.some(formerly, readers.text) if formerly else ())


def _privacy(node: Node | None) -> Privacy:
    if node is None:
        return Privacy()
    privacy, least = readers.mapping(node, *PRIVACY_KEYS), Privacy()
    keep = privacy.get("keep-days")
    return Privacy(
        _choice(privacy, "pseudonyms", ("day", "term"), least.pseudonyms),
        _choice(privacy, "events", ("blocked", "all"), least.events),
        _choice(privacy, "detail", ("category", "host", "url"), least.detail),
        _choice(privacy, "time", ("minute", "second"), least.time),
        readers.integer(keep, 1, 400) if keep else least.keep_days,
        keyholders(privacy.get("keyholders")),
    )


def _choice(node: MapNode, key: str, choices: tuple[str, ...], default: str) -> str:
    value = node.get(key)
    return (readers.choice(value, f"value of {key!r}", choices) if value else "") or default


def parent_proxy(node: Node | None) -> str:
    """What stands under ``proxy:`` as ``http://host:port``, "" for none."""
    parent = readers.mapping(node, "parent").get("parent") if node else None
    value = readers.text(parent) if parent else ""
    if parent and value and not _PARENT.fullmatch(value):
        parent.mistake(f"'http://HOST:PORT' expected, without a user name, not {value!r}")
        return ""
    return value


def _ports(node: Node | None) -> frozenset[int]:
    if node is None:
        return frozenset({80, 443})
    return frozenset(readers.integer(item, 1, 65535) for item in readers.items(node))
