"""From a warning to the page behind it: for one person, one site, one rule and half an hour."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.e2e.browse import curl
from tests.e2e.clicking import browser
from tests.lab import school
from tests.lab.client import MODES, Device, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import ROOT, Lab
from tests.lab.net import GATEWAY_V4
from tests.lab.wire import Reply

CONTINUE = "/.well-known/hedgerow/continue"
FORM = ("content-type", "application/x-www-form-urlencoded")
SITES = "".join(f"\n  warned-{n}.test: warn" for n in range(22))
BAND = f"""band: ages-8-10
sites:{SITES}
  helped-1.test: help
  warned-1.test/other: {{action: warn, message: "another rule"}}
  warned-1.test/never: block
  blocked.test: block
"""


@pytest.fixture(scope="module")
def later(lab: Lab) -> Path:
    path = lab.folder / "later"
    path.write_text("0")
    return path


@pytest.fixture(scope="module")
def warning(lab: Lab, later: Path) -> Iterator[Gateway]:
    env = {"PYTHONPATH": f"{ROOT / 'tests/e2e/later'}:{ROOT}", "HEDGEROW_LAB_LATER": str(later)}
    gateway = school.start(lab, "warning", env=env, changes={"bands/ages-8-10.yaml": BAND})
    yield gateway
    gateway.stop()


@pytest.fixture
def ahead(later: Path) -> Iterator[Callable[[float], None]]:
    def put(minutes: float) -> None:
        later.write_text(str(minutes * 60))

    yield put
    put(0)


@pytest.fixture
def child(lab: Lab, warning: Gateway) -> Device:
    return lab.device("pupil8", "transparent", warning.ca, second=True)


@pytest.fixture
def teen(lab: Lab, warning: Gateway) -> Device:
    return lab.device("pupil14", "explicit", warning.ca, second=True)


def form_of(reply: Reply) -> dict[str, str]:
    """The hidden fields of the one form on the page."""
    page = reply.body.decode()
    assert reply.status == 403 and f'action="{CONTINUE}"' in page, f"no way on: {reply}"
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


def ask(device: Device, host: str, path: str = "/", version: str = "h1") -> Reply:
    return device.h2(host, fields(host, path)) if version == "h2" else device.https(host, get(host, path))


def send(device: Device, host: str, form: dict[str, str], version: str = "h1", *more: str) -> Reply:
    body = urlencode({"reason": "curious", **form}).encode()
    if version == "h2":
        return device.h2(host, fields(host, CONTINUE, "POST", FORM), body)
    head = get(host, CONTINUE, f"{FORM[0]}: {FORM[1]}", f"Content-Length: {len(body)}", *more, method="POST")
    return device.https(host, head + body)


def is_open(reply: Reply) -> bool:
    return reply.status == 200 and reply.from_origin and not reply.action


def opens(device: Device, host: str, path: str = "/", version: str = "h1") -> bool:
    """Open within two seconds: another worker has to hear of it first."""
    end = time.monotonic() + 2
    while not (found := is_open(ask(device, host, path, version))) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def let_in(device: Device, host: str) -> bool:
    """On past the warning, unless that was done already."""
    return is_open(ask(device, host)) or send(device, host, form_of(ask(device, host))).status == 303


@contextmanager
def from_second_address(device: Device) -> Iterator[None]:
    """What does not choose its own address, as a browser, speaks to the second gateway as well."""
    route = ("ip", "route", "replace", "default", "via", GATEWAY_V4)
    device.namespace.run(*route, "src", device.namespace.v4.removesuffix("10") + "110")
    yield
    device.namespace.run(*route)


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("mode", MODES)
def test_on_and_back_to_the_page(lab: Lab, warning: Gateway, mode: str, version: str) -> None:
    """Where the form leads, in every worker within two seconds, and the origin never sees the form."""
    host = f"warned-{2 + 2 * MODES.index(mode) + (version == 'h2')}.test"
    device, watch = lab.device("pupil8", mode, warning.ca, second=True), lab.watch()
    page = ask(device, host, "/pond?x=1&y=%22%3Cb%3E", version)
    assert page.action == "warn" and not watch.touching(host)
    form = form_of(page)
    assert form["token"] not in str(page.headers) and set(form) == {"token", "to"}
    gone = send(device, host, form, version)
    assert (gone.status, gone.header("location")) == (303, "/pond?x=1&y=%22%3Cb%3E")
    assert opens(device, host, gone.header("location"), version)
    time.sleep(2)
    assert all(is_open(ask(device, host, version=v)) for v in ("h1", "h2") * 8), "one worker does not know yet"
    sent = [contact.target for contact in watch.requests()]
    assert sent and not any("hedgerow" in target for target in sent)


@pytest.mark.parametrize("mode", MODES)
def test_on_the_connection_of_the_warning(lab: Lab, warning: Gateway, mode: str) -> None:
    """As a browser does it: there is nothing to wait for."""
    host = f"warned-{18 + MODES.index(mode)}.test"
    with lab.device("pupil8", mode, warning.ca, second=True).tls(host) as link:
        link.send(get(host, "/first"))
        body = urlencode(form_of(link.reply())).encode()
        head = (f"Origin: https://{host}", f"{FORM[0]}: {FORM[1]}", f"Content-Length: {len(body)}")
        link.send(get(host, CONTINUE, *head, method="POST") + body)
        link.send(get(host, link.reply().header("location")))
        assert is_open(link.reply())


@pytest.mark.parametrize("mode", MODES)
def test_with_curl(lab: Lab, warning: Gateway, mode: str) -> None:
    """Form and redirect in one command."""
    host = f"warned-{20 + MODES.index(mode)}.test"
    device = lab.device("pupil8", mode, warning.ca, second=True)
    with from_second_address(device):
        form = form_of(curl(device, f"https://{host}/", "-H", "Accept: text/html"))
        sent = [part for name, value in form.items() for part in ("--data-urlencode", f"{name}={value}")]
        reply = curl(device, f"https://{host}{CONTINUE}", "-L", "-H", f"Origin: https://{host}", *sent)
    assert reply.from_origin, str(reply)


def test_it_is_counted_and_kept_in_the_log(child: Device, warning: Gateway) -> None:
    assert ask(child, "warned-1.test").action == "warn"
    before = warning.metric("hedgerow_continues_total", band="ages-8-10", reason="curious")
    send(child, "warned-1.test", form_of(ask(child, "warned-1.test")))
    assert warning.metric("hedgerow_continues_total", band="ages-8-10", reason="curious") == before + 1
    assert opens(child, "warned-1.test", "/logged")
    time.sleep(1.5)
    events = [json.loads(line) for line in warning.cli("events", "--json").stdout.splitlines()]
    event = [event for event in events if event.get("url", "").endswith("/logged")][-1]
    assert (event["action"], event["continued"], event["rule"]) == ("allow", "yes", "site:warned-1.test")


def test_nobody_and_nothing_else_is_opened(child: Device, teen: Device, lab: Lab) -> None:
    """Another person, another site, another rule of the same site, and what is blocked."""
    assert let_in(child, "warned-1.test") and opens(child, "warned-1.test") and opens(child, "sub.warned-1.test")
    time.sleep(2)
    watch = lab.watch()
    neighbour = replace(child, mode="explicit", v6=True)  # the same room, another device
    assert ask(neighbour, "warned-1.test").action == "warn"
    assert not is_open(ask(teen, "warned-1.test"))
    for host, path, action in (("warned-0.test", "/", "warn"), ("warned-1.test", "/other", "warn"),
                               ("warned-1.test", "/never", "block")):  # fmt: skip
        assert ask(child, host, path).action == action, f"{host}{path}"
    assert not watch.touching("warned-0.test")


@pytest.mark.parametrize("version", ["h1", "h2"])
def test_a_token_is_good_for_nobody_else(child: Device, teen: Device, lab: Lab, version: str) -> None:
    """Replayed from another address, on another site, changed by a letter, left out, or by another method."""
    host, other = "warned-6.test", "warned-7.test"
    form = form_of(ask(child, host, version=version))
    token, watch = form["token"], lab.watch()
    cut = token[:-2] + ("AA" if not token.endswith("AA") else "BB")
    forged, swapped = token.split(".")[0] + ".", token.swapcase()
    tries = [(teen, host, token), (child, other, token), (child, "blocked.test", token)]
    tries += [
        (child, host, bad)
        for bad in (
            cut,
            forged,
            swapped,
            token[:-1],
            token * 200,
            "none." + token,
            "",
            "." * 50,
            "A" * 5000,
            "é",
            token + "&token=x",
        )
    ]
    for device, where, given in tries:
        reply = send(device, where, {"to": "/", "token": given}, version)
        assert reply.status in (400, 403, 413), f"{given[:20]} at {where}: {reply}"
        assert not reply.from_origin and (reply.action or reply.status == 400), str(reply)
    for path in (CONTINUE, f"{CONTINUE}?{urlencode(form)}"):
        assert ask(child, host, path, version).action == "warn", "by GET"
    for where in (host, other):
        assert ask(child, where, version=version).action == "warn"
    assert not is_open(ask(teen, host)) and not [c for c in watch.requests() if "hedgerow" in c.target]


def test_another_site_cannot_send_the_form(child: Device) -> None:
    form = form_of(ask(child, "warned-6.test"))
    assert send(child, "warned-6.test", form, "h1", "Origin: https://evil.test").status == 403
    assert ask(child, "warned-6.test").action == "warn"


ELSEWHERE = ("//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "", "/a\r\nX: y")


@pytest.mark.parametrize("number", range(len(ELSEWHERE)))
def test_it_leads_nowhere_else(child: Device, number: int) -> None:
    host = f"warned-{12 + number}.test"
    gone = send(child, host, {**form_of(ask(child, host)), "to": ELSEWHERE[number]})
    assert (gone.status, gone.header("location")) == (303, "/") and not gone.header("x")


def test_it_ends_after_half_an_hour(child: Device, ahead: Callable[[float], None]) -> None:
    host = "warned-10.test"
    assert let_in(child, host) and opens(child, host)
    time.sleep(1)
    for minutes, opened in ((0, True), (29, True), (31, False)):
        ahead(minutes)
        assert is_open(ask(child, host)) is opened, f"after {minutes} minutes"


def test_a_form_is_too_old_after_ten_minutes(child: Device, ahead: Callable[[float], None]) -> None:
    host = "warned-11.test"
    form = form_of(ask(child, host))
    ahead(11)
    late = send(child, host, form)
    assert (late.status, late.action) == (403, "warn") and form_of(late)["token"] != form["token"]
    assert ask(child, host).action == "warn"
    assert send(child, host, form_of(late)).status == 303, "the new form is good"


def test_support_stands_before_going_on(child: Device) -> None:
    """help: no reason is asked, and one button leads on."""
    page = ask(child, "helped-1.test")
    assert page.action == "help" and b"<select" not in page.body and b"116 111" in page.body
    assert send(child, "helped-1.test", form_of(page)).status == 303
    assert opens(child, "helped-1.test")


def test_what_is_blocked_has_no_way_on(child: Device) -> None:
    page = ask(child, "blocked.test")
    assert page.action == "block" and b"hedgerow/continue" not in page.body


@pytest.mark.skipif(not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil")
@pytest.mark.parametrize("mode", MODES)
def test_a_click_in_chromium(lab: Lab, warning: Gateway, mode: str) -> None:
    host, watch = f"warned-{MODES.index(mode)}.test".replace("1", "9"), lab.watch()
    device = lab.device("pupil8", mode, warning.ca, second=True)
    with from_second_address(device), browser(device) as page:
        shown = page.open(f"https://{host}/pond?x=1")
        assert 'name="token"' in shown and "origin-ok" not in shown, shown[:300]
        behind = page.press("form button")
        assert f"origin-ok {host} /pond" in behind, behind[:300]
        assert page.run("location.href") == f"https://{host}/pond?x=1"
    assert not [c for c in watch.requests() if "hedgerow" in c.target]


def test_a_stricter_rule_published_since_stands(child: Device, warning: Gateway) -> None:
    """The last one here: it changes the policy."""
    assert let_in(child, "warned-1.test") and opens(child, "warned-1.test")
    path = warning.policies / "bands/ages-8-10.yaml"
    path.write_text(BAND.replace("warned-1.test: warn", "warned-1.test: block"))
    end = time.monotonic() + 5
    while is_open(ask(child, "warned-1.test")) and time.monotonic() < end:
        time.sleep(0.1)
    assert ask(child, "warned-1.test").action == "block"
