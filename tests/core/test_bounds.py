"""The bound lets go what no closer look would score, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.model import Passage, Place, Where
from hedgerow.core.phrases import TextSet
from hedgerow.core.words import Lexicon, Phrase

HERE = Where("x", 1)
PLAYS = TextSet("plays", ("lotto", "bingo*", "spin*"))
WORDS = ["casino", "bonus", "spin*", "free spins", "weed", "vape", "casinos"]
LEXICON = Lexicon.build(
    [Phrase("gambling", word, "en", HERE, 0.3 + 0.2 * n) for n, word in enumerate(WORDS[:4])]
    + [Phrase("drugs", word, "en", HERE, 0.9) for word in WORDS[4:6]]
    + [Phrase("gambling", "win + now", "en", HERE, 1.2, groups=(("win", "won"), ("now",)), within=2)]
    + [Phrase("gambling", "<plays> + now", "en", HERE, 1.1, groups=((PLAYS,), ("now",)))]
    + [Phrase("drugs", "vape + <plays>, win", "en", HERE, 1.1, groups=(("vape", "weed"), (PLAYS, "win")))]
    + [Phrase("gambling", "<plays> + prevention", "en", HERE, 1, groups=((PLAYS,), ("prevention",)), lowers=True)]
    + [Phrase("gambling", "prevention", "en", HERE, 0.5, lowers=True)]
)

PASSAGES = st.builds(
    Passage,
    st.lists(
        st.sampled_from([*WORDS, "lotto", "bingos", "win", "now", "prevention", "and", "c4sino", "сasino", "."]),
        max_size=30,
    ).map(" ".join),
    st.sampled_from(Place),
)


@settings(deadline=None)
@given(st.lists(PASSAGES, max_size=4))
def test_what_scores_enough_is_never_let_go(passages: list[Passage]) -> None:
    everything = LEXICON.scan(passages, least=0.0)
    assert [one for one in LEXICON.scan(passages) if one.score >= 1] == [one for one in everything if one.score >= 1]


@pytest.mark.parametrize(
    "text",
    [
        "casino",
        "a bonus",
        "win",
        "lotto bingo",
        "lotto prevention",
        "casinowin now",
        "weed" + " and" * 4_000,
        "xspinx weedy",
    ],
)
def test_too_little_is_let_go(text: str) -> None:
    assert LEXICON.scan([text]) == ()


@pytest.mark.parametrize("text", ["casino " * 3 + "bonus spinning free spins", "weed vape", "win it now", "lotto now"])
def test_enough_is_looked_at(text: str) -> None:
    assert LEXICON.scan([text])
