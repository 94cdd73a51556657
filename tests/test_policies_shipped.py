"""The shipped bands keep what they promise: whole, never stricter for the older, and true to their own examples."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from hedgerow.core.hosts import canonical_host, is_public_suffix, parents
from hedgerow.core.model import Action
from hedgerow.stores.lint import lint
from hedgerow.stores.policies import load_policy
from tests.shipped import (
    BANDS,
    CATEGORIES,
    LANGUAGES,
    POLICIES,
    TOPICS,
    action,
    examples,
    helplines,
    part,
    protected,
    read,
    resolved,
    times,
)

SHIPPED = sorted(p for p in POLICIES.rglob("*.yaml") if {"local", "words", "messages"}.isdisjoint(p.parts))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_files_are_strict_yaml(path: Path) -> None:
    read(path)


def test_the_loader_has_nothing_to_say(tmp_path: Path) -> None:
    """The shipped files with the shipped example of site.yaml, as ``deploy/up`` lays them together."""
    (tmp_path / "site.yaml").write_bytes((POLICIES / "site.example.yaml").read_bytes())
    loaded = load_policy(POLICIES, tmp_path, CATEGORIES)
    assert loaded.bands == BANDS
    assert loaded.policy.default_band == BANDS[0]
    assert loaded.notes == ()
    found = lint(loaded, datetime(2026, 11, 25, 10, tzinfo=UTC))
    assert {finding.where.file for finding in found} <= {"local/site.yaml"}, "what only the school can say: who reads"
    assert len(loaded.examples) == sum(len(examples(name)) for name in BANDS)


@pytest.mark.parametrize("name", BANDS)
def test_every_category_is_decided(name: str) -> None:
    assert resolved(name, "categories").keys() == CATEGORIES
    assert resolved(name, "words").keys() == TOPICS
    assert {"page", "part", "address"} == resolved(name, "unknown").keys()


@pytest.mark.parametrize("name", BANDS)
def test_categories_file_and_band_say_the_same(name: str) -> None:
    """blocklists/categories.yaml tells the reason for a default; the band decides. They must be the same default."""
    told = part(read(POLICIES.parent / "blocklists" / "categories.yaml"), "categories")
    assert told.keys() == CATEGORIES
    rules = resolved(name, "categories")
    assert {c: part(part(told, c), "defaults")[name] for c in told} == {c: str(action(r)) for c, r in rules.items()}


@pytest.mark.parametrize("name", ["ages-5-7", "staff"])
def test_a_band_that_stands_alone_says_all(name: str) -> None:
    band = read(POLICIES / "bands" / f"{name}.yaml")
    assert "extends" not in band
    assert part(band, "categories").keys() == CATEGORIES
    assert {"title", "no-page", "unknown", "undecodable"} <= band.keys()


@pytest.mark.parametrize("name", BANDS)
def test_titles_and_messages_are_in_five_languages(name: str) -> None:
    band = read(POLICIES / "bands" / f"{name}.yaml")
    for key in ("title", "messages"):
        said = part(band, key)
        assert sorted(said) == sorted(LANGUAGES)
        assert len(set(map(str, said.values()))) == len(LANGUAGES)


@pytest.mark.parametrize("key", ["categories", "unknown"])
@pytest.mark.parametrize("younger, older", list(pairwise(BANDS)))
def test_the_older_band_is_never_stricter(key: str, younger: str, older: str) -> None:
    below, above = resolved(younger, key), resolved(older, key)
    assert [c for c in above if action(above[c]) > action(below[c])] == []


@pytest.mark.parametrize("name", BANDS)
def test_limits_open_in_a_window_that_exists(name: str) -> None:
    windows = resolved(name, "windows").keys() | {"school-hours"}
    rules = {**resolved(name, "categories"), **resolved(name, "sites")}
    for key, rule in rules.items():
        assert set(times(rule)) <= windows, key
        if action(rule) is Action.LIMIT:
            assert any(Action[a.upper()] < Action.LIMIT for a in times(rule).values()), key


@pytest.mark.parametrize("name", BANDS)
def test_site_rules_name_canonical_hosts(name: str) -> None:
    for site in resolved(name, "sites"):
        host, _, path = site.removeprefix("=").partition("/")
        assert canonical_host(host) == host
        assert not is_public_suffix(host) or site.startswith("=")
        assert not path.endswith("/")


@pytest.mark.parametrize("name", BANDS)
def test_no_site_rule_repeats_a_rule_above_it(name: str) -> None:
    """``m.x.example: allow`` below ``x.example: allow`` only hides what the shorter line already says."""
    sites = resolved(name, "sites")
    for site, rule in part(read(POLICIES / "bands" / f"{name}.yaml"), "sites").items():
        host, _, path = site.partition("/")
        above = [p for p in parents(host) if p in sites and (p != host or path)]
        assert not above or sites[above[0]] != rule, site


@pytest.mark.parametrize("name", BANDS)
def test_each_band_promises_enough(name: str) -> None:
    said = examples(name)
    rules = {e["by"].split(":")[0] for e in said}
    assert len(said) >= 12
    assert {"category", "words", "unknown", "protected"} <= rules
    expected = {e["expect"] for e in said}
    assert {"allow", "block"} <= expected
    assert name == "ages-5-7" or expected & {"warn", "limit"}


@pytest.mark.parametrize("name", BANDS)
def test_examples_name_rules_that_exist(name: str) -> None:
    hosts = {host for language in LANGUAGES for line in helplines(language) for host in protected(line)}
    known = {
        "category": set(CATEGORIES),
        "site": set(resolved(name, "sites")),
        "words": TOPICS,
        "unknown": {"page", "part", "address"},
        "files": set(resolved(name, "files")),
        "floor": {"category:illegal", "category:malware", "category:phishing"},
        "protected": hosts,
    }
    for example in examples(name):
        kind, _, rule = example["by"].partition(":")
        assert rule in known[kind], example


@pytest.mark.parametrize("name", BANDS)
def test_category_examples_agree_with_the_categories(name: str) -> None:
    rules = resolved(name, "categories")
    for example in examples(name):
        kind, _, category = example["by"].partition(":")
        if kind == "category":
            rule = rules[category]
            legal = {str(action(rule)), *times(rule).values()}
            assert example["expect"] in legal, example


def test_each_band_is_spoken_to_in_its_own_register(tmp_path: Path) -> None:
    spoken = {name: band.register for name, band in load_policy(POLICIES, tmp_path, CATEGORIES).policy.bands.items()}
    young, middle, older = ("ages-5-7", "ages-8-10"), ("ages-11-13",), ("ages-14-17",)
    assert spoken == {
        **dict.fromkeys(young, "young"),
        **dict.fromkeys(middle, "middle"),
        **dict.fromkeys(older, "older"),
        "staff": "staff",
    }
