from __future__ import annotations

import pytest

from hedgerow.core.model import Where
from hedgerow.stores.importing.model import Group, Installation, Phrase
from hedgerow.stores.importing.packs import Unusable, packed, smallest_limit, thresholds, usable
from hedgerow.stores.importing.report import Report


def phrase(
    *parts: str, weight: float | None = 25, language: str = "en", line: int = 1, excepts: bool = False
) -> Phrase:
    return Phrase(parts, weight, Where("lists/w", line), "e2-porn", language, excepts)


@pytest.mark.parametrize(
    "given, text, weight, changed",
    [
        (phrase(" casino ", weight=25), "casino", 0.5, False),
        (phrase("casino", weight=25), "casino", 0.5, True),  # also inside words, there
        (phrase(" a  b ", weight=None), "a b", 1, False),
        (phrase(" girl ", weight=3), "girl", 0.1, True),
        (phrase(" girl ", weight=9999), "girl", 10, True),
    ],
)
def test_usable(given: Phrase, text: str, weight: float, changed: bool) -> None:
    texts, found, how = usable(given, 50, search=False)
    assert (texts, found, bool(how)) == ((text,), weight, changed)


@pytest.mark.parametrize(
    "given, why",
    [
        (phrase("a", "b"), "combination"),
        (phrase("good", weight=-20), "better"),
        (phrase("casino", excepts=True), "pass"),
        (phrase("geld", language="de"), "not de"),
        (phrase("x", weight=2), "twentieth"),
        (phrase("..."), "searched for"),
        (phrase('meta name="rating"'), "code"),
        (phrase("x" * 300), "200 letters"),
        (phrase("a\u202eb\x07"), "cannot be read"),
    ],
)
def test_unusable(given: Phrase, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        usable(given, 50, search=False)


def test_searches() -> None:
    assert usable(phrase("girl", "naughty", weight=None), 50, search=True)[0] == ("girl naughty", "naughty girl")
    assert usable(phrase("naughty", weight=None), 50, search=True) == (("naughty",), 1, "")


def test_all_phrases_are_kept_and_each_is_told() -> None:
    made = Installation(
        "e2guardian",
        phrases=[
            phrase(" one ", line=1),
            phrase(" one ", weight=50, line=2),
            phrase("a", "b", line=3),
            phrase("jeu", language="fr", line=4),
        ],
    )
    report = Report("x")
    packs = packed(made, 50, report)
    assert list(packs.files) == [
        "phrases/e2-porn.en.yaml",
        "policies/local/words/e2-porn.en.yaml",
        "phrases/e2-porn.fr.yaml",
    ]
    words = str(packs.files["policies/local/words/e2-porn.en.yaml"])
    assert words.count("one") == 1 and '{text: "one", weight: 1}' in words
    assert '{all: ["a", "b"], weight: 25}  # lists/w:3' in str(packs.files["phrases/e2-porn.en.yaml"])
    assert report.counts() == {"carried over": 1, "changed": 1, "not carried over": 2}
    assert all(row.target for row in report.rows)


def test_limits() -> None:
    strict, lax = (Group(key, "", Where("x"), limit=limit) for key, limit in (("f1", 50.0), ("f2", 160.0)))
    assert smallest_limit([strict, lax]) == 50 and smallest_limit([]) == 50
    lax.topics = {"e2-porn": Where("x"), "e2-banned": Where("x"), "e2-search": Where("x"), "e2-empty": Where("x")}
    packs = packed(Installation("x"), 50, Report("x"))
    packs.topics = {"e2-porn", "e2-banned", "e2-search"}
    assert thresholds(lax, packs, 50, {"e2-search"}) == {"e2-banned": 1, "e2-porn": 3.2, "e2-search": 100}
