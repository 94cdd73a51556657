"""The settings in force as sentences, in five languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from babel import Locale

from hedgerow.core.model import Capture
from hedgerow.stores.identities import NetworkRule
from hedgerow.stores.messages import LANGUAGES, shipped_messages
from hedgerow.stores.privacy_facts import BLANK, facts, privacy_folder
from hedgerow.stores.report_model import KINDS, TOPICS
from hedgerow.stores.site import REPORT_TOPICS, Place, Privacy, Site
from tests.shipped import read


def words(language: str) -> dict[str, str]:
    found = read(privacy_folder() / f"facts.{language}.yaml")["facts"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_of_it_with_the_same_placeholders(language: str) -> None:
    english, own = words("en"), words(language)
    assert {key for key in own if key[:5] != "keep."} == {key for key in english if key[:5] != "keep."}
    assert {f"keep.{form}" for form in (*Locale(language).plural_form.tags, "other")} == {
        key for key in own if key.startswith("keep.")
    }
    for key, text in own.items():
        known = english.get(key, english["keep.other"])
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", known)), key
        assert language == "en" or text != known or key == "comma", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_of_site_yaml_and_every_topic_has_its_words(language: str) -> None:
    own = words(language)
    assert {f"topic.{topic}" for topic in REPORT_TOPICS} <= set(own)
    assert {f"network.{level}" for level in Capture} <= set(own)
    for pseudonyms in ("day", "term"):
        for events in ("blocked", "all"):
            for detail in ("category", "host", "url"):
                for time in ("minute", "second"):
                    assert facts(Site(privacy=Privacy(pseudonyms, events, detail, time)), language)


@pytest.mark.parametrize(
    "language, days, told",
    [
        ("en", 1, "1 day"),
        ("en", 30, "30 days"),
        ("ru", 21, "21 день"),
        ("ru", 33, "33 дня"),
        ("ru", 30, "30 дней"),
        ("vi", 30, "30 ngày"),
        ("kk", 30, "30 күн"),
        ("fa", 30, "۳۰ روز"),
    ],
)
def test_days_are_counted_as_people_count(language: str, days: int, told: str) -> None:
    assert facts(Site(privacy=Privacy(keep_days=days)), language)["keep"] == told


def test_who_reads_reports_is_named_and_a_webhooks_path_is_not() -> None:
    reports = {"harmful": ("mailto:lead@school.example", "https://hooks.example/secret"), "help": ("desk:Cô Lan",)}
    told = facts(Site(reports=reports), "en")["recipients"]
    harmful, asked = told.splitlines()
    assert harmful == "- “This page is harmful”: lead@school.example, hooks.example"
    assert asked == "- “I need help”: Cô Lan"
    assert facts(Site(reports={"harmful": ()}), "en")["recipients"].startswith("- The school has not yet said")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_topic_is_called_what_its_button_says(language: str) -> None:
    own, texts = words(language), shipped_messages()[language]
    for kind, topic in ((kind, TOPICS[kind]) for kind in KINDS):
        button = f"report.kind.{kind}"
        assert own[f"topic.{topic}"][1:-1] == texts.get(button, "middle")


def test_two_keyholders_are_named_and_one_is_not_enough() -> None:
    two = Site(privacy=Privacy(keyholders={"Cô Lan": "k1", "Thầy Minh": "k2"}))
    assert "Cô Lan، Thầy Minh" in facts(two, "fa")["opening"]
    assert "nobody" in facts(Site(privacy=Privacy(keyholders={"Cô Lan": "k1"})), "en")["opening"]


def test_what_the_school_wrote_stays_on_its_line() -> None:
    told = facts(Site(school="A\n# B|C", contact={"en": "x\ny"}), "en")
    assert (told["school"], told["contact"]) == ("A # B/C", "x y")


def test_networks_law_and_way_out_are_those_of_the_school() -> None:
    school = Site(
        networks=(NetworkRule("pupils", (), "ages-8-10"), NetworkRule("guests", (), "ages-8-10", Capture.NAMES_ONLY)),
        place=Place("KZ"),
        parent_proxy="http://proxy.district.example:3128",
    )
    told = facts(school, "en")
    assert [line.split(":")[0] for line in told["networks"].splitlines()[:2]] == ["- **pupils**", "- **guests**"]
    assert "94-V" in told["law"] and "another proxy" in told["way-out"]
    assert facts(replace(school, place=Place("XX"), parent_proxy=""), "en")["law"] == BLANK
