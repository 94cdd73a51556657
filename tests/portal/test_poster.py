"""The poster: a camera reads its code from the screen and from paper, and it leads to the portal's plain address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zxingcpp
from playwright.sync_api import Browser as Chromium

from hedgerow.portal.house import House
from hedgerow.portal.poster import code
from tests.portal.pictures import grey
from tests.portal.place import PREFIX, Browser, house


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("poster"))
    yield opened
    opened.close()


def read(chromium: Chromium, html: str, *, width: int = 400, paper: bool = False, dark: bool = False) -> list[str]:
    """What a camera reads from the page as it is shown."""
    page = chromium.new_page(viewport={"width": width, "height": 700}, color_scheme="dark" if dark else "light")
    if paper:
        page.emulate_media(media="print")
    page.set_content(html)
    picture = page.locator(".scan").screenshot()
    page.close()
    return [found.text for found in zxingcpp.read_barcodes(grey(picture))]


@pytest.mark.parametrize("language", ["vi", "fa"])
def test_it_leads_to_the_portal_in_either_direction(made: House, chromium: Chromium, language: str) -> None:
    html = Browser(made).get(f"{PREFIX}/poster?lang={language}").text
    assert read(chromium, html) == ["http://hedgerow.school.test/"]
    assert ">hedgerow.school.test<" in html and "18001776" in html


@pytest.mark.parametrize("how", [{"paper": True}, {"dark": True, "width": 1280}, {"width": 360}])
def test_on_paper_in_the_dark_and_on_a_phone(made: House, chromium: Chromium, how: dict[str, bool]) -> None:
    assert read(chromium, Browser(made).get("/poster").text, **how) == ["http://hedgerow.school.test/"]


def test_over_tcp_it_leads_where_the_reader_is(made: House, chromium: Chromium) -> None:
    over_tcp = Browser(made, relayed=False, host="10.20.0.1:8000", scheme="http")
    assert read(chromium, over_tcp.get("/poster").text) == ["http://10.20.0.1:8000/"]
    forged = over_tcp.get("/poster", host='evil.test/"><b>')
    assert "evil" not in forged.text


def test_a_quarter_may_be_torn_off(chromium: Chromium) -> None:
    whole = code("http://hedgerow.internal/")
    torn = whole.replace("</svg>", '<path fill="#fff" d="M60 60h34v34h-34z"/></svg>')
    html = f"<style>.scan{{width:300px;background:#fff}}</style>{torn}"
    assert read(chromium, html) == ["http://hedgerow.internal/"]
