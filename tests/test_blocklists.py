"""The shipped lists: every file is read without a bad line, agrees with the others, and opens what must stay open."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from hedgerow.core.categories import categories_of
from hedgerow.core.hosts import is_public_suffix
from hedgerow.core.model import Action
from hedgerow.stores.categories import BANDS, LANGUAGES, CategoryTable, load_categories, load_no_decrypt
from hedgerow.stores.corrections import load_corrections
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.formats.domains import parse
from hedgerow.stores.lists import MappedIndex, Report, build, open_index

ROOT = Path(__file__).parents[1]
LISTS = ROOT / "blocklists"
SEEDS = sorted((LISTS / "seed").glob("*.txt"))


@pytest.fixture(scope="module")
def table() -> CategoryTable:
    return load_categories(LISTS / "categories.yaml")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, table: CategoryTable) -> MappedIndex:
    report = Report()
    folder = build([LISTS / "seed"], table, tmp_path_factory.mktemp("index"), report)
    assert report.bad == {}, str(report)
    return open_index(folder)


def test_the_categories_a_school_needs(table: CategoryTable) -> None:
    asked = """illegal adult gambling drugs alcohol-tobacco weapons violence-gore hate-extremism self-harm
        eating-disorders dating social messaging games video music ai-chat proxy-vpn doh malware phishing piracy
        misinformation shopping ads-trackers file-sharing shorteners translators-caches user-content search news
        education health-education banking-government updates page-parts"""
    assert sorted(table) == sorted(asked.split())


def test_each_category_is_named_in_five_languages(table: CategoryTable) -> None:
    for language in LANGUAGES:
        names = [category.names[language] for category in table.categories.values()]
        assert len(set(names)) == len(names), language  # no two categories with one name
    for category in table.categories.values():
        assert re.search("[\u0600-\u06ff]", category.names["fa"]), category.id
        assert re.search("[а-яё]", category.names["ru"]), category.id
        assert category.names["kk"] != category.names["ru"] or category.id == "music", category.id  # Музыка in both
        assert len(category.description) > 20 and len(category.why) > 20, category.id


def test_defaults_open_with_age_and_never_the_other_way(table: CategoryTable) -> None:
    for category in table.categories.values():
        actions = [category.defaults[band] for band in BANDS]
        assert actions == sorted(actions, reverse=True), category.id


def test_every_category_has_its_seed_and_every_seed_its_category(table: CategoryTable) -> None:
    assert {path.stem for path in SEEDS} == set(table)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_seed_says_what_it_is_and_lists_each_name_once(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    listed = [one for line in lines for one in parse(0, line)]
    assert listed and len(set(listed)) == len(listed)


def test_a_seed_says_it_when_it_means_all_of_a_public_suffix() -> None:
    """A suffix without "*." or "=" would silently cover only itself."""
    for path in SEEDS:
        for line in path.read_text(encoding="utf-8").splitlines():
            for one in parse(0, line):
                silent = not one.path and not line.startswith(("*.", "=")) and is_public_suffix(one.host)
                assert not silent, f"{path.name}: {line}"


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("m.pornhub.com", "/", {"adult"}),
        ("www.google.com", "/search", {"search"}),
        ("google.com", "/", {"search"}),
        ("maps.google.com", "/", set()),  # "=google.com" is no word about all of Google
        ("classroom.google.com", "/", {"education"}),
        ("mail.google.com", "/", {"messaging"}),
        ("old.reddit.com", "/r/NSFW/top", {"social", "adult"}),
        ("reddit.com", "/r/science", {"social"}),
        ("someone.github.io", "/", {"user-content"}),
        ("kaspi.kz", "/", {"banking-government"}),
        ("kaspi.kz", "/shop/c/phones", {"banking-government", "shopping"}),
        ("hust.edu.vn", "/", {"education"}),
        ("moet.gov.vn", "/", {"banking-government"}),
        ("vi.wikipedia.org", "/wiki/Việt_Nam", {"education"}),
        ("example-com.translate.goog", "/", {"translators-caches"}),
        ("8.8.8.8", "/", {"doh"}),
        ("2001:4860:4860::8888", "/", {"doh"}),
        ("essex.ac.uk", "/", {"education"}),
        ("notpornhub.com", "/", set()),
        ("pornhub.com.example", "/", set()),
    ],
)
def test_what_the_seeds_say(index: MappedIndex, host: str, path: str, expected: set[str]) -> None:
    assert categories_of(index, host, path) == expected


def test_help_and_learning_stand_in_no_other_list(index: MappedIndex) -> None:
    """A health or education name that a stricter list names too would be closed to those who need it."""
    open_to_all = {"education", "health-education", "banking-government", "updates", "search", "news"}
    for name in ("health-education", "education", "updates"):
        for line in (LISTS / "seed" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            for one in parse(0, line):
                found = categories_of(index, one.host, one.path or "/")
                assert name in found and found <= open_to_all, f"{line}: {sorted(found)}"


def test_what_passes_undecrypted_is_open_else_it_would_never_pass(index: MappedIndex, table: CategoryTable) -> None:
    for host, entry in load_no_decrypt(LISTS / "no-decrypt.yaml").items():
        actions = [table[category].defaults["ages-8-10"] for category in categories_of(index, host)]
        assert actions and max(actions) <= Action.MONITOR, f"{entry.where}: {host}"


def test_nothing_passes_undecrypted_where_anyone_can_publish(index: MappedIndex) -> None:
    for host in load_no_decrypt(LISTS / "no-decrypt.yaml"):
        assert "user-content" not in categories_of(index, host), host


@pytest.mark.parametrize("vendor", ["sign-in", "Update", "Store", "Zoom", "Bluebook", "Kaspersky", "Health", "Banks"])
def test_vendors_of_every_kind(vendor: str) -> None:
    entries = load_no_decrypt(LISTS / "no-decrypt.yaml").values()
    assert any(vendor in entry.vendor for entry in entries)


def test_the_readmes_examples_are_read_as_they_stand(table: CategoryTable, tmp_path: Path) -> None:
    """What IT copies from README.md must work: lists line by line, corrections and vendors as files."""
    blocks = re.findall(r"```(\w+)\n(.*?)```", (LISTS / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    read = {"text": 0, "corrections": 0, "no-decrypt": 0}
    for kind, block in blocks:
        path = tmp_path / "example.yaml"
        path.write_text(block, encoding="utf-8")
        if kind == "text":
            read["text"] += sum(len(list(parse(0, line))) for line in block.splitlines())
        elif block.startswith("corrections:"):
            read["corrections"] += len(load_corrections(path, "README.md", table.ids, mistakes := Mistakes()))
            mistakes.raise_if_any()
        elif block.startswith("no-decrypt:"):
            read["no-decrypt"] += len(load_no_decrypt(path))
    assert min(read.values()) >= 1, read


def test_sources_were_read_on_a_day_that_has_been() -> None:
    text = (LISTS / "no-decrypt.yaml").read_text(encoding="utf-8")
    days = re.findall(r"^    date: (\S+)$", text, re.MULTILINE)
    assert len(days) == text.count("- vendor:") and max(map(date.fromisoformat, days)) <= date(2026, 11, 23)
