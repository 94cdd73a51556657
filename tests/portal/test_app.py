"""Every page of the portal: what it says, in which language, with which headers, and to whom it is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.portal import start
from hedgerow.portal.house import House
from hedgerow.stores.messages import LANGUAGES
from tests.portal.place import PREFIX, Browser, hidden, house

PATHS = (
    "/",
    "/help",
    "/report?kind=help",
    "/report?kind=wrong",
    "/outcome",
    "/unlock",
    "/poster",
    "/privacy",
    "/device",
    "/device/read",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("app"))
    yield opened
    opened.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("root", ["", PREFIX])
def test_every_page_is_there_in_five_languages(made: House, path: str, root: str) -> None:
    browser, seen = Browser(made), set()
    for language in LANGUAGES:
        page = browser.get(f"{root}{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status_code == 200 and page.headers["content-language"] == language
        direction = "rtl" if language == "fa" else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in page.text
        title = re.search(r"<h1>([^<]+)</h1>", page.text)
        assert title
        seen.add(title[1])
    assert len(seen) == len(LANGUAGES)


def test_the_reader_language_is_the_workers_the_browsers_or_the_schools(made: House) -> None:
    assert Browser(made, language="kk").get("/").headers["content-language"] == "kk"
    over_tcp = Browser(made, relayed=False)
    assert over_tcp.get("/", accept_language="ru-RU,kk;q=0.5").headers["content-language"] == "kk"  # ru is not offered
    assert over_tcp.get("/", accept_language="de").headers["content-language"] == "vi"
    assert over_tcp.get("/?lang=fa").headers["content-language"] == "fa"
    assert over_tcp.get("/?lang=xx").headers["content-language"] == "vi"


def test_a_chosen_language_goes_along(made: House) -> None:
    page = Browser(made).get(f"{PREFIX}/?lang=ru").text
    links = re.findall(rf'href="{PREFIX}/(report[^"]*|outcome[^"]*)"', page)
    assert links and all("lang=ru" in link for link in links)


@pytest.mark.parametrize("path", PATHS)
def test_helplines_stand_before_anything_that_asks(made: House, path: str) -> None:
    page = Browser(made).get(path).text
    if path in ("/", "/help", "/report?kind=help", "/poster"):
        assert 0 < page.index("18001776") and (page.find("<form") == -1 or page.index("18001776") < page.index("<form"))


@pytest.mark.parametrize("path", [*PATHS, "/nothing", "/report?kind=xyz"])
def test_no_page_can_be_framed_kept_or_made_to_load_anything(made: House, path: str) -> None:
    page = Browser(made).get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script" not in policy
    assert page.headers["cache-control"] == "no-store" and page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "no-referrer" and page.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in page.headers and "<script" not in page.text
    assert not re.search(r'(src|href)="https?://', page.text)
    assert page.headers["x-hedgerow-action"] == "portal" and page.headers["x-hedgerow-code"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_mode": "cors", "sec_fetch_dest": "empty"},  # fetch() of the site the page stands on
        {"sec_fetch_mode": "no-cors", "sec_fetch_dest": "script"},
        {"sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"},
    ],
)
def test_scripts_and_frames_get_nothing(made: House, headers: dict[str, str]) -> None:
    page = Browser(made).get(f"{PREFIX}/report?kind=help", **headers)
    assert (page.status_code, page.text) == (403, "")


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/nothing", 404),
    ("GET", f"{PREFIX}/../../etc/passwd", 404),
    ("PUT", "/report", 405),
    ("DELETE", "/", 405),
    ("OPTIONS", "/report", 405),
    ("POST", "/", 405),
])  # fmt: skip
def test_what_is_not_there_still_shows_whom_to_call(made: House, method: str, path: str, status: int) -> None:
    page = Browser(made).ask(method, path, None, {})
    assert page.status_code == status and "18001776" in page.text


def test_a_fault_of_ours_shows_whom_to_call_and_says_nothing_of_it(
    made: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("what a child wrote")

    monkeypatch.setattr(start, "privacy_html", broken)
    page = Browser(made).get("/privacy")
    assert page.status_code == 503 and "18001776" in page.text and "Runtime" not in page.text
    assert "what a child wrote" not in caplog.text


def test_broken_stores_take_no_helpline_away(tmp_path: Path) -> None:
    made = house(tmp_path)
    made.state.reports.mkdir()
    made.state.grants.mkdir()
    browser = Browser(made)
    for path in PATHS:
        assert browser.get(path).status_code == 200
    page = browser.report("help", "my words")
    assert page.status_code == 503 and "18001776" in page.text and "my words" in page.text
    assert browser.post(f"{PREFIX}/outcome", {"code": "AAAA-BBBB-CCCC"}).status_code == 503
    form = hidden(browser.get(f"{PREFIX}/unlock"))
    assert browser.post(f"{PREFIX}/unlock", {**form, "code": "AAAA-BBBB"}).status_code == 503
    made.close()


def test_health_tells_the_version_and_nothing_else(made: House) -> None:
    for relayed in (True, False):
        told = Browser(made, relayed=relayed).get("/health").json()
        assert told == {"portal": "up", "policy": made.shown.version}
