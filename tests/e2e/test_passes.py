"""A pass, a code, an exam and a relaxation in a running gateway: in force in both workers within two seconds, no more
than was said, and over when it is over."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from hedgerow.stores.passes import PassStore, Redeemed, Scope, open_passes
from hedgerow.stores.state import State
from tests.lab import school
from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused, assert_served
from tests.lab.wire import Link, Reply

IN_FORCE = 2.0
ASKED = 8  # connections that two workers share
SIGNED = ("--by", "Ms Lan", "--reason", "a lesson", "--json")
YOUNG, ROOM = ("--band", "ages-8-10"), ("--network", "young")
ORIGIN = "Lab Internet Root"


@pytest.fixture(scope="module")
def taught(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "taught")
    yield gateway
    gateway.stop()


@pytest.fixture(scope="module")
def store(taught: Gateway) -> Iterator[PassStore]:
    made = open_passes(State(taught.state))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def nothing_left(store: PassStore) -> Iterator[None]:
    yield
    for row in store.held():
        store.end(row.id, "test")
    time.sleep(0.3)


@pytest.fixture
def child(lab: Lab, taught: Gateway) -> Device:
    return lab.device("pupil8", "explicit", taught.ca, second=True)


@pytest.fixture
def redirected(lab: Lab, taught: Gateway) -> Device:
    return lab.device("pupil8", "transparent", taught.ca, second=True)


@pytest.fixture
def teen(lab: Lab, taught: Gateway) -> Device:
    return lab.device("pupil14", "explicit", taught.ca, second=True)


def cli(gateway: Gateway, *words: str) -> subprocess.CompletedProcess[str]:
    return gateway.cli(*words)


def command(gateway: Gateway, *words: str) -> dict[str, object]:
    done = cli(gateway, *words)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def everywhere(ask: Callable[[], Reply], wanted: Callable[[Reply], bool], since: float) -> None:
    """Every one of ASKED fresh connections, begun IN_FORCE seconds after ``since`` at the latest, is answered so."""
    while time.time() - since < IN_FORCE:
        if all(wanted(ask()) for _ in range(ASKED)):
            return
    assert all(wanted(ask()) for _ in range(ASKED)), f"not in force everywhere: {ask()}"


def served(reply: Reply) -> bool:
    return reply.status == 200 and reply.from_origin


def blocked(reply: Reply) -> bool:
    return reply.status == 403 and bool(reply.action)


def test_a_site_for_a_lesson(taught: Gateway, child: Device, redirected: Device, teen: Device, lab: Lab) -> None:
    watch = lab.watch()
    assert_refused(child.https("blocked.test"), {403}, watch, "blocked.test")
    made = command(taught, "pass", "add", *YOUNG, "--site", "blocked.test", "--minutes", "5", *SIGNED)
    everywhere(lambda: child.https("blocked.test"), served, time.time())
    assert made["rules"] == ["site:blocked.test"]
    assert_served(child.http("blocked.test"))
    assert_served(redirected.https("blocked.test"))
    assert blocked(teen.https("blocked.test"))  # another band
    assert blocked(child.https("cdn-blocked.test")) and blocked(child.https("sub.cdn-blocked.test"))
    assert child.https("blocked.test", get("blocked.test", "/_said?n=html")).action == "block"  # words are judged
    assert taught.metric("hedgerow_grants_in_force", kind="pass") == 1
    assert cli(taught, "pass", "end", str(made["id"])).returncode == 0
    everywhere(lambda: child.https("blocked.test"), blocked, time.time())


def test_it_ends_by_itself(child: Device, store: PassStore, taught: Gateway) -> None:
    made = command(taught, "pass", "add", *YOUNG, "--site", "warned.test", "--minutes", "5", *SIGNED)
    row = next(row for row in store.held() if row.id == made["id"])
    store.end(row.id, "test")
    store.add_pass(row.scope, row.target, 1.5, "test", "short")
    everywhere(lambda: child.https("warned.test"), served, time.time())
    time.sleep(1.5)
    assert all(child.https("warned.test").action == "warn" for _ in range(ASKED))


def test_a_code_opens_for_the_pupil_who_typed_it(
    taught: Gateway, child: Device, teen: Device, store: PassStore
) -> None:
    done = cli(taught, "pass", "code", *YOUNG, "--site", "blocked.test", *SIGNED)
    code = json.loads(done.stdout)[0]["code"]
    assert code not in cli(taught, "events", "--json").stdout and code not in taught.process.log.read_text()
    key = child.namespace.second_v4
    answer = store.redeem(code, key, key, "blocked.test", datetime.now(UTC), "ages-8-10", "young")
    assert isinstance(answer, Redeemed)
    everywhere(lambda: child.https("blocked.test"), served, time.time())
    assert blocked(teen.https("blocked.test"))


def test_an_exam(taught: Gateway, child: Device, redirected: Device, teen: Device, lab: Lab) -> None:
    made = command(taught, "exam", "start", *ROOM, "--site", "warned.test", "--minutes", "5", *SIGNED)
    assert made["lifted"] == ["site:warned.test"]
    everywhere(lambda: child.https("allowed.test"), blocked, time.time())
    watch = lab.watch()
    assert_refused(child.https("allowed.test"), {403}, watch, "allowed.test")
    assert_refused(child.http("allowed.test"), {403}, watch, "allowed.test")
    page = child.https("allowed.test").body.decode()
    assert 'class="exam' in page and "<form" not in page.partition("<details")[0]  # its own page, and no way on
    assert_refused(redirected.https("allowed.test"), {403}, watch, "allowed.test")
    assert_served(redirected.https("warned.test"))
    assert_served(child.https("helpline.test"))
    assert_served(teen.https("allowed.test"))
    assert taught.metric("hedgerow_grants_in_force", kind="exam") == 1
    assert cli(taught, "exam", "end", str(made["id"])).returncode == 0
    everywhere(lambda: child.https("allowed.test"), served, time.time())
    assert child.https("warned.test").action == "warn"  # the exam's own pass went with it


def test_relaxed(taught: Gateway, child: Device, redirected: Device, lab: Lab) -> None:
    words = get("allowed.test", "/_said?n=html")
    assert child.https("allowed.test", words).action == "block"
    done = cli(taught, "relax", "--minutes", "5", "--by", "IT", "--reason", "it burns")
    assert done.returncode == 0, done.stderr
    everywhere(lambda: child.https("allowed.test"), lambda reply: reply.issuer == ORIGIN, time.time())
    reply = child.https("allowed.test", words)
    assert reply.status == 200 and reply.issuer == ORIGIN  # not opened, not read
    assert redirected.https("allowed.test").issuer == ORIGIN
    assert child.http("allowed.test", "/_said?n=html").status == 200
    watch = lab.watch()
    assert_refused(child.https("blocked.test"), {403}, watch, "blocked.test")
    assert b'class="banner"' in child.https("blocked.test").body
    assert taught.metric("hedgerow_relaxed_until_timestamp_seconds") > time.time() + 200
    assert cli(taught, "relax", "--end").returncode == 0
    everywhere(lambda: child.https("allowed.test", words), blocked, time.time())
    assert taught.metric("hedgerow_relaxed_until_timestamp_seconds") == 0


def over(link: Link) -> bool:
    """True when the gateway ends this connection: the change, two seconds, a tick, and a busy machine."""
    link.socket.settimeout(IN_FORCE + 3)
    try:
        return link.socket.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_nothing_that_goes_on_outlives_what_opened_it(taught: Gateway, child: Device, store: PassStore) -> None:
    relaxed = store.relax(60, "IT", "it burns")
    everywhere(lambda: child.https("allowed.test"), lambda reply: reply.issuer == ORIGIN, time.time())
    with child.tls("allowed.test") as unread, child.tls("bank.test") as bank:
        store.end(relaxed.id, "IT")
        assert over(unread), "a connection that was passed on while relaxed goes on unread"
        with child.websocket("allowed.test") as talk, child.tls("helpline.test") as helped:
            bank.send(get("bank.test"))
            assert bank.reply().from_origin
            store.start_exam(Scope(network="young"), [("exam.test", "")], 60, "Ms Lan", "maths")
            assert over(talk.link), "a conversation goes on in the exam"
            assert over(bank), "a connection that is passed on goes on in the exam"
            helped.send(get("helpline.test"))
            assert helped.reply().from_origin


def begun(link: Link, host: str, kind: str) -> bool:
    """True when an answer of this type has begun; it does not end for a minute."""
    link.send(get(host, f"/_drip?t={kind}"))
    head = link.more()
    return b" 200 " in head and kind.encode() in head


@pytest.mark.parametrize("kind", ["text/event-stream", "image/png"])
def test_no_answer_without_an_end_outlives_what_opened_it(
    taught: Gateway, child: Device, store: PassStore, kind: str
) -> None:
    opened = command(taught, "pass", "add", *YOUNG, "--site", "blocked.test", "--minutes", "5", *SIGNED)
    everywhere(lambda: child.https("blocked.test"), served, time.time())
    with child.tls("blocked.test") as passed, child.tls("allowed.test") as stream, child.tls("helpline.test") as helped:
        assert begun(passed, "blocked.test", kind) and begun(stream, "allowed.test", kind)
        store.end(str(opened["id"]), "Ms Lan")
        assert over(passed), "a stream goes on after the pass that opened it"
        store.start_exam(Scope(network="young"), [("exam.test", "")], 60, "Ms Lan", "maths")
        assert over(stream), "a stream goes on in the exam"
        helped.send(get("helpline.test"))
        assert helped.reply().from_origin


def test_a_policy_ends_what_it_forbids(taught: Gateway, child: Device) -> None:
    band = taught.policies / "bands" / "ages-8-10.yaml"
    before = band.read_text()
    with child.websocket("allowed.test") as talk, child.websocket("paths.test") as other:
        band.write_text(before.replace("  allowed.test: allow\n", "  allowed.test: block\n"))
        assert over(talk.link), "a conversation goes on after its site was closed"
        assert other.echo("still open").endswith("still open")
    band.write_text(before)
    everywhere(lambda: child.https("allowed.test"), served, time.time() + 3)
