"""The checks by band: each asks the running gateway and compares what came with what ``decide`` says must come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

from hedgerow.core.hosts import is_address
from hedgerow.core.model import Action, Band, Capture, Decision, Protected
from hedgerow.core.safemode import safe_change
from hedgerow.runtime import Snapshot
from hedgerow.selftest.client import Answer, Client, NoAnswer
from hedgerow.selftest.expect import Player, expected
from hedgerow.selftest.house import House
from hedgerow.selftest.model import Canary
from hedgerow.stores.site import TEST_ZONE

MARK = b"hedgerow-selftest-origin"
"""Stands in every answer of the self-test's own origin."""
BYPASS = frozenset({"proxy-vpn", "doh", "translators-caches"})
DOH = ("https://dns.google/dns-query?dns=AAABAAABAAAAAAAAB2V4YW1wbGUDb3JnAAABAAE",
       "https://cloudflare-dns.com/dns-query?dns=AAABAAABAAAAAAAAB2V4YW1wbGUDb3JnAAABAAE")  # fmt: skip
"""RFC 8484 4.1.1 with the name ``example.org``."""
SEARCHES = (
    "https://www.google.com/search?q=hedgerow&safe=off",
    "https://www.bing.com/search?q=hedgerow&adlt=off",
    "https://duckduckgo.com/?q=hedgerow&kp=-2",
    "https://www.youtube.com/results?search_query=hedgerow",
)
SEARCH = "https://www.google.com/search?q="

type Check = Callable[[House, Client, Player], Iterator[Canary]]


def compare(check: str, house: House, client: Client, player: Player, url: str, what: str = "") -> Canary:
    """One address. A verdict that changed meanwhile (a pass, a reload, the bell) is asked for once more."""
    band, told = player.identity(house.snapshot).band, ""
    for _ in range(2):
        wanted = expected(url, player, house.snapshot, house.grants)
        if unopened(url, wanted):
            told = "judged by its name only: nothing in it can be asked"
            return Canary(check, band, what or url, True, told, asked=False)
        try:
            answer = client.get(url)
        except NoAnswer as error:
            told = str(error)
            continue
        if not (told := difference(wanted, answer)):
            break
    return Canary(check, band, what or url, not told, told)


def unopened(url: str, wanted: Decision) -> bool:
    """True for a connection that is passed on as it is: a vendor's that is never opened, or all while relaxed."""
    return url.startswith("https:") and wanted.capture is Capture.NAMES_ONLY and not wanted.action.forbids


def difference(wanted: Decision, answer: Answer) -> str:
    """What came instead; "" when it is what must come."""
    if wanted.action.forbids:
        if answer.action == str(wanted.action) and answer.code == wanted.code:
            return ""
        return f"expected {wanted.action} {wanted.code} by {wanted.rule}, {_came(answer)}"
    if answer.action or answer.status != 200 or MARK not in answer.body:
        return f"expected open by {wanted.rule}, {_came(answer)}"
    return ""


def _came(answer: Answer) -> str:
    return f"got {answer.action} {answer.code}" if answer.action else f"got an answer {answer.status} of a site"


def categories(house: House, client: Client, player: Player) -> Iterator[Canary]:
    """Each category by its own test host, which the lists in force must hold as of this category."""
    floor = house.snapshot.policy.floor.categories
    for name in house.snapshot.categories.ids:
        host = f"{name}.{TEST_ZONE}"
        check = "floor" if name in floor else "bypass" if name in BYPASS else "categories"
        if not any(name in match.categories for match in house.snapshot.index.match(host)):
            yield Canary(check, player.band, host, False, f"no list in force names it as {name}")
            continue
        yield compare(check, house, client, player, f"http://{host}/", host)


def doh(house: House, client: Client, player: Player) -> Iterator[Canary]:
    for url in DOH:
        yield compare("doh", house, client, player, url, url.split("/")[2])


def safe_search(house: House, client: Client, player: Player) -> Iterator[Canary]:
    """What leaves for the engine: the self-test's origin tells what it was asked."""
    for url in SEARCHES:
        host = url.split("/")[2]
        found = compare("safe-search", house, client, player, url, host)
        wanted = expected(url, player, house.snapshot, house.grants)
        if found.passed and found.asked and not wanted.action.forbids and not unopened(url, wanted):
            told = _unsafe(client, url, house.snapshot.policy.bands[player.band])
            found = Canary("safe-search", player.band, host, not told, told)
        yield found


def _unsafe(client: Client, url: str, band: Band) -> str:
    """What of the band's safe search did not reach the engine, "" when all did."""
    path, _, query = url.split("/", 3)[3].partition("?")
    change = safe_change(url.split("/")[2], f"/{path}", query, band.safe)
    try:
        said = json.loads(client.get(url).body)
        target, headers = str(said["target"]), {str(k).lower(): str(v) for k, v in said["headers"].items()}
    except (NoAnswer, ValueError, KeyError, AttributeError) as error:
        return f"the origin's answer cannot be read: {error}"
    for name, value in change.parameters if change else ():
        if f"{name}={value}" not in target.partition("?")[2].split("&"):
            return f"{name}={value} was not asked for"
    for name, value in change.headers if change else ():
        if headers.get(name.lower()) != value:
            return f"the header {name}: {value} was not sent"
    return ""


def words(house: House, client: Client, player: Player) -> Iterator[Canary]:
    """A search for one phrase of each topic and each language of the school's pages."""
    languages = house.snapshot.site.languages
    for topic, language, phrase in phrases(house.snapshot):
        if language in languages:
            yield compare("words", house, client, player, SEARCH + quote(phrase), f"{topic} ({language})")


def phrases(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Of each topic and language the plain phrase that weighs most; the first of equals."""
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for one in snapshot.words.phrases:
        if not (one.groups or one.lowers or "*" in one.text):
            place = (one.topic, one.language)
            if one.weight > best.get(place, (0.0, ""))[0]:
                best[place] = (one.weight, one.text)
    for (topic, language), (_, text) in sorted(best.items()):
        yield topic, language, text


def helplines(house: House, client: Client, player: Player) -> Iterator[Canary]:
    """No rule, list or exam stands before them. They are told by the line of their entry, never by name."""
    for entry in protected(house.snapshot):
        url = f"http://{entry.host}{entry.path or '/'}"
        wanted = expected(url, player, house.snapshot, house.grants)
        found = compare("helplines", house, client, player, url, str(entry.where))
        told = "" if found.passed else "it is not open through the filter"
        if wanted.action is not Action.ALLOW:
            told = f"closed by {wanted.rule} ({wanted.where})"
        yield Canary("helplines", player.band, found.what, not told, told)


def protected(snapshot: Snapshot) -> Iterator[Protected]:
    """The entry of every helpline's site."""
    for host, entries in snapshot.policy.protected.items():
        if host not in snapshot.policy.gateway_names and not is_address(host):
            yield entries[0]


BY_BAND: tuple[Check, ...] = (categories, doh, safe_search, words, helplines)
