"""Real browsers in a pupil's namespace: is the device ready? With and without the certificate, through the gateway and
past it; and proxy settings that a browser fetches and finds by itself."""

from __future__ import annotations

import base64
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.e2e.clicking import Browser, browser
from tests.e2e.firefox import PROGRAMS, Firefox, firefox
from tests.lab.client import Device
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.net import EXPLICIT_PORT, GATEWAY_V4, GATEWAY_V6, PORTAL_PORT

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil"
)

FIREFOX = next(filter(None, map(shutil.which, PROGRAMS)), "")
OWN = "hedgerow.test"
PORTAL = f"http://{GATEWAY_V4}:{PORTAL_PORT}"
SHOWN = """[...document.querySelectorAll('.test object, .told')].filter(one => one.getClientRects().length).pop()
.className"""
"""The document of the test that the browser shows: children of an ``<object>`` are drawn where it failed."""
SENTENCES = {
    "ready": "Yes, this browser is ready.",
    "missing": "this browser does not know the school’s certificate",
    "outside": "this browser goes past the school’s filter",
}


def outcome(page: Browser | Firefox, url: str) -> str:
    """Which document arrives, once it stays the same for a second."""
    page.open(url)
    told, since = "", time.monotonic()
    while time.monotonic() - since < 1:
        time.sleep(0.1)
        if (now := str(page.run(SHOWN))) != told:
            told, since = now, time.monotonic()
    return told


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "not-trusted"])
def test_ready_is_said_where_the_certificate_is_trusted_and_only_there(pupil: Device, lab: Lab, trusted: bool) -> None:
    device = pupil if trusted else replace(pupil, trust=lab.root)
    with browser(device) as page:
        told = outcome(page, f"http://{OWN}/device?lang=en")
        assert told == ("ready" if trusted else "missing")
        port = "" if trusted else ":443"
        address = f"http{'s' * trusted}://ready.{OWN}{port}/.well-known/hedgerow/device/test/{told}?lang=en"
        assert SENTENCES[told] in page.framed(address)


def test_a_device_that_goes_past_the_gateway_is_told_so(lab: Lab, gateway: Gateway, transparent: Device) -> None:
    """It reads the page without the filter, and knows no name of ours, as on mobile data or through a VPN."""
    nowhere = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {GATEWAY_V4}"
    with browser(transparent, nowhere) as page:
        assert outcome(page, f"{PORTAL}/device?lang=en") == "told"
        assert SENTENCES["outside"] in page.document()


@contextmanager
def only_plain_pages(lab: Lab, device: Device) -> Iterator[None]:
    """A firewall that leads port 80 to the gateway and forgot port 443."""
    whose = f"ip saddr {device.namespace.v4} tcp dport 443"
    rules = [("arriving", f"{whose} return"), ("passing", f"{whose} reject with tcp reset")]
    nft = lab.net.gateway.run
    told = [nft("nft", "--echo", "--handle", "insert", "rule", "inet", "school", *rule) for rule in rules]
    try:
        yield
    finally:
        for (chain, _), said in zip(rules, told, strict=True):
            handle = said.rsplit("handle ", 1)[1].split()[0]
            nft("nft", "delete", "rule", "inet", "school", chain, "handle", handle)


def test_a_network_that_leads_only_plain_pages_to_the_gateway_is_told_so(lab: Lab, transparent: Device) -> None:
    with only_plain_pages(lab, transparent), browser(transparent) as page:
        assert outcome(page, f"http://{OWN}/device?lang=en") == "outside"
    with browser(transparent) as page:
        assert outcome(page, f"http://{OWN}/device?lang=en") == "ready"


def test_a_network_that_does_not_know_the_name_of_the_test_says_so(transparent: Device) -> None:
    with browser(transparent, f"--host-resolver-rules=MAP ready.{OWN} ~NOTFOUND") as page:
        assert outcome(page, f"http://{OWN}/device?lang=en") == "nameless"


def test_a_school_that_named_nothing_is_tested_at_the_site_whose_address_the_page_has(pupil: Device) -> None:
    """Whoever opens the page below a site's address is led to our name where there is one."""
    with browser(pupil) as page:
        assert outcome(page, "http://allowed.test/.well-known/hedgerow/device?system=ios&lang=en") == "ready"
        assert str(page.run("location.host")) == OWN and "iPhone" in page.document()


def test_nobody_keeps_who_looked(lab: Lab, gateway: Gateway, pupil: Device) -> None:
    before = gateway.cli("events", "--json").stdout
    with browser(replace(pupil, trust=lab.root)) as page:
        outcome(page, f"http://{OWN}/device?lang=en")
        page.open(f"http://{OWN}/device/ca.cer")
    time.sleep(1.5)  # the log is written each second
    written = gateway.cli("events", "--json").stdout.removeprefix(before)
    assert OWN not in written, written  # there may be visits of Chromium's own
    log = (gateway.folder / "gateway.log").read_text()
    assert "/device" not in log and f"ready.{OWN}" not in log


@pytest.mark.parametrize("how", [f"--proxy-pac-url={PORTAL}/proxy.pac", "--proxy-auto-detect"], ids=["pac", "wpad"])
def test_a_browser_runs_the_script_and_goes_by_the_proxy(gateway: Gateway, transparent: Device, how: str) -> None:
    """It can find no site by itself: whatever opens came by the proxy."""
    alone = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {GATEWAY_V4}, EXCLUDE wpad"
    with browser(transparent, how, alone) as page:
        assert "origin-ok" in page.open("https://allowed.test/")
        assert 'class="block"' in page.open("https://blocked.test/")
        assert outcome(page, f"http://{OWN}/device?lang=en") == "ready"
        assert '"portal":"up"' in page.open(f"{PORTAL}/health")  # our own address goes direct: no filter dials itself
    with browser(transparent, alone) as page:
        assert "NAME_NOT_RESOLVED" in page.open("https://allowed.test/")


def test_when_the_gateway_is_gone_nothing_goes_without_it(lab: Lab, gateway: Gateway, transparent: Device) -> None:
    """The script as it is, but for the port: nothing listens there. Direct, the name would resolve and answer."""
    script = transparent.http(OWN, "/proxy.pac").body.decode().replace(f":{EXPLICIT_PORT}", ":1")
    data = "data:application/x-ns-proxy-autoconfig;base64," + base64.b64encode(script.encode()).decode()
    with browser(transparent, f"--proxy-pac-url={data}") as page:
        assert "PROXY_CONNECTION_FAILED" in page.open("http://allowed.test/")
    with browser(transparent) as page:
        assert "origin-ok" in page.open("http://allowed.test/")


@pytest.mark.long
@pytest.mark.skipif(not FIREFOX, reason="needs firefox-esr")
@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "not-trusted"])
def test_firefox_is_asked_about_its_own_list(pupil: Device, gateway: Gateway, trusted: bool) -> None:
    """The system of the test trusts nothing of ours either way: what counts is Firefox's profile."""
    with firefox(pupil, FIREFOX, gateway.ca if trusted else None) as page:
        assert outcome(page, f"http://{OWN}/device?lang=en") == ("ready" if trusted else "missing")


def test_the_script_names_the_address_by_which_a_device_reaches_us(pupil: Device) -> None:
    assert f'"PROXY {GATEWAY_V4}:{EXPLICIT_PORT}"' in pupil.http(OWN, "/proxy.pac").body.decode()
    assert f'"PROXY [{GATEWAY_V6}]:{EXPLICIT_PORT}"' in pupil.on_v6().http(OWN, "/proxy.pac").body.decode()


def test_every_wpad_is_ours(pupil: Device, lab: Lab) -> None:
    watch = lab.watch()
    for host in ("wpad", "wpad.school.test", "wpad.com"):
        reply = pupil.http(host, "/wpad.dat")
        assert reply.status == 200 and b"FindProxyForURL" in reply.body, str(reply)
        assert reply.header("content-type") == "application/x-ns-proxy-autoconfig"
    assert not watch.requests()
