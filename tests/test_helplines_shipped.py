"""The shipped helplines: a dated source for each, hosts that may be protected, and places that still find them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from hedgerow.core.hosts import canonical_host, is_public_suffix
from tests.shipped import LANGUAGES, helplines, part, protected


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_helpline_without_a_dated_source(language: str) -> None:
    for line in helplines(language):
        assert line["status"] == "documented"  # nobody called: only a school can say "confirmed"
        assert date(2026, 11, 1) <= date.fromisoformat(str(line["verified"])) <= date(2026, 11, 30)
        assert re.search(r"20[12]\d", str(line["source"])), line["name"]
        assert line["hours"] and line["number"]
        assert re.fullmatch("[A-Z]{2}", str(part(line, "place")["country"]))


def test_no_helpline_is_on_a_shared_platform_or_listed_twice() -> None:
    hosts = [host for language in LANGUAGES for line in helplines(language) for host in protected(line)]
    assert len(hosts) == len(set(hosts))
    assert not [host for host in hosts if is_public_suffix(host) or canonical_host(host) != host]


def test_the_same_number_is_two_services_in_two_countries() -> None:
    lines = [line for language in LANGUAGES for line in helplines(language) if line["number"] == "111"]
    assert {part(line, "place")["country"] for line in lines} == {"VN", "KZ"}


def test_yen_bai_is_found_under_its_new_name() -> None:
    place = next(part(line, "place") for line in helplines("vi") if line["number"] == "18001776")
    assert (place["province"], place["formerly"]) == ("Lào Cai", ["Yên Bái"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_fits_one_line_of_a_phone_in_every_language_it_is_told_in(language: str) -> None:
    for line in helplines(language):
        others = part(line, "translations") if "translations" in line else {}
        names = [str(line.get("short", line["name"])), *(str(part(others, one)["name"]) for one in others)]
        assert max(map(len, names)) <= 36, names
        assert language == "en" or "en" in others, line["name"]
        assert language not in others
        assert all("hours" in part(others, one) for one in others) or line["hours"] == "unknown"


def test_readers_of_all_our_languages_are_told_of_the_line_of_the_whole_country() -> None:
    vietnam = next(line for line in helplines("vi") if line["number"] == "111")
    assert part(vietnam, "translations").keys() == set(LANGUAGES) - {"vi"}
