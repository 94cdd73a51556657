"""Word lists from files; their mistakes are in ``policies_broken`` (190 to 197, 210 to 224)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hedgerow.core.model import Hit, Passage, TopicScore, Where
from hedgerow.core.words import Lexicon, Phrase
from hedgerow.stores.words import failed_samples, in_force, load_lists, load_words
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

    slip = Hit("gambling", "betting slip", Where("words/gambling.en.yaml", 6), 2, 14, "a betting slip")

    def always(texts: Sequence[str | Passage], typed: bool = False) -> Sequence[TopicScore]:
        return (TopicScore("gambling", 1.0 if typed else 2.5, "en", (slip,)),)

    def never(texts: Sequence[str | Passage], typed: bool = False) -> Sequence[TopicScore]:
        return (TopicScore("adult", 1.0, "en", ()),)

    assert [str(failure) for failure in failed_samples(lists, always)] == [
        "words/gambling.en.yaml:4: gambling must stay under 1, reaches 1 as typed text: a better slip; "
        "found: “betting slip” +1 (words/gambling.en.yaml:6)",
        "words/gambling.en.yaml:4: gambling must stay under 2, reaches 2.5 as a page: a better slip; "
        "found: “betting slip” +1 (words/gambling.en.yaml:6)",
    ]
    assert [str(failure) for failure in failed_samples(lists, never)] == [
        "words/gambling.en.yaml:3: gambling must reach 1, reaches 0 as typed text: a betting slip"
    ]


def test_combinations_stems_and_context(tmp_path: Path) -> None:
    text = """topic: drugs
language: en
must-hit-page: ["buy weed, buy weed"]
phrases:
  - {all: [[buy, "sell*"], "weed"], within: 3, ordered: true, weight: 2, most: 5}
  - {text: "joint*", weight: 0.5}
context:
  - {all: [talk, drugs]}
  - prevention
"""
    where = "words/drugs.en.yaml"
    groups = (("buy", "sell*"), ("weed",))
    assert load_words(write(tmp_path / "words", text, "drugs.en.yaml"), tmp_path / "absent") == (
        Phrase("drugs", "buy, sell* + weed", "en", Where(where, 5), 2.0, groups, 3, True, 5),
        Phrase("drugs", "joint*", "en", Where(where, 6), 0.5),
        Phrase("drugs", "talk + drugs", "en", Where(where, 8), groups=(("talk",), ("drugs",)), lowers=True),
        Phrase("drugs", "prevention", "en", Where(where, 9), lowers=True),
    )
    school = "topic: drugs\nlanguage: en\nremove: ['buy, sell* + weed', prevention]\n"
    left = load_words(tmp_path / "words", write(tmp_path / "local", school, "drugs.en.yaml"))
    assert [phrase.text for phrase in left] == ["joint*", "talk + drugs"]


def test_all_mistakes_of_all_files(tmp_path: Path) -> None:
    write(tmp_path / "words", "topic: gambling\nlanguage: en\nphrases: [a, a]\n")
    write(tmp_path / "words", "topic: adult\n", "adult.en.yaml")
    with pytest.raises(PolicyError) as raised:
        load_words(tmp_path / "words", tmp_path / "absent")
    assert [str(mistake) for mistake in raised.value.mistakes] == [
        "words/adult.en.yaml:1:1: 'language' is missing",
        "words/gambling.en.yaml:3:14: 'a' stands here twice; first in line 3",
    ]


TALK = """topic: hate
language: en
phrases: [vermin]
typed:
  - they are scum
  - {all: [they, scum], weight: 2}
context: [said]
"""


def test_what_is_typed_is_judged_by_more_than_pages(tmp_path: Path) -> None:
    phrases = load_words(write(tmp_path / "words", TALK, "hate.en.yaml"), tmp_path / "absent")
    assert [(one.text, one.most) for one in phrases] == [
        ("vermin", 3),
        ("they are scum", 0),
        ("they + scum", 0),
        ("said", 3),
    ]
    lexicon = Lexicon.build(phrases)
    text = "they are scum"
    (score,) = lexicon.scan([text], typed=True)
    assert (score.topic, score.score) == ("hate", 3.0)
    assert lexicon.scan([Passage(text)] * 9) == ()
    assert not lexicon.may_find([text])
    (page,) = lexicon.scan([Passage("vermin"), Passage(text)], least=0.5)
    assert page.score == 1.0 and [hit.phrase for hit in page.hits] == ["vermin"]


def test_a_line_for_typed_text_is_no_line_for_pages_spelled_otherwise(tmp_path: Path) -> None:
    lines = "phrases: [{text: wetback, weight: 2}, kysnow]\ntyped: [wet back, {text: kys now, weight: 2}]\n"
    shipped = write(tmp_path / "words", f"topic: hate\nlanguage: en\n{lines}", "hate.en.yaml")
    lexicon = Lexicon.build(load_words(shipped, tmp_path / "absent"))
    assert lexicon.scan([Passage("a wet back and wet hair")]) == ()
    (page,), (said,) = lexicon.scan([Passage("kysnow")]), lexicon.scan(["kys now"], typed=True)
    assert (page.score, said.score) == (1.0, 2.0)
