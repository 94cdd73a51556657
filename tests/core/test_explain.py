from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.explain import explain, hear_typed, in_need
from hedgerow.core.model import Action, Channel, Hit, Passage, Severity, TopicScore, Typed, Where, WordRule
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, A, Given, ask, band, lists, policy, rule, site

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
    request = replace(ask("https://find.test/"), typed=(Typed(Channel.POSTED, "i want to die"),))
    decision = decide(request, PUPIL, school, lists(search="find.test"), NOW)
    heard = hear_typed(decision, request, support, PUPIL, school, NOW)
    assert heard.action is A.BLOCK and in_need(heard, request, support, school, NOW)


def topic_of(topic: str, points: float = 1.0) -> TopicScore:
    hit = Hit(topic, topic, Where(f"words/{topic}.en.yaml", 3), 0, 3, topic, weight=points)
    return TopicScore(topic, points, "en", (hit,))


def by_name(texts: Sequence[str | Passage], typed: bool = False) -> tuple[TopicScore, ...]:
    """Each topic that a text names is found in it."""
    return tuple(topic_of(name) for name in ("help-seeking", "self-harm", "adult") if any(name in one for one in texts))


CARING = policy(
    replace(
        band(
            categories={"search": A.BLOCK, "social": A.WARN, "news": A.ALLOW, "phishing": A.BLOCK},
            words={"adult": A.BLOCK},
        ),
        words={
            "adult": WordRule("adult", rule("words:adult", A.BLOCK)),
            "self-harm": WordRule("self-harm", rule("words:self-harm", A.BLOCK), alert=Severity.HIGH),
            "help-seeking": WordRule(
                "help-seeking", rule("words:help-seeking", A.ALLOW), search=rule("words:help-seeking", A.HELP)
            ),
        },
    ),
    floor_categories=("phishing",),
)
CARING_LISTS = lists(search="find.test", social="forum.test", news="news.test", phishing="bad.test")


@pytest.mark.parametrize(
    "host, channel, text, action, by, way_on",
    [
        ("find.test", Channel.SEARCH, "help-seeking", A.HELP, "category:search", False),  # the engine is closed
        ("find.test", Channel.SEARCH, "self-harm", A.HELP, "category:search", False),
        ("find.test", Channel.SEARCH, "adult", A.BLOCK, "category:search", True),
        ("find.test", Channel.URL, "help-seeking", A.BLOCK, "category:search", True),  # no search
        ("forum.test", Channel.SEARCH, "help-seeking", A.HELP, "category:social", True),  # on past the warning
        ("news.test", Channel.SEARCH, "help-seeking", A.HELP, "words:help-seeking", True),
        ("news.test", Channel.SEARCH, "help-seeking adult", A.HELP, "words:adult", False),  # words closed it
        ("news.test", Channel.SEARCH, "self-harm", A.HELP, "words:self-harm", False),
        ("news.test", Channel.POSTED, "help-seeking", A.ALLOW, "category:news", False),  # a message goes its way
        ("bad.test", Channel.SEARCH, "help-seeking", A.HELP, "floor:category:phishing", False),
        ("10.0.0.1", Channel.SEARCH, "help-seeking", A.BLOCK, "builtin:private-address", False),  # no site at all
    ],
)
def test_a_search_for_help_is_never_a_block(
    host: str, channel: Channel, text: str, action: Action, by: str, way_on: bool
) -> None:
    request = ask(f"https://{host}/", typed=(Typed(channel, text),))
    told = explain(request, PUPIL, CARING, CARING_LISTS, NOW, by_name).decision
    assert (told.action, told.rule, bool(told.digest)) == (action, by, way_on)


def test_after_support_the_way_goes_on() -> None:
    request = ask("https://news.test/", typed=(Typed(Channel.SEARCH, "help-seeking"),))
    helped = explain(request, PUPIL, CARING, CARING_LISTS, NOW, by_name).decision
    lifted = Given((PUPIL.key, "news.test", helped.digest))
    again = explain(request, PUPIL, CARING, CARING_LISTS, NOW, by_name, grants=lifted).decision
    assert again.action is A.ALLOW


@pytest.mark.parametrize(
    "host, channel, text, told",
    [
        ("news.test", Channel.POSTED, "self-harm", "high"),
        ("find.test", Channel.SEARCH, "self-harm", "high"),  # closed, and told all the same
        ("find.test", Channel.SEARCH, "help-seeking", ""),
        ("news.test", Channel.SEARCH, "help-seeking self-harm", ""),
        ("news.test", Channel.URL, "self-harm", ""),
        ("news.test", Channel.POSTED, "adult", ""),
    ],
)
def test_it_says_who_would_be_told(host: str, channel: Channel, text: str, told: str) -> None:
    request = ask(f"https://{host}/", typed=(Typed(channel, text),))
    found = explain(request, PUPIL, CARING, CARING_LISTS, NOW, by_name)
    assert found.as_dict()["alert"] == told
    assert (("alert", f"{told}, about self-harm in the {channel}: somebody is told") in found.steps) is bool(told)


def test_every_text_is_overheard_also_after_one_has_closed_the_page() -> None:
    typed = (Typed(Channel.POSTED, "adult"), Typed(Channel.POSTED, "self-harm"))
    request = replace(ask("https://news.test/"), typed=typed)
    heard: list[str] = []
    decision = decide(request, PUPIL, CARING, CARING_LISTS, NOW)
    hear_typed(
        decision,
        request,
        by_name,
        PUPIL,
        CARING,
        NOW,
        None,
        lambda channel, scores: heard.extend(s.topic for s in scores),
    )
    assert heard == ["adult", "self-harm"]
