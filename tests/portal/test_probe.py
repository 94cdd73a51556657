"""The test's documents: who gets which, by which way, and that each sentence is seen whole on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from hedgerow.portal.house import House
from hedgerow.portal.probe import TOLD
from hedgerow.stores.messages import LANGUAGES
from tests.portal.place import PREFIX, Browser, house
from tests.portal.test_systems import FOX

OWN = "hedgerow.school.test"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("probe"))
    yield opened
    opened.close()


def asked_for(page: str) -> list[str]:
    """The addresses of the documents, from the outermost inwards."""
    return [address.partition("?")[0].removesuffix(told) + told
            for address, told in re.findall(r'<object class="\w+" data="([^"?]+/(\w+))\?', page)]  # fmt: skip


def test_ready_is_told_over_https_through_the_gateway_and_in_no_other_way(made: House) -> None:
    path = f"{PREFIX}/device/test/ready"
    assert Browser(made, host=f"ready.{OWN}").get(path).status_code == 200
    assert Browser(made, host=f"ready.{OWN}", scheme="http").get(path).status_code == 404
    for scheme in ("http", "https"):
        over_tcp = Browser(made, relayed=False, scheme=scheme)
        assert {over_tcp.get(f"{PREFIX}/device/test/{told}").status_code for told in TOLD} == {404}


def test_firefox_is_told_of_its_own_list(made: House) -> None:
    path = f"{PREFIX}/device/test/missing?lang=en"
    plain = Browser(made, host=f"ready.{OWN}", scheme="http")
    assert "Firefox keeps a list of its own" in plain.get(path, user_agent=FOX).text
    assert "Firefox" not in plain.get(path).text


@pytest.mark.parametrize("told", TOLD)
def test_a_document_can_stand_in_a_page_and_do_nothing(made: House, told: str) -> None:
    document = Browser(made, host=f"ready.{OWN}").get(f"{PREFIX}/device/test/{told}?lang=fa")
    policy = document.headers["content-security-policy"]
    assert "default-src 'none'" in policy and policy.endswith("sandbox") and "x-frame-options" not in document.headers
    assert '<html lang="fa" dir="rtl">' in document.text and document.headers["cache-control"] == "no-store"
    assert not re.search("<a |<form|<script|href|src=", document.text)


def test_a_page_over_http_asks_by_every_way(made: House) -> None:
    page = Browser(made, host=OWN, scheme="http").get("/device?lang=en")
    assert asked_for(page.text) == [
        f"https://ready.{OWN}{PREFIX}/device/test/ready",
        f"http://ready.{OWN}:443{PREFIX}/device/test/missing",
        f"http://ready.{OWN}{PREFIX}/device/test/outside",
        f"http://{OWN}{PREFIX}/device/test/nameless",
    ]
    policy = page.headers["content-security-policy"]
    for directive in ("object-src", "frame-src"):
        assert f"{directive} https://ready.{OWN} http://ready.{OWN}:443 http://ready.{OWN} http://{OWN}" in policy
    assert "script" not in policy and "frame-ancestors 'none'" in policy


def test_a_page_over_https_asks_for_nothing_over_http(made: House) -> None:
    page = Browser(made, host=OWN).get("/device?lang=en").text
    assert asked_for(page) == [f"https://ready.{OWN}{PREFIX}/device/test/ready"]
    assert "does not know the school’s certificate" in page


def test_without_the_filter_what_is_left_is_past_the_gateway(made: House) -> None:
    page = Browser(made, relayed=False).get("/device?lang=en").text
    assert [address.partition("/.well")[0] for address in asked_for(page)] == [
        f"https://ready.{OWN}", f"http://ready.{OWN}:443", f"http://ready.{OWN}"]  # fmt: skip
    assert "goes past the school’s filter" in page


def test_where_the_school_named_nothing_the_sites_own_address_is_asked(tmp_path: Path) -> None:
    made = house(tmp_path, 'school: "x"\n')
    page = Browser(made, host="site.test", scheme="http").get(f"{PREFIX}/device").text
    assert asked_for(page)[0] == f"https://site.test{PREFIX}/device/test/ready"
    page = Browser(made, host="hedgerow.internal", scheme="http").get("/device").text
    assert asked_for(page)[0] == f"https://ready.hedgerow.internal{PREFIX}/device/test/ready"
    made.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1000])
def test_each_sentence_is_seen_whole(made: House, chromium: Chromium, language: str, width: int) -> None:
    """No frame is too small for what it says, in any language; nothing in it scrolls."""
    page = chromium.new_page(viewport={"width": width, "height": 740})
    for told, agent in [*((told, "") for told in TOLD), ("missing", FOX)]:
        page.set_content(_only(made, told, language))
        box = page.locator(f"object.{told}").bounding_box()
        assert box
        frame = chromium.new_page(viewport={"width": int(box["width"]), "height": int(box["height"])})
        document = Browser(made, host=f"ready.{OWN}").get(f"/device/test/{told}?lang={language}", user_agent=agent)
        frame.set_content(document.text)
        over = frame.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight")
        assert over <= 0, (told, over)
        frame.close()
    page.close()


def _only(made: House, told: str, language: str) -> str:
    """The page with a picture in place of the test: an object that arrived."""
    page = Browser(made, host=OWN, scheme="http").get(f"/device?lang={language}").text
    head, _, rest = page.partition('<div class="test">')
    arrived = 'data="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E" type="image/svg+xml"'
    return f'{head}<div class="test"><object class="{told}" {arrived}></object>{rest[rest.index("</div>") :]}'
