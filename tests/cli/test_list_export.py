"""``hedgerow lists export``: real resolvers with the file give the verdicts that ``hedgerow explain`` gives."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from hedgerow.cli import FINE
from hedgerow.cli.asked import Asked, identity_of, request_of
from hedgerow.cli.common import Place, home
from hedgerow.core.explain import explain
from hedgerow.core.hosts import parents
from hedgerow.core.model import Action
from hedgerow.runtime import Snapshot
from hedgerow.stores.lists import MappedIndex
from tests.cli.conftest import Run
from tests.stores.exports.resolvers import origin, program, refused, resolver

NOON, MORNING = "2026-11-25 12:00", "2026-11-25 10:00"  # games and music are open at noon for some
CASES = [
    ("ages-5-7", MORNING),
    ("ages-8-10", NOON),
    ("ages-11-13", MORNING),
    ("ages-14-17", MORNING),
    ("staff", NOON),
]
ASKED = 2_000
PROGRAM = {"rpz": "unbound", "unbound": "unbound", "dnsmasq": "dnsmasq"}

SCHOOL = """band: {band}
sites:
  open.casino.example: allow
  deep.down.open.casino.example: block
  far.away.below.casino.example: allow
  =exactly.example: block
  =only.closed.example: allow
  closed.example: block
  part.example/of: block
  github.io: block
  =someone.github.io: allow
  пример.рф: block
  открыто.пример.рф: allow
  203.0.113.40: allow
"""
LISTS = {
    "gambling": "casino.example\n*.bets.blogspot.com\n=exact-list.example\nmoc.example/bets\n203.0.113.0/24\nvk.com.example\n",
    "education": "learn.casino.example\nedu.kz\nschule.example\n*.lernen.example\n=nur.example\n",
    "malware": "bad.schule.example\nxn--80ak6aa92e.com\nunder_score.example\n-dash.example\n2001:db8::/32\n",
    "adult": "*.blogspot.de\ntumblr.com\nübel.example\n",
}
CORRECTIONS = """corrections:
  - {name: good.casino.example, action: allow, reason: r, author: a, date: 2026-11-23}
  - {name: 203.0.113.7, action: allow, reason: r, author: a, date: 2026-11-23}
  - {name: moved.casino.example, action: recategorise, categories: [education], reason: r, author: a, date: 2026-11-23}
"""
HELPLINE = """helplines:
  - name: "Our line"
    number: "150"
    hours: "24 hours a day"
    languages: [en]
    place: {country: KZ}
    source: "a letter"
    verified: 2026-11-23
    status: documented
    host: [help.casino.example, www.help.casino.example, open.example]
"""


@pytest.fixture(scope="module")
def place(school: Path) -> Place:
    """The shipped lists and some of our own, with everything a name can be."""
    lists = school / "blocklists" / "local"
    lists.mkdir(parents=True)
    (school / "blocklists" / "seed").symlink_to(home() / "blocklists" / "seed")
    for category, text in LISTS.items():
        (lists / f"{category}.txt").write_text(text)
    (lists / "corrections.yaml").write_text(CORRECTIONS)
    for band, _ in CASES:
        (school / "local" / "bands" / f"{band}.yaml").write_text(SCHOOL.format(band=band))
    (school / "local" / "helplines").mkdir()
    (school / "local" / "helplines" / "en.yaml").write_text(HELPLINE)
    return Place(school / "local", school / "blocklists", school / "state")


@pytest.fixture(scope="module")
def snapshot(place: Place) -> Snapshot:
    return place.snapshot()


@pytest.fixture
def exported(hedgerow: Run, place: Place, tmp_path: Path) -> Callable[..., Path]:
    def export(format: str, band: str, at: str, *more: str) -> Path:
        out = tmp_path / f"{band}.{format}"
        given = ("--format", format, "--band", band, "--at", at, "--out", str(out))
        code, _, err = hedgerow("lists", "export", *given, *more, "--blocklists", str(place.blocklists))
        assert code == FINE, err
        return out

    return export


def names(snapshot: Snapshot, band: str) -> list[str]:
    """Names of every kind, the same ones at every run."""
    index = snapshot.index
    assert isinstance(index, MappedIndex)
    named = {*snapshot.policy.bands[band].sites, *snapshot.policy.protected}
    listed = [name for name, *_ in index.listed() if "/" not in name and not name[-1].isdigit() and ":" not in name]
    chosen = random.Random(band).sample(sorted(listed), 500)
    own = [host for text in LISTS.values() for host in text.split() if "/" not in host]
    own = [host.lstrip("*.=").encode("idna").decode() if not host.isascii() else host.lstrip("*.=") for host in own]
    start = [name for name in [*own, *chosen, *sorted(named)] if "/" not in name and not name.rsplit(".")[-1].isdigit()]
    return list(dict.fromkeys(one for name in start for one in relatives(name)))


def relatives(name: str) -> Iterator[str]:
    yield name
    yield f"www.{name}"
    yield f"a.b-c.{name}"
    yield f"x{name}"  # no child: another name
    if name.count(".") > 1:
        yield name.partition(".")[2]
    yield f"{name}.example"
    yield "".join(letter.upper() if place % 2 else letter for place, letter in enumerate(name))


def explained(snapshot: Snapshot, name: str, band: str, at: str) -> bool:
    """True when ``hedgerow explain`` refuses: the same functions, without reading all policies for each name."""
    when = datetime.fromisoformat(at).replace(tzinfo=snapshot.zone)
    identity = identity_of(snapshot, band, None, "names-only")
    request = request_of(Asked(f"https://{name}/"))
    told = explain(request, identity, snapshot.policy, snapshot.index, when, snapshot.lexicon.scan)
    softened = snapshot.policy.bands[band].lenient and told.decision.action in (Action.WARN, Action.LIMIT)
    return told.decision.action.forbids and not softened  # no page to warn on: allowed and counted


def unsayable(name: str, got: str, snapshot: Snapshot, band: str, at: str) -> bool:
    """What a local zone cannot say, and the file counts: only this name is open, and nothing below it."""
    host = name.lower()
    if got == "refused":
        return explained(snapshot, f"never-seen.{host}", band, at)
    return any(parent in snapshot.policy.protected for parent in list(parents(host))[1:])


@pytest.mark.parametrize("format", list(PROGRAM))
@pytest.mark.parametrize(("band", "at"), CASES)
def test_the_resolver_says_what_explain_says(
    format: str, band: str, at: str, snapshot: Snapshot, exported: Callable[..., Path], tmp_path: Path
) -> None:
    if program(PROGRAM[format]) is None:
        pytest.skip(f"{PROGRAM[format]} is not installed")
    asked, wrong = names(snapshot, band), []
    assert len(asked) >= ASKED
    with origin() as upstream, resolver(format, exported(format, band, at), tmp_path, upstream) as (port, _):
        for name in asked:
            expected, got = explained(snapshot, name, band, at), refused(name, port)
            if expected != got:
                wrong.append((name, "refused" if got else "let through"))
    if format == "unbound":
        wrong = [(name, got) for name, got in wrong if not unsayable(name, got, snapshot, band, at)]
    assert not wrong
