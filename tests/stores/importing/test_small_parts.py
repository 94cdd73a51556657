"""Text, media types, names of lists: the tables of the import."""

from __future__ import annotations

import pytest

from hedgerow.stores.importing.destinations import CATEGORIES, category_of, language_named
from hedgerow.stores.importing.e2settings import LISTS_LEFT, OLD_LISTS, REASONS
from hedgerow.stores.importing.mime import extension_of
from hedgerow.stores.importing.text import Text, comment, key, quoted
from tests.shipped import CATEGORIES as OURS


@pytest.mark.parametrize(
    "name, said, category",
    [
        ("lists/blacklists/porn/domains", "", "adult"),
        ("gambling", "", "gambling"),
        ("sex/education/domains", "", "health-education"),
        ("lists/bannedsitelist", "Banned Sites", ""),
        ("lists/x", "Our Games", "games"),
        ("malware", "", "malware"),
        ("hobby/games-online", "", "games"),
        ("nonsense", "", ""),
    ],
)
def test_categories_of_lists(name: str, said: str, category: str) -> None:
    assert category_of(name, said) == category


def test_every_name_leads_to_a_category_that_exists() -> None:
    assert set(CATEGORIES.values()) <= OURS
    assert "illegal" not in CATEGORIES.values()  # no file of a school's fills it by a guess
    assert category_of("news-and-more", known=frozenset({"news-and-more"})) == "news-and-more"


@pytest.mark.parametrize(
    "path, language",
    [
        ("pornography/weighted_danish", "da"),
        ("russian-1251/pornography/weighted", "ru"),
        ("chinesebig5/x", "zh"),
        ("ukenglish/x", "en"),
        ("pornography/weighted", ""),
        ("polishing/x", ""),
    ],
)
def test_languages_of_paths(path: str, language: str) -> None:
    assert language_named(path) == language


@pytest.mark.parametrize(
    "media_type, kind",
    [
        ("application/zip", "zip"),
        ("audio/mpeg", "mp3"),
        ("video/quicktime", "mov"),
        ("audio/x-wav", "wav"),
        ("x/y", ""),
        ("", ""),
    ],
)
def test_media_types(media_type: str, kind: str) -> None:
    assert extension_of(media_type)[0] == kind


def test_reasons() -> None:
    assert REASONS["loglevel"] != REASONS["language" + "dir"] and all(LISTS_LEFT.values())
    assert OLD_LISTS["bannedsitelist"] == ("sitelist", "banned")


@pytest.mark.parametrize(
    "value, written",
    [
        ("a.example", "a.example"),
        ("=github.io", "=github.io"),
        ("a.example/x", "a.example/x"),
        ("1.2.3.4", '"1.2.3.4"'),
        ("2001:db8::1", '"2001:db8::1"'),
        ("a.example/k%C3", '"a.example/k%C3"'),
        ("no", "no"),
    ],
)
def test_keys(value: str, written: str) -> None:
    assert key(value) == written


def test_lines() -> None:
    text = Text()
    assert (text.add("a"), text.add()) == (1, 2) and str(text) == "a\n\n"
    assert quoted('a"b') == '"a\\"b"' and comment("a\nb\x1b") == "a?b?"
