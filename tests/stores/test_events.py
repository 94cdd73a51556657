"""What the decision log keeps of one decision, and what it must never keep."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from hedgerow.core.model import Action, Capture, Decision, Identity, Kind, Name, NameSource, Request, Step
from hedgerow.core.urls import parse_url
from hedgerow.stores.events import Event, make_event, rounded
from hedgerow.stores.pseudonyms import Pseudonyms

NOW = datetime(2026, 11, 23, 10, 31, 42, 5, timezone(timedelta(hours=7)))
PERSON = "10.8.0.17"
PSEUDONYMS = Pseudonyms(Path(tempfile.mkdtemp()))
IDENTITY = Identity(PERSON, "ages-8-10", "pupils")
REQUEST = Request(
    (Name(NameSource.SNI, "bets.example"), Name(NameSource.CONNECT, "bets.example")),
    path="/odds",
    query="q=win",
    port=8443,
    kind=Kind.PAGE,
)
BLOCKED = Decision(
    Action.BLOCK, Capture.DECRYPTED, "ages-8-10", Step.SITE, "site:bets.example", "bands/x.yaml:3", "covered by bets",
    "bets.example", category="gambling", policy="v1",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    events: str = "blocked"
    detail: str = "url"
    time: str = "second"
    pseudonyms: str = "day"
    keyholders: Mapping[str, str] = field(default_factory=dict)


def made(decision: Decision = BLOCKED, privacy: Choice | None = None, now: datetime = NOW) -> Event:
    event = make_event(decision, IDENTITY, REQUEST, now, privacy or Choice(), PSEUDONYMS)
    assert event is not None
    return event


def test_detail_url_keeps_what_explain_needs() -> None:
    event = made()
    assert event.url == "https://bets.example:8443/odds?q=win"
    assert (event.sni, event.connect, event.method, event.kind) == ("bets.example", "bets.example", "GET", "page")
    assert (event.code, event.rule, event.where) == (BLOCKED.code, "site:bets.example", "bands/x.yaml:3")
    assert event.time == "2026-11-23T10:31:42+07:00"


def test_an_address_inside_is_logged_with_the_url_that_was_asked() -> None:
    """The host is the one that decided; the URL is written as it came, for slashes and dots inside it count."""
    request = replace(REQUEST, path="/web/http:/bets.example", raw_path="/web/http://x/../bets.example/پ")
    event = make_event(replace(BLOCKED, within="archive.example"), IDENTITY, request, NOW, Choice(), PSEUDONYMS)
    assert event is not None and event.host == "bets.example"
    assert event.url == "https://archive.example:8443/web/http://x/../bets.example/%D9%BE?q=win"


@pytest.mark.parametrize("path", ["/a?b", "/a#b", "/100%", "/%41", "/a b\x00\n\x7f", "/پرنده", "/a+b&c=d:e@f"])
def test_the_path_is_kept_so_that_one_decoding_gives_it_back(path: str) -> None:
    event = make_event(BLOCKED, IDENTITY, replace(REQUEST, path=path), NOW, Choice(), PSEUDONYMS)
    assert event is not None
    target = parse_url(event.url)
    assert (target.clean_path, target.query, target.host) == (path, "q=win", "bets.example")


SECRETS = [
    replace(BLOCKED, step=Step.ILLEGAL, rule="member:iwf", where="member:iwf", host="", secret=True),
    replace(BLOCKED, step=Step.BUILTIN, rule="builtin:port", where="builtin:port", host="", secret=True),
]


@pytest.mark.parametrize("decision", SECRETS, ids=lambda decision: decision.rule)
@pytest.mark.parametrize("detail", ["category", "host", "url"])
@pytest.mark.parametrize("events", ["all", "blocked"])
def test_what_a_member_only_list_knows_leaves_neither_name_nor_person(
    decision: Decision, detail: str, events: str
) -> None:
    event = made(decision, Choice(events=events, detail=detail)).as_dict()
    assert event == {
        "time": "2026-11-23T10:31:00+07:00", "action": "block", "band": "ages-8-10", "step": str(decision.step),
        "rule": decision.rule, "where": decision.where, "code": decision.code, "policy": "v1", "network": "pupils",
    }  # fmt: skip


def test_what_only_the_gateway_can_find_is_kept() -> None:
    event = make_event(BLOCKED, IDENTITY, replace(REQUEST, faults=("loop",)), NOW, Choice(), PSEUDONYMS)
    assert event is not None and event.fault == "loop"


@pytest.mark.parametrize("detail, name_kept", [("category", False), ("host", True), ("url", True)])
def test_the_name_is_kept_only_where_the_school_chose_so(detail: str, name_kept: bool) -> None:
    text = str(made(privacy=Choice(detail=detail)).as_dict())
    assert ("bets" in text) is name_kept
    assert ("/odds" in text) is (detail == "url")
    assert ("win" in text) is (detail == "url")
    assert "gambling" in text


@pytest.mark.parametrize("detail", ["category", "host", "url"])
@pytest.mark.parametrize("action", list(Action))
def test_the_person_is_never_written_out(detail: str, action: Action) -> None:
    event = make_event(
        replace(BLOCKED, action=action), IDENTITY, REQUEST, NOW, Choice(events="all", detail=detail), PSEUDONYMS
    )
    assert event is not None and PERSON not in str(event.as_dict())


@pytest.mark.parametrize("action", list(Action))
def test_a_protected_name_leaves_nothing(action: Action) -> None:
    decision = replace(BLOCKED, action=action, protected=True)
    assert make_event(decision, IDENTITY, REQUEST, NOW, Choice(events="all"), PSEUDONYMS) is None


def test_help_is_kept_without_person_name_or_time_of_day() -> None:
    event = made(replace(BLOCKED, action=Action.HELP, rule="words:self-harm", category="self-harm"))
    reason = {"time", "action", "band", "step", "rule", "where", "policy", "category", "capture"}
    assert event.as_dict().keys() <= reason
    assert event.time == "2026-11-23"
    assert "bets" not in str(event.as_dict()) and not event.person


@pytest.mark.parametrize(
    "events, action, kept",
    [
        ("blocked", Action.ALLOW, False),
        ("blocked", Action.MONITOR, True),
        ("blocked", Action.BLOCK, True),
        ("all", Action.ALLOW, True),
    ],
)
def test_allowed_traffic_is_kept_only_when_asked(events: str, action: Action, kept: bool) -> None:
    decision = replace(BLOCKED, action=action)
    assert (make_event(decision, IDENTITY, REQUEST, NOW, Choice(events=events), PSEUDONYMS) is not None) is kept


def test_times_are_rounded_down() -> None:
    assert rounded(NOW, "minute") == "2026-11-23T10:31:00+07:00"
    assert rounded(NOW.astimezone(UTC), "second") == "2026-11-23T03:31:42+00:00"


def test_a_long_url_is_cut() -> None:
    event = make_event(BLOCKED, IDENTITY, replace(REQUEST, path="/" + "a" * 65_000), NOW, Choice(), PSEUDONYMS)
    assert event is not None and len(event.url) == 2048
