"""A member-only list in a running gateway: closed for everyone, by page where it names pages, and nowhere to be read.

Each entry carries one word that stands nowhere else in the world; after a hundred visits of every kind it is looked for
in all that the box keeps, shows and runs with. The school keeps the most it can: all events, whole URLs, to the second.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.test_reload import first_in_line
from tests.lab import school
from tests.lab.client import MODES, Device, get
from tests.lab.gateway import BIN, Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.tree import tree
from tests.lab.verdict import assert_refused, assert_served
from tests.lab.wire import Reply

WORD = "kestrelcanary"
WHOLE, PAGE, QUERY, BANK = f"{WORD}.test", f"/Dir/{WORD}.jpg", f"/view?id={WORD}&t=1", f"/{WORD}"
OPEN_BEFORE = "/before/it.jpg"  # without the word: it is visited, and logged, before it is listed
LIST = f"""# of a publisher that does not exist
http://www.{WHOLE}/
http://allowed.test{PAGE}
https://allowed.test{QUERY}
bank.test{BANK}
http://allowed.test{OPEN_BEFORE}
this line is no address: {WORD}
"""
TEST = f"http://allowed.test{PAGE}"
SIGNED = ("--by", "Ms Lan", "--json")
IN_FORCE = 2.0
VISITS = 100


@pytest.fixture(scope="module")
def closed(lab: Lab) -> Iterator[Gateway]:
    """It starts without a list; ``put`` is the operator."""
    gateway = school.start(lab, "member")
    try:
        with first_in_line(os.getpid(), lab.origin.pid, gateway.process.pid):
            yield gateway
    finally:
        gateway.stop()


def put(
    gateway: Gateway, text: str, *more: str, name: str = "iwf", test: str = TEST
) -> subprocess.CompletedProcess[str]:
    words = ("lists", "member", "add", "-", "--id", name, "--test-url", test, *more, *SIGNED)
    command = [str(BIN / "hedgerow"), *words, *gateway.folders]
    return subprocess.run(command, input=text, capture_output=True, text=True)


def serving(gateway: Gateway) -> set[str]:
    """The versions of all workers."""
    return set(json.loads(gateway.fetch("/ready")[1])["workers"].values())


def until_other(gateway: Gateway, before: set[str]) -> None:
    """Until another policy is in force in every worker: two seconds from now at most."""
    end = time.monotonic() + IN_FORCE
    while len(now := serving(gateway)) != 1 or now == before:
        assert time.monotonic() < end, gateway.process.tail()
        time.sleep(0.02)


@pytest.fixture(scope="module")
def listed(closed: Gateway) -> Gateway:
    before = serving(closed)
    done = put(closed, LIST)
    assert done.returncode == 1, done.stderr  # one line is no address
    told = json.loads(done.stdout)
    assert (told["entries"], told["pages"], told["hosts"], told["bad_lines"]) == (5, 4, 1, [7])
    assert WORD not in done.stdout + done.stderr
    until_other(closed, before)
    return closed


def test_before_it_is_put_in_the_page_is_open(lab: Lab, closed: Gateway) -> None:
    """Runs first: what is shown afterwards is the list's doing."""
    device = lab.device("pupil8", "explicit", closed.ca, second=True)
    assert_served(device.https("allowed.test", get("allowed.test", OPEN_BEFORE)))
    assert device.https("bank.test").issuer == "Lab Internet Root"


def ask(device: Device, kind: str, host: str, target: str) -> Reply:
    match kind:
        case "http":
            return device.http(host, target)
        case "https":
            return device.https(host, get(host, target))
        case _:
            return device.h2(host, fields(host, target))


ROOMS = ("pupil8", "pupil14", "staff", "stranger")
KINDS = ("http", "https", "h2")
CLOSED = [
    (WHOLE, "/"),
    (f"www.{WHOLE}", "/anything?at=all"),
    (f"deep.{WHOLE}", "/"),
    ("allowed.test", PAGE),
    ("allowed.test", f"{PAGE.upper()}/?more=1"),
    ("allowed.test", f"/x/../dir/{WORD}%2Ejpg"),
    ("allowed.test", f"/view?t=1&more=2&id={WORD}"),
    ("bank.test", BANK),
    ("allowed.test", OPEN_BEFORE),
]


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("kind", KINDS)
def test_closed_in_every_band(lab: Lab, listed: Gateway, mode: str, room: str, kind: str) -> None:
    device, watch = lab.device(room, mode, listed.ca, second=True), lab.watch()
    codes = set()
    for host, target in CLOSED:
        reply = ask(device, kind, host, target)
        assert_refused(reply, {403}, watch, WHOLE)
        codes.add(reply.code)
    assert len(codes) == 1, "the code tells entries apart"
    assert not [contact for contact in watch.requests() if WORD in contact.target.lower()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", ["/", "/Dir/other.jpg", "/Dir", "/view?id=other&t=1", "/view?t=1"])
def test_what_stands_beside_it_is_open(lab: Lab, listed: Gateway, mode: str, kind: str, target: str) -> None:
    device = lab.device("pupil8", mode, listed.ca, second=True)
    assert_served(ask(device, kind, "allowed.test", target))


def test_a_bank_with_a_listed_page_is_opened_and_others_are_not(lab: Lab, listed: Gateway, mode: str) -> None:
    device = lab.device("pupil8", mode, listed.ca, second=True)
    beside = device.https("bank.test", get("bank.test", "/other"))
    assert_served(beside)
    assert beside.issuer not in ("", "Lab Internet Root")
    assert device.https("helpline.test").issuer == "Lab Internet Root"


def test_the_page_says_what_every_floor_page_says(lab: Lab, listed: Gateway, mode: str) -> None:
    device = lab.device("pupil14", mode, listed.ca, second=True)
    for language in ("en", "vi", "fa", "kk", "ru"):
        head = get(
            "allowed.test", PAGE, "Accept: text/html", f"Accept-Language: {language}", "Sec-Fetch-Dest: document"
        )
        page = device.https("allowed.test", head).body.decode()
        assert f'lang="{language}"' in page and "iwf" not in page.lower() and "member" not in page.lower()
        assert WORD not in page and "site=" not in page  # no link carries it into a report


def test_names_only_sees_whole_hosts(lab: Lab, listed: Gateway, mode: str) -> None:
    guest, watch = lab.device("guest", mode, listed.ca, second=True), lab.watch()
    assert_refused(guest.https(WHOLE), {0, 403}, watch, WHOLE)
    assert_served(guest.https("allowed.test", get("allowed.test", PAGE)))  # said by ``check`` and ``test``
    told = json.loads(listed.cli("lists", "member", "test", "--json").stdout)
    assert any("'guest' sees names only" in note for note in told["notes"])
    assert any(
        "'guest' sees names only" in one["message"]
        for one in json.loads(listed.cli("check", "--json").stdout)["warnings"]
    )


def cli(gateway: Gateway, *words: str) -> dict[str, object]:
    done = gateway.cli(*words)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_no_pass_exam_or_relaxation_lifts_it(lab: Lab, listed: Gateway, mode: str) -> None:
    device, watch = lab.device("pupil8", mode, listed.ca, second=True), lab.watch()
    signed = ("--by", "Ms Lan", "--reason", "a lesson", "--json")
    refused = listed.cli("pass", "add", "--band", "ages-8-10", "--site", WHOLE, "--minutes", "5", *signed)
    assert refused.returncode == 1 and "member:iwf" in refused.stdout
    made = cli(listed, "pass", "add", "--band", "ages-8-10", "--site", "blocked.test", "--minutes", "5", *signed)
    exam = listed.cli("exam", "start", "--network", "young", "--site", "allowed.test", "--minutes", "5", *signed)
    assert exam.returncode == 0, exam.stderr
    time.sleep(1)
    assert_refused(ask(device, "https", "allowed.test", PAGE), {403}, watch, WHOLE)
    listed.cli("exam", "end", str(json.loads(exam.stdout)["id"]))
    listed.cli("pass", "end", str(made["id"]))
    assert listed.cli("relax", "--minutes", "5", "--by", "Ms Lan", "--reason", "it is slow").returncode == 0
    time.sleep(1)
    try:
        for host, target in CLOSED:
            assert_refused(ask(device, "https", host, target), {403}, watch, WHOLE)
        assert_served(ask(device, "https", "allowed.test", "/Dir/other.jpg"))
    finally:
        listed.cli("relax", "--end", "--by", "Ms Lan")
        time.sleep(1)


def fail(device: Device) -> None:
    """What step 0 refuses, and what is no request at all."""
    for host in (WHOLE, "allowed.test"):
        device.http(f"{host}:81", PAGE)
        device.plain(f"CONNECT {host}:444 HTTP/1.1\r\nHost: {host}:444\r\n\r\n".encode())
        device.plain(f"GET http://{host}{PAGE} HTTP/1.1\r\nHost: {host}\r\nX-Note: a\x00b\r\n\r\n".encode())
    device.plain(f"CONNECT {WHOLE}:443 HTTP/1.1\r\nHost: {WHOLE}:443\r\n\r\nnonsense".encode())
    device.https("allowed.test", get(WHOLE), sni="allowed.test")
    device.https("allowed.test", get("bank.test"), sni="allowed.test")
    device.https(WHOLE, get("allowed.test"), sni=WHOLE)
    device.http(WHOLE, "/.well-known/hedgerow/report?kind=wrong", "Referer: http://allowed.test" + PAGE)
    device.http(WHOLE, "/.well-known/hedgerow/continue", method="POST")


def everything(gateway: Gateway) -> Iterator[tuple[str, bytes]]:
    """State, log, the run folder with snapshots and metrics, what processes were started with, and the scrape."""
    digest = hashlib.blake2b(str(gateway.state.resolve()).encode(), digest_size=6).hexdigest()
    run = Path("/dev/shm").glob(f"hedgerow-*-{digest}/**/*")
    for path in (
        *gateway.state.rglob("*"),
        gateway.process.log,
        *run,
        *gateway.blocklists.rglob("*"),
        *gateway.policies.rglob("*"),
    ):
        if path.is_file():
            yield str(path), path.read_bytes()
    for pid in tree(gateway.process.pid):
        for name in ("environ", "cmdline", "limits"):
            yield f"/proc/{pid}/{name}", Path(f"/proc/{pid}/{name}").read_bytes()
    yield "/metrics", gateway.fetch("/metrics")[1].encode()


@pytest.fixture(scope="module")
def visited(lab: Lab, listed: Gateway) -> dict[str, bytes]:
    devices = [lab.device(room, mode, listed.ca, second=True) for room in ROOMS for mode in MODES]
    ways = itertools.islice(itertools.cycle(itertools.product(KINDS, CLOSED)), VISITS)
    with ThreadPoolExecutor(4) as pool:
        replies = list(
            pool.map(lambda one: ask(one[1], one[0][0], *one[0][1]), zip(ways, itertools.cycle(devices), strict=False))
        )
    assert {reply.status for reply in replies} == {403}
    for device in devices[:2]:
        fail(device)
    devices[0].http("blocked.test")  # an event of its own, so that an empty log would be noticed
    time.sleep(1.5)
    kept = dict(everything(listed))
    for words in (
        ("events", "--json"),
        ("record", "export"),
        ("lists", "status"),
        ("lists", "member", "list"),
        ("check",),
    ):
        kept[" ".join(words)] = listed.cli(*words).stdout.encode()
    kept["explain"] = listed.cli("explain", TEST, "--band", "staff", "--json").stdout.encode()
    return kept


def test_no_byte_of_an_entry_is_anywhere(visited: dict[str, bytes]) -> None:
    for part in (
        "/state/events/",
        "/state/keys/",
        "/state/index/",
        "/state/record",
        "/state/member/",
        "/metrics/",
        ".snapshot",
        "gateway.log",
        "/environ",
    ):
        assert any(part in name for name in visited), f"no {part} among {list(visited)}"
    spellings = (WORD.encode(), WORD[::-1].encode(), WORD.encode("utf-16-le"), WORD.upper().encode())
    found = [(name, spelling) for name, data in visited.items() for spelling in spellings if spelling in data]
    assert not found, f"{len(visited)} files were searched"


def test_an_event_tells_when_where_and_which_list(visited: dict[str, bytes]) -> None:
    events = [json.loads(line) for line in visited["events --json"].splitlines()]
    hits = [event for event in events if event["step"] == "1-illegal"]
    assert len(hits) >= VISITS
    assert {name for event in hits for name in event} <= {
        "time", "action", "band", "step", "rule", "where", "code", "policy", "network"
    }  # fmt: skip
    assert {event["rule"] for event in hits} == {"member:iwf"} and {event["time"][16:19] for event in hits} == {":00"}
    assert any(event.get("host") == "blocked.test" and event.get("person") for event in events)


def test_a_refusal_of_step_0_does_not_name_a_known_host(visited: dict[str, bytes]) -> None:
    events = [json.loads(line) for line in visited["events --json"].splitlines()]
    refused = [event for event in events if event["step"] == "0-builtin"]
    assert {"builtin:port", "builtin:names-disagree"} <= {event["rule"] for event in refused}
    assert not [event for event in refused if "url" in event or "host" in event or "person" in event]


def test_explain_tells_the_verdict_and_no_more(visited: dict[str, bytes]) -> None:
    told = json.loads(visited["explain"])
    assert (told["action"], told["step"], told["rule"]) == ("block", "1-illegal", "member:iwf")
    assert {"step": "1-illegal", "text": "a member-only list (iwf)"} in told["steps"]


def test_metrics_tell_entries_and_the_selftest(visited: dict[str, bytes]) -> None:
    text = visited["/metrics"].decode()
    assert 'hedgerow_member_entries{list="iwf"} 5.0' in text and 'hedgerow_member_selftest{list="iwf"} 1.0' in text
    assert 'hedgerow_rule_decisions_total{action="block",rule="member:iwf"}' in text
    assert 'step="1-illegal"' in text


def test_workers_leave_no_core(visited: dict[str, bytes]) -> None:
    limits = [data for name, data in visited.items() if name.endswith("/limits")]
    assert len(limits) >= 4
    for data in limits:
        line = next(line for line in data.decode().splitlines() if line.startswith("Max core file size"))
        assert line.split()[4:6] in (["1", "1"], ["0", "0"])


def test_another_list_beside_it_and_out_again(lab: Lab, listed: Gateway) -> None:
    device = lab.device("pupil8", "explicit", listed.ca, second=True)
    assert_served(device.https("allowed.test", get("allowed.test", "/police/1")))
    before = serving(listed)
    assert put(listed, "allowed.test/police\n", name="police", test="http://allowed.test/police").returncode == 0
    until_other(listed, before)
    assert listed.metric("hedgerow_member_entries", list="police") == 1
    assert device.https("allowed.test", get("allowed.test", "/police/1")).action == "block"
    assert device.https("allowed.test", get("allowed.test", PAGE)).action == "block"
    listed.cli("lists", "member", "remove", "police", "--reason", "over", *SIGNED, check=True)
    started = time.monotonic()
    while not (reply := device.https("allowed.test", get("allowed.test", "/police/1"))).from_origin:
        assert time.monotonic() - started < IN_FORCE, str(reply)
    kinds = [json.loads(line)["what"] for line in listed.cli("record", "export").stdout.splitlines()]
    assert "member-only list police put in: 1 entries" in kinds and "member-only list police taken out" in kinds


def test_a_file_that_is_damaged_or_gone_changes_nothing_and_is_told(lab: Lab, listed: Gateway) -> None:
    device = lab.device("pupil8", "explicit", listed.ca, second=True)
    path = listed.state / "member" / "iwf.sealed"
    whole = path.read_bytes()

    def told(text: str) -> None:
        end = time.monotonic() + 5
        while text not in listed.process.tail(40):
            assert time.monotonic() < end, listed.process.tail(40)
            time.sleep(0.05)
        assert listed.metric("hedgerow_policy_refused") == 1
        assert device.https("allowed.test", get("allowed.test", PAGE)).action == "block"

    path.write_bytes(whole[:-1] + b"x")
    told("iwf.sealed: damaged")
    path.unlink()
    told("a member-only list is gone: Ms Lan")
    path.write_bytes(whole)
    os.chown(path, listed.state.stat().st_uid, -1)
    end = time.monotonic() + 5
    while listed.metric("hedgerow_policy_refused"):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_it_does_not_start_without_a_list_that_must_be_there(lab: Lab, listed: Gateway) -> None:
    """Runs last: the gateway is stopped. Neither damaged nor gone is a start without the list."""
    listed.stop()
    path = listed.state / "member" / "iwf.sealed"
    whole = path.read_bytes()
    serve = [str(BIN / "hedgerow"), "serve", *listed.folders, "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:19399"]
    for content, told in ((whole[:40], "damaged"), (None, "is gone: Ms Lan")):
        path.write_bytes(content) if content else path.unlink()
        done = subprocess.run(serve, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and told in done.stderr, done.stderr
    assert listed.cli("lists", "member", "list").returncode == 1
    listed.cli("lists", "member", "remove", "iwf", "--reason", "the disk was damaged", *SIGNED, check=True)
    assert json.loads(listed.cli("lists", "member", "list", "--json").stdout) == []
