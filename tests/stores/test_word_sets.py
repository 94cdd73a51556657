"""Sets of texts in word lists; their mistakes are in ``policies_broken`` (…-words-set-…)."""

from __future__ import annotations

import pickle
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.core.phrases import Phrase, TextSet
from hedgerow.core.words import Lexicon
from hedgerow.stores.words import WordList, in_force, load_lists, load_words

LIST = """topic: hate
language: en
sets:
  people: [turk*, pole, kurd]
  contempt: [scum, vermin]
phrases:
  - {all: [<people>, <contempt>], within: 3}
  - {all: [[<people>, our neighbours], [stink, "smell*"]], ordered: true}
context:
  - {all: [<people>, history]}
"""


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "hate.en.yaml").write_text(text, encoding="utf-8")
    return folder


def loaded(tmp_path: Path, school: str = "") -> tuple[WordList, ...]:
    shipped = write(tmp_path / "words", LIST)
    return load_lists(shipped, write(tmp_path / "local", school) if school else tmp_path / "absent")


def shown(lexicon: Lexicon, text: str) -> list[str]:
    return [hit.phrase for score in lexicon.scan([text], typed=True) for hit in score.hits]


def test_a_combination_is_named_as_it_is_written_and_searched_as_the_texts(tmp_path: Path) -> None:
    first, second, third = in_force(loaded(tmp_path))
    people, contempt = TextSet("people", ("turk*", "pole", "kurd")), TextSet("contempt", ("scum", "vermin"))
    assert (first.text, first.groups) == ("<people> + <contempt>", ((people,), (contempt,)))
    assert first.searched == (people.texts, contempt.texts)
    assert second.text == "<people>, our neighbours + stink, smell*"
    assert second.searched == (("our neighbours", *people.texts), ("stink", "smell*"))
    assert third.lowers


def test_the_texts_of_a_set_are_there_once(tmp_path: Path) -> None:
    phrases = in_force(loaded(tmp_path))
    for some in (phrases, pickle.loads(pickle.dumps(phrases))):
        assert len({id(one) for phrase in some for one in phrase.groups[0] if isinstance(one, TextSet)}) == 1


def test_the_evidence_is_the_word_that_stood_there(tmp_path: Path) -> None:
    lexicon = Lexicon.build(in_force(loaded(tmp_path)))
    assert shown(lexicon, "those turks are vermin") == ["turk* … vermin"]
    assert shown(lexicon, "our neighbours stink") == ["our neighbours … stink"]
    assert shown(lexicon, "a pole smells") == ["pole … smell*"]
    assert shown(lexicon, "smells of a pole") == shown(lexicon, "vermin and scum") == []


def test_a_school_takes_a_combination_away_by_the_names(tmp_path: Path) -> None:
    school = (
        "topic: hate\nlanguage: en\nremove: ['<people> + <contempt>', '<people>, our neighbours + stink, smell*']\n"
    )
    assert [phrase.text for phrase in in_force(loaded(tmp_path, school))] == ["<people> + history"]


def test_a_school_has_sets_of_its_own(tmp_path: Path) -> None:
    """One of the same name is another set, and takes nothing away from ours."""
    school = "topic: hate\nlanguage: en\nsets: {people: [gardener*], contempt: [scum]}\nphrases:\n"
    school += "  - {all: [<people>, <contempt>], within: 3}\n"
    lists = loaded(tmp_path, school)
    assert [phrase.text for phrase in in_force(lists)].count("<people> + <contempt>") == 2
    lexicon = Lexicon.build(in_force(lists))
    assert shown(lexicon, "gardeners are scum") == ["gardener* … scum"]
    assert shown(lexicon, "a kurd is scum") == ["kurd … scum"]
    assert shown(lexicon, "gardeners are vermin") == []


def written_out(phrase: Phrase) -> Phrase:
    return Phrase(
        phrase.topic, phrase.text, phrase.language, phrase.where, phrase.weight, phrase.searched, phrase.within
    )


def test_a_set_is_the_same_as_its_texts_written_out(tmp_path: Path) -> None:
    phrases = load_words(write(tmp_path / "words", LIST), tmp_path / "absent")
    first = next(iter(phrases))
    both = Lexicon.build([first, written_out(first)])
    assert len(both) == 1
    text = "turks, poles and kurds: scum, vermin! " * 3
    assert [score.score for score in both.scan([text])] == [
        score.score for score in Lexicon.build([written_out(first)]).scan([text])
    ]


def test_two_sets_in_a_group_are_found_in_the_order_of_the_text() -> None:
    west, east = TextSet("west", ("scot", "brit")), TextSet("east", ("pole", "turk"))
    phrase = Phrase(
        "hate", "x", "en", Where("words/hate.en.yaml", 1), groups=((west, east, "kurd"), ("scum",)), within=1, most=9
    )
    lexicon = Lexicon.build([phrase])
    text = "turk scum, scot scum, kurd scum, pole scum, brit scum"
    assert lexicon.scan([text])[0].score == sum(1 / n for n in range(1, 6))
