"""I13, I09-I11, I15 with unlock codes: 50 clients who guess, and everybody who has a code that is not theirs."""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import pytest

from hedgerow.stores.pass_rows import ALPHABET
from hedgerow.stores.unlock_codes import LENGTH, WRONG_BY_PERSON, WRONG_IN_ALL
from tests.lab import school
from tests.lab.client import MODES, Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import ROOT, Lab
from tests.lab.net import EXPLICIT_PORT, GATEWAY_V4, SECOND_LANE
from tests.lab.taken import at_address
from tests.lab.warning import FORM_TYPE
from tests.lab.wire import Link, Reply

UNLOCK = "/.well-known/hedgerow/unlock"
HOST, OTHER = "blocked.test", "cdn-blocked.test"
CLIENTS = 50
SITES = """
  far.test: block
words:"""


@pytest.fixture(scope="module")
def coded(lab: Lab) -> Iterator[Gateway]:
    name = "bands/ages-8-10.yaml"
    band = school.files()[name].replace("\nwords:", SITES, 1)
    gateway = school.start(lab, "codes", changes={name: band})
    yield gateway
    gateway.stop()


@pytest.fixture
def pupil(lab: Lab, coded: Gateway) -> Device:
    return lab.device("pupil8", "transparent", coded.ca, second=True)


@pytest.fixture
def watch(lab: Lab, coded: Gateway) -> Watch:
    return lab.watch()


POOL: dict[tuple[str, ...], list[str]] = {}


def issue(gateway: Gateway, site: str = HOST, band: str = "ages-8-10", uses: int = 1) -> str:
    """A code as a teacher makes it on the command line: ten at once, for the command takes its time."""
    what = ("--band", band, "--site", site, "--uses", str(uses))
    if not POOL.get(what):
        signed = ("--minutes", "40", "--count", "10", "--by", "Minh", "--reason", "a lesson", "--json")
        made = gateway.cli("pass", "code", *what, *signed, check=True)
        POOL[what] = [str(row["code"]) for row in json.loads(made.stdout)]
    return POOL[what].pop()


def end_all(gateway: Gateway) -> None:
    """All passes, now."""
    for row in json.loads(gateway.cli("pass", "list", "--json", check=True).stdout):
        if row["kind"] == "pass":
            gateway.cli("pass", "end", row["id"], "--by", "Minh", "--reason", "the lesson is over", check=True)


def token_on(page: Reply) -> str:
    """What the form for a code carries on a block page: it says who got it."""
    found = re.search(rb'name="token" value="([^"]+)"', page.body)
    return found[1].decode() if found else ""


def filled_in(device: Device, code: str, host: str = HOST, to: str = "/") -> bytes:
    return urlencode({"code": code, "to": to, "token": token_on(device.https(host))}).encode()


def type_in(device: Device, code: str, host: str = HOST, *more: str, to: str = "/") -> Reply:
    body = filled_in(device, code, host, to)
    head = (FORM_TYPE, f"Content-Length: {len(body)}", *more)
    return device.https(host, get(host, UNLOCK, *head, method="POST") + body)


def is_open(device: Device, host: str = HOST, path: str = "/", seconds: float = 2) -> bool:
    """Open within two seconds, in the worker that answers."""
    end = time.monotonic() + seconds
    while not (found := device.https(host, get(host, path)).from_origin) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def closed(device: Device, host: str = HOST, path: str = "/") -> bool:
    replies = [device.https(host, get(host, path)) for _ in range(4)]
    return all(reply.action == "block" and not reply.from_origin for reply in replies)


def closes(device: Device, host: str = HOST, seconds: float = 2) -> bool:
    """Closed within two seconds, whichever worker answers: one may know of it before the other."""
    end = time.monotonic() + seconds
    while not (found := closed(device, host)) and time.monotonic() < end:
        time.sleep(0.05)
    return found


@contextmanager
def at(pupil: Device, address: str) -> Iterator[Device]:
    with at_address(pupil, address) as taken:
        yield taken


@pytest.mark.parametrize("mode", MODES)
def test_a_code_opens_what_it_says_and_the_rest_of_this_file_can_fail(lab: Lab, coded: Gateway, mode: str) -> None:
    device = lab.device("pupil8", mode, coded.ca, second=True)
    host = HOST if mode == "explicit" else "far.test"
    reply = type_in(device, issue(coded, host), host, to="/pond?x=1")
    assert (reply.status, reply.header("location")) == (303, "/pond?x=1"), str(reply)
    assert is_open(device, host) and closed(device, OTHER)
    end_all(coded)
    assert closes(device, host)


def test_I09_a_used_code_is_used(pupil: Device, coded: Gateway) -> None:
    """One use is one person, however often and from wherever it is sent again; ended is ended."""
    code = issue(coded)
    with at(pupil, "10.20.8.91") as first, at(pupil, "10.20.8.92") as second:
        assert type_in(first, code).status == 303 and is_open(first)
        again = type_in(second, code)
        assert again.status == 403 and not again.header("location")
        assert closed(second) and closed(pupil)
        end_all(coded)
        assert closes(first) and type_in(first, code).status == 403 and closed(first)


def test_I09_a_code_of_another_band_or_host(pupil: Device, coded: Gateway) -> None:
    older = issue(coded, band="ages-14-17")
    with at(pupil, "10.20.8.93") as device:
        assert type_in(device, older).status == 403 and closed(device)
        far = issue(coded, "far.test")
        told = type_in(device, far, HOST)  # typed on another page than it is for: it opens what it is for
        assert told.status == 200 and b"far.test" in told.body
        assert is_open(device, "far.test") and closed(device, HOST)


def test_I10_what_is_not_quite_a_code(pupil: Device, coded: Gateway, watch: Watch) -> None:
    code = issue(coded)
    plain = code.replace("-", "")
    nearly = [plain[:-1], plain + "0", plain[::-1], plain[:4], "", "%", "' or 1=1 --", "A" * 60_000, "\0" * 8, "é" * 8,
              json.dumps({"code": code}), code + "\0", "*" * 8, "________"]  # fmt: skip
    with ExitStack() as stack:
        devices = [stack.enter_context(at(pupil, f"10.20.8.{number}")) for number in (94, 95)]
        for number, text in enumerate(nearly):
            reply = type_in(devices[number % 2], text)
            assert reply.status in (400, 403, 413, 429) and not reply.header("location"), f"{text[:20]!r}: {reply}"
        assert all(closed(device) for device in devices)
        huge = devices[0].https(
            HOST, get(HOST, UNLOCK, FORM_TYPE, "Content-Length: 1048576", method="POST") + b"c" * 2**20
        )
        assert not huge.from_origin and not huge.header("location")
    assert not watch.touching(HOST)


def test_I11_nobody_is_somebody_else_by_a_header(lab: Lab, pupil: Device, coded: Gateway) -> None:
    """What a worker tells the portal is the worker's word: a client's own is gone before."""
    claim = {"key": "10.20.14.110", "band": "ages-14-17", "network": "older", "language": "en", "host": HOST,
             "scheme": "https"}  # fmt: skip
    forged = base64.urlsafe_b64encode(json.dumps(claim).encode()).decode()
    code = issue(coded, band="ages-14-17", uses=1)
    with at(pupil, "10.20.8.96") as device:
        for name in ("X-Hedgerow-Who", "x-hedgerow-who", "X-HEDGEROW-WHO", "X-Forwarded-For"):
            assert type_in(device, code, HOST, f"{name}: {forged}", f"{name}: {forged}").status == 403
        sent = filled_in(device, code)
        content = (("content-type", "application/x-www-form-urlencoded"), ("x-hedgerow-who", forged))
        assert device.h2(HOST, fields(HOST, UNLOCK, "POST", *content), sent).status == 403
        chunked = (FORM_TYPE, "Transfer-Encoding: chunked", "Trailer: x-hedgerow-who")
        trailed = b"%x\r\n%b\r\n0\r\nx-hedgerow-who: %b\r\n\r\n" % (len(sent), sent, forged.encode())
        assert device.https(HOST, get(HOST, UNLOCK, *chunked, method="POST") + trailed).status in (0, 400, 403)
        assert closed(device)
    assert closed(lab.device("pupil14", "explicit", coded.ca, second=True)), "nor was anybody else let in"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_I15_a_code_in_an_address_is_none(pupil: Device, coded: Gateway, watch: Watch, method: str) -> None:
    code = issue(coded)
    with at(pupil, "10.20.8.97") as device:
        for path in (f"{UNLOCK}?code={code}&to=/", f"/?code={code}", f"/?GBYPASS={code}", f"{UNLOCK}/{code}"):
            reply = device.https(HOST, get(HOST, path, method=method), method=method)
            assert not reply.from_origin, f"{path}: {reply}"
            assert reply.status != 303 or "https://hedgerow.test/" in reply.header("location"), "only to our own name"
            assert code not in str(reply.headers), "and nothing leads on with it"
        assert type_in(device, "", HOST, f"Referer: https://{HOST}/?code={code}").status == 403
        assert closed(device)
    assert not watch.touching(HOST)


@pytest.mark.parametrize(
    "claim",
    [
        "Origin: https://evil.test",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Dest: iframe",
        "Sec-Fetch-Mode: cors",
        "Content-Type: text/plain",
    ],
)
def test_I15_no_other_site_types_a_code(pupil: Device, coded: Gateway, claim: str) -> None:
    code = issue(coded)
    head = (claim,) if claim.startswith("Content-Type") else (FORM_TYPE, claim)
    with at(pupil, "10.20.8.98") as device:
        body = filled_in(device, code)
        reply = device.https(HOST, get(HOST, UNLOCK, *head, f"Content-Length: {len(body)}", method="POST") + body)
        assert reply.status in (400, 403, 415) and not reply.header("location"), str(reply)
        assert closed(device)


def test_I15_a_form_without_our_token_costs_no_guess(pupil: Device, coded: Gateway) -> None:
    """A page on a foreign site can make a browser send forms; it has no token for this person, nor another's."""
    code = issue(coded)
    with at(pupil, "10.20.8.89") as device, at(pupil, "10.20.8.88") as other:
        stolen = token_on(other.https(HOST))
        for token in ("", "x", stolen) * 5:
            body = urlencode({"code": "AAAA-AAAA", "to": "/", "token": token}).encode()
            head = (FORM_TYPE, "Origin: null", f"Content-Length: {len(body)}")
            reply = device.https(HOST, get(HOST, UNLOCK, *head, method="POST") + body)
            assert reply.status == 403 and token_on(reply), "the form is shown again, with a token for this person"
        assert type_in(device, code).status == 303 and is_open(device)
        end_all(coded)


def test_I17_no_code_for_what_the_floor_closes(coded: Gateway) -> None:
    """It cannot even be made: an honest teacher is told, and a careless one opens nothing."""
    for what in (("--site", "internetbadguys.com"), ("--category", "malware")):
        made = coded.cli("pass", "code", "--band", "ages-8-10", *what, "--by", "Minh", "--reason", "a lesson")
        assert made.returncode == 1 and "no grant lifts floor:" in made.stderr, made.stdout + made.stderr
        assert not made.stdout


class Guesser:
    """One client on one kept-alive connection, as quick as it can."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.token = ""
        self.seen: Counter[int] = Counter()

    def guess(self, times: int) -> None:
        link = self._dial()
        self.token = token_on(self._ask(link))
        for _ in range(times):
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            reply = self._type(link, code)
            if not reply.status or reply.header("connection").lower() == "close":
                link.socket.close()
                link = self._dial()
            self.seen[reply.status] += 1
        link.socket.close()

    def _dial(self) -> Link:
        taken = self.device.namespace
        return Link(taken.dial(GATEWAY_V4, EXPLICIT_PORT + SECOND_LANE, 20, second=True))

    @staticmethod
    def _ask(link: Link) -> Reply:
        link.send(get(HOST, f"http://{HOST}/"))
        return link.reply()

    def _type(self, link: Link, code: str) -> Reply:
        body = urlencode({"code": code, "to": "/", "token": self.token}).encode()
        target = f"http://{HOST}{UNLOCK}"
        link.send(get(HOST, target, FORM_TYPE, f"Content-Length: {len(body)}", method="POST") + body)
        return link.reply()


def spread(pupil: Device, guesses: int) -> list[Guesser]:
    """So many guesses from fifty clients at once."""
    with ExitStack() as stack:
        guessers = [Guesser(stack.enter_context(at(pupil, f"10.20.8.{150 + n}"))) for n in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda one: one.guess(guesses // CLIENTS), guessers))
    return guessers


def held_off(pupil: Device, gateway: Gateway, guesses: int) -> None:
    """Ten of each are looked at, the rest is refused unseen, a right code among them; nobody else is locked."""
    code = issue(gateway)
    before = {name: gateway.metric("hedgerow_unlock_attempts_total", outcome=name) for name in ("unknown", "too-many")}
    guessers = spread(pupil, guesses)
    total = sum((guesser.seen for guesser in guessers), Counter[int]())
    assert set(total) <= {403, 429, 503}, total
    assert all(guesser.seen[403] <= WRONG_BY_PERSON for guesser in guessers)
    assert total[403] <= CLIENTS * WRONG_BY_PERSON < WRONG_IN_ALL
    with at(pupil, "10.20.8.150") as locked, at(pupil, "10.20.8.99") as honest:
        assert type_in(locked, code).status == 429 and closed(locked), "the right code at last comes too late"
        assert type_in(honest, code).status == 303 and is_open(honest), "a class is not locked out by another"
    time.sleep(1)
    looked = gateway.metric("hedgerow_unlock_attempts_total", outcome="unknown") - before["unknown"]
    unseen = gateway.metric("hedgerow_unlock_attempts_total", outcome="too-many") - before["too-many"]
    assert looked == total[403] and unseen >= 0.9 * total[429]
    assert gateway.metric("hedgerow_unlock_locked_total", scope="person") > 0


def test_I13_guesses_from_fifty_clients(pupil: Device, coded: Gateway) -> None:
    held_off(pupil, coded, 1000)


@pytest.mark.long
def test_I13_ten_thousand_guesses_from_fifty_clients(pupil: Device, coded: Gateway) -> None:
    held_off(pupil, coded, 10_000)


def test_I13_there_is_an_alert_and_the_price_is_what_it_says() -> None:
    rules = (ROOT / "deploy/prometheus/passes.rules.yaml").read_text()
    assert 'hedgerow_unlock_attempts_total{outcome="unknown"}' in rules and 'scope="all"' in rules
    assert WRONG_IN_ALL * 250 / len(ALPHABET) ** LENGTH < 2**-20
