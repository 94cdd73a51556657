"""The portal's pages in Chromium: readable for all (axe-core), on a phone, in the dark, both ways, without script."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Literal

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from hedgerow.portal.app import make
from hedgerow.portal.house import House
from tests.portal.place import PREFIX, house

PATHS = (
    "",
    "report?kind=help",
    "report?kind=wrong",
    "report?kind=untrue",
    "outcome",
    "unlock",
    "poster",
    "privacy",
    "device?system=android",
    "device?system=linux",
    "device/read",
    "x",
)
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("look"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def origin(made: House) -> Iterator[str]:
    """The application on a port, as ``--portal`` serves it."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    server = uvicorn.Server(uvicorn.Config(make(made, relayed=False), log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server._serve([sock])))
    thread.start()
    yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    sock.close()


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize("language, width, scheme", [("en", 1280, "dark"), ("fa", 360, "light")])
def test_every_page_is_for_everybody(
    chromium: Chromium, origin: str, language: str, width: int, scheme: Literal["dark", "light"]
) -> None:
    page = chromium.new_page(
        viewport={"width": width, "height": 740}, color_scheme="dark" if width == 1280 else "light"
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in PATHS:
        page.goto(f"{origin}{PREFIX}/{path}{'&' if '?' in path else '?'}lang={language}")
        assert serious(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    page.close()
    assert [text for text in said if "404" not in text] == []  # nothing is held up by our own security policy


def test_help_fits_on_the_first_screen_of_a_phone(chromium: Chromium, origin: str) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{origin}/report?kind=help&lang=vi")
    number = page.locator("a[href='tel:111']").bounding_box()
    assert number and number["y"] + number["height"] < 640 and number["height"] >= 24
    page.close()


def test_a_report_by_keyboard_alone_without_script(chromium: Chromium, origin: str, made: House) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/report?kind=wrong&lang=en")
    page.locator("#address").focus()
    page.keyboard.type("example.org/lesson")
    page.keyboard.press("Tab")
    page.keyboard.type("for my homework")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    code = page.locator(".code").inner_text()
    page.locator("a[href*='/outcome']").first.click()
    page.locator("#code").fill(code.lower())
    page.locator("button").click()
    assert "Nobody has read it yet" in page.locator("main").inner_text()
    context.close()
    (report,) = made.reports.list()
    assert (report.text, report.context.host, report.context.path) == ("for my homework", "example.org", "/lesson")


def test_a_site_cannot_read_or_frame_the_portal_on_its_origin(chromium: Chromium, origin: str) -> None:
    page = chromium.new_page()
    page.goto(f"{origin}/health")
    status = page.evaluate("fetch('/report?kind=help').then(answer => answer.status)")
    assert status == 403
    opened = page.evaluate(
        "(async () => { const w = window.open('/report?kind=help'); await new Promise(r => setTimeout(r, 700));"
        " try { return w.document.body.innerHTML } catch (error) { return error.name } })()"
    )
    assert opened == "SecurityError"
    framed = page.evaluate(
        "(async () => { const f = document.createElement('iframe'); f.src = '/outcome'; document.body.append(f);"
        " await new Promise(r => setTimeout(r, 500));"
        " try { return f.contentDocument.querySelector('form') } catch (error) { return null } })()"
    )
    assert framed is None
    page.close()


def test_paper_shows_no_form_and_the_numbers(chromium: Chromium, origin: str) -> None:
    page = chromium.new_page()
    page.emulate_media(media="print")
    page.goto(f"{origin}/poster?lang=en")
    assert page.locator(".noprint").is_hidden() and page.locator(".languages").is_hidden()
    assert page.locator(".scan").is_visible() and page.locator("a[href='tel:111']").is_visible()
    page.close()
