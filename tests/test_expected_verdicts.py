"""tests/e2e/expected.yaml, the shipped bands and the seed lists say the same: none is changed without the others."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import yaml

from hedgerow.cli.asked import Asked, request_of
from hedgerow.core.hosts import parents
from hedgerow.core.model import Index, Where
from hedgerow.core.urls import parse_url
from hedgerow.core.words import Lexicon
from hedgerow.stores.examples import run_examples
from hedgerow.stores.kept_words import environment, kept_words
from hedgerow.stores.lists import build, open_index
from hedgerow.stores.policies import LoadedPolicy, load_policy
from hedgerow.stores.policy_examples import Example
from tests.shipped import CATEGORIES, POLICIES, ROOT, action, resolved

SEEDS = ROOT / "blocklists" / "seed"
TODAY = date(2026, 11, 25)  # a Wednesday
LESSON = datetime(2026, 11, 25, 10)
TWO = ("ages-8-10", "ages-14-17")


def expected() -> list[dict[str, str]]:
    text = (ROOT / "tests/e2e/expected.yaml").read_text()
    found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text of everything
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index(build([SEEDS], CATEGORIES, tmp_path_factory.mktemp("index")))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedPolicy:
    return load_policy(POLICIES, tmp_path_factory.mktemp("school"), CATEGORIES)


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return kept_words(POLICIES / "words", tmp_path_factory.mktemp("school"), [environment()]).lexicon


def problems(examples: tuple[Example, ...], loaded: LoadedPolicy, index: Index, lexicon: Lexicon) -> list[str]:
    results = run_examples(
        examples, loaded.policy, index, lexicon.scan, lambda example: request_of(Asked(example.url)), TODAY
    )
    return [str(result) for result in results if not result.kept]


def test_the_bands_keep_their_promises(loaded: LoadedPolicy, index: Index, lexicon: Lexicon) -> None:
    assert len(loaded.examples) >= 100
    assert problems(loaded.examples, loaded, index, lexicon) == []


def test_every_expected_verdict_comes_out(loaded: LoadedPolicy, index: Index, lexicon: Lexicon) -> None:
    asked = tuple(
        Example(band, Where("expected.yaml"), line["url"], action(line[band]), at=LESSON)
        for line in expected()
        for band in TWO
    )
    assert problems(asked, loaded, index, lexicon) == []


def test_the_expected_verdicts_are_many() -> None:
    lines = expected()
    assert len(lines) >= 240
    assert len({line["category"] for line in lines}) >= 16
    assert {line["kind"] for line in lines} == {"literal", "subdomain", "path", "lookalike", "neighbour", "open"}


def test_more_than_two_hundred_stand_in_no_seed_literally() -> None:
    """Else the table would only show that a list can be read back."""
    listed = {line.partition("#")[0].strip() for path in SEEDS.iterdir() for line in path.read_text().splitlines()}
    literal = [line for line in expected() if parse_url(line["url"]).host in listed]
    blocked = [line for line in literal if line["kind"] in ("literal", "subdomain")]
    assert len(blocked) <= 50
    assert len(expected()) - len(literal) > 200


@pytest.mark.parametrize("band", TWO)
def test_the_expected_verdicts_agree_with_the_bands(band: str) -> None:
    """A changed default must be a changed promise: nobody moves one without seeing the other."""
    categories = {name: str(action(rule)) for name, rule in resolved(band, "categories").items()}
    categories["unknown"] = str(action(resolved(band, "unknown")["page"]))
    sites = resolved(band, "sites")
    wrong = []
    for line in expected():
        host = line["url"].split("//")[1].split("/")[0].lower()
        by_site = [str(action(sites[p])) for p in parents(host) if p in sites]
        if line[band] != (by_site or [categories[line["category"]]])[0]:
            wrong.append(line)
    assert wrong == []
