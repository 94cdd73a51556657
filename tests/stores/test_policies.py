"""Loading a whole: inheritance among shipped files, the school's edits over them, and nothing after a mistake."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.core.model import Action, NoDecrypt, Where
from hedgerow.stores.policies import load_policy
from hedgerow.stores.policy_words import rules_of
from hedgerow.stores.yamlfile import PolicyError
from tests.stores.small_world import BASE, CATEGORIES, loaded

A = Action


def test_bands_stand_in_the_order_of_inheritance(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert found.bands == ("garden", "meadow", "staff")
    assert [found.policy.bands[name].order for name in found.bands] == [0, 1, 2]
    assert found.policy.default_band == "garden"


def test_a_child_inherits_rule_by_rule(tmp_path: Path) -> None:
    bands = loaded(tmp_path).policy.bands
    garden, meadow, staff = bands["garden"], bands["meadow"], bands["staff"]
    assert meadow.categories["gambling"] == garden.categories["gambling"]
    assert meadow.categories["gambling"].where == Where("bands/garden.yaml", 9)
    assert meadow.categories["games"].action is A.LIMIT
    assert meadow.categories["games"].where == Where("bands/meadow.yaml", 7)
    assert meadow.categories["games"].times == (("lunch", A.ALLOW),)
    assert (meadow.unknown_page.action, meadow.unknown_address.action) == (A.WARN, A.BLOCK)
    assert "lunch" in meadow.windows and (garden.lenient, meadow.lenient) == (False, True)
    assert "video.test" in garden.sites and "video.test" not in meadow.sites  # no-rule
    assert staff.categories["games"].action is A.ALLOW


def test_a_school_edit_touches_its_own_band_only(tmp_path: Path) -> None:
    before, after = loaded(tmp_path / "a"), loaded(tmp_path / "b", garden="categories: {games: warn}\n")
    assert after.policy.bands["garden"].categories["games"].action is A.WARN
    assert after.policy.bands["garden"].categories["games"].where == Where("local/bands/garden.yaml", 1)
    assert after.policy.bands["garden"].categories["adult"] == before.policy.bands["garden"].categories["adult"]
    assert after.policy.bands["meadow"] == before.policy.bands["meadow"]
    assert after.shipped == before.shipped


def test_a_school_edit_may_use_and_change_windows(tmp_path: Path) -> None:
    text = (
        'windows: {lunch: {days: all, from: "12:00", to: "13:00"}, night: {days: [fri], from: "22:00", to: "24:00"}}\n'
        "sites:\n  video.test: {action: block, times: {night: allow, lunch: warn}}\n"
    )
    garden = loaded(tmp_path, garden=text).policy.bands["garden"]
    assert garden.windows["lunch"].days == frozenset(range(7))
    assert garden.sites["video.test"][0].rule.times == (("night", A.ALLOW), ("lunch", A.WARN))


def test_site_rules_are_ordered_for_the_most_specific(tmp_path: Path) -> None:
    written = (
        "a.test: allow",
        "=a.test: warn",
        "a.test/x/y: block",
        "a.test/x: warn",
        "=a.test/x: {action: allow, words: off}",
    )
    text = "\n  ".join(("sites:", *written)) + "\n"
    rules = loaded(tmp_path, garden=text).policy.bands["garden"].sites["a.test"]
    assert [rule.rule.id for rule in rules] == [
        "site:a.test/x/y",
        "site:=a.test/x",
        "site:a.test/x",
        "site:=a.test",
        "site:a.test",
    ]
    assert [rule.words for rule in rules] == [True, False, True, True, True]


def test_no_rule_takes_away_what_is_inherited(tmp_path: Path) -> None:
    text = "sites: {kids.test: no-rule}\nwords: {adult: no-rule}\nfiles: {programs: no-rule, nothing: no-rule}\n"
    found = loaded(tmp_path, garden=text, site="school: x\n")
    garden = found.policy.bands["garden"]
    assert (garden.words, garden.files, "kids.test" in garden.sites) == ({}, (), False)
    assert found.notes == ("local/bands/garden.yaml:3: files: nothing: there is no rule to take away here",)


def test_the_floor_adds_up(tmp_path: Path) -> None:
    text = "categories: {social: block, malware: block}\nsites: {far.test: help, bad.test: block}\n"
    floor = loaded(tmp_path, floor=text).policy.floor
    assert {key: str(rule.where) for key, rule in floor.categories.items()} == {
        "illegal": "package:floor:3",
        "malware": "package:floor:4",
        "phishing": "package:floor:5",
        "social": "local/floor.yaml:1",
    }
    assert floor.categories["social"].id == "floor:category:social"
    assert floor.sites["far.test"][0].rule.id == "floor:site:far.test"
    assert str(floor.sites["bad.test"][0].rule.where) == "floor.yaml:2"


def test_a_school_floor_stands_above_shipped_bands_without_a_word(tmp_path: Path) -> None:
    found = loaded(tmp_path, floor="categories: {social: block}\n")
    assert found.policy.bands["staff"].categories["social"].action is A.ALLOW


def test_helplines_and_the_gateway_are_protected(tmp_path: Path) -> None:
    found = loaded(tmp_path, site="gateway: {names: [Hedgerow.School.Test]}\n")
    assert {host: entry.shipped for host, (entry,) in found.policy.protected.items()} == {
        "help.test": True,
        "www.help.test": True,
        "hedgerow.school.test": False,
        "ready.hedgerow.school.test": False,
        "hedgerow.internal": True,
        "ready.hedgerow.internal": True,
    }
    own = {"hedgerow.school.test", "hedgerow.internal"}
    assert found.policy.gateway_names == own | {f"ready.{name}" for name in own}


def test_a_school_cannot_take_over_a_shipped_helpline(tmp_path: Path) -> None:
    (tmp_path / "helplines").mkdir()
    (tmp_path / "helplines" / "en.yaml").write_text((BASE / "helplines" / "en.yaml").read_text())
    assert all(entry.shipped for found in loaded(tmp_path).policy.protected.values() for entry in found)


def test_school_hours_become_one_window_a_day(tmp_path: Path) -> None:
    text = "sites: {video.test: {action: block, times: {school-hours: allow}}}\n"
    site = 'hours: {mon: "07:30-16:30", sat: "08:00-12:00"}\n'
    found = loaded(tmp_path, garden=text, site=site)
    garden = found.policy.bands["garden"]
    rule = garden.sites["video.test"][0].rule
    assert rule.times == (("school-hours-mon", A.ALLOW), ("school-hours-sat", A.ALLOW))
    assert garden.windows["school-hours-sat"].days == {5}
    assert found.policy.calendar.school_days == {0, 5}


def test_site_settings_reach_the_policy(tmp_path: Path) -> None:
    site = (
        "ports: [80, 443, 8443]\nprivate: [10.1.0.10, intranet.test]\ndefault-band: meadow\ndefault-band-reason: old\n"
    )
    policy = loaded(tmp_path, site=site).policy
    assert policy.ports == {80, 443, 8443}
    assert policy.private_allowed == ("10.1.0.10/32", "intranet.test")
    assert policy.default_band == "meadow"


def test_without_site_yaml_nobody_is_known_and_it_is_told(tmp_path: Path) -> None:
    found = loaded(tmp_path / "absent")
    assert found.site.networks == ()
    assert len(found.notes) == 1 and "local/site.yaml is missing" in found.notes[0]


def test_titles_follow_the_school_languages(tmp_path: Path) -> None:
    found = loaded(tmp_path, garden='title: {vi: "Vườn"}\n', site="languages: [vi, en]\n")
    assert found.policy.bands["garden"].title == "Vườn"
    assert found.policy.bands["meadow"].title == "The meadow"
    assert found.titles["garden"] == {"en": "The garden", "vi": "Vườn"}


def test_the_version_names_the_content(tmp_path: Path) -> None:
    plain, commented = loaded(tmp_path / "a"), loaded(tmp_path / "b", garden="# nothing\n")
    edited = loaded(tmp_path / "c", garden="categories: {games: warn}\n")
    closed = loaded(tmp_path / "d", {"x.test": NoDecrypt("x.test", "x", "x", Where("no-decrypt.yaml", 1))})
    assert plain.policy.version == commented.policy.version
    assert len({plain.policy.version, edited.policy.version, closed.policy.version}) == 3
    assert len(plain.policy.version) == 12


def test_the_version_is_the_same_in_every_process(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from hedgerow.stores.policies import load_policy;"
        f"print(load_policy(Path({str(BASE)!r}), Path({str(tmp_path)!r}), {CATEGORIES!r}).policy.version)"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert runs == {loaded(tmp_path).policy.version}


def test_it_can_be_handed_to_workers(tmp_path: Path) -> None:
    found = loaded(tmp_path, site="networks: {a: {addresses: [10.0.0.0/8], band: garden}}\n")
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_mistake_gives_nothing_and_an_older_policy_is_as_it_was(tmp_path: Path) -> None:
    """The runtime's guarantee rests on this: load_policy gives a whole policy or raises, and changes nothing."""
    in_force = loaded(tmp_path)
    before = pickle.dumps(in_force)
    with pytest.raises(PolicyError, match="local/bands/garden.yaml:1:14: unknown category 'gamblng'"):
        loaded(tmp_path, garden="categories: {gamblng: block}\n")
    assert pickle.dumps(in_force) == before


def test_no_band_at_all_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no band that extends nothing is shipped"):
        load_policy(tmp_path, tmp_path, CATEGORIES)


EXAMPLE = (Path(__file__).parents[2] / "policies" / "site.example.yaml").read_text(encoding="utf-8")
SCHOOL = {
    "garden": (BASE / "bands" / "garden.yaml").read_text() + 'examples:\n  - {url: "https://a.test", expect: allow}\n',
    "floor": "categories: {social: block}\nsites: {a.test: {action: help, message: x}}\n",
    "site": re.sub("ages-(5-7|8-10)", "garden", EXAMPLE).replace("ages-14-17", "meadow"),
}
PIECES = st.one_of(
    st.sampled_from(
        (
            "allow",
            "no-rule",
            "limit",
            "{}",
            "[]",
            "''",
            "\n",
            ": ",
            "- ",
            "24:00",
            "2026-02-30",
            "=",
            "\t",
            "0",
            "*",
            "/",
            "é",
        )
    ),
    st.text(max_size=4),
)


def test_the_school_that_slips_begins_right(tmp_path: Path) -> None:
    found = loaded(tmp_path, None, **{**SCHOOL, "garden": SCHOOL["garden"].replace("social: allow", "social: block")})
    assert found.site.networks


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(SCHOOL)), st.integers(0, 10_000), st.integers(0, 30), PIECES)
def test_a_slip_of_the_hand_gives_a_whole_policy_or_its_mistakes(
    tmp_path: Path, file: str, place: int, length: int, piece: str
) -> None:
    """Never anything else than PolicyError; and what loads holds the floor and names only windows that are there."""
    text = SCHOOL[file]
    start = place % len(text)
    slip = text[:start] + piece + text[start + length :]
    try:
        policy = loaded(tmp_path, None, **{**SCHOOL, file: slip.encode("utf-8", "replace").decode()}).policy
    except PolicyError as error:
        assert error.mistakes
        return
    assert {"illegal", "malware", "phishing"} <= policy.floor.categories.keys()
    assert "bad.test" in policy.floor.sites
    for band in policy.bands.values():
        assert {name for rule, _ in rules_of(band) for name, _ in rule.times} <= band.windows.keys()
        assert band.categories.keys() == set(CATEGORIES)
