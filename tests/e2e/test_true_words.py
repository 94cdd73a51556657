"""What a real page says is true of it: of each shipped band, in each language, as the gateway sends it."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest

from hedgerow.stores.messages import LANGUAGES
from tests.lab import school
from tests.lab.client import Device
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.shipped import POLICIES, read

SEATS = {
    "stranger": "ages-5-7",  # the default band
    "pupil8": "ages-8-10",
    "guest": "ages-11-13",
    "pupil14": "ages-14-17",
}
SITE = school.SITE.replace("band: ages-14-17, capture: names-only", "band: ages-11-13, capture: decrypted")
SAD = "q=i+want+to+kill+myself"


@pytest.fixture(scope="module")
def seated(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "true-words", changes={"site.yaml": SITE})
    yield gateway
    gateway.stop()


def page(lab: Lab, gateway: Gateway, seat: str, host: str, path: str, language: str) -> str:
    device: Device = lab.device(seat, "transparent", gateway.ca, second=True)
    head = ("Accept: text/html", "Sec-Fetch-Dest: document", f"Accept-Language: {language}")
    return device.http(host, path, *head).body.decode()


def said(band: str, language: str) -> str:
    messages = read(POLICIES / "bands" / f"{band}.yaml")["messages"]
    assert isinstance(messages, dict)
    return str(messages[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seat", SEATS)
def test_on_the_page_that_helps_stands_support_alone(lab: Lab, seated: Gateway, seat: str, language: str) -> None:
    """Also where the search engine is closed as well: whoever types this must not be sent to a teacher with a code."""
    for host in ("www.google.com", "www.bing.com"):
        shown = page(lab, seated, seat, host, f"/search?{SAD}", language)
        assert 'class="help"' in shown and f'lang="{language}"' in shown, shown[:300]
        assert 'class="school"' not in shown and said(SEATS[seat], language) not in unescape(shown)
        assert shown.index("tel:111") < shown.index("<footer>")
        assert ("<button>" in shown) is (seat != "stranger")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bands_sentence_stands_where_a_teacher_can_help(lab: Lab, seated: Gateway, language: str) -> None:
    for seat, band in SEATS.items():
        assert said(band, language) in unescape(page(lab, seated, seat, "www.tinder.com", "/", language)), band
