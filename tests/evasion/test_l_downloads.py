"""Groups L05 and L07: what publishers send, through the real ``hedgerow lists update`` into a running gateway.

What is refused leaves the old verdicts in force; what is taken in spite of bad lines counts them; and many changes at
once end in one state, the last.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hedgerow.core.hosts import canonical_host
from hedgerow.stores.categories import load_categories
from hedgerow.stores.list_base import build_base
from hedgerow.stores.list_pointer import point_to, read_pointer
from tests.bench.manynames import fetched
from tests.e2e.load import Load
from tests.e2e.test_reload import serving, until
from tests.lab import net, school
from tests.lab.gateway import BIN, Gateway
from tests.lab.lab import ROOT, Lab
from tests.lab.listnet import ListNet, shared
from tests.stores.sources.listed import names

SOURCE = """sources:
  feed: {url: "https://lists.example/feed.txt%s", format: domains, category: gambling, licence: own, title: Feed,
         home: "https://lists.example", least-names: 10, required: true}
"""
GOOD = names(1000) + b"fed.test\n"
NEW = b"not-yet.test\n"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Login</title></head><body>\n" + b"<p>not-yet.test</p>\n" * 500
REFUSED = {
    "truncated": (GOOD + NEW, "?cut=9000&lie=1", "cut off|ended|broke|closed|another"),
    "truncated-gzip": (gzip.compress(GOOD + NEW)[:-400], "", "cut off"),
    "html": (PAGE, "", "page"),
    "empty": (b"", "", "is empty"),
    "smaller": (names(90) + NEW, "", "shrank from 1,001 names to 91"),
    "larger": (names(10_100) + NEW, "", "grew from 1,001 names to 10,101"),
    "binary": (random.Random(5).randbytes(20_000), "", "binary|not text|is no"),
    "another-format": (b"".join(b"||bet%d.example^\n" % n for n in range(1000)), "", "names"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A publisher, and a school that fetches from it while it filters."""

    internet: ListNet
    gateway: Gateway

    def update(self, content: bytes, query: str = "") -> subprocess.CompletedProcess[str]:
        """The publisher has this now; what the command said of it."""
        self.internet.serve("feed.txt", content)
        (self.gateway.blocklists / "local/sources.yaml").write_text(SOURCE % query)
        ca = ("--ca", str(self.internet.folder / "root.pem"))
        command = [str(BIN / "hedgerow"), "lists", "update", "feed", *ca, *self.gateway.folders]
        return subprocess.run(self.internet.host.command(*command), capture_output=True, text=True, timeout=60)

    def built(self) -> dict[str, object]:
        """What the index in force was built from, as ``lists build`` tells it."""
        facts: dict[str, object] = json.loads(self.gateway.cli("lists", "build", "--json").stdout)
        return facts


@pytest.fixture(scope="module")
def place(lab: Lab) -> Iterator[Place]:
    if reason := net.why_not():
        pytest.skip(reason)
    gateway = school.start(lab, "fed", lists={"local/sources.yaml": SOURCE % ""})
    yield Place(shared(), gateway)
    gateway.stop()


def closed(lab: Lab, place: Place, *hosts: str) -> set[str]:
    """Which of these names a pupil cannot reach, however they go on."""
    device = lab.device("pupil14", "explicit", place.gateway.ca, second=True)
    return {host for host in hosts if device.https(host).action == "block"}


def test_L05_a_list_comes_into_force(lab: Lab, place: Place) -> None:
    assert not closed(lab, place, "fed.test")
    done = place.update(GOOD)
    assert done.returncode == 0 and "1,001 names" in done.stdout, done.stdout + done.stderr
    assert until(lambda: closed(lab, place, "fed.test", "not-yet.test") == {"fed.test"}, 5)


@pytest.mark.parametrize("what", REFUSED)
def test_L05_what_is_no_list_changes_no_verdict(lab: Lab, place: Place, what: str) -> None:
    content, query, told = REFUSED[what]
    done = place.update(content, query)
    assert done.returncode == 1, done.stdout + done.stderr
    line = next(line for line in done.stdout.splitlines() if " feed " in line)
    assert line.startswith(("refused", "failed")) and any(word in line for word in told.split("|")), line
    assert "what was there stays: 1,001 names" in line
    time.sleep(1)
    assert closed(lab, place, "fed.test", "not-yet.test", "bet7.example") == {"fed.test", "bet7.example"}
    if line.startswith("refused"):
        assert until(lambda: place.gateway.metric("hedgerow_list_refused", source="feed") == 1, 5)


LONG, IDN = "a" * 64, canonical_host("wetten-bücher.test")
ODD = f"""# a comment\r
fed.test\r
  spaced.test   # and why\r
*.wild.test\r
WETTEN-Bücher.test\r
dotted.test.\r
{LONG}.test\r
com\r
*\r
||abp.test^\r
0.0.0.0 hosts.test\r
two words.test\r
bad..dots.test\r
=exact.test\r
""".encode()


def test_L05_bad_lines_are_counted_and_stop_nothing(lab: Lab, place: Place) -> None:
    done = place.update(names(990) + ODD)
    assert done.returncode == 0, done.stdout + done.stderr
    hosts = ("fed.test", "spaced.test", "a.wild.test", IDN, "dotted.test", "exact.test")
    assert until(lambda: closed(lab, place, *hosts) == set(hosts), 5), closed(lab, place, *hosts)
    open_ = ("abp.test", "hosts.test", "words.test", "x.exact.test", "never-heard-of.com", "www.never-heard-of.com")
    assert closed(lab, place, *open_, "com.test") == set(), "neither a bad line nor a whole TLD closes anything below"
    facts = place.built()
    assert facts["bad"] == 6, facts


@pytest.fixture
def bases(place: Place) -> dict[str, Path]:
    """Two bases that each list one name the other does not."""
    index, categories = place.gateway.state / "index", load_categories(ROOT / "blocklists/categories.yaml").ids
    built = {}
    for base in ("one", "two"):
        listed = place.gateway.folder / f"storm-{base}.txt"
        listed.write_text(f"storm-{base}.test\nfed.test\n")
        built[base] = build_base([fetched(listed, f"storm-{base}", category="adult")], categories, index)
    return built


@pytest.mark.alone
def test_L07_a_storm_of_changes_ends_in_the_last(lab: Lab, place: Place, bases: dict[str, Path]) -> None:
    """Twenty other bases in a second, a list edited by hand and a SIGHUP in the midst of them, all under load."""
    gateway, edited = place.gateway, place.gateway.blocklists / "local/adult.txt"
    device = lab.device("pupil14", "transparent", gateway.ca, second=True)
    point_to(gateway.state / "index", bases["one"], {})
    assert until(lambda: closed(lab, place, "fed.test", "storm-one.test") == {"fed.test", "storm-one.test"}, 20)
    load = Load(device, ("fed.test", "allowed.test", "storm-one.test", "storm-two.test"), 100)
    with load:
        time.sleep(1)
        for number in range(20):
            point_to(gateway.state / "index", bases[("two", "one")[number % 2]], {})
            if number == 10:
                edited.write_text("edited.test\n")
                os.kill(gateway.process.pid, signal.SIGHUP)
            time.sleep(0.05)
        last = time.monotonic()
        wanted = {"storm-one.test", "edited.test", "fed.test"}
        assert until(
            lambda: closed(lab, place, "storm-one.test", "storm-two.test", "edited.test", "fed.test") == wanted, 20
        )
        took = time.monotonic() - last
        time.sleep(2)
    assert took < 4 and len(serving(gateway)) == 1
    assert closed(lab, place, "storm-one.test", "storm-two.test", "edited.test", "fed.test") == wanted
    assert read_pointer(gateway.state / "index").name == bases["one"].name  # type: ignore[union-attr]
    failed = [str(a.reply) for a in load.answers if a.reply.error or a.reply.status not in (200, 403)]
    assert not failed and len(load.answers) > 200, failed[:5]
    assert all(a.reply.action == "block" for a in load.answers if a.host == "fed.test"), (
        "closed in both, and throughout"
    )
    by_version: dict[str, set[str]] = {}
    for answer in load.answers:
        if answer.reply.action == "block":
            by_version.setdefault(answer.reply.header("x-hedgerow-policy"), set()).add(answer.host)
    assert not any({"storm-one.test", "storm-two.test"} <= hosts for hosts in by_version.values())
