"""Rules that can never speak, or cannot work where only names are seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hedgerow.core.model import NoDecrypt, Where
from hedgerow.stores.lint_reach import (
    blind,
    contradicted,
    decided_before,
    never_fires,
    skipped_examples,
    skipped_hours,
)
from hedgerow.stores.linting import Finding, Linting
from tests.core.house import Lists, lists
from tests.stores.small_world import NOW, loaded

Check = Callable[[Linting], Iterator[Finding]]
APPLE = {"apple.test": NoDecrypt("apple.test", "Apple", "pinned", Where("no-decrypt.yaml", 4))}


def told(check: Check, folder: Path, index: Lists | None = None, now: datetime = NOW, **files: str) -> list[str]:
    linting = Linting(loaded(folder, APPLE, **files), now, index)
    return [f"{finding.where.line}: {finding.message}" for finding in check(linting)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("sites: {a.test: allow}", []),
        ("sites: {a.test: {action: allow, until: 2026-11-23}}", []),  # today is still in force
        (
            "sites: {a.test: {action: allow, until: 2026-11-22}}",
            ["1: site:a.test ended on 2026-11-22; the line does nothing any more"],
        ),
        (
            "sites: {a.test: {action: warn, times: {lunch: warn}}}",
            ["1: site:a.test: its times say warn too; they change nothing"],
        ),
        ("sites: {a.test: {action: warn, times: {lunch: warn, school-hours: block}}}", []),
        (
            'windows: {exam: {days: all, from: "08:00", to: "12:00", on: exam-days}}\n'
            "sites: {a.test: {action: allow, times: {exam: block}}}",
            ["2: site:a.test: the window 'exam' is never open in the next year"],
        ),
        (
            'windows: {no: {days: [], from: "08:00", to: "12:00"}}\n'
            "sites: {a.test: {action: allow, times: {no: block}}}",
            ["2: site:a.test: the window 'no' is never open in the next year"],
        ),
    ],
)
def test_never_fires(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert told(never_fires, tmp_path, garden=text + "\n") == expected


def test_decided_before(tmp_path: Path) -> None:
    text = "sites:\n  www.bad.test: block\n  help.test: warn\n  www.help.test: allow\n  a.help.test: block\n"
    assert sorted(told(decided_before, tmp_path, garden=text)) == [
        "2: site:www.bad.test: the floor decides first (floor.yaml:2)",
        "3: help.test is a helpline and stays open (helplines/en.yaml:9)",
    ]


def test_blind_networks(tmp_path: Path) -> None:
    site = "networks:\n  guests: {addresses: [10.0.0.0/8], band: garden, capture: names-only}\n"
    text = "sites: {video.test/kids: allow}\n"
    assert told(blind, tmp_path, garden=text, site=site) == [
        "1: the network 'guests' sees names only: 1 rules for paths in garden cannot work there, this one first",
        "20: the network 'guests' sees names only: 1 rules for words in garden cannot work there, this one first",
        "22: the network 'guests' sees names only: 1 rules for files in garden cannot work there, this one first",
    ]
    assert told(blind, tmp_path, garden=text, site=site.replace("names-only", "decrypted")) == []


def test_a_path_on_a_name_that_passes_undecrypted(tmp_path: Path) -> None:
    assert told(blind, tmp_path, garden="sites: {www.apple.test/x: block, apple.test: block}\n") == [
        "1: www.apple.test is not decrypted (Apple, no-decrypt.yaml:4): a rule for a path cannot work"
    ]


def test_hours_that_the_clocks_skip(tmp_path: Path) -> None:
    text = (
        'windows: {rest: {days: all, from: "02:30", to: "05:00"}, unused: {days: all, from: "02:30", to: "05:00"}}\n'
        "sites: {a.test: {action: block, times: {rest: allow}}}\n"
    )
    berlin, hanoi = (NOW.astimezone(ZoneInfo(zone)) for zone in ("Europe/Berlin", "Asia/Ho_Chi_Minh"))
    assert told(skipped_hours, tmp_path, now=berlin, garden=text) == [
        "2: site:a.test: on 2027-03-28 the clocks skip 02:30 of 'rest'"
    ]
    assert told(skipped_hours, tmp_path, now=hanoi, garden=text) == []


def test_examples_at_a_time_that_never_was(tmp_path: Path) -> None:
    berlin = NOW.astimezone(ZoneInfo("Europe/Berlin"))
    text = "examples:\n" + "".join(
        f'  - {{url: a.test, expect: block, at: "{at}"}}\n' for at in ("2027-03-28 02:30", "2027-03-28 03:30")
    )
    assert told(skipped_examples, tmp_path, now=berlin, garden=text) == [
        "2: the clocks skip 2027-03-28 02:30; choose another time"
    ]
    assert told(skipped_examples, tmp_path, garden=text) == []


def test_lists_that_contradict_help(tmp_path: Path) -> None:
    assert told(contradicted, tmp_path, lists(phishing="help.test", user_content="www.help.test")) == [
        "9: help.test: help.test is listed as phishing: no helpline",
        "9: www.help.test is a shared platform; name the helpline's path",
        "9: www.help.test: help.test is listed as phishing: no helpline",
    ]


def test_lists_that_name_a_helpline_and_do_not_close_it(tmp_path: Path) -> None:
    """Protected names win whatever a list says (evasion L06); somebody should know that the list is wrong."""
    assert told(contradicted, tmp_path, lists(gambling="help.test")) == [
        "9: help.test stays open, though help.test is listed as gambling (seed/gambling.txt:1)",
        "9: www.help.test stays open, though help.test is listed as gambling (seed/gambling.txt:1)",
    ]
    assert told(contradicted, tmp_path, lists(education="help.test")) == []


def test_lists_that_contradict_an_open_site(tmp_path: Path) -> None:
    text = "sites: {a.test: allow, b.test: block}\n"
    assert told(contradicted, tmp_path, lists(malware="a.test b.test"), garden=text) == [
        "1: site:a.test: a.test is listed as malware, in the floor"
    ]
    assert told(contradicted, tmp_path, None, garden=text) == []
