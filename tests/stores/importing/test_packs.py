from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.core.model import Where
from hedgerow.core.words import Lexicon
from hedgerow.stores.importing.model import Group, Installation, Phrase
from hedgerow.stores.importing.packs import Packs, packed, smallest_limit, thresholds
from hedgerow.stores.importing.report import Report
from hedgerow.stores.words import load_words


def phrase(
    *parts: str, weight: float | None = 25, language: str = "en", line: int = 1, excepts: bool = False
) -> Phrase:
    return Phrase(parts, weight, Where("lists/w", line), "e2-porn", language, excepts)


def made(*phrases: Phrase) -> tuple[Packs, Report]:
    report = Report("x")
    return packed(Installation("e2guardian", phrases=list(phrases)), 50, report), report


def words(packs: Packs, name: str = "e2-porn.en") -> str:
    return str(packs.files[f"policies/local/words/{name}.yaml"])


def test_all_phrases_are_kept_and_each_is_told() -> None:
    packs, report = made(
        phrase(" one ", line=1),
        phrase(" one ", weight=50, line=2),
        phrase("girls", "naughty ", line=3),
        phrase("jeu", language="fr", line=4),
    )
    assert list(packs.files) == [
        "phrases/e2-porn.en.yaml",
        "phrases/e2-porn.fr.yaml",
        "policies/local/words/e2-porn.en.yaml",
    ]
    assert words(packs).count("one") == 1 and '{text: "one", weight: 1, most: 1}' in words(packs)
    assert '{all: ["girls*", "naughty"], within: 30, weight: 0.5, most: 1}  # lists/w:3' in words(packs)
    assert '{all: ["girls", "naughty "], weight: 25}  # lists/w:3' in str(packs.files["phrases/e2-porn.en.yaml"])
    assert report.counts() == {"carried over": 1, "changed": 2, "not carried over": 1}
    assert all(row.target for row in report.rows)


def test_what_spoke_for_a_page_takes_away() -> None:
    health = Phrase((" breast ", " cancer "), -20, Where("lists/good", 1), "e2-goodphrases", "en")
    passed = Phrase((" lesson ",), None, Where("lists/e", 1), "e2-exception", "en", excepts=True)
    lonely = Phrase((" урок ",), -20, Where("lists/e", 2), "e2-goodphrases", "ru")
    packs, report = made(phrase(" porn "), phrase(" art ", weight=-10, line=2), health, passed, lonely)
    assert packs.topics == {"e2-porn"}
    _, context = words(packs).split("context:\n")
    assert [line.partition("  #")[0] for line in context.splitlines()] == [
        '  - {text: "art", weight: 0.2, most: 1}',
        '  - {text: "lesson", weight: 10, most: 1}',
        '  - {all: ["breast", "cancer"], within: 30, weight: 0.4, most: 1}',
    ]
    assert report.counts() == {"carried over": 2, "changed": 2, "not carried over": 1}


def test_what_is_written_is_read_and_searched(tmp_path: Path) -> None:
    """The very engine: found inside a page as e2guardian's points say, and less so beside a good phrase."""
    packs, _ = made(
        phrase(" casino", weight=25), phrase("bet ", "win ", weight=50, line=2), phrase(" museum ", weight=-20, line=3)
    )
    (tmp_path / "e2-porn.en.yaml").write_text(words(packs), encoding="utf-8")
    lexicon = Lexicon.build(load_words(tmp_path / "none", tmp_path))

    def points(text: str) -> float:
        return sum(score.score for score in lexicon.scan([text], least=0.1))

    assert points("Casinos, casinos") == 0.5
    assert points("bet and win in casinos") == 1.5
    assert points("bet and win in the museum") == pytest.approx(0.6)


def test_limits() -> None:
    strict, lax = (Group(key, "", Where("x"), limit=limit) for key, limit in (("f1", 50.0), ("f2", 160.0)))
    assert smallest_limit([strict, lax]) == 50 and smallest_limit([]) == 50
    lax.topics = {"e2-porn": Where("x"), "e2-banned": Where("x"), "e2-search": Where("x"), "e2-empty": Where("x")}
    packs = packed(Installation("x"), 50, Report("x"))
    packs.topics = {"e2-porn", "e2-banned", "e2-search"}
    assert thresholds(lax, packs, 50, {"e2-search"}) == {"e2-banned": 1, "e2-porn": 3.2, "e2-search": 100}
