"""I07, I09-I11, I15, I17: who goes on past a warning, where, and for how long, is said by us and by nobody else."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from hedgerow.stores.tokens import Continue, Tokens
from tests.lab import school
from tests.lab.client import MODES, Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.taken import at_address
from tests.lab.verdict import assert_served
from tests.lab.warning import FORM_TYPE, PATH, form
from tests.lab.wire import Reply

SITES = """
  spare.test: warn
  spare-2.test: warn
  warned.test/never: block
words:"""
HOST, OTHER = "warned.test", "warned-too.test"


@pytest.fixture(scope="module")
def guarded(lab: Lab) -> Iterator[Gateway]:
    name = "bands/ages-8-10.yaml"
    band = school.files()[name].replace("\nwords:", SITES, 1)
    gateway = school.start(lab, "tokens", changes={name: band})
    yield gateway
    gateway.stop()


@pytest.fixture
def pupil(lab: Lab, guarded: Gateway) -> Device:
    return lab.device("pupil8", "transparent", guarded.ca, second=True)


@pytest.fixture
def others(lab: Lab, guarded: Gateway) -> list[Device]:
    """Another pupil, a stranger, a guest, and a device of the same room, all on this gateway."""
    made = [lab.device(name, "explicit", guarded.ca, second=True) for name in ("pupil14", "stranger", "guest")]
    return [*made, replace(lab.device("pupil8", "explicit", guarded.ca, second=True), v6=True)]


@pytest.fixture
def watch(lab: Lab, guarded: Gateway) -> Watch:
    return lab.watch()


@pytest.fixture(scope="module")
def thief(guarded: Gateway) -> Tokens:
    """Signs with the gateway's very key: what an attacker has who took a token that was once good."""
    return Tokens(guarded.state / "keys")


def send(device: Device, host: str, token: str, *more: str, path: str = PATH, method: str = "POST") -> Reply:
    body = urlencode({"token": token, "to": "/", "reason": "curious"}).encode()
    head = (FORM_TYPE, f"Content-Length: {len(body)}", *more)
    return device.https(host, get(host, path, *head, method=method) + body, method=method)


def refused(device: Device, host: str, token: str, *more: str) -> None:
    """Not taken, answered by us, and the site is as closed as before: in both workers."""
    reply = send(device, host, token, *more)
    assert reply.status in (400, 403, 413) and not reply.from_origin, f"{token[:40]!r} at {host}: {reply}"
    assert not reply.header("location") and not reply.header("set-cookie")
    still_closed(device, host)


def still_closed(device: Device, host: str, path: str = "/") -> None:
    for _ in range(3):
        reply = device.https(host, get(host, path))
        assert not reply.from_origin and reply.action in ("warn", "block", "help"), str(reply)


def fresh(device: Device, host: str = HOST) -> str:
    return form(device.https(host))["token"]


def payload(token: str) -> list[object]:
    text = token.partition(".")[0]
    made: list[object] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return made


def said(token: str, device: Device) -> Continue:
    """What the token of this device says. Whose it is stands in it as a keyed hash: the thief knows the address."""
    who, site, digest, band, kind, *_ = payload(token)
    assert device.namespace.second_v4 not in base64.urlsafe_b64decode(token.partition(".")[0] + "===").decode()
    assert device.namespace.second_v4 != who
    return Continue(device.namespace.second_v4, str(site), str(digest), str(band), str(kind))


@pytest.mark.parametrize("ago", [601, 3600, 86_400, -30, -86_400])
def test_I09_a_token_of_another_time(pupil: Device, thief: Tokens, ago: int) -> None:
    """Too old, or of a clock that runs ahead: whoever kept one has nothing."""
    refused(pupil, HOST, thief.sign(said(fresh(pupil), pupil), time.time() - ago))


def test_I09_at_the_last_moment_it_is_good(pupil: Device, thief: Tokens) -> None:
    """So that the test above can fail; what is granted counts from the page, not from the sending."""
    token = thief.sign(said(fresh(pupil, "spare.test"), pupil), time.time() - 590)
    assert send(pupil, "spare.test", token).status == 303
    assert_served(pupil.https("spare.test"))


def test_I09_on_another_site(pupil: Device) -> None:
    token = fresh(pupil)
    for host in (OTHER, "blocked.test", "helped.test", "unlisted.example.test", "www.pornhub.com"):
        refused(pupil, host, token)
    still_closed(pupil, HOST)


def test_I09_by_another_person_device_and_band(pupil: Device, others: list[Device]) -> None:
    token = fresh(pupil)
    for device in others:
        reply = send(device, HOST, token)
        assert not reply.header("location") and not reply.from_origin, f"{device.namespace.name}: {reply}"
        assert not device.https(HOST).from_origin or device.namespace.name.endswith("guest")
    still_closed(pupil, HOST)


def test_I09_after_the_rule_was_changed(pupil: Device, guarded: Gateway) -> None:
    """A token is for one rule as it stood when it was read; the page asks again about the new one."""
    token = fresh(pupil, "spare-2.test")
    path = guarded.policies / "bands/ages-8-10.yaml"
    old = path.read_text()
    path.write_text(old.replace("spare-2.test: warn", "spare-2.test: {action: warn, times: {lunch: block}}"))
    end = time.monotonic() + 6
    while said(fresh(pupil, "spare-2.test"), pupil).digest == said(token, pupil).digest:
        assert time.monotonic() < end
        time.sleep(0.1)
    send(pupil, "spare-2.test", token)
    still_closed(pupil, "spare-2.test")


def broken(token: str) -> dict[str, str]:
    """Everything that is not quite a token."""
    head, _, mac = token.partition(".")
    other = base64.urlsafe_b64encode(json.dumps([*payload(token)[:3], "staff", *payload(token)[4:]]).encode()).decode()
    flipped = {
        f"flip-{at}": token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for at in range(0, len(token) - 1, max(1, len(token) // 24))
        if token[at] != "."
    }
    cut = {f"cut-{at}": token[:at] for at in (0, 1, len(head) // 2, len(head), len(head) + 1, len(token) - 1)}
    jwt = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return {
        **flipped,
        **cut,
        "no-mac": f"{head}.",
        "alg-none": f"{jwt}.{head}.",
        "alg-none-mac": f"{jwt}.{head}.{mac}",
        "none-word": f"none.{head}",
        "other-claims": f"{other.rstrip('=')}.{mac}",
        "mac-first": f"{mac}.{head}",
        "twice": f"{token}{token}",
        "dots": "." * 500,
        "long": "A" * 5000,
        "longer": "A" * 60_000,
        "unicode": "é" * 40,
        "nul": f"{token}\0",
        "percent": quote(token) + "%00",
        "json": '{"token": "' + token + '"}',
    }


@pytest.mark.parametrize("version", ["h1", "h2"])
def test_I10_what_is_not_quite_a_token(pupil: Device, version: str) -> None:
    token = fresh(pupil)
    for name, text in broken(token).items():
        if version == "h1":
            reply = send(pupil, HOST, text)
        else:
            sent = urlencode({"token": text, "to": "/"}).encode()
            content = ("content-type", "application/x-www-form-urlencoded")
            reply = pupil.h2(HOST, fields(HOST, PATH, "POST", content), sent)
        assert reply.status in (400, 403, 413) and not reply.from_origin, f"{name}: {reply}"
    still_closed(pupil, HOST)


def test_I10_signed_with_another_key(pupil: Device, tmp_path: Path) -> None:
    refused(pupil, HOST, Tokens(tmp_path).sign(said(fresh(pupil), pupil), time.time()))


def test_I10_a_megabyte(pupil: Device) -> None:
    body = b"token=" + b"A" * 2**20
    head = (FORM_TYPE, f"Content-Length: {len(body)}")
    reply = pupil.https(HOST, get(HOST, PATH, *head, method="POST") + body)
    assert not reply.from_origin and not reply.header("location"), str(reply)
    still_closed(pupil, HOST)


def test_I11_there_is_no_cookie_to_steal(pupil: Device, others: list[Device]) -> None:
    """Nothing we send is kept by a browser, and what a browser sends is not asked: the person is the address."""
    page = pupil.https("spare.test")
    token = fresh(pupil, HOST)
    gone = send(pupil, "spare.test", fresh(pupil, "spare.test")) if page.action else page
    for reply in (page, gone, pupil.https(HOST)):
        assert not reply.header("set-cookie")
    stolen = f"Cookie: hedgerow={token}; token={token}; HEDGEROW_GRANT={token}; GBYPASS={token}"
    for device in (*others[:2], pupil):
        reply = device.https(HOST, get(HOST, "/", stolen))
        assert not reply.from_origin, f"{device.namespace.name}: {reply}"


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_I15_nothing_is_granted_by_an_address(pupil: Device, watch: Watch, version: str, method: str) -> None:
    """No parameter of a URL opens anything: not our token, not e2guardian's names for one."""
    token = fresh(pupil)
    for query in (f"token={token}&to=/", f"GBYPASS={token}", f"GIBYPASS={token}", f"hedgerow={token}", "bypass=1"):
        for path in (f"{PATH}?{query}", f"/?{query}", f"{PATH}/?{query}", f"//.well-known/hedgerow/continue?{query}"):
            if version == "h2":
                reply = pupil.h2(HOST, fields(HOST, path, method))
            else:
                reply = pupil.https(HOST, get(HOST, path, method=method), method=method)
            assert not reply.from_origin, f"{method} {path}: {reply}"
            where = reply.header("location")
            assert reply.status != 303 or where == f"https://hedgerow.test/?site={HOST}", "only to our own name"
            assert token not in where
    still_closed(pupil, HOST)
    assert not watch.requests(HOST)


def test_I15_a_token_in_the_query_of_a_post_is_none(pupil: Device) -> None:
    token = fresh(pupil)
    reply = pupil.https(HOST, get(HOST, f"{PATH}?token={token}&to=/", FORM_TYPE, "Content-Length: 0", method="POST"))
    assert reply.status == 403 and reply.action == "warn"
    for name in ("X-Token", "Authorization", "X-Hedgerow-Token", "Referer"):
        assert send(pupil, HOST, "", f"{name}: {token}").status == 403
    still_closed(pupil, HOST)


@pytest.mark.parametrize(
    "claim",
    [
        "Origin: https://evil.test",
        "Origin: https://warned.test.evil.test",
        "Origin: https://evil-warned.test",
        "Origin: https://warned-too.test",
        "Origin: https://warned.test@evil.test",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: null\r\nSec-Fetch-Site: cross-site",  # a page without referrers
    ],
)
def test_I15_another_site_cannot_send_the_form(pupil: Device, claim: str) -> None:
    """Even with a token that is good: a page that makes the browser post it is told by the browser."""
    refused(pupil, HOST, fresh(pupil), *claim.split("\r\n"))


def test_I15_where_it_leads_stands_no_token(pupil: Device) -> None:
    page = pupil.https("spare-2.test", get("spare-2.test", "/pond?x=1"))
    token = form(page)["token"]
    assert token not in str(page.headers)
    reply = send(pupil, "spare-2.test", token)
    assert reply.status in (303, 403) and token not in str(reply.headers)
    assert "token" not in reply.header("location")


@pytest.mark.parametrize("mode", MODES)
def test_I17_signed_for_a_rule_that_blocks(lab: Lab, guarded: Gateway, thief: Tokens, mode: str) -> None:
    """With the gateway's own key, for the very rule: a grant lifts a warning, never a block or a floor."""
    device = lab.device("pupil8", mode, guarded.ca, second=True)
    claims = said(fresh(device), device)
    digests = everything(guarded)
    for host, site in (("blocked.test", "blocked.test"), ("www.pornhub.com", "pornhub.com"), (HOST, HOST)):
        for digest in digests:
            send(device, host, thief.sign(replace(claims, site=site, digest=digest), time.time()))
    for host, path in (("blocked.test", "/"), ("www.pornhub.com", "/"), (HOST, "/never"), ("nobody-knows.test", "/")):
        for _ in range(3):
            assert device.https(host, get(host, path)).action == "block", f"{host}{path}"


def everything(gateway: Gateway) -> list[str]:
    """The digests of rules that block in this band: as an attacker who read the files could work them out."""
    from hedgerow.core.model import Action, Rule, Where

    ids = ("site:blocked.test", "site:warned.test/never", "category:adult", "floor:category:adult", "unknown:page")
    return [Rule(name, Action.BLOCK, Where("x")).digest for name in ids]


def test_I17_site_a_is_not_site_b(pupil: Device) -> None:
    """After going on at one site: the other asks, the path that is closed stays closed, and so does what is blocked."""
    assert send(pupil, HOST, fresh(pupil)).status in (303, 403)
    end = time.monotonic() + 2
    while not pupil.https(HOST).from_origin and time.monotonic() < end:
        time.sleep(0.05)
    assert_served(pupil.https(HOST))
    for host, path, action in ((OTHER, "/", "warn"), (HOST, "/never", "block"), ("blocked.test", "/", "block"),
                               ("cdn-blocked.test", "/a.png", "block"), ("www.pornhub.com", "/a.png", "block"),
                               ("nobody-knows.test", "/", "block")):  # fmt: skip
        reply = pupil.https(host, get(host, path))
        assert reply.action == action and not reply.from_origin, f"{host}{path}: {reply}"


def test_I17_the_unknown_parts_that_come_along_are_parts(pupil: Device, others: list[Device], watch: Watch) -> None:
    """They come for whoever went on (the test above): what turns out a page is closed, and nobody else has them."""
    picture = "/_text?words=pond&type=image/png"
    assert pupil.https("nobody-knows.test", get("nobody-knows.test", picture)).status == 200
    for kind in ("text/html", "application/xhtml%2bxml", "text/plain", "application/pdf", ""):
        reply = pupil.https("nobody-knows.test", get("nobody-knows.test", f"/_text?words=%3Chtml%3Epond&type={kind}"))
        assert reply.action == "block" and b"<html>pond" not in reply.body, f"{kind}: {reply}"
    same_room = others[-1]
    assert same_room.https("nobody-knows.test", get("nobody-knows.test", picture)).status == 403
    assert pupil.https("93.184.215.14", get("93.184.215.14", picture)).status == 403


def test_I07_staff_by_address_only_where_staff_alone_can_be(lab: Lab, guarded: Gateway, pupil: Device) -> None:
    """A network that pupils can join never gets the staff's band, whatever the file says: the edit is refused."""
    path = guarded.policies / "site.yaml"
    old = path.read_text()
    path.write_text(old.replace("older: {addresses: [10.20.14.0/24", "open: {addresses: [10.20.77.0/24], band: staff, "
                                "capture: decrypted}\n  older: {addresses: [10.20.14.0/24"))  # fmt: skip
    try:
        told = guarded.cli("check")
        assert told.returncode == 1 and "site.yaml:" in told.stderr + told.stdout
        assert "staff-only: true" in told.stderr + told.stdout
        time.sleep(2)
        with at_address(pupil, "10.20.77.9") as taken:
            assert taken.https("unlisted.example.test").action == "block", "the old networks are in force"
    finally:
        path.write_text(old)


def test_I07_what_a_pupil_takes_is_an_address_of_pupils(pupil: Device) -> None:
    """Any address outside the staff's own network is a pupil's or a stranger's, however it was come by."""
    for address, action in (("10.20.8.200", "block"), ("10.20.99.200", "block"), ("10.20.14.200", "warn")):
        with at_address(pupil, address) as taken:
            assert taken.https("unlisted.example.test").action == action, address


def test_I07_a_staff_address_taken_by_another_device_is_counted(lab: Lab, guarded: Gateway) -> None:
    """The teacher's device speaks, then a pupil's from the same address: the gateway is on the link and sees it."""
    teacher, pupil = (lab.device(name, "explicit", guarded.ca, second=True) for name in ("staff", "pupil8"))

    def until(name: str, least: float) -> None:
        end = time.monotonic() + 30
        while guarded.metric(name, network="staff") < least:
            assert time.monotonic() < end, f"{name}: {guarded.metric(name, network='staff')}"
            time.sleep(0.2)

    assert teacher.https("allowed.test").status == 200
    until("hedgerow_staff_addresses_on_link", 1)
    before = guarded.metric("hedgerow_address_mac_changes_total", network="staff")
    time.sleep(6)  # nothing changes by looking again
    assert guarded.metric("hedgerow_address_mac_changes_total", network="staff") == before
    address = teacher.namespace.second_v4
    teacher.namespace.run("ip", "addr", "del", f"{address}/16", "dev", "eth")  # two at one address would take turns
    try:
        with at_address(pupil, address) as taken:
            lab.net.gateway.run("ip", "neigh", "flush", "to", address)
            assert taken.https("allowed.test").status == 200
            until("hedgerow_address_mac_changes_total", before + 1)
    finally:
        teacher.namespace.run("ip", "addr", "add", f"{address}/16", "dev", "eth")
        lab.net.gateway.run("ip", "neigh", "flush", "to", address)
    assert address not in guarded.process.tail()
