from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.explain import explain, hear_typed
from hedgerow.core.model import Channel, Hit, TopicScore, Typed, Where
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, A, ask, band, lists, policy, site

INDEX = lists(gambling="casino.test", education="school.test")
SCHOOL = policy(
    band(
        categories={"gambling": A.BLOCK, "education": A.ALLOW},
        words={"adult": A.BLOCK},
        sites=(site("open.casino.test", A.ALLOW),),
    )
)


def scan(texts: Sequence[str]) -> tuple[TopicScore, ...]:
    """Finds the one phrase "bad word" as the real lexicon would."""
    found = [text for text in texts if "bad word" in text]
    hit = Hit("adult", "bad word", Where("words/adult.en.yaml", 3), 0, 8, "bad word")
    return (TopicScore("adult", 3.0, "en", (hit,)),) if found else ()


def test_it_tells_every_step_up_to_the_one_that_spoke() -> None:
    told = explain(ask("https://www.casino.test/"), PUPIL, SCHOOL, INDEX, NOW, scan)
    steps = [step for step, _ in told.steps]
    assert steps == [
        "band",
        "0-builtin",
        "2-protected",
        "3-floor",
        "2-protected",
        "5-site",
        "6-category",
        "words",
        "verdict",
    ]
    assert told.as_dict()["rule"] == "category:gambling"
    assert "casino.test is listed as gambling (seed/gambling.txt:1)" in str(told.as_dict()["evidence"])


def test_page_text_and_typed_text_are_heard() -> None:
    page = explain(ask("https://school.test/"), PUPIL, SCHOOL, INDEX, NOW, scan, ("a bad word",))
    assert page.decision.rule == "words:adult"
    typed = ask("https://school.test/", typed=(Typed(Channel.SEARCH, "bad word"),))
    assert explain(typed, PUPIL, SCHOOL, INDEX, NOW, scan).decision.rule == "words:adult"
    quiet = explain(ask("https://school.test/"), PUPIL, SCHOOL, INDEX, NOW, scan)
    assert ("words", "nothing stricter was found") in quiet.steps


@pytest.mark.parametrize("text", ["b&#97;d word", "b&amp;#97;d word", "&#x62;ad word"])
def test_entities_in_typed_text_are_read(text: str) -> None:
    request = ask("https://school.test/", typed=(Typed(Channel.SEARCH, text),))
    assert explain(request, PUPIL, SCHOOL, INDEX, NOW, scan).decision.rule == "words:adult"


@given(
    st.sampled_from(
        ["https://casino.test/", "https://school.test/?q=bad", "https://open.casino.test/", "http://8.8.8.8/"]
    ),
    st.sampled_from([(), (Typed(Channel.SEARCH, "bad word"),), (Typed(Channel.URL, "good"),)]),
)
def test_the_told_decision_is_the_taken_one(url: str, typed: tuple[Typed, ...]) -> None:
    request = ask(url, typed=typed)
    told = explain(request, PUPIL, SCHOOL, INDEX, NOW, scan).decision
    taken = hear_typed(decide(request, PUPIL, SCHOOL, INDEX, NOW), request, scan, PUPIL, SCHOOL, NOW)
    assert told == taken and told.code == taken.code
