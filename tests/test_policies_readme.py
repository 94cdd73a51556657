"""policies/README.md cannot go stale: its recipes are read by the strict loader, and every key in use is explained."""

from __future__ import annotations

import re

import pytest

from hedgerow.stores.errors import Mistakes
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
)

README = (POLICIES / "README.md").read_text()


def recipes() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


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
