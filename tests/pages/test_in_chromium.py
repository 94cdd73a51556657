"""Every page of ours in a real browser: for everybody, on a phone and on a desk, in both directions, on paper.

The samples are those of the gallery (``deploy/pictures``), sent with their real headers: what the page's own policy
forbids, the browser refuses here.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import batched, product
from types import ModuleType
from typing import Literal

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Request, Route

from hedgerow.core.model import REGISTERS
from hedgerow.proxy.pages.model import Answer, PageKind
from hedgerow.stores.messages import LANGUAGES, shipped_messages
from tests.portal.pictures import grey
from tests.shipped import CATEGORIES, ROOT

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


LOOKS: list[tuple[int, Literal["dark", "light"]]] = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_nobody_is_kept_out(chromium: Browser, look: tuple[int, Literal["dark", "light"]]) -> None:
    """axe-core 4.12, all kinds, light and dark, narrow and wide; half of them in Persian, the other languages and the
    registers in turn. Nothing is wider than the screen, nothing is asked for elsewhere."""
    width, scheme = look
    shown, turn = Shown(chromium, width, scheme), LOOKS.index(look)
    others = [language for language in LANGUAGES if language != "fa"]
    for number, kind in enumerate(PageKind, turn):
        language = "fa" if number % 2 else others[number // 2 % len(others)]
        register = REGISTERS[(number // 2 + turn) % len(REGISTERS)]
        page = shown.show(sample(kind, language, register, banner=kind is PageKind.BLOCK))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert serious(page) == [], (kind, language)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (kind, language)
        assert len(shown.asked) == 1 and shown.said == [], (kind, language)
    shown.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_closed_frame_keeps_nobody_out(chromium: Browser, scheme: Literal["dark", "light"]) -> None:
    shown = Shown(chromium, PHONE, scheme)
    for language in ("vi", "fa"):
        answer = sample(PageKind.BLOCK, language, frame=True)
        heard = tuple((name, value.removesuffix("; sandbox")) for name, value in answer.headers)  # axe is a script
        page = shown.show(replace(answer, headers=heard))
        assert serious(page) == [] and shown.said == [] and len(shown.asked) == 1
        assert page.evaluate("document.documentElement.scrollHeight") <= SCREEN
        assert page.locator("a, button, input").count() == 0
    shown.page.close()


FONTS = {  # what phones have, and the widest of what desks have
    "Roboto": 'Roboto,"Noto Naskh Arabic"',
    "Noto Sans": '"Noto Sans","Noto Naskh Arabic"',
    "DejaVu Sans": '"DejaVu Sans"',
}
HEIGHTS = """([pages, font]) => pages.map(page => {
  const made = new DOMParser().parseFromString(page, "text/html")
  document.replaceChild(document.adoptNode(made.documentElement), document.documentElement)
  document.body.style.fontFamily = font
  return document.querySelector("main").offsetHeight
})"""
"""The height of each page in the same window, without a journey for each."""


def every_page() -> Iterator[tuple[PageKind, str, str, str]]:
    """All kinds, languages and registers; where a page teaches, with the longest there is to say."""
    for kind, language, register in product(PageKind, LANGUAGES, REGISTERS):
        teaches = kind in (PageKind.BLOCK, PageKind.WARN, PageKind.LIMIT)
        yield from ((kind, language, register, idea) for idea in (longest(language) if teaches else ("",)))


@cache
def longest(language: str) -> tuple[str, ...]:
    """The category and the topic with the longest idea and question, and the one that says where to check it."""
    ideas = shipped_messages()[language].ideas
    topics = [name for name in ideas if f"topic.{name}" in shipped_messages()[language].texts]

    def length(name: str) -> int:
        return len(ideas[name].idea) + len(ideas[name].question)

    return max(CATEGORIES, key=length), f"words:{max(topics, key=length)}", "misinformation"


@pytest.mark.parametrize("font", FONTS)
def test_a_page_is_one_screen_of_a_phone(chromium: Browser, font: str) -> None:
    """With the band's sentence, the longest idea, every button and both numbers: nothing to scroll."""
    if font not in families():
        pytest.skip(f"needs the font {font}, which deploy/test installs")
    each = list(every_page())
    page = chromium.new_page(viewport={"width": PHONE, "height": SCREEN})
    for some in batched(each, 200):
        heights = page.evaluate(HEIGHTS, [[sample(*one).body.decode() for one in some], FONTS[font]])
        assert [(one, height) for one, height in zip(some, heights, strict=True) if not 200 < height <= SCREEN] == []
    page.close()


@cache
def families() -> frozenset[str]:
    """The fonts of this machine."""
    if not shutil.which("fc-list"):
        return frozenset()
    told = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True).stdout
    return frozenset(name.strip() for line in told.splitlines() for name in line.split(","))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_helpline_is_read_from_its_beginning_and_whole(chromium: Browser, language: str) -> None:
    shown = Shown(chromium, PHONE)
    page = shown.show(sample(PageKind.BLOCK, language))
    for name in page.locator(".short li > bdi").all():
        assert name.evaluate("one => one.scrollWidth <= one.clientWidth"), name.inner_text()
    name = page.locator(".short li > bdi").first
    name.evaluate("one => one.textContent = 'The beginning of a very long name of a helpline of the whole country'")
    assert name.evaluate("one => one.scrollWidth > one.clientWidth && getComputedStyle(one).direction == 'ltr'")
    shown.page.close()


def test_wrong_untrue_and_harmful_stand_in_one_row(chromium: Browser) -> None:
    shown = Shown(chromium, PHONE)
    for language in LANGUAGES:
        page = shown.show(sample(PageKind.WARN, language))
        tops = page.eval_on_selector_all(".tell li:not(.care)", "all => all.map(one => one.offsetTop)")
        assert len(tops) == 3 and len(set(tops)) == 1, language
    shown.page.close()


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
