"""Every page of ours in a real browser: for everybody, on a phone and on a desk, in both directions, on paper.

The samples are those of the gallery (``deploy/pictures``), sent with their real headers: what the page's own policy
forbids, the browser refuses here.
"""

from __future__ import annotations

import importlib.util
import shutil
from types import ModuleType
from typing import Literal

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Request, Route

from hedgerow.core.model import REGISTERS
from hedgerow.proxy.pages.model import Answer, PageKind
from hedgerow.stores.messages import LANGUAGES
from tests.portal.pictures import grey
from tests.shipped import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")

PHONE, DESK = 360, 1280
SCREEN = 800
"""CSS pixels: the height of the commonest phone's screen at 360 px width."""


def _gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("samples", ROOT / "deploy" / "pictures" / "samples.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sample = _gallery().sample


class Shown:
    """One tab on the blocked site: each page is sent as the gateway does; whatever else is asked for is kept."""

    def __init__(
        self, chromium: Browser, width: int, scheme: Literal["dark", "light"] = "light", js: bool = True
    ) -> None:
        viewport = {"width": width, "height": 760}
        self.page: Page = chromium.new_page(viewport=viewport, color_scheme=scheme, java_script_enabled=js)  # type: ignore[arg-type]
        self.answer: Answer | None = None
        self.asked: list[Request] = []
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.route("**/*", self._fulfil)

    def _fulfil(self, route: Route) -> None:
        assert self.answer is not None
        self.asked.append(route.request)
        headers = {name: value for name, value in self.answer.headers if name != "content-length"}
        route.fulfill(status=200, headers=headers, body=self.answer.body)

    def show(self, answer: Answer) -> Page:
        self.answer, self.asked, self.said = answer, [], []
        self.page.goto("https://forum.example/a?b=c")
        return self.page


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("width, scheme", [(PHONE, "light"), (DESK, "dark")])
def test_nobody_is_kept_out(chromium: Browser, width: int, scheme: Literal["dark", "light"]) -> None:
    """axe-core 4.12, all kinds, both directions; nothing is wider than the screen, nothing is asked for elsewhere."""
    shown = Shown(chromium, width, scheme)
    for kind in PageKind:
        for language, register in (("en", "young"), ("fa", "older")):
            page = shown.show(sample(kind, language, register, banner=kind is PageKind.BLOCK))
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert serious(page) == [], (kind, language)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (kind, language)
            assert len(shown.asked) == 1 and shown.said == [], (kind, language)
    shown.page.close()


HEIGHTS = """pages => pages.map(page => {
  const made = new DOMParser().parseFromString(page, "text/html")
  document.replaceChild(document.adoptNode(made.documentElement), document.documentElement)
  return document.querySelector("main").offsetHeight
})"""
"""The height of each page in the same window, without a journey for each."""


def test_a_page_is_one_screen_of_a_phone(chromium: Browser) -> None:
    """All kinds, languages and registers, with every button and both numbers."""
    each = [(kind, language, register) for kind in PageKind for language in LANGUAGES for register in REGISTERS]
    page = chromium.new_page(viewport={"width": PHONE, "height": SCREEN})
    heights = page.evaluate(HEIGHTS, [sample(*one).body.decode() for one in each])
    assert [(one, height) for one, height in zip(each, heights, strict=True) if not 200 < height <= SCREEN] == []
    page.close()


def test_the_longest_page_shows_the_way_on_without_scrolling(chromium: Browser) -> None:
    """Claimed fake news: the idea, the question and where to check it stand above the button, all on one screen."""
    shown = Shown(chromium, PHONE)
    for language in LANGUAGES:
        page = shown.show(sample(PageKind.WARN, language, "middle", category="misinformation"))
        box = page.locator("button").first.bounding_box()
        assert box and box["y"] + box["height"] <= SCREEN, language
        whole = page.locator("main").bounding_box()
        assert whole and whole["height"] <= SCREEN, f"{language}: {whole}"
    shown.page.close()


def test_the_forms_and_links_work_without_script(chromium: Browser) -> None:
    shown = Shown(chromium, PHONE, js=False)
    page = shown.show(sample(PageKind.WARN, "en"))
    page.select_option("#reason", "curious")
    page.click("form button >> nth=0")
    posted = shown.asked[-1]
    assert (posted.method, posted.url) == ("POST", "https://forum.example/.well-known/hedgerow/continue")
    assert posted.post_data == "token=-&to=%2F&reason=curious"
    page = shown.show(sample(PageKind.BLOCK, "en"))
    page.click("summary")
    page.fill("#code", "abc-def")
    page.press("#code", "Enter")
    assert shown.asked[-1].url == "https://forum.example/.well-known/hedgerow/unlock"
    assert shown.asked[-1].post_data == "to=%2F&token=&code=abc-def"
    page.click("text=I need help")
    assert shown.asked[-1].url.startswith("https://forum.example/.well-known/hedgerow/report?kind=help&code=")
    shown.page.close()


def test_the_keyboard_reaches_help_before_the_numbers_end(chromium: Browser) -> None:
    """The way of the tab key is the way of the eye, and what has the focus is seen."""
    shown = Shown(chromium, PHONE)
    page = shown.show(sample(PageKind.WARN, "fa"))
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.tagName + (document.activeElement.href || '')"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert order[:2] == ["SELECT", "BUTTON"] and "kind=help" in order[2] and "kind=hurt" in order[3]
    shown.page.close()


@pytest.mark.parametrize("how", ["desk", "dark", "paper"])
def test_the_number_is_read_by_a_phones_camera(chromium: Browser, how: str) -> None:
    shown = Shown(chromium, DESK, "dark" if how == "dark" else "light")
    page = shown.show(sample(PageKind.HELP, "vi"))
    if how == "paper":
        page.emulate_media(media="print")
    picture = page.locator(".camera").screenshot()
    assert [found.text for found in zxingcpp.read_barcodes(grey(picture))] == ["tel:111"]
    shown.page.close()


def test_on_paper_the_reasons_and_numbers_stay_and_the_buttons_go(chromium: Browser) -> None:
    shown = Shown(chromium, DESK, "dark")
    page = shown.show(sample(PageKind.WARN, "en"))
    page.emulate_media(media="print")
    assert not page.locator("form").first.is_visible() and not page.locator(".tell").is_visible()
    assert page.locator(".helplines a").first.is_visible() and page.locator(".code").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    shown.page.close()
