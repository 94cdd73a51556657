"""A button of a page that was shown leads to the gateway itself, whatever has become of the blocked site meanwhile."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urlencode, urlsplit

import pytest

from hedgerow.stores.passes import PassStore, Scope, open_passes
from hedgerow.stores.state import State
from tests.e2e.clicking import browser
from tests.e2e.test_passes import ORIGIN, blocked, cli, everywhere
from tests.e2e.test_warn_continue import from_second_address
from tests.lab import school
from tests.lab.client import MODES, Device, get
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.wire import Reply

WORDS = "he hits me, canary-51c0"
HURT = re.compile(r'href="([^"]*[?&;]kind=hurt[^"]*)"')
OWN = "hedgerow.test"


@pytest.fixture(scope="module")
def asking(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "asking")
    yield gateway
    gateway.stop()


@pytest.fixture(scope="module")
def store(asking: Gateway) -> Iterator[PassStore]:
    made = open_passes(State(asking.state))
    yield made
    made.close()


@pytest.fixture(params=MODES)
def child(lab: Lab, asking: Gateway, request: pytest.FixtureRequest) -> Device:
    return lab.device("pupil8", request.param, asking.ca, second=True)


def button(page: Reply) -> str:
    """Where "someone is hurting me" leads from this page."""
    found = HURT.search(page.body.decode())
    assert found, str(page)
    return unescape(found[1])


def clicked(child: Device, address: str) -> Reply:
    there = urlsplit(address)
    assert (there.scheme, there.hostname) == ("https", OWN)
    return child.https(OWN, get(OWN, f"{there.path}?{there.query}"))


def told(child: Device, form: Reply) -> Reply:
    """Send the form as it stands, with a child's words in it."""
    action = unescape(re.findall(r'<form method="post" action="([^"]+)"', form.body.decode())[0])
    assert action.startswith("/") and "//" not in action  # on the very name the page stands on
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form.body.decode()))
    body = urlencode({**fields, "text": WORDS}).encode()
    kind = "Content-Type: application/x-www-form-urlencoded"
    return child.https(OWN, get(OWN, action, kind, f"Content-Length: {len(body)}", method="POST") + body)


def tells_us_alone(lab: Lab, asking: Gateway, child: Device, address: str, host: str) -> None:
    watch = lab.watch()
    form = clicked(child, address)
    assert form.status == 200 and form.action == "portal", str(form)
    sent = told(child, form)
    assert sent.status == 200 and b'class="code"' in sent.body, str(sent)
    shown = cli(asking, "reports", "list", "--json").stdout
    assert host in shown
    assert not watch.requests(), "a site was told what a child wrote"


def now(ask: Callable[[], Reply], wanted: Callable[[Reply], bool]) -> None:
    everywhere(ask, wanted, time.time())


def test_after_relax(lab: Lab, asking: Gateway, child: Device) -> None:
    page = child.https("allowed.test", get("allowed.test", "/_said?n=html"))  # closed for its words
    address = button(page)
    done = cli(asking, "relax", "--minutes", "5", "--by", "IT", "--reason", "a test")
    assert done.returncode == 0, done.stderr
    try:
        now(lambda: child.https("allowed.test"), lambda reply: reply.issuer == ORIGIN)
        tells_us_alone(lab, asking, child, address, "allowed.test")
    finally:
        cli(asking, "relax", "--end", "--by", "IT", "--reason", "a test")
    now(lambda: child.https("allowed.test"), lambda reply: reply.issuer not in ("", ORIGIN))


def test_a_name_that_is_not_opened_after_an_exam(lab: Lab, asking: Gateway, child: Device, store: PassStore) -> None:
    exam = store.start_exam(Scope(network="young"), [("exam.test", "")], 60, "Ms Lan", "maths")
    now(lambda: child.https("bank.test"), blocked)
    address = button(child.https("bank.test"))
    store.end(exam.id, "test")
    now(lambda: child.https("bank.test"), lambda reply: reply.issuer == ORIGIN)
    tells_us_alone(lab, asking, child, address, "bank.test")


def test_what_is_asked_for_below_a_site_is_led_to_our_name(lab: Lab, child: Device) -> None:
    """An address somebody kept or made: no form of ours stands on that origin."""
    watch = lab.watch()
    for path in ("/report?kind=hurt&code=ABCD-1234", "/unlock", "/", ""):
        reply = child.https("blocked.test", get("blocked.test", f"/.well-known/hedgerow{path}"))
        assert reply.status == 303 and reply.header("location").startswith(f"https://{OWN}/"), str(reply)
        assert reply.header("location").endswith("site=blocked.test") and b"<form" not in reply.body
    assert not watch.requests()


@pytest.mark.skipif(not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil")
def test_in_chromium_a_click_on_an_https_page_opens_the_form_without_a_warning(lab: Lab, asking: Gateway) -> None:
    device = lab.device("pupil8", "explicit", asking.ca, second=True)
    with from_second_address(device), browser(device) as opened:
        assert 'class="block"' in opened.open("https://blocked.test/")
        form = opened.press('a[href*="kind=hurt"]')
        assert opened.run("location.host") == OWN and opened.run("location.protocol") == "https:"
        assert 'name="text"' in form and 'value="blocked.test"' in form, form[:500]
        opened.run(f"document.querySelector('textarea').value = {WORDS!r}")
        thanks = opened.press('form[action*="report"] button')
        assert 'class="code"' in thanks and opened.run("location.host") == OWN, thanks[:500]
