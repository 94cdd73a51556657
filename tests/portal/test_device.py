"""The page that sets a device up: every system can be chosen, in every language, and what it claims is in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import zxingcpp
from playwright.sync_api import Browser as Chromium

from hedgerow.portal.house import House
from hedgerow.portal.profile import SIGNING_KEY
from hedgerow.portal.systems import SYSTEMS
from hedgerow.stores.messages import LANGUAGES, shipped_messages
from tests.portal.pictures import grey
from tests.portal.place import PREFIX, SITE, Browser, house
from tests.portal.test_systems import ANDROID, PHONE, WINDOWS

GUESTS = SITE.replace(
    "networks:\n", "networks:\n  guests: {addresses: [10.40.0.0/24], band: ages-8-10, capture: names-only}\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("device"), GUESTS)
    yield opened
    opened.close()


def plain(page: str) -> str:
    """What a reader reads."""
    return unescape(re.sub(r"<[^>]+>", "", page.partition("<body")[2].partition(">")[2]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_its_steps_in_every_language(made: House, language: str, system: str) -> None:
    page = Browser(made).get(f"/device?system={system}&lang={language}")
    told, texts = plain(page.text), shipped_messages()[language]
    steps = [texts[f"device.{system}.{n}"] for n in range(1, SYSTEMS[system].steps + 1)]
    assert f"device.{system}.{SYSTEMS[system].steps + 1}" not in texts.texts
    places = [told.index(step.replace("{certificate}", "Hedgerow CA of Trường Hoa Phượng")) for step in steps]
    assert places == sorted(places) and "{" not in told
    assert (texts.texts.get(f"device.{system}.note", "") in told) is True
    assert f"/device/{SYSTEMS[system].file}" in page.text
    assert Browser(made).get(f"/device/{SYSTEMS[system].file}").status_code == 200
    assert all(command in told for _, command in SYSTEMS[system].commands)


@pytest.mark.parametrize(
    "agent, system", [(WINDOWS, "Windows"), (ANDROID, "Android"), (PHONE, "iPhone, iPad"), ("", "")]
)
def test_a_system_is_guessed_and_every_other_can_be_chosen(made: House, agent: str, system: str) -> None:
    page = Browser(made).get("/device?lang=en", user_agent=agent).text
    marked = re.findall(r"aria-current=page><bdi>([^<]+)</bdi>", page)
    assert marked == ([system] if system else [])
    links = re.findall(r'href="([^"]*device\?[^"]*system=(\w+))"', page)
    assert {name for _, name in links} == set(SYSTEMS)
    for link, name in links:
        assert SYSTEMS[name].file in Browser(made).get(unescape(link), user_agent=agent).text


def test_what_is_chosen_stays_in_another_language(made: House) -> None:
    page = Browser(made).get("/device?system=linux&lang=en", user_agent=WINDOWS).text
    assert f'href="{PREFIX}/device?system=linux&amp;lang=fa"' in page


def test_what_android_does_not_do_is_said(made: House) -> None:
    assert "Most other apps do not: since Android 7 they ignore" in plain(
        Browser(made).get("/device?system=android&lang=en").text
    )


def test_a_profile_says_whether_it_is_signed(made: House) -> None:
    assert "Not Signed" in plain(Browser(made).get("/device?system=ios&lang=en").text)
    assert "Not Signed" not in plain(Browser(made).get("/device?system=macos&lang=en").text)
    (made.state.keys / SIGNING_KEY).touch()
    assert "Not Signed" not in plain(Browser(made).get("/device?system=ios&lang=en").text)
    (made.state.keys / SIGNING_KEY).unlink()


def test_where_nothing_is_opened_there_is_nothing_to_do(made: House) -> None:
    guest = Browser(made, network="guests", key="10.40.0.9")
    page = guest.get("/device?lang=en", user_agent=WINDOWS)
    assert "nothing to install" in page.text and "ca.cer" not in page.text and "<object" not in page.text
    assert "ca.cer" in guest.get("/device?lang=en&system=windows").text  # asked for all the same
    assert "names of websites" in plain(guest.get("/device/read?lang=en").text)
    over_tcp = Browser(made, relayed=False, key="10.40.0.9")
    assert "nothing to install" in over_tcp.get("/device?lang=en").text


def test_what_is_read_is_said_by_the_lists_in_force(made: House, tmp_path: Path) -> None:
    told = plain(Browser(made).get("/device/read?lang=en").text)
    assert "the addresses of pages, their words, and what is typed and sent" in told
    assert made.shown.unread and all(host in told for host in made.shown.unread)
    assert "tongdai111.vn" in made.shown.help_hosts and all(host in told for host in made.shown.help_hosts)
    assert not set(made.shown.help_hosts) & made.shown.gateway_names
    assert "accounts.google.com" in made.shown.unread
    signing_in = house(tmp_path, SITE + "tenants: {google: [school.test]}\n")  # then sign-in pages must be opened
    assert "accounts.google.com" not in Browser(signing_in).get("/device/read?lang=en").text
    signing_in.close()


def test_the_code_leads_here(made: House, chromium: Chromium) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 700})
    page.set_content(Browser(made).get("/device?lang=fa").text)
    found = zxingcpp.read_barcodes(grey(page.locator(".scan").screenshot()))
    assert [one.text for one in found] == ["http://hedgerow.school.test/device"]
    page.close()


def test_on_paper_there_are_steps_and_fingerprint_and_nothing_to_press(made: House, chromium: Chromium) -> None:
    page = chromium.new_page()
    page.emulate_media(media="print")
    page.set_content(Browser(made).get("/device?system=windows&lang=en").text)
    for hidden in (".test", ".systems", ".languages"):
        assert page.locator(hidden).is_hidden()
    for shown in (".steps ol", ".print", ".scan"):
        assert page.locator(shown).is_visible()
    page.close()


def test_latin_words_between_persian_ones_stand_where_they_belong(made: House, chromium: Chromium) -> None:
    """The closing quotation mark of a Latin word stands to its left, as the opening one does to its right."""
    page = chromium.new_page(viewport={"width": 900, "height": 700})
    page.set_content(Browser(made).get("/device?system=macos&lang=fa").text)
    item = page.locator(".steps li").nth(2)
    words = item.locator("bdi").all_inner_texts()
    assert "Trust" in words and "Always Trust" in words
    name = page.locator(".steps li").nth(1).locator("bdi").first.inner_text()
    assert name == "Hedgerow CA of Trường Hoa Phượng"
    page.close()


def test_a_schools_name_is_text(tmp_path: Path) -> None:
    made = house(tmp_path, SITE.replace("Trường Hoa Phượng", "<b>A & B</b> {certificate}"))
    page = Browser(made).get("/device?system=ios&lang=en").text
    assert "<b>A" not in page and "Hedgerow CA of &lt;b&gt;A &amp; B&lt;/b&gt; {certificate}" in page
    made.close()


def test_the_first_page_leads_here(made: House) -> None:
    assert f'href="{PREFIX}/device"' in Browser(made).get("/").text


def test_whoever_asks_below_a_sites_address_is_led_to_our_name(made: House) -> None:
    reply = Browser(made, own="http://hedgerow.school.test/").get(f"{PREFIX}/device?system=ios&x=y")
    assert (reply.status_code, reply.headers["location"]) == (
        303, "http://hedgerow.school.test/device?system=ios&site=blocked.test")  # fmt: skip
