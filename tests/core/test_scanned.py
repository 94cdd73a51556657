"""A text by itself: the very verdict that the two judges give of it in traffic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hedgerow.core.explain import explain
from hedgerow.core.model import Action, Channel, Severity, Where
from hedgerow.core.scanned import Bench, Said
from hedgerow.core.text import visible_text
from hedgerow.core.words import Lexicon, Phrase
from tests.core.house import NOW, PUPIL, A, ask, band, lists, policy

BAND = PUPIL.band
W = Where("words/gambling.en.yaml", 4)
LEXICON = Lexicon.build(
    [
        Phrase("gambling", "casino", "en", W, 1.0),
        Phrase("gambling", "bet & win", "en", W, 1.0),
        Phrase("gambling", "free spins", "en", W, 3.0),
        Phrase("bullying", "you loser", "en", W, 1.0),
        Phrase("cooking", "soup", "en", W, 5.0),
    ]
)
SCHOOL = policy(band(categories={"education": A.ALLOW}, words={"gambling": A.BLOCK, "bullying": A.MONITOR}))
_BAND = SCHOOL.bands[BAND]
_LOUD = replace(_BAND.words["bullying"], alert=Severity.HIGH)
SCHOOL = replace(SCHOOL, bands={**SCHOOL.bands, BAND: replace(_BAND, words={**_BAND.words, "bullying": _LOUD})})
BENCH = Bench(LEXICON.scan, SCHOOL, NOW)


def typed(text: str) -> Said:
    return Said.typed(text, Channel.SEARCH)


@pytest.mark.parametrize(
    "said, action, topic",
    [
        (typed("casino"), A.BLOCK, "gambling"),  # one typed phrase is enough
        (Said.plain("casino"), A.ALLOW, "gambling"),  # and one on a page is not
        (Said.plain("free spins"), A.BLOCK, "gambling"),
        (Said.html("<p>free <b>spins</b><script>casino</script>"), A.BLOCK, "gambling"),
        (Said.html("<script>free spins</script>"), A.ALLOW, None),
        (typed("bet &amp;amp; win"), A.BLOCK, "gambling"),  # forms escape twice
        (typed("you loser"), A.MONITOR, "bullying"),
        (typed("soup, soup, you loser"), A.MONITOR, "bullying"),  # what decided is told, not what scored most
        (typed("soup"), A.ALLOW, "cooking"),  # a topic no rule of the band is about
        (typed("algebra"), A.ALLOW, None),
        (typed(""), A.ALLOW, None),
    ],
)
def test_verdict_and_topic(said: Said, action: Action, topic: str | None) -> None:
    heard = BENCH.judge(said, BAND)
    assert heard.decision.action is action
    assert (heard.score.topic if heard.score else None) == topic


def test_what_cannot_be_read_is_the_bands_to_judge() -> None:
    said = Said.read(visible_text(b"\x1f\x8b broken", "text/html", "gzip"))
    heard = BENCH.judge(said, BAND)
    assert said.undecodable and heard.score is None
    assert heard.decision.action is SCHOOL.bands[BAND].undecodable.action


@pytest.mark.parametrize("text", ["free spins in the casino", "casino", "algebra", "you loser"])
def test_the_page_is_judged_as_explain_judges_it(text: str) -> None:
    told = explain(
        ask("https://school.test/"), PUPIL, SCHOOL, lists(education="school.test"), NOW, LEXICON.scan, (text,)
    )
    assert BENCH.judge(Said.plain(text), BAND).decision.action is told.decision.action


def test_known_scores_are_judged_alike() -> None:
    heard = BENCH.judge(typed("casino"), BAND)
    assert BENCH.known(heard.scores).judge(typed("no matter what"), BAND) == heard


@pytest.mark.parametrize(
    "said, severity",
    [
        (typed("you loser"), Severity.HIGH),
        (Said.plain("you loser " * 20), None),  # to meet a text is not to write it
        (typed("casino"), None),  # its rule tells nobody
        (typed("algebra"), None),
    ],
)
def test_who_is_told(said: Said, severity: Severity | None) -> None:
    heard = BENCH.judge(said, BAND)
    assert [alert.severity for alert in heard.alerts] == ([severity] if severity else [])
