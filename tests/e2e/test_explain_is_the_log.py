"""What was logged explains itself: for every event, explain with the logged facts gives the same decision.

The table of ``expected.yaml`` and a set of odd requests go through the running gateway, each with a number in its
query; so every request finds its own event, and every request that was refused can be looked for at the origin.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from hedgerow.cli.asked import Asked, Continued, identity_of, moment, request_of
from hedgerow.cli.common import Place
from hedgerow.core.explain import Explanation, explain
from hedgerow.core.hosts import canonical_host
from hedgerow.core.urls import parse_url
from hedgerow.runtime import Snapshot
from tests.e2e.verdicts import BANDS, ask, rows
from tests.lab.client import MODES
from tests.lab.contacts import Contact
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.wire import Reply

CLIENTS = {"young": "10.20.8.10", "older": "10.20.14.10"}  # an address of each network in the event
FACTS = ("method", "sni", "connect", "destination", "kind", "media_type", "file_type", "fault")
ODD = (
    "https://www.google.com/search?q=free+porn+videos",
    "https://www.bing.com/search?q=%D1%81%D0%BA%D0%B0%D1%87%D0%B0%D1%82%D1%8C+vpn",
    "https://duckduckgo.com/?q=where+to+buy+cocaine&ia=web",
    "https://en.wikipedia.org/wiki/Bird%3Fs_nest%23top",
    "https://en.wikipedia.org/wiki/100%2525_%2561",
    "https://en.wikipedia.org/wiki/a%20b%00c%0Ad",
    "https://en.wikipedia.org/wiki/%D9%BE%D8%B1%D9%86%D8%AF%D9%87",
    "https://en.wikipedia.org/wiki/" + "long" * 400,
    "https://paths.test/adult/x",
    "https://paths.test/%2e%2e/ADULT/../adult",
    "https://paths.test/a%2Fb;v=1",
    "https://paths.test/%2561dult",
    "https://apnews.com/viewer.exe",
    "https://apnews.com/_text?type=application/zip&words=PK",
    "https://never-seen-before.example/_text?type=text/css&words=a",
    "https://never-seen-before.example/_text?type=application/x-unheard-of&words=a",
    "https://never-seen-before.example/_status?code=302&to=https://allowed.test/",
    "https://never-seen-before.example/_status?code=404",
    "https://never-seen-before.example/?u=https%3A%2F%2Fwww.blocked.test%2F",
    "https://never-seen-before.example/main/http://allowed.test;@blocked.test/",
    "https://never-seen-before.example/main/http%3A%2F%2Fblocked.test%2F..%2Fallowed.test",
    "https://en-wikipedia-org.translate.goog/wiki/Tree",
    "http://45.90.10.77/",
    "http://10.99.0.1/",
    "https://10.99.0.9/",
    "http://private.test/",
    "http://self.test/",
    "https://faß.test/",
    "https://bücher.test/",
)
EXPLICIT = (
    "https://monitored.test:8443/",  # the client's Host has no port: two destinations
    "https://blocked.test:9999/",  # refused at its CONNECT
)


@dataclass(frozen=True, slots=True)
class Told:
    """One request and what was heard of it; ``expected`` is "" for the odd ones."""

    number: int
    url: str
    band: str
    mode: str
    expected: str
    reply: Reply

    @property
    def mark(self) -> str:
        return f"hg={self.number:05}"


def _jobs() -> Iterator[tuple[str, str, str, str, str]]:
    """(url, band, mode, version, expected); each name in both bands, modes and versions by turns."""
    for n, row in enumerate(rows()):
        for k, band in enumerate(BANDS):
            yield as_a_browser(row.url), band, MODES[(n + k) % 2], ("h1", "h2")[n // 2 % 2], row.expected[band]
    for n, url in enumerate(ODD):
        for k, band in enumerate(BANDS):
            yield url, band, MODES[(n + k) % 2], ("h1", "h2")[n // 2 % 2], ""
    for url in EXPLICIT:
        yield url, "ages-8-10", "explicit", "h1", ""


def as_a_browser(url: str) -> str:
    """Full-width and percent-encoded spellings of a host leave no browser: it asks for the name they stand for."""
    target = parse_url(url)
    if target.host_raw.isascii() and "%" not in target.host_raw:
        return url
    return f"{target.scheme}://{canonical_host(target.host_raw)}{target.path}"


@dataclass(frozen=True, slots=True)
class Run:
    told: tuple[Told, ...]
    events: tuple[Mapping[str, str], ...]  # of this run only
    contacts: tuple[Contact, ...]

    def events_of(self, one: Told) -> list[Mapping[str, str]]:
        return [event for event in self.events if one.mark in event.get("url", "")]


@functools.cache
def _run(lab: Lab, gateway: Gateway) -> Run:
    watch, old = lab.watch(), len(_events(gateway))

    def one(job: tuple[int, tuple[str, str, str, str, str]]) -> Told:
        number, (url, band, mode, version, expected) = job
        marked = f"{url}{'&' if '?' in url else '?'}hg={number:05}"
        return Told(number, url, band, mode, expected, ask(lab.device(BANDS[band], mode, gateway.ca), marked, version))

    with ThreadPoolExecutor(4) as pool:
        told = tuple(pool.map(one, enumerate(_jobs())))
    events = watch.wait(lambda _: len(_events(gateway)) - old >= len(told) * 0.9, 4) and _events(gateway)[old:]
    return Run(told, tuple(events or ()), tuple(watch.all()))


def _events(gateway: Gateway) -> list[Mapping[str, str]]:
    return [json.loads(line) for line in gateway.cli("events", "--json", check=True).stdout.splitlines()]


@pytest.fixture(scope="module")
def run(lab: Lab, gateway: Gateway) -> Run:
    return _run(lab, gateway)


@pytest.fixture(scope="module")
def snapshot(gateway: Gateway) -> Snapshot:
    return Place(gateway.policies, gateway.blocklists, gateway.state).snapshot()


def again(event: Mapping[str, str], snapshot: Snapshot) -> Explanation:
    """``hedgerow explain`` with the facts of one event."""
    size = event.get("size")
    asked = Asked(event["url"], size=int(size) if size else None, **{n: event[n] for n in FACTS if n in event})
    identity = identity_of(snapshot, None, CLIENTS[event["network"]], None)
    when, grants = moment(event["time"], snapshot), Continued() if event.get("continued") else None
    request = request_of(asked)
    return explain(request, identity, snapshot.policy, snapshot.index, when, snapshot.lexicon.scan, (), grants)


def test_every_event_explains_itself(run: Run, snapshot: Snapshot) -> None:
    wrong = []
    explained = [event for event in run.events if event["action"] != "help"]  # help keeps no facts, by design
    for event in explained:
        decision = again(event, snapshot).decision
        got = (str(decision.action), decision.rule, decision.code, str(decision.capture))
        if got != (event["action"], event["rule"], event["code"], event["capture"]):
            wrong.append(f"{got} for {event}")
    assert len(explained) > 500 and not wrong, f"{len(wrong)} of {len(explained)}:\n" + "\n".join(wrong[:10])


def test_the_command_says_the_same(run: Run, gateway: Gateway, tmp_path: Path) -> None:
    """A sample: eight events, each of another rule."""
    by_rule = {event["rule"]: event for event in run.events if event["action"] != "help"}
    for event in list(by_rule.values())[:: max(1, len(by_rule) // 8)][:8]:
        options = {f"--{name.replace('_', '-')}": event[name] for name in (*FACTS, "size") if name in event}
        options |= {"--client": CLIENTS[event["network"]], "--at": event["time"]}
        done = gateway.cli("explain", event["url"], *(part for pair in options.items() for part in pair), "--json")
        told = json.loads(done.stdout)
        assert [told[key] for key in ("action", "rule", "code", "where")] == [
            event[key] for key in ("action", "rule", "code", "where")
        ], f"{done.args}: {done.stderr}"


def test_every_request_has_its_event(run: Run, snapshot: Snapshot) -> None:
    """One event a request, with the action of the table and the code of the page that was shown."""
    wrong = []
    passed = {(e["host"], e["band"]) for e in run.events if e.get("capture") == "names-only"}
    for one in run.told:
        events = run.events_of(one)
        host = request_of(Asked(one.url)).names[-1].host or ""
        less = (host, one.band) in passed or host in snapshot.policy.protected or ":9999" in one.url
        if not events and (less or one.expected == "help"):
            continue  # passed on undecrypted, a helpline, a CONNECT, support: the log keeps less of these by design
        if len(events) != 1 or one.expected not in ("", events[0]["action"]) or not _same(one.reply, events[0]):
            wrong.append(f"{one.url} {one.band} {one.mode}: expected {one.expected}, got {one.reply}, logged {events}")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:10])


def _same(reply: Reply, event: Mapping[str, str]) -> bool:
    """Page and log line are one decision; the page of an origin that failed (502) has the code of what allowed it."""
    told = (event["action"], event["code"]) if reply.status < 500 else (reply.action, event["code"])
    return reply.action == "" or (reply.action, reply.code) == told


def test_what_was_refused_never_reached_its_origin(run: Run, snapshot: Snapshot) -> None:
    """Not one byte; but where an older band's warning is no word about parts, the type had to be known first."""
    targets = " ".join(c.target for c in run.contacts if c.kind == "http")
    for one in run.told:
        if one.reply.action and one.reply.action != "help":
            waited = one.band == "ages-14-17" and one.reply.action in ("warn", "limit")
            by_type = any(e["step"] == "files" for e in run.events_of(one))
            assert waited or by_type or one.mark not in targets, f"{one.url} {one.mode} {one.band}"


def test_nobody_connected_to_a_name_that_is_closed_to_both(run: Run) -> None:
    """Not even a handshake: the names blocked in both bands do not occur among the contacts at all."""
    both = [row for row in rows() if set(row.expected.values()) == {"block"} and row.kind != "path"]
    closed = {request_of(Asked(row.url)).names[-1].host for row in both if row.category != "unknown"}
    met = {c.name.split(":")[0].rstrip(".").lower() for c in run.contacts if c.kind in ("tls", "http")}
    assert len(closed) > 60 and not closed & met
