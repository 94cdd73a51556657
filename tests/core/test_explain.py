from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.explain import explain, hear_typed, in_need
from hedgerow.core.model import Action, Channel, Hit, Passage, TopicScore, Typed, Where
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


def scan(texts: Sequence[str | Passage], typed: bool = False) -> tuple[TopicScore, ...]:
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


def support(texts: Sequence[str | Passage], typed: bool = False) -> tuple[TopicScore, ...]:
    """Finds a wish to die as the real lexicon would."""
    hit = Hit("self-harm", "want to die", Where("words/self-harm.en.yaml", 3), 0, 11, "want to die")
    return (TopicScore("self-harm", 1.0, "en", (hit,)),) if any("want to die" in text for text in texts) else ()


@pytest.mark.parametrize(
    "action, word, typed, needed",
    [
        (A.BLOCK, A.HELP, "i want to die", True),
        (A.BLOCK, A.BLOCK, "i want to die", True),
        (A.WARN, A.HELP, "i want to die", True),
        (A.BLOCK, A.HELP, "ponds", False),
        (A.BLOCK, A.MONITOR, "i want to die", False),  # the band's own wish
        (A.ALLOW, A.HELP, "i want to die", False),  # the words judge speaks itself
    ],
)
def test_whoever_needs_support_gets_it_whatever_closed_the_page(
    action: Action, word: Action, typed: str, needed: bool
) -> None:
    school = policy(band(categories={"search": action}, words={"self-harm": word}))
    request = replace(ask("https://find.test/"), typed=(Typed(Channel.SEARCH, typed),))
    decision = decide(request, PUPIL, school, lists(search="find.test"), NOW)
    assert in_need(decision, request, support, school, NOW) is needed


def test_words_that_closed_a_page_of_self_harm_are_a_need_too() -> None:
    school = policy(band(categories={"search": A.ALLOW}, words={"self-harm": A.BLOCK}))
    request = replace(ask("https://find.test/"), typed=(Typed(Channel.SEARCH, "i want to die"),))
    decision = decide(request, PUPIL, school, lists(search="find.test"), NOW)
    heard = hear_typed(decision, request, support, PUPIL, school, NOW)
    assert heard.action is A.BLOCK and in_need(heard, request, support, school, NOW)
