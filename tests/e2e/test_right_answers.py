"""Chromium, a page that is open and everything on it that is not: each part fails quietly, and the page is whole."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator

import pytest

from tests.e2e.clicking import Browser, browser
from tests.lab.client import MODES
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil"
)
HOST, CLOSED = "answers.allowed.test", "blocked.test"
PARTS = {
    "image": f'<img src="https://{CLOSED}/a.png" onload="told.image=this.naturalWidth" onerror="told.image=\'error\'">',
    "image-http": f'<img src="http://{CLOSED}/b.png" onload="told[\'image-http\']=this.naturalWidth"'
    " onerror=\"told['image-http']='error'\">",
    "script": f'<script src="https://{CLOSED}/a.js" onload="told.script=1" onerror="told.script=\'error\'"></script>',
    "style": f'<link rel="stylesheet" href="https://{CLOSED}/a.css"'
    ' onload="told.style=1" onerror="told.style=\'error\'">',
    "audio": f'<audio preload="auto" src="https://{CLOSED}/a.mp3" onerror="told.audio=\'error\'"></audio>',
    "video": f'<video preload="auto" src="https://{CLOSED}/a.mp4" onerror="told.video=\'error\'"></video>',
    "frame": f'<iframe src="https://{CLOSED}/" onload="told.frame=1"></iframe>',
    "object": f'<object data="https://{CLOSED}/a.svg" onload="told.object=1">fallback</object>',
}
CALLS = {
    "fetch": f"fetch('https://{CLOSED}/api').then(() => 'answer', () => 'error')",
    "fetch-no-cors": f"fetch('https://{CLOSED}/api', {{mode: 'no-cors'}}).then(a => a.type, () => 'error')",
    "preflight": f"fetch('https://{CLOSED}/api', {{method: 'PUT', headers: {{'x-pond': '1'}}}})"
    ".then(() => 'answer', () => 'error')",
    "xhr": "new Promise(done => { const x = new XMLHttpRequest(); x.onerror = () => done('error');"
    f" x.onload = () => done('answer'); x.open('GET', 'https://{CLOSED}/api'); x.send(); }})",
    "font": f"new FontFace('f', 'url(https://{CLOSED}/a.woff2)').load().then(() => 'answer', () => 'error')",
    "websocket": f"new Promise(done => {{ const s = new WebSocket('wss://{CLOSED}/'); s.onerror = () => done('error');"
    " s.onopen = () => done('answer'); })",
    "events": f"new Promise(done => {{ const s = new EventSource('https://{CLOSED}/'); s.onopen = () => done('answer');"
    " s.onerror = () => { s.close(); done('error'); }; })",
    "worker": f"new Promise(done => {{ const w = new Worker(URL.createObjectURL(new Blob([\"importScripts('https://{CLOSED}"
    "/w.js')\"]))); w.onerror = () => done('error'); })",
    "module": f"import('https://{CLOSED}/m.js').then(() => 'answer', () => 'error')",
    "beacon": f"Promise.resolve(navigator.sendBeacon('https://{CLOSED}/b', 'x') ? 'sent' : 'error')",
}
PAGE = f"""<!doctype html><html lang="en"><head><title>Ponds</title><script>window.told = {{}}; window.broken = 0;
addEventListener('error', e => {{ if (e instanceof ErrorEvent && e.filename == location.href) broken++; }});</script>
</head><body><h1>Our pond</h1><p>origin-ok In spring the frogs come back to it one by one.</p>{"".join(PARTS.values())}
<form id="form" method="post" action="https://{CLOSED}/form"><input name="q" value="frogs"></form>
<p id="end">The end of the page.</p></body></html>"""
EXPECTED = {
    "image": 24, "image-http": 24,  # our small drawing
    "script": "error", "style": "error", "audio": "error", "video": "error",
    "fetch": "error", "fetch-no-cors": "opaque", "preflight": "error", "xhr": "error", "font": "error",
    "websocket": "error", "events": "error", "module": "error", "beacon": "sent", "worker": "error",
}  # fmt: skip


@pytest.fixture(scope="module", params=MODES)
def page(request: pytest.FixtureRequest, lab: Lab, gateway: Gateway) -> Iterator[tuple[Browser, Watch]]:
    (lab.served / HOST).mkdir(parents=True, exist_ok=True)
    (lab.served / HOST / "index.html").write_text(PAGE)
    watch = lab.watch()
    with browser(lab.device("pupil8", request.param, gateway.ca)) as opened:
        opened.open(f"https://{HOST}/")
        yield opened, watch


def result(page: Browser, name: str, seconds: float = 8) -> object:
    end = time.monotonic() + seconds
    while (found := page.run(f"told[{name!r}]")) is None and time.monotonic() < end:
        time.sleep(0.05)
    return found


def test_each_part_fails_in_its_own_way_and_the_page_is_whole(page: tuple[Browser, Watch]) -> None:
    opened, watch = page
    for name, call in CALLS.items():
        opened.run(f"({call}).then(found => told[{name!r}] = found, () => told[{name!r}] = 'threw') && 0")
    found = {name: result(opened, name) for name in EXPECTED}
    assert found == EXPECTED
    assert opened.run("document.readyState") == "complete", "nothing keeps the page waiting"
    assert "The end of the page." in str(opened.run("document.body.innerText"))
    assert opened.run("broken") == 0, "no script of the page was handed something that is none"
    assert opened.run("document.querySelector('object').innerText") == "fallback" or result(opened, "object", 1)
    assert not watch.touching(CLOSED)


def test_a_frame_says_that_it_is_closed_and_offers_nothing(page: tuple[Browser, Watch]) -> None:
    """No grey face, no way on: a small answer, in an origin that is nobody's."""
    opened, _ = page
    assert result(opened, "frame") == 1
    assert opened.run("document.querySelector('iframe').contentDocument === null")
    shown = opened.framed(f"https://{CLOSED}/")
    assert "This page is closed" in shown and re.search("[0-9A-Z]{4}-[0-9A-Z]{4}", shown), shown
    assert "<form" not in shown and "<a " not in shown


def test_a_form_that_is_sent_to_a_closed_site_gets_the_page(page: tuple[Browser, Watch]) -> None:
    """The last one: it leaves the page."""
    opened, watch = page
    opened.run("window.left = false")
    opened.run("document.getElementById('form').submit()")
    end = time.monotonic() + 8
    while opened.run("window.left") is False and time.monotonic() < end:
        time.sleep(0.05)
    shown = opened.document()
    assert 'class="block"' in shown and opened.run("location.host") == CLOSED
    assert opened.run("document.contentType") == "text/html" and not watch.touching(CLOSED)
