"""I20 and I21 in Chromium: nobody's page borrows a click for ours, and a site with HSTS is refused without an alarm."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest

from tests.e2e.clicking import Browser, browser
from tests.e2e.test_warn_continue import from_second_address
from tests.lab import school
from tests.lab.client import Device
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.verdict import assert_served

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil"
)
EVIL = "evil.allowed.test"
FRAMED = """<!doctype html><title>A game</title><style>body{{margin:0}}
iframe{{width:800px;height:1200px;border:0;opacity:.01}}</style>
<p style="position:absolute">Click the frog!</p><iframe src="https://{host}/" {sandbox}></iframe>"""
GO_ON = 'form[action$="/continue"] button'
SANDBOXES = ("", 'sandbox="allow-forms allow-scripts allow-same-origin allow-top-navigation"')


ROBBERS = {
    "fetch": """fetch('/', {headers: {Accept: 'text/html'}}).then(a => a.text()).then(steal)""",
    "xhr": """const x = new XMLHttpRequest(); x.open('GET', '/'); x.setRequestHeader('Accept', 'text/html');
x.onload = () => steal(x.responseText); x.send()""",
    "window": """const w = window.open('/'); setTimeout(() => { try { steal(w.document.documentElement.outerHTML);
w.document.querySelector('form button').click() } catch (e) { window.caught = String(e) } }, 1500)""",
    "frame": """const f = document.createElement('iframe'); f.src = '/'; document.body.append(f); f.onload = () => {
try { steal(f.contentDocument.documentElement.outerHTML) } catch (e) { window.caught = String(e) } }""",
}
"""A script of the same origin, on a part of the site that is open: it reads the warning and answers it."""
ROBBER = """<!doctype html><title>origin-ok</title><body><script>
function steal(page) {{
  const token = (page.match(/name="token" value="([^"]+)"/) || [])[1]; window.stolen = token || '';
  const body = new URLSearchParams({{token, to: '/', reason: 'curious'}});
  if (token) fetch('/.well-known/hedgerow/continue', {{method: 'POST', body}}); }}
onclick = () => {{ {way} }}</script><p>Play</p>"""


FRAMED_HOST = "framed.test"  # of one address: over IPv6 the browser would speak to the other gateway
SITES = f"\n  {FRAMED_HOST}: warn" + "".join(
    f"\n  half-{way}.test: warn\n  half-{way}.test/open: allow" for way in ROBBERS
)


@pytest.fixture(scope="module")
def guarded(lab: Lab) -> Iterator[Gateway]:
    name = "bands/ages-8-10.yaml"
    gateway = school.start(
        lab, "clicks", changes={name: school.files()[name].replace("\nwords:", f"{SITES}\nwords:", 1)}
    )
    yield gateway
    gateway.stop()


@pytest.fixture
def page(lab: Lab, guarded: Gateway) -> Iterator[tuple[Browser, Device]]:
    """A browser, and its own device beside it: by the proxy the two would speak from two addresses."""
    device = lab.device("pupil8", "transparent", guarded.ca, second=True)
    with from_second_address(device), browser(device) as opened:
        yield opened, device


def button(page: Browser, host: str) -> tuple[int, int]:
    """Where the way on stands on this warning, in a window of the size of the frame."""
    page.size(800, 1200)
    assert 'class="warn"' in page.open(f"https://{host}/")
    middle = "(r => [r.x + r.width / 2, r.y + r.height / 2])"
    found = page.run(f"{middle}(document.querySelector('{GO_ON}').getBoundingClientRect())")
    assert isinstance(found, list) and 0 < found[1] < 1200, found
    return int(found[0]), int(found[1])


def test_I20_a_click_on_a_frame_never_goes_on(lab: Lab, page: tuple[Browser, Device]) -> None:
    """An all but invisible frame, and a frog where the button would be."""
    opened, device = page
    x, y = button(opened, FRAMED_HOST)
    (lab.served / EVIL).mkdir(parents=True, exist_ok=True)
    for number, sandbox in enumerate(SANDBOXES):
        (lab.served / EVIL / f"game-{number}.html").write_text(FRAMED.format(host=FRAMED_HOST, sandbox=sandbox))
        assert "Click the frog" in opened.open(f"https://{EVIL}/game-{number}.html")
        for near in (-12, 0, 12):
            opened.click(x, y + near)
        time.sleep(0.5)
        assert device.https(FRAMED_HOST).action == "warn", "a click on somebody's frog went on past a warning"
        assert opened.run("location.host") == EVIL


def test_I20_the_same_click_on_the_page_itself_goes_on(page: tuple[Browser, Device]) -> None:
    """So that the test above can fail."""
    opened, device = page
    if device.https("warned-too.test").action == "warn":
        opened.click(*button(opened, "warned-too.test"))
    end = time.monotonic() + 30
    while device.https("warned-too.test").action == "warn" and time.monotonic() < end:
        time.sleep(0.05)
    assert_served(device.https("warned-too.test"))


@pytest.mark.parametrize("way", ROBBERS)
def test_I15_a_script_of_the_same_site_cannot_go_on_for_anybody(
    lab: Lab, page: tuple[Browser, Device], way: str
) -> None:
    """Going on is a person's: a page of ours is read by no script, and what a script sends is no form of ours."""
    opened, device = page
    host = f"half-{way}.test"
    (lab.served / host / "open").mkdir(parents=True, exist_ok=True)
    (lab.served / host / "open" / "game.html").write_text(ROBBER.format(way=ROBBERS[way]))
    (lab.served / host / "index.html").write_text("<!doctype html>origin-ok behind the warning")
    assert device.https(host).action == "warn"
    assert "origin-ok" in opened.open(f"https://{host}/open/game.html")
    opened.click(100, 20)  # a click the page was given, so that it may open windows
    time.sleep(2.5)
    assert not opened.run("window.stolen"), "it has read the token"
    assert device.https(host).action == "warn", "and went on with it"


@pytest.mark.parametrize(
    "url", ["http://www.facebook.com/", "https://www.facebook.com/", "https://m.facebook.com/x?y=1"]
)
def test_I21_a_preloaded_and_pinned_site_is_refused_by_a_page(page: tuple[Browser, Device], url: str) -> None:
    """Chromium knows this name by heart: https alone, no way past a bad certificate. Ours is good here."""
    opened, _ = page
    shown = opened.open(url)
    assert 'class="block"' in shown, shown[:300]
    assert str(opened.run("location.href")).endswith("facebook.com/x?y=1" if "?" in url else "facebook.com/")
    assert "thisisunsafe" not in shown and "NET::ERR" not in shown


def test_I21_without_our_certificate_there_is_no_way_round(lab: Lab, guarded: Gateway) -> None:
    """A device that was not given the school's certificate: the browser's own alarm, with no button that goes on."""
    device = lab.device("pupil8", "transparent", guarded.ca, second=True)
    bare = Device(device.namespace, device.mode, lab.root, second=True)
    with from_second_address(bare), browser(bare) as opened:
        told = opened.open("https://www.facebook.com/")
        assert "ERR_CERT" in told or "NET::ERR" in told, told[:200]
