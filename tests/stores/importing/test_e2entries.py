from __future__ import annotations

import pytest

from hedgerow.core.model import Where
from hedgerow.stores.importing.e2entries import Entry, Unusable, usable
from hedgerow.stores.importing.model import Phrase


def phrase(*parts: str, weight: float | None = 25, language: str = "en", excepts: bool = False) -> Phrase:
    return Phrase(parts, weight, Where("lists/w", 1), "e2-porn", language, excepts)


@pytest.mark.parametrize(
    "given, text, weight, changed",
    [
        (phrase(" casino ", weight=25), "casino", 0.5, False),
        (phrase(" casino", weight=25), "casino*", 0.5, False),
        (phrase("casino", weight=25), "casino*", 0.5, True),  # also inside words, there
        (phrase("casino ", weight=25), "casino", 0.5, True),
        (phrase(" xx", weight=25), "xx", 0.5, True),  # too short for a stem
        (phrase(" a  b ", weight=None), "a b", 1, False),
        (phrase(" girl ", weight=3), "girl", 0.1, True),
        (phrase(" girl ", weight=9999), "girl", 10, True),
        (phrase(" a ", " b "), "a + b", 0.5, True),
        (phrase(" good ", weight=-20), "good", 0.4, False),
        (phrase(" good ", weight=None, excepts=True), "good", 10, True),
    ],
)
def test_usable(given: Phrase, text: str, weight: float, changed: bool) -> None:
    entry = usable(given, 50, search=False)
    assert (entry.text, entry.weight, bool(entry.how)) == (text, weight, changed)
    assert entry.lowers is (given.excepts or (given.weight or 0) < 0)


@pytest.mark.parametrize(
    "given, why",
    [
        (phrase("a", "b", "c", "d", "e"), "combination of more"),
        (phrase("geld", language="de"), "not de"),
        (phrase("x", weight=2), "twentieth"),
        (phrase("x", weight=-2), "twentieth"),
        (phrase("..."), "searched for"),
        (phrase("f*ck"), "ending of a word"),
        (phrase('meta name="rating"'), "code"),
        (phrase("x" * 300), "190 letters"),
        (phrase("a\u202eb\x07"), "cannot be read"),
    ],
)
def test_unusable(given: Phrase, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        usable(given, 50, search=False)


def test_searches() -> None:
    assert usable(phrase("girl", "naughty", weight=None), 50, search=True) == Entry((("girl",), ("naughty",)), 1)
    assert usable(phrase("naughty", weight=None), 50, search=True) == Entry((("naughty",),), 1)


def test_written() -> None:
    assert Entry((("a",),), 2).written(0.5) == '  - {text: "a", weight: 0.5, most: 1}'
    assert Entry((("a",), ("b*",)), 2).written(2) == '  - {all: ["a", "b*"], within: 30, weight: 2, most: 1}'
