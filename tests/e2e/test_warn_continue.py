"""From a warning to the page behind it: for one person, one site, one rule and half an hour."""

from __future__ import annotations

import html
import re
import time
import zlib
from urllib.parse import urlencode

import pytest

from tests.e2e.browse import curl
from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused, assert_served
from tests.lab.wire import Reply

FORM_TYPE = "Content-Type: application/x-www-form-urlencoded"
PATH = "/.well-known/hedgerow/continue"


def form(reply: Reply) -> dict[str, str]:
    """The fields of the page's one form, as a browser would send them."""
    told = reply.body.decode()
    action = re.search(
        r'<form[^>]*action="([^"]*)"[^>]*method="post"|<form[^>]*method="post"[^>]*action="([^"]*)"', told, re.I
    )
    assert action and html.unescape(action[1] or action[2]) == PATH
    fields = {}
    for tag in re.findall(r"<input[^>]*>", told):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = html.unescape(value[1]) if value else ""
    if 'name="reason"' in told:
        fields["reason"] = "schoolwork"
    return fields


def go_on(device: Device, host: str, fields: dict[str, str], *more: str) -> Reply:
    body = urlencode(fields)
    head = (
        f"Origin: https://{host}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    return device.https(host, get(host, PATH, *head, *more, method="POST") + body.encode())


def until_served(device: Device, host: str, path: str = "/", seconds: float = 2) -> None:
    """A grant is in force at once in its own worker, and within two seconds in all of them."""
    end = time.monotonic() + seconds
    while device.https(host, get(host, path)).action == "warn" and time.monotonic() < end:
        time.sleep(0.02)
    for _ in range(6):
        assert_served(device.https(host, get(host, path)))


def test_continue(lab: Lab, gateway: Gateway, pupil: Device, watch: Watch) -> None:
    host = "warned.test" if pupil.explicit else "warned-too.test"
    page = pupil.https(host, get(host, "/pond?x=1"))
    assert_refused(page, {403}, watch, host)
    assert page.action == "warn"
    fields = form(page)
    opened = go_on(pupil, host, fields)
    assert opened.status == 303 and opened.header("location") == "/pond?x=1", str(opened)
    assert not watch.requests(), "the form never reaches the origin"
    until_served(pupil, host, opened.header("location"))
    assert_served(pupil.h2(host))
    assert_served(pupil.https(f"www.{host}"))  # the site, not the host
    other = lab.device("pupil14", pupil.mode, gateway.ca)
    assert other.https(host).action == "warn", "another person is asked again"
    assert go_on(other, host, fields).status == 403, "nor can the form be lent"
    seen = "".join(contact.head for contact in watch.requests())
    assert fields["token"] not in seen and "hedgerow" not in seen.lower()


def test_continue_on_one_connection(teen: Device) -> None:
    """As a browser does it: form and redirect use the connection of the warning, so there is nothing to wait for."""
    host = f"one-{teen.mode}.test"
    with teen.tls(host) as link:
        link.send(get(host, "/first"))
        body = urlencode(form(link.reply()))
        head = (f"Origin: https://{host}", FORM_TYPE, f"Content-Length: {len(body)}")
        link.send(get(host, PATH, *head, method="POST") + body.encode())
        location = link.reply().header("location")
        link.send(get(host, location))
        assert_served(link.reply())


@pytest.mark.parametrize("host", ["blocked.test", "helped.test", "unlisted.test"])
def test_a_token_is_for_one_site(lab: Lab, gateway: Gateway, watch: Watch, host: str) -> None:
    """I17: continued here is not continued there, and no block is lifted by it."""
    device = lab.device("pupil8", "transparent", gateway.ca)
    fields = form(lab.device("pupil14", "explicit", gateway.ca).https("foreign.test"))
    reply = go_on(device, host, fields)
    assert_refused(reply, {403}, watch, host)
    assert_refused(device.https(host), {403}, watch, host)


@pytest.mark.parametrize("damage", [lambda t: t[:-1], lambda t: t[:-2] + ("A" if t[-2] != "A" else "B") + t[-1],
                                    lambda t: "", lambda t: t * 200, lambda t: "none." + t,
                                    lambda t: t.swapcase()])  # fmt: skip
def test_damaged_tokens(teen: Device, watch: Watch, damage: object) -> None:
    assert callable(damage)
    host = f"damaged-{teen.mode}.test"
    fields = form(teen.https(host))
    assert go_on(teen, host, {**fields, "token": damage(fields["token"])}).status == 403
    assert teen.https(host).action == "warn"


def test_never_by_url_nor_from_elsewhere(teen: Device, watch: Watch) -> None:
    """I15: not in a GET, not posted by another site's form."""
    host = f"elsewhere-{teen.mode}.test"
    fields = form(teen.https(host))
    assert teen.https(host, get(host, f"{PATH}?{urlencode(fields)}")).status == 403
    body = urlencode(fields)
    head = (
        "Origin: https://allowed.test",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    assert teen.https(host, get(host, PATH, *head, method="POST") + body.encode()).status == 403
    assert teen.https(host).action == "warn"


@pytest.mark.parametrize(
    "to", ["//blocked.test/", "https://blocked.test/", "/\\blocked.test", "javascript:alert(1)", "/a\r\nX: y"]
)
def test_leads_back_to_this_site_only(teen: Device, to: str) -> None:
    host = f"back{zlib.crc32(to.encode())}-{teen.mode}.test"
    reply = go_on(teen, host, {**form(teen.https(host)), "to": to})
    location = reply.header("location")
    assert reply.status == 303 and location.startswith("/") and not location.startswith(("//", "/\\"))
    assert not reply.header("x")


def test_help_goes_on_without_a_reason(lab: Lab, gateway: Gateway, mode: str) -> None:
    device = lab.device("pupil8" if mode == "explicit" else "pupil14", mode, gateway.ca)
    page = device.https("helped.test")
    assert page.action == "help" and b'name="reason"' not in page.body and b"116 111" in page.body
    assert go_on(device, "helped.test", form(page)).status == 303
    time.sleep(0.5)
    assert_served(device.https("helped.test"))


def test_with_curl(lab: Lab, gateway: Gateway, mode: str) -> None:
    """As a person at a keyboard would: the form's answer leads to the page."""
    device = lab.device("pupil14", mode, gateway.ca)
    url = f"https://curl-{mode}.test/"
    fields = form(curl(device, url, "-H", "Accept: text/html"))
    sent = [part for name, value in fields.items() for part in ("--data-urlencode", f"{name}={value}")]
    reply = curl(device, url.rstrip("/") + PATH, "-L", "-H", f"Origin: {url.rstrip('/')}", *sent)
    assert reply.from_origin, str(reply)
