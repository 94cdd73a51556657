"""Files of learned weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.core.learned import Line
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.word_weights import load_weights
from tests.shipped import POLICIES

GOOD = (
    "topics\tadult\tself-harm\nstart\t-2\t-3\nlisted\t2.5\t1\npage-at\t4\t\npage-step\t0.75\t\n"
    "typed-at\t1\t2\ntyped-step\t0.5\t0.5\nbelieved\t\t-1.5\nchecks\t\thate violence\nnude*\t3.5\nbye now\t\t-1\n"
)


def write(folder: Path, text: str, name: str = "en.tsv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_read(tmp_path: Path) -> None:
    found = load_weights(write(write(tmp_path, GOOD), GOOD, "vi.tsv"))
    assert [(one.topic, one.language) for one in found.subjects] == [
        ("adult", "en"), ("self-harm", "en"), ("adult", "vi"), ("self-harm", "vi"),
    ]  # fmt: skip
    adult, harm = found.subjects[:2]
    assert (adult.start, adult.listed, adult.page, adult.typed) == (-2.0, 2.5, Line(4.0, 0.75), Line(1.0, 0.5))
    assert harm.page is None and harm.checks == ("hate", "violence")
    assert (adult.believed, harm.believed) == (None, -1.5)
    assert [(one.text, dict(one.weights), str(one.where)) for one in found.features] == [
        ("nude*", {0: 3.5}, "words/learned/en.tsv:10"),
        ("bye now", {1: -1.0}, "words/learned/en.tsv:11"),
        ("nude*", {2: 3.5}, "words/learned/vi.tsv:10"),
        ("bye now", {3: -1.0}, "words/learned/vi.tsv:11"),
    ]


@pytest.mark.parametrize(
    "name, text, told",
    [
        ("en.tsv", "", "words/learned/en.tsv:1"),
        ("xx.tsv", GOOD, "one of"),
        ("en.tsv", GOOD.replace("listed", "lists"), "begins with lines for topics, start, listed"),
        ("en.tsv", GOOD + "word\tmany\n", "words/learned/en.tsv:12:1: numbers only"),
        ("en.tsv", GOOD + "word\t1\t2\t3\n", "words/learned/en.tsv:12:1: a name and at most 2 numbers"),
        ("en.tsv", GOOD.replace("typed-at\t1\t2", "typed-at\t1"), "self-harm: typed-at"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        load_weights(write(tmp_path, text, name))


def test_of_a_broken_table_a_few_lines_are_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as error:
        load_weights(write(tmp_path, GOOD + "word\n" * 1000))
    assert len(str(error.value).splitlines()) < 10


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    assert load_weights(tmp_path / "absent").subjects == ()


def test_shipped_ones_load() -> None:
    found = load_weights(POLICIES / "words" / "learned")
    assert {one.topic for one in found.subjects} <= {"adult", "gambling", "drugs", "self-harm", "bullying"}
    assert found.features
