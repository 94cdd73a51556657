"""Twenty saved pages in Chromium, their parts from twenty hosts in no list: readable at fifteen, safe at nine.

``[real]`` are pages that others wrote (HEDGEROW_DATA names the folder of the data, ../data if nothing is said); without
them these tests skip. ``[invented]`` are written here: near-equal, so they show the way of the parts and no more.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.clicking import Browser, browser
from tests.e2e.saved import ADULT, KNOWN_GOOD, PAGES, Saved, save
from tests.e2e.test_warn_continue import from_second_address
from tests.lab import school
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil"
)
OPEN = "".join(f"\n  saved-{n}.test: allow" for n in range(1, PAGES + 1))
YOUNG = f"""band: ages-8-10
sites:{OPEN}
  saved-warned.test: warn
"""
GO_ON = 'form[action$="/continue"] button'


@pytest.fixture(scope="module", params=["real", "invented"])
def pages(request: pytest.FixtureRequest, lab: Lab) -> list[Saved]:
    folder = Path(os.environ.get("HEDGEROW_DATA") or "../data")
    if request.param == "real" and not (folder / "pages").is_dir():
        pytest.skip(f"no saved pages of others in {folder / 'pages'}; HEDGEROW_DATA names the folder of the data")
    for before in (*lab.served.glob("saved-*.test"), *lab.served.glob("parts-*.test")):
        shutil.rmtree(before)
    done = save(lab.served, folder if request.param == "real" else None)
    shutil.copytree(lab.served / "saved-1.test", lab.served / "saved-warned.test")
    return done


@pytest.fixture(scope="module")
def filtered(lab: Lab, pages: list[Saved]) -> Iterator[Gateway]:
    name = "invented" if pages[0].source.startswith("own-") else "saved"
    gateway = school.start(lab, name, changes={"bands/ages-8-10.yaml": YOUNG})
    yield gateway
    gateway.stop()


@contextmanager
def seat(lab: Lab, gateway: Gateway, name: str) -> Iterator[Browser]:
    device = lab.device(name, "transparent", gateway.ca, second=True)
    with from_second_address(device), browser(device) as page:
        yield page


def look(page: Browser, name: str, saved: Saved) -> None:
    """A picture for people, where HEDGEROW_PICTURES names a folder."""
    if folder := os.environ.get("HEDGEROW_PICTURES"):
        page.picture(Path(folder) / f"{name}-{saved.host}.png", 1000, 800)


def text(page: Browser) -> str:
    return "".join(str(page.run("document.body.innerText")).split())


def told(page: Browser, variable: str) -> str:
    """A custom property that only a stylesheet sets."""
    return str(page.run(f"getComputedStyle(document.documentElement).getPropertyValue('--{variable}')")).strip()


def width(page: Browser, image: str) -> object:
    return page.run(f"document.getElementById('{image}').naturalWidth")


def until(page: Browser, script: str, seconds: float = 5) -> object:
    end = time.monotonic() + seconds
    while not (found := page.run(script)) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def reads(page: Browser, saved: Saved) -> None:
    """Everything a reader came for is on the page, and the page is the page."""
    shown = text(page).casefold()
    missing = [sentence for sentence in saved.said if sentence.casefold() not in shown]
    assert len(missing) <= len(saved.said) // 3, f"{saved.source}: {missing}"  # some texts unfold only when asked to
    assert len(shown) > 600, f"{saved.source}: {len(shown)} letters"
    assert "X-Hedgerow" not in shown and 'class="block"' not in shown
    assert page.run("document.compatMode") is not None


def is_complete(page: Browser) -> None:
    """Every kind of part is there: picture, style, script, font, JSON."""
    assert width(page, "probe-image") == 90
    assert told(page, "drawn") == "yes" and told(page, "known-good") == "yes"
    assert int(str(page.run("window.drawn || 0"))) >= 1
    assert until(page, "window.json") == "json of another host"
    assert until(page, "[...document.fonts].filter(f => f.family == 'probe')[0].status == 'loaded'") is True
    broken = page.run("[...document.images].filter(i => !i.naturalWidth && i.src.includes('parts-')).length")
    assert broken == 0, f"{broken} pictures are missing"


def is_guarded(page: Browser, watch: Watch) -> None:
    """What a list forbids is a small drawing of ours, a frame of the unknown shows nothing, and nothing was asked."""
    assert width(page, "adult") != 120 and not watch.touching(ADULT)
    assert page.run("document.getElementById('frame').contentDocument === null") is True  # refused, or another origin


def test_at_fifteen_twenty_pages_are_complete(lab: Lab, filtered: Gateway, pages: list[Saved]) -> None:
    """The pages are unknown as well: one warning each, and behind it the page with all its parts."""
    watch = lab.watch()
    with seat(lab, filtered, "pupil14") as page:
        for saved in pages:
            assert 'class="warn"' in page.open(f"https://{saved.host}/"), saved
            page.press(GO_ON)
            reads(page, saved)
            is_complete(page)
            is_guarded(page, watch)
            look(page, "fifteen", saved)
    assert len({c.name for c in watch.requests() if c.name.startswith("parts-")}) == PAGES
    assert not [c for c in watch.requests("frame.test") if c.target == "/nothing"]


def test_at_nine_twenty_pages_are_readable_and_nothing_unknown_is_drawn(
    lab: Lab, filtered: Gateway, pages: list[Saved]
) -> None:
    """Opened by the school, so that the words are there; of twenty unlisted hosts not one is even asked."""
    watch = lab.watch()
    with seat(lab, filtered, "pupil8") as page:
        for saved in pages:
            page.open(f"https://{saved.host}/")
            reads(page, saved)
            assert width(page, "probe-image") != 90 and told(page, "drawn") == ""
            assert page.run("window.drawn || 0") == 0 and until(page, "window.json") == "refused"
            assert width(page, "known-good") == 120 and told(page, "known-good") == "yes"
            is_guarded(page, watch)
            look(page, "nine", saved)
    unknown = [
        contact for contact in watch.all() if contact.kind != "dns" and contact.name.startswith(("parts-", "frame"))
    ]
    assert not unknown, unknown[:3]
    assert watch.requests(KNOWN_GOOD)


def test_at_nine_a_continued_warning_brings_the_page_with_its_parts(
    lab: Lab, filtered: Gateway, pages: list[Saved]
) -> None:
    """For this child and half an hour; a page of a host in no list stays closed, and so does what a list forbids."""
    watch = lab.watch()
    with seat(lab, filtered, "pupil8") as page:
        assert 'class="warn"' in page.open("https://saved-warned.test/")
        page.press(GO_ON)
        reads(page, pages[0])
        is_complete(page)
        is_guarded(page, watch)
        assert 'class="block"' in page.open("https://parts-1.test/nothing-there")
        assert 'class="block"' in page.open("https://frame.test/")
    with seat(lab, filtered, "pupil14") as page:
        assert 'class="warn"' in page.open("https://frame.test/"), "nobody else is let in by it"
