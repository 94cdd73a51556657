"""policies/README.md cannot go stale: its recipes are read by the strict loader, and every key in use is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hedgerow.core.words import Lexicon
from hedgerow.stores.errors import Mistakes, PolicyError
from hedgerow.stores.messages import load_messages
from hedgerow.stores.policies import load_policy
from hedgerow.stores.word_phrases import LINE_KEYS
from hedgerow.stores.words import SCHOOL_KEYS, failed_samples, in_force, load_folder
from hedgerow.stores.yamlfile import parse
from tests.shipped import (
    BANDS,
    CATEGORIES,
    LANGUAGES,
    POLICIES,
    TOPICS,
    examples,
    helplines,
    part,
    plain,
    read,
    resolved,
    times,
    word_lists,
)

README = (POLICIES / "README.md").read_text()


def every_recipe() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def recipes() -> list[str]:
    return [text for text in every_recipe() if not text.startswith(("topic:", "texts:", "ideas:"))]


def test_the_recipes_for_sentences_change_what_they_say(tmp_path: Path) -> None:
    texts, ideas = (next(t for t in every_recipe() if t.startswith(key)) for key in ("texts:", "ideas:"))
    (tmp_path / "ideas").mkdir()
    (tmp_path / "en.yaml").write_text(texts)
    (tmp_path / "ideas" / "en.yaml").write_text(ideas)
    made = load_messages(POLICIES / "messages", tmp_path)["en"]
    assert made.get("block.title", "staff") == made.get("block.title", "young") == "Closed at Hedgerow School"
    assert made.get("block.lead", "young").startswith("Ask Ms Lan") and "{host}" in made.get("block.lead", "middle")
    assert (made.get("minutes", n=1), made.get("minutes", n=30)) == ("1 little minute", "30 little minutes")
    assert made.ideas["games"].question == "When did I want to stop?"


def test_the_recipe_for_a_false_alarm_removes_a_phrase_that_is_there(tmp_path: Path) -> None:
    text = next(text for text in every_recipe() if text.startswith("topic:") and "remove:" in text)
    before = len(in_force(word_lists()))
    (tmp_path / "drugs.en.yaml").write_text(text)
    assert len(in_force((*word_lists(), *load_folder(tmp_path, False)))) == before - 1


def test_the_recipe_for_words_keeps_what_it_promises(tmp_path: Path) -> None:
    text = next(text for text in every_recipe() if text.startswith("topic:") and "phrases:" in text)
    (tmp_path / "drugs.en.yaml").write_text(text)
    lists = (*word_lists(), *load_folder(tmp_path, False))
    own = [one for one in lists if any(sample.where.file.startswith("local/") for sample in one.samples)]
    assert not list(map(str, failed_samples(own, Lexicon.build(in_force(lists)).scan)))


def test_every_key_of_a_word_list_is_explained() -> None:
    assert not [key for key in (*SCHOOL_KEYS, *LINE_KEYS) if key not in README]


@pytest.mark.parametrize("text", recipes(), ids=lambda text: text.splitlines()[-1].strip()[:40])
def test_recipes_are_strict_yaml_with_known_keys(text: str) -> None:
    mistakes = Mistakes()
    root = parse(text.encode(), "recipe", mistakes)
    root.known("band", "windows", "categories", "sites", "words", "files", "messages", "calendar")
    mistakes.raise_if_any()
    said = plain(root)
    assert isinstance(said, dict)
    name = str(said.get("band", "staff"))
    assert part(said, "categories").keys() <= CATEGORIES
    assert part(said, "words").keys() <= TOPICS
    known = resolved(name, "windows").keys() | part(said, "windows").keys()
    for rule in (*part(said, "categories").values(), *part(said, "sites").values()):
        assert set(times(rule)) <= known
    taken_away = [site for site, rule in part(said, "sites").items() if rule == "no-rule"]
    assert set(taken_away) <= resolved(name, "sites").keys()


@pytest.mark.parametrize("text", recipes(), ids=lambda text: text.splitlines()[-1].strip()[:40])
def test_recipes_load_as_a_school_edit(text: str, tmp_path: Path) -> None:
    band = re.match("band: (.*)", text)
    path = tmp_path / "bands" / f"{band[1]}.yaml" if band else tmp_path / "site.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    before = load_policy(POLICIES, tmp_path / "nothing", CATEGORIES).policy
    assert load_policy(POLICIES, tmp_path, CATEGORIES).policy.version != before.version


@pytest.mark.parametrize(
    "edit, message",
    [
        ("categories: {gamblng: block}", "unknown category 'gamblng'; did you mean 'gambling'? known: ..."),
        ("site: {museum.example: allow}", "unknown key 'site'; did you mean 'sites'? known: ..."),
        (
            "# a comment\nsites:\n  museum.example: allow\n  museum.example: block",
            "'museum.example' stands here twice; first in line 3",
        ),
        ("sites:\n\tmuseum.example: allow", "a tab; indent and align with spaces"),
        ("windows: {noon: {days: all, from: noon, to: '13:00'}}", "... expected, not ..."),
        ("sites:\n  museum.example:", "nothing stands here; write a value"),
        ("sites: {'https://museum.example': allow}", "a site is written without 'https://'"),
        ("sites: {'*.museum.example': allow}", "no '*' in a site: 'museum.example' covers everything below it"),
        (
            "categories: {games: limit}",
            "limit means closed at this time of day; add 'times: {WINDOW: allow}', or write block",
        ),
        (
            "categories: {games: {action: limit, times: {lunsh: allow}}}",
            "unknown window 'lunsh'; did you mean 'lunch'? known: ...",
        ),
        ("categories: {phishing: warn}", "the floor holds ... at block (...); no band can open it"),
    ],
)
def test_the_messages_it_explains_are_the_messages_given(edit: str, message: str, tmp_path: Path) -> None:
    assert f"| `{message}` |" in README
    (tmp_path / "bands").mkdir()
    (tmp_path / "bands" / "ages-8-10.yaml").write_text(edit + "\n")
    with pytest.raises(PolicyError) as caught:
        load_policy(POLICIES, tmp_path, CATEGORIES)
    given = re.escape(message).replace(r"\.\.\.", ".*")
    assert re.search(given, str(caught.value)), str(caught.value)


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_every_key_is_in_the_readme() -> None:
    used: set[str] = set()
    for name in BANDS:
        used |= read(POLICIES / "bands" / f"{name}.yaml").keys() | keys_of(examples(name))
        for key in ("categories", "sites", "words", "files", "windows"):
            used |= keys_of(list(resolved(name, key).values())) - resolved(name, "windows").keys()
    site = read(POLICIES / "site.example.yaml")
    networks = list(part(site, "networks").values())
    used |= (
        site.keys() | keys_of([site[key] for key in ("privacy", "place", "calendar", "gateway")]) | keys_of(networks)
    )
    used |= keys_of([line for language in LANGUAGES for line in helplines(language)])
    assert {key for key in used if f"`{key}`" not in README} == set()
