"""The shipped schemas are the readers' own tables: nothing legal is refused, and what is written is up to date."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from hedgerow.core.topics import TOPICS as SHIPPED_TOPICS
from hedgerow.stores.categories import load_categories
from hedgerow.stores.schema import json_schemas

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
TOPICS = sorted(SHIPPED_TOPICS | {path.name.split(".")[0] for path in (POLICIES / "words").glob("*.yaml")})
SCHEMAS = json_schemas(load_categories(ROOT / "blocklists" / "categories.yaml").ids, TOPICS)
KINDS = {"bands": "band", "helplines": "helplines", "words": "words"}
SHIPPED = sorted(path for folder in KINDS for path in (POLICIES / folder).glob("*.yaml"))


def check(kind: str, text: str) -> None:
    """As an editor sees it: YAML 1.2 has no dates and no sexagesimals, so only numbers and booleans are typed."""
    jsonschema.validate(yaml.load(text, Loader=yaml.BaseLoader), SCHEMAS[kind])


@pytest.mark.parametrize("kind", SCHEMAS)
def test_is_a_schema_and_is_shipped(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])
    written = (POLICIES / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert json.loads(written) == SCHEMAS[kind], "run `hedgerow schema` again"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_shipped_files_are_legal(path: Path) -> None:
    check(KINDS[path.parent.name], path.read_text(encoding="utf-8"))


def test_the_floor_is_legal() -> None:
    check("floor", (POLICIES / "floor.yaml").read_text(encoding="utf-8"))
    check("floor", "categories: {doh: {action: block, message: x}}\nsites: {a.test: help}\n")


@pytest.mark.parametrize(
    "kind, text",
    [
        ("band", "categries: {}"),
        ("band", "categories: {gamblng: block}"),
        ("band", "categories: {gambling: blok}"),
        ("band", "categories: {gambling: no-rule}"),
        ("band", "words: {nothing: block}"),
        ("band", "words: {grooming: {action: block, alert: soon}}"),
        ("band", "words: {grooming: {action: block, typed: no-rule}}"),
        ("band", 'windows: {a: {days: all, from: "7:30", to: "08:00"}}'),
        ("band", "examples: [{url: a.test}]"),
        ("floor", "categories: {gambling: warn}"),
        ("helplines", "helplines: [{name: x}]"),
        ("site", "timezon: UTC"),
        ("site", "networks: {a: {band: x}}"),
        ("words", "phrase: [a]"),
        ("words", "sets: {People: [a]}"),
        ("words", "sets: {people: []}"),
    ],
)
def test_mistakes_are_underlined(kind: str, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check(kind, text)


def test_without_tables_any_category_is_legal() -> None:
    jsonschema.validate({"categories": {"anything": "block"}}, json_schemas()["band"])
