"""One band file, and one laid over another."""

from __future__ import annotations

from datetime import time

import pytest

from hedgerow.core.model import Action, Severity, Window, WordRule
from hedgerow.stores.policy_bands import (
    BandFile,
    Known,
    check_complete,
    check_windows,
    laid_over,
    read_band,
    removed_in_vain,
    weekday,
)
from tests.stores.small_world import CATEGORIES, node, root, told

KNOWN = Known(frozenset(CATEGORIES), frozenset({"adult"}))


def band(text: str, shipped: bool = False) -> tuple[BandFile, list[str]]:
    found, mistakes = root(text)
    return read_band(found, "garden", KNOWN, shipped), told(mistakes)


@pytest.mark.parametrize(
    "written, window",
    [
        ('{days: all, from: "00:00", to: "24:00"}', Window("w", frozenset(range(7)), time(0), time(0))),
        ("{days: [sat, sun], from: 22:00, to: 06:00}", Window("w", frozenset({5, 6}), time(22), time(6))),
        (
            "{days: [mon], from: 08:00, to: 09:00, on: exam-days}",
            Window("w", frozenset({0}), time(8), time(9), "exam-days"),
        ),
    ],
)
def test_windows(written: str, window: Window) -> None:
    found, mistakes = band(f"windows:\n  w: {written}\n")
    assert mistakes == []
    assert found.windows == {"w": window}


def test_an_empty_file_says_nothing() -> None:
    found, mistakes = band("# all lines are comments\n")
    assert mistakes == []
    assert (found.categories, found.sites, found.lenient, found.examples) == ({}, {}, None, ())


def test_sections_whose_lines_are_all_comments_say_nothing() -> None:
    assert band("sites:\n#  a.test: allow\nexamples:\nwindows:\n")[1] == []


def test_only_shipped_files_extend() -> None:
    assert band("band: garden\nextends: meadow\n", shipped=True)[0].extends == "meadow"
    assert band("extends: meadow\n")[1] != []


def test_laid_over_rule_by_rule() -> None:
    base, _ = band("categories: {adult: block}\nmessages: {en: a, vi: b}\nno-page: allow\nregister: young\n")
    over, _ = band("categories: {games: warn}\nmessages: {en: c}\nunknown: {page: warn}\n")
    full = laid_over(base, over)
    assert {key: rule.action for key, rule in full.categories.items()} == {"adult": Action.BLOCK, "games": Action.WARN}
    assert full.messages == {"en": "c", "vi": "b"}
    assert full.lenient is True and full.register == "young"
    assert laid_over(base, band("register: middle\n")[0]).register == "middle"
    fluent = band("languages: [kk, ru, kk]\n")[0]
    assert fluent.languages == ("kk", "ru") == laid_over(fluent, over).languages
    assert laid_over(fluent, band("languages: [vi]\n")[0]).languages == ("vi",)
    assert band("languages: [kk, xx]\n")[1] != []
    assert set(full.defaults) == {"unknown:page"}


@pytest.mark.parametrize(
    "base, over, alert, alert_from",
    [
        ("{action: block, alert: high, alert-from: 2}", "help", Severity.HIGH, 2.0),  # in passing
        ("{action: block, alert: high, alert-from: 2}", "{action: help, alert: off}", Severity.OFF, 2.0),
        ("{action: block, alert: high}", "{action: help, alert-from: 3}", Severity.HIGH, 3.0),
        ("block", "{action: help, alert: low}", Severity.LOW, None),
        ("{action: block, alert: high}", "no-rule", None, None),
        ("no-rule", "block", None, None),
    ],
)
def test_a_rule_that_says_nothing_of_alerts_keeps_them(
    base: str, over: str, alert: Severity | None, alert_from: float | None
) -> None:
    full = laid_over(band(f"words: {{adult: {base}}}\n")[0], band(f"words: {{adult: {over}}}\n")[0]).words["adult"]
    told_of = (full.alert, full.alert_from) if isinstance(full, WordRule) else (None, None)
    assert told_of == (alert, alert_from)


def test_windows_named_must_be_there_in_the_end() -> None:
    found, mistakes = root(
        "sites: {a.test: {action: block, times: {lunch: allow, school-hours: allow, rest: allow}}}\n"
    )
    over = read_band(found, "garden", KNOWN, False)
    base, _ = band("windows: {lunch: {days: all, from: 12:00, to: 13:00}}\n")
    check_windows(laid_over(base, over), over)
    assert told(mistakes) == ["unknown window 'rest'; known: lunch, school-hours"]


def test_a_band_that_stands_alone_says_everything() -> None:
    found, mistakes = root("band: garden\ncategories: {adult: block}\nunknown: {page: block}\n")
    check_complete(read_band(found, "garden", KNOWN, True), KNOWN)
    assert told(mistakes) == [
        "'title' is missing",
        "'no-page' is missing",
        "'undecodable' is missing",
        "'part' is missing",
        "'address' is missing",
        "nothing is said about gambling, games, illegal, malware, phishing, search, social",
    ]


def test_taking_away_what_is_not_there() -> None:
    base, _ = band("sites: {a.test: allow}\n")
    over, _ = band("sites: {a.test: no-rule, b.test: no-rule}\nwords: {adult: no-rule}\n")
    assert [what for what, _ in removed_in_vain(base, over)] == ["sites: b.test", "words: adult"]


def test_weekdays() -> None:
    assert [weekday(node(day)[0]) for day in ("mon", "sun")] == [0, 6]
