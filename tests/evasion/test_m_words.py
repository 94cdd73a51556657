"""M04-M07: words that must not close a page: short keywords inside longer ones, scripts, one mention in an article."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.lab import said
from tests.lab.client import Device, get
from tests.lab.said import ALL, PHRASES
from tests.lab.verdict import assert_served


@pytest.mark.parametrize("language", list(said.INNOCENT))
def test_M01_M05_words_inside_words_are_other_words(pupil: Device, language: str) -> None:
    assert_served(pupil.https("allowed.test", get("allowed.test", f"/_innocent?n={language}")))


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("between", ["x{}x", "{}able", "un{}"])
def test_M05_a_phrase_inside_a_word_typed(pupil: Device, phrase: str, between: str) -> None:
    longest = max(phrase.split(" "), key=len)
    typed = phrase.replace(longest, between.format(longest))
    assert_served(pupil.https("allowed.test", get("allowed.test", f"/find?q={quote(typed)}")))


@pytest.mark.parametrize("size", [0, 700_000])
@pytest.mark.parametrize("name", list(said.SILENT))
def test_M06_what_nobody_sees_is_not_scored(pupil: Device, name: str, size: int) -> None:
    """Also on a page so long that it is read in halves."""
    reply = pupil.https("allowed.test", get("allowed.test", f"/_silent?n={name}&pad={size}"))
    assert reply.status == 200 and ALL.encode() in reply.body, str(reply)


@pytest.mark.parametrize("name", ["one-mention", "many-of-one"])
def test_M07_one_mention_in_an_article(pupil: Device, name: str) -> None:
    assert_served(pupil.https("allowed.test", get("allowed.test", f"/_said?n={name}")))
