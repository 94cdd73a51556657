"""The systems a certificate is installed on: what each takes, how many steps there are, and how one is recognised.

To add one: a row in ``SYSTEMS`` and the sentences ``device.<system>.1`` ... in ``policies/messages``. The names are
names and stand in no language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

FIREFOX = "firefox"


@dataclass(frozen=True, slots=True)
class System:
    """One system: ``file`` is below ``/device/``; ``note`` and ``commands`` stand after the steps."""

    name: str
    file: str
    steps: int
    note: bool = False
    commands: tuple[tuple[str, str], ...] = ()  # for whom, and the line to type


SYSTEMS: Mapping[str, System] = {
    "windows": System("Windows", "ca.cer", 5),
    "macos": System("Mac", "ca.cer", 4),
    "ios": System("iPhone, iPad", "ca.mobileconfig", 3),
    "android": System("Android", "ca.cer", 3, note=True),
    "chromeos": System("Chromebook", "ca.crt", 3, note=True),
    "linux": System(
        "Linux",
        "ca.crt",
        2,
        commands=(
            (
                "Debian, Ubuntu",
                "sudo cp hedgerow-ca.crt /usr/local/share/ca-certificates/ && sudo update-ca-certificates",
            ),
            ("Fedora", "sudo cp hedgerow-ca.crt /etc/pki/ca-trust/source/anchors/ && sudo update-ca-trust"),
            (
                "Chrome, Chromium",
                "mkdir -p ~/.pki/nssdb && certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Hedgerow -i hedgerow-ca.crt",
            ),
        ),
    ),
    FIREFOX: System("Firefox", "ca.cer", 3),
}

_SAID = (  # the first that fits; Android says Linux too, a Chromebook X11
    ("chromeos", r"\bCrOS\b|Chrom(e|ium) OS"),
    ("android", r"\bAndroid\b"),
    ("ios", r"\b(iPhone|iPad|iPod)\b|^\"?iOS"),
    ("windows", r"\bWindows\b"),
    ("macos", r"\bMacintosh\b|\bmacOS\b"),
    ("linux", r"\bLinux\b|\bX11\b"),
)


def recognised(headers: Mapping[str, str]) -> str:
    """The system a browser says it runs on, "" when it says none. A guess: an iPad calls itself a Mac."""
    said = (headers.get("sec-ch-ua-platform", "")[:100], headers.get("user-agent", "")[:1000])
    return next((name for text in said for name, sign in _SAID if re.search(sign, text)), "")


def is_firefox(headers: Mapping[str, str]) -> bool:
    """True for a browser with certificates of its own. Firefox on iOS is none: it calls itself FxiOS."""
    return "Firefox/" in headers.get("user-agent", "")[:1000]
