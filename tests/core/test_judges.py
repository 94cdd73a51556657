from __future__ import annotations

from dataclasses import replace

import pytest

from hedgerow.core.judges import judge_files, judge_undecodable, judge_words
from hedgerow.core.model import Action, Channel, FileRule, Hit, Kind, Rule, Step, TopicScore, Where, WordRule
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, A, Given, ask, band, lists, policy, rule, site

INDEX = lists(education="school.test", social="forum.test", updates="update.test", games="play.test")


def score(topic: str, points: float) -> TopicScore:
    hit = Hit(topic, "phrase", Where(f"words/{topic}.en.yaml", 4), 0, 6, "phrase")
    return TopicScore(topic, points, "en", (hit,))


SCHOOL = policy(
    band(
        categories={"education": A.ALLOW, "social": A.WARN, "updates": A.ALLOW, "games": A.MONITOR},
        words={"adult": A.BLOCK, "gambling": A.WARN, "self-harm": A.HELP, "bullying": A.MONITOR},
        sites=(site("quiet.test", A.ALLOW, words=False),),
        files=(
            FileRule(frozenset({"exe"}), rule("files:programs", A.BLOCK)),
            FileRule(frozenset(), rule("files:large", A.WARN), 100),
        ),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    "url, topic, points, channel, action, by",
    [
        ("https://school.test/", "adult", 1.0, Channel.SEARCH, A.BLOCK, "words:adult"),
        ("https://school.test/", "adult", 1.0, Channel.PAGE, A.ALLOW, "category:education"),  # one mention
        ("https://school.test/", "adult", 3.0, Channel.PAGE, A.BLOCK, "words:adult"),
        ("https://school.test/", "self-harm", 1.0, Channel.POSTED, A.HELP, "words:self-harm"),
        ("https://school.test/", "bullying", 1.0, Channel.MESSAGE, A.MONITOR, "words:bullying"),
        ("https://school.test/", "cooking", 9.0, Channel.SEARCH, A.ALLOW, "category:education"),  # no rule for it
        ("https://quiet.test/", "adult", 9.0, Channel.PAGE, A.ALLOW, "site:quiet.test"),  # words: off
        ("https://forum.test/", "adult", 9.0, Channel.PAGE, A.WARN, "category:social"),  # forbidden already
        ("https://play.test/", "bullying", 9.0, Channel.URL, A.MONITOR, "category:games"),  # not stricter
    ],
)
def test_the_stricter_of_the_two_judges_stands(
    url: str, topic: str, points: float, channel: Channel, action: Action, by: str
) -> None:
    decision = decide(ask(url), PUPIL, SCHOOL, INDEX, NOW)
    heard = judge_words(decision, (score(topic, points),), channel, PUPIL, SCHOOL, NOW)
    assert (heard.action, heard.rule) == (action, by)


def test_what_spoke_against_it_is_called_so() -> None:
    decision = decide(ask("https://school.test/"), PUPIL, SCHOOL, INDEX, NOW)
    found = score("adult", 5)
    museum = Hit("adult", "art museum", Where("words/adult.en.yaml", 9), 0, 10, "art museum", weight=-1)
    heard = judge_words(decision, (replace(found, hits=(*found.hits, museum)),), Channel.PAGE, PUPIL, SCHOOL, NOW)
    assert heard.evidence.endswith("(words/adult.en.yaml:4); against it “art museum” (words/adult.en.yaml:9)")


@pytest.mark.parametrize(
    "channel, action",
    [(Channel.PAGE, A.BLOCK)] + [(one, A.MONITOR) for one in (Channel.SEARCH, Channel.POSTED, Channel.MESSAGE)],
)
def test_what_is_typed_may_have_an_action_of_its_own(channel: Channel, action: Action) -> None:
    words = {"grooming": WordRule("grooming", rule("words:grooming", A.BLOCK), typed=rule("words:grooming", A.MONITOR))}
    school = policy(replace(band(categories={"education": A.ALLOW}), words=words))
    decision = decide(ask("https://school.test/"), PUPIL, school, INDEX, NOW)
    heard = judge_words(decision, (score("grooming", 5),), channel, PUPIL, school, NOW)
    assert (heard.action, heard.rule) == (action, "words:grooming")


def test_going_on_past_a_warning_about_typed_words_opens_no_page() -> None:
    words = {"hate": WordRule("hate", rule("words:hate", A.BLOCK), typed=rule("words:hate", A.WARN))}
    school = policy(replace(band(categories={"education": A.ALLOW}), words=words))
    decision = decide(ask("https://school.test/"), PUPIL, school, INDEX, NOW)
    warned = judge_words(decision, (score("hate", 5),), Channel.SEARCH, PUPIL, school, NOW)
    lifted = Given((PUPIL.key, "school.test", warned.digest))
    again = [
        judge_words(decision, (score("hate", 5),), channel, PUPIL, school, NOW, grants=lifted).action
        for channel in (Channel.SEARCH, Channel.PAGE)
    ]
    assert again == [A.ALLOW, A.BLOCK]


def test_the_strictest_topic_stands_and_is_named() -> None:
    decision = decide(ask("https://school.test/"), PUPIL, SCHOOL, INDEX, NOW)
    scores = (score("bullying", 5), score("adult", 5), score("gambling", 5))
    heard = judge_words(decision, scores, Channel.PAGE, PUPIL, SCHOOL, NOW)
    assert heard.rule == "words:adult" and heard.step is Step.WORDS
    assert "words/adult.en.yaml:4" in heard.evidence


def test_a_grant_for_a_category_never_lifts_words_and_one_for_words_lifts_that_topic_there() -> None:
    warned = decide(ask("https://forum.test/"), PUPIL, SCHOOL, INDEX, NOW)
    lifted = Given((PUPIL.key, "forum.test", warned.digest))
    opened = decide(ask("https://forum.test/"), PUPIL, SCHOOL, INDEX, NOW, lifted)
    heard = judge_words(opened, (score("gambling", 5),), Channel.PAGE, PUPIL, SCHOOL, NOW, grants=lifted)
    assert heard.rule == "words:gambling"
    both = Given(*lifted.given, (PUPIL.key, "forum.test", heard.digest))
    again = judge_words(opened, (score("gambling", 5),), Channel.PAGE, PUPIL, SCHOOL, NOW, grants=both)
    assert again.action is A.ALLOW
    blocked = judge_words(opened, (score("adult", 5),), Channel.PAGE, PUPIL, SCHOOL, NOW, grants=both)
    assert blocked.action is A.BLOCK


@pytest.mark.parametrize("lenient, action", [(False, A.WARN), (True, A.MONITOR)])
def test_words_in_a_part_where_no_page_can_be_shown(lenient: bool, action: Action) -> None:
    school = policy(band(categories={"education": A.ALLOW}, words={"gambling": A.WARN}, lenient=lenient))
    decision = decide(ask("https://school.test/"), PUPIL, school, INDEX, NOW)
    heard = judge_words(decision, (score("gambling", 5),), Channel.PAGE, PUPIL, school, NOW, Kind.PART)
    assert heard.action is action


@pytest.mark.parametrize(
    "url, kind, size, action, by",
    [
        ("https://school.test/a.exe", "exe", None, A.BLOCK, "files:programs"),
        ("https://school.test/a.pdf", "pdf", 50, A.ALLOW, "category:education"),
        ("https://school.test/a.pdf", "pdf", 101, A.WARN, "files:large"),
        ("https://school.test/a.exe", "exe", 500, A.BLOCK, "files:programs"),
        ("https://update.test/a.exe", "exe", 500, A.ALLOW, "category:updates"),  # updates are never held up
        ("https://quiet.test/a.exe", "exe", 500, A.ALLOW, "site:quiet.test"),  # a person opened this site
    ],
)
def test_files(url: str, kind: str, size: int | None, action: Action, by: str) -> None:
    request = ask(url, file_type=kind, size=size)
    decision = decide(request, PUPIL, SCHOOL, INDEX, NOW)
    judged = judge_files(decision, request, SCHOOL, NOW)
    assert (judged.action, judged.rule) == (action, by)


def test_what_cannot_be_read_is_the_bands_word() -> None:
    decision = decide(ask("https://school.test/"), PUPIL, SCHOOL, INDEX, NOW)
    assert judge_undecodable(decision, PUPIL, SCHOOL, NOW, "three codings").action is A.BLOCK
    quiet = decide(ask("https://quiet.test/"), PUPIL, SCHOOL, INDEX, NOW)
    assert judge_undecodable(quiet, PUPIL, SCHOOL, NOW, "three codings").action is A.ALLOW


def test_a_warning_about_what_cannot_be_read_can_be_continued() -> None:
    """Otherwise its button would lead back to itself."""
    warns = policy(replace(band(categories={"education": A.ALLOW}), undecodable=rule("undecodable", A.WARN)))
    decision = decide(ask("https://school.test/"), PUPIL, warns, INDEX, NOW)
    assert judge_undecodable(decision, PUPIL, warns, NOW, "odd").action is A.WARN
    given = Given((PUPIL.key, "school.test", warns.bands["ages-8-10"].undecodable.digest))
    assert judge_undecodable(decision, PUPIL, warns, NOW, "odd", given).action is A.ALLOW
    assert judge_undecodable(decision, PUPIL, SCHOOL, NOW, "odd", given).action is A.BLOCK


def test_a_word_rule_out_of_its_dates_is_silent() -> None:
    from datetime import date

    old = Rule("words:adult", A.BLOCK, Where("bands/test.yaml", 1), until=date(2026, 1, 1))
    school = policy(replace(band(categories={"education": A.ALLOW}), words={"adult": WordRule("adult", old)}))
    decision = decide(ask("https://school.test/"), PUPIL, school, INDEX, NOW)
    assert judge_words(decision, (score("adult", 9),), Channel.PAGE, PUPIL, school, NOW) is decision
