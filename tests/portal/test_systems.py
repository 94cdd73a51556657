"""Which system a browser says it runs on: by what real ones send, and never the only way to choose."""

from __future__ import annotations

import pytest

from hedgerow.portal.systems import SYSTEMS, is_firefox, recognised

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36"
)
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36"
)
CHROMEBOOK = (
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36"
)
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36"
FOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
FOX_ON_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/146.0"
)


@pytest.mark.parametrize("agent, platform, system", [
    (WINDOWS, "", "windows"),
    (MAC, "", "macos"),
    (PHONE, "", "ios"),
    (PHONE.replace("iPhone;", "iPad;"), "", "ios"),
    (ANDROID, "", "android"),
    (CHROMEBOOK, "", "chromeos"),
    (LINUX, "", "linux"),
    (FOX, "", "linux"),
    (LINUX, '"Chrome OS"', "chromeos"),
    (LINUX, '"Android"', "android"),
    (MAC, '"macOS"', "macos"),
    (WINDOWS, '"Unknown"', "windows"),
    ("", "", ""),
    ("curl/8.5", "", ""),
    ("x" * 5000 + "Windows", "", ""),  # as much as a browser says, and no more
])  # fmt: skip
def test_what_a_browser_says(agent: str, platform: str, system: str) -> None:
    assert recognised({"user-agent": agent, "sec-ch-ua-platform": platform}) == system
    assert system == "" or system in SYSTEMS


@pytest.mark.parametrize("agent, fox", [(FOX, True), (FOX_ON_PHONE, False), (LINUX, False), ("", False)])
def test_who_has_certificates_of_its_own(agent: str, fox: bool) -> None:
    assert is_firefox({"user-agent": agent}) is fox
