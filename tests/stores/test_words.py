"""Word lists from files; their mistakes are in ``policies_broken`` (190 to 197)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hedgerow.core.model import TopicScore, Where
from hedgerow.core.words import Phrase
from hedgerow.stores.words import Sample, failed_samples, in_force, load_lists, load_words
from hedgerow.stores.yamlfile import PolicyError


def write(folder: Path, text: str, name: str = "gambling.en.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


SHIPPED = """topic: gambling
language: en
must-hit: ["a betting slip"]
must-not-hit: ["a better slip"]
phrases:
  - betting slip
  - {text: "777", weight: 2}
  - 0800
"""


def test_phrases_as_written(tmp_path: Path) -> None:
    assert load_words(write(tmp_path / "words", SHIPPED), tmp_path / "absent") == (
        Phrase("gambling", "betting slip", "en", Where("words/gambling.en.yaml", 6)),
        Phrase("gambling", "777", "en", Where("words/gambling.en.yaml", 7), 2.0),
        Phrase("gambling", "0800", "en", Where("words/gambling.en.yaml", 8)),
    )


def test_a_school_adds_weighs_and_removes(tmp_path: Path) -> None:
    shipped = write(tmp_path / "words", SHIPPED)
    text = (
        "topic: gambling\nlanguage: en\nremove: ['0800']\nphrases:\n  - {text: betting slip, weight: 0.5}\n  - tote\n"
    )
    found = load_words(shipped, write(tmp_path / "local", text))
    assert [(p.text, p.weight, str(p.where)) for p in found] == [
        ("betting slip", 0.5, "local/words/gambling.en.yaml:5"),
        ("777", 2.0, "words/gambling.en.yaml:7"),
        ("tote", 1.0, "local/words/gambling.en.yaml:6"),
    ]


def test_a_removal_stays_in_its_language(tmp_path: Path) -> None:
    shipped = write(tmp_path / "words", SHIPPED)
    text = "topic: gambling\nlanguage: ru\nremove: [betting slip]\n"
    assert len(load_words(shipped, write(tmp_path / "local", text, "gambling.ru.yaml"))) == 3


def test_samples_are_held(tmp_path: Path) -> None:
    lists = load_lists(write(tmp_path / "words", SHIPPED), tmp_path / "absent")
    assert len(in_force(lists)) == 3

    def always(texts: Sequence[str]) -> Sequence[TopicScore]:
        return (TopicScore("gambling", 1.0, "en", ()),)

    def never(texts: Sequence[str]) -> Sequence[TopicScore]:
        return (TopicScore("adult", 1.0, "en", ()),)

    hit = Sample("gambling", "a betting slip", True, Where("words/gambling.en.yaml", 3))
    miss = Sample("gambling", "a better slip", False, Where("words/gambling.en.yaml", 4))
    assert failed_samples(lists, always) == (miss,)
    assert failed_samples(lists, never) == (hit,)


def test_all_mistakes_of_all_files(tmp_path: Path) -> None:
    write(tmp_path / "words", "topic: gambling\nlanguage: en\nphrases: [a, a]\n")
    write(tmp_path / "words", "topic: adult\n", "adult.en.yaml")
    with pytest.raises(PolicyError) as raised:
        load_words(tmp_path / "words", tmp_path / "absent")
    assert [str(mistake) for mistake in raised.value.mistakes] == [
        "words/adult.en.yaml:1:1: 'language' is missing",
        "words/gambling.en.yaml:3:14: 'a' stands here twice; first in line 3",
    ]
