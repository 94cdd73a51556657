"""site.yaml read whole; its mistakes are in ``policies_broken`` (140 to 174)."""

from __future__ import annotations

import ipaddress
from datetime import date, time
from pathlib import Path

from hedgerow.core.model import Calendar, Capture, Where
from hedgerow.stores.identities import Identities, NetworkRule
from hedgerow.stores.site import Mail, Place, Privacy, Site
from hedgerow.stores.site_reader import read_site
from tests.stores.small_world import root, told

BANDS = ("garden", "meadow", "staff")
EXAMPLE = Path(__file__).parents[2] / "policies" / "site.example.yaml"
WHOLE = """
school: "THCS Hoa Phượng"
timezone: Asia/Ho_Chi_Minh
languages: [vi, en, vi]
contact: {vi: "Hỏi thầy Minh"}
networks:
  pupils: {addresses: [10.20.0.0/16, "fd00:20::/48"], band: meadow, capture: names-only}
  office: {addresses: [10.20.9.0/24], band: staff, staff-only: true}
default-band: meadow
default-band-reason: "no young children here"
hours: {mon: "07:30-16:30", sat: "07:30-11:00"}
calendar: {holidays: [2026-11-20, 2027-02-01 to 2027-02-02], exam-days: [2027-05-10]}
place: {country: VN, province: "Lào Cai", formerly: ["Yên Bái"]}
reports: {harmful: ["mailto:a@school.test", "https://hooks.school.test/x"], technical: "mailto:it@school.test"}
mail: {server: mail.school.test, from: gateway@school.test}
privacy: {pseudonyms: term, events: all, detail: url, time: second, keep-days: 7}
proxy: {parent: "http://proxy.test:3128"}
ports: [80, 443, 8443]
private: [10.1.0.10, 10.2.0.0/24, Intranet.School.Test, "fd00::5"]
gateway: {names: [hedgerow.school.test, hedgerow]}
"""


def read(text: str) -> tuple[Site, list[str]]:
    found, mistakes = root(text)
    return read_site(found, BANDS, frozenset({"staff"})), told(mistakes)


def test_all_keys() -> None:
    site, mistakes = read(WHOLE)
    assert mistakes == []
    assert site == Site(
        school="THCS Hoa Phượng",
        timezone="Asia/Ho_Chi_Minh",
        languages=("vi", "en"),
        contact={"vi": "Hỏi thầy Minh"},
        networks=(
            NetworkRule(
                "pupils",
                (ipaddress.ip_network("10.20.0.0/16"), ipaddress.ip_network("fd00:20::/48")),
                "meadow",
                Capture.NAMES_ONLY,
            ),
            NetworkRule("office", (ipaddress.ip_network("10.20.9.0/24"),), "staff", Capture.DECRYPTED, True),
        ),
        default_band="meadow",
        hours={0: (time(7, 30), time(16, 30)), 5: (time(7, 30), time(11))},
        calendar=Calendar(
            "Asia/Ho_Chi_Minh",
            frozenset({0, 5}),
            frozenset({date(2026, 11, 20), date(2027, 2, 1), date(2027, 2, 2)}),
            frozenset({date(2027, 5, 10)}),
        ),
        place=Place("VN", "Lào Cai", ("Yên Bái",)),
        reports={
            "harmful": ("mailto:a@school.test", "https://hooks.school.test/x"),
            "technical": ("mailto:it@school.test",),
        },
        mail=Mail("mail.school.test", 587, "starttls", "gateway@school.test"),
        privacy=Privacy("term", "all", "url", "second", 7),
        parent_proxy="http://proxy.test:3128",
        ports=frozenset({80, 443, 8443}),
        private=("10.1.0.10/32", "10.2.0.0/24", "intranet.school.test", "fd00::5/128"),
        gateway_names={"hedgerow.school.test": Where("f.yaml", 20), "hedgerow": Where("f.yaml", 20)},
    )


def test_who_is_who_in_the_end() -> None:
    site, _ = read(WHOLE)
    identities = Identities(site.networks, site.default_band)
    assert identities.resolve("10.20.1.1").band == "meadow"
    assert identities.resolve("10.20.9.1").band == "staff"  # the longer range inside the other
    assert identities.resolve("192.0.2.1").band == "meadow"


def test_nothing_said_is_the_strictest_and_the_least() -> None:
    site, mistakes = read("")
    assert mistakes == []
    assert site == Site(default_band="garden", calendar=Calendar("UTC"))


def test_two_ranges_in_one_network_may_repeat_but_not_across() -> None:
    text = "networks:\n  a: {addresses: [10.0.0.0/8, 10.0.0.0/8], band: garden}\n"
    assert read(text)[1] == []
    assert read(text + "  b: {addresses: [10.0.0.0/8], band: meadow}\n")[1] == [
        "'10.0.0.0/8' belongs to the network 'a' already"
    ]


def test_the_shipped_example_is_right() -> None:
    found, mistakes = root(EXAMPLE.read_text(encoding="utf-8"))
    bands = ("ages-5-7", "ages-8-10", "ages-11-13", "ages-14-17", "staff")
    site = read_site(found, bands, frozenset({"staff"}))
    assert told(mistakes) == []
    assert site.default_band == "ages-5-7"
