"""What stands on which page, and in whose words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from hedgerow.core.model import REGISTERS, Action, Capture, Decision, Step
from hedgerow.pages.parts import KINDS
from hedgerow.proxy import going_on
from hedgerow.proxy.pages.body import body
from hedgerow.proxy.pages.model import HelplineView, PageContext, PageKind
from hedgerow.stores.messages import LANGUAGES, shipped_messages

NOW = datetime(2026, 11, 24, 10, 5)  # a Tuesday
LINES = (HelplineView("Child line", "111", "", "day and night"), HelplineView("b", "112"), HelplineView("c", "113"))
CONTEXT = PageContext(host="x.test", subject="gambling", token="t", to="/a", now=NOW, helplines=LINES, codes=True)


def decision(category: str = "gambling", step: Step = Step.CATEGORY, rule: str = "") -> Decision:
    name = rule or f"category:{category}"
    return Decision(Action.BLOCK, Capture.DECRYPTED, "b", step, name, "w", "e", "x.test", category=category)


def made(kind: PageKind, context: PageContext = CONTEXT, given: Decision | None = None) -> str:
    return body(kind, given or decision(), context, shipped_messages()[context.language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PageKind)
def test_four_registers_are_not_told_the_same(kind: PageKind, language: str) -> None:
    pages = {made(kind, replace(CONTEXT, language=language, register=register)) for register in REGISTERS}
    assert len(pages) >= (4 if kind in (PageKind.BLOCK, PageKind.WARN, PageKind.HELP) else 3)


def test_the_idea_teaches_and_the_question_stands_before_the_form() -> None:
    idea = shipped_messages()["en"].ideas["gambling"]
    block, warn, help_page = (made(kind) for kind in (PageKind.BLOCK, PageKind.WARN, PageKind.HELP))
    assert idea.idea in block and idea.question not in block
    assert warn.index(idea.idea) < warn.index(idea.question) < warn.index("<form")
    assert idea.idea not in help_page


def test_words_have_ideas_too_and_a_rule_of_the_school_has_none() -> None:
    words = decision("", Step.WORDS, "words:bullying")
    assert shipped_messages()["en"].ideas["bullying"].idea in made(PageKind.BLOCK, given=words)
    assert 'class="idea"' not in made(PageKind.BLOCK, given=decision("", Step.SITE, "site:x.test"))


def test_claimed_fake_news_gets_a_card_where_to_check_it() -> None:
    card = made(PageKind.WARN, replace(CONTEXT, country="VN"), decision("misinformation"))
    assert "https://tingia.gov.vn/" in card and card.index('class="facts"') < card.index("<form")
    assert 'class="facts"' not in made(PageKind.WARN, replace(CONTEXT, country="VN"))
    assert 'class="facts"' not in made(PageKind.BLOCK, given=decision("misinformation"))


@pytest.mark.parametrize("kind", PageKind)
def test_reports_stand_on_every_page_where_somebody_reads_them(kind: PageKind) -> None:
    told = made(kind, replace(CONTEXT, report_kinds=KINDS))
    assert all(f"report?kind={name}&amp;code=" in told for name in KINDS)
    assert "report?kind" not in made(kind)


@pytest.mark.parametrize("secret", [True, False])
def test_no_link_carries_what_a_member_only_list_knows(secret: bool) -> None:
    context = replace(CONTEXT, report_kinds=KINDS, portal="http://hedgerow.internal/")
    page = made(PageKind.BLOCK, context, replace(decision(step=Step.ILLEGAL, rule="member:iwf"), secret=secret))
    assert ("site=x.test" not in page) is secret and "iwf" not in page


def test_help_shows_support_first_with_hours_and_a_code_to_scan() -> None:
    page = made(PageKind.HELP, replace(CONTEXT, report_kinds=KINDS))
    assert page.index("tel:111") < page.index("<button") < page.index("kind=help")
    assert "day and night" in page and "<svg" in page and page.count("tel:") == 3
    assert shipped_messages()["en"].get("ask") not in page  # nothing is wrong here


def test_on_the_page_that_helps_a_rules_own_sentence_stands_below_support() -> None:
    page = made(PageKind.HELP, replace(CONTEXT, message="Ask Ms Lan.", report_kinds=KINDS))
    assert page.index("tel:111") < page.index("<button") < page.index("kind=help") < page.index("Ask Ms Lan.")
    warn = made(PageKind.WARN, replace(CONTEXT, message="Ask Ms Lan."))
    assert "<footer><p>Ask Ms Lan. <bdi class" in warn and 'class="school"' not in warn  # beside the code
    block = made(PageKind.BLOCK, replace(CONTEXT, message="Ask Ms Lan."))
    assert block.index("Ask Ms Lan.") < block.index("tel:111")


def test_support_without_a_way_on_says_that_the_page_stays_closed() -> None:
    closed = shipped_messages()["en"].get("help.closed")
    page = made(PageKind.HELP, replace(CONTEXT, token=""))
    assert "<button" not in page and page.index("tel:111") < page.index(closed)
    assert closed not in made(PageKind.HELP)


@pytest.mark.parametrize("kind", [PageKind.HELP, PageKind.WARN, PageKind.EXAM])
def test_nobody_is_asked_whether_an_exam_is_a_mistake(kind: PageKind) -> None:
    page = made(kind)
    assert shipped_messages()["en"].get("ask") not in page and decision().code in page
    assert shipped_messages()["en"].get("ask") in made(PageKind.BLOCK)


@pytest.mark.parametrize(
    "language, told",
    [("en", "30 minutes"), ("ru", "30 минут,"), ("fa", "۳۰ دقیقه"), ("kk", "30 минут"), ("vi", "30 phút")],
)
def test_how_long_it_holds_is_what_it_holds(language: str, told: str) -> None:
    page = made(PageKind.WARN, replace(CONTEXT, language=language))
    assert told in page and "{" not in page and going_on.SECONDS == 30 * 60


def test_persian_writes_the_hour_in_its_own_digits() -> None:
    context = replace(CONTEXT, until=datetime(2026, 11, 24, 11, 30), language="fa")
    assert "۱۱:۳۰" in made(PageKind.LIMIT, context) and "11:30" not in made(PageKind.LIMIT, context)


def test_other_pages_show_two_numbers_and_no_hours() -> None:
    page = made(PageKind.BLOCK)
    assert page.count("tel:") == 2 and "day and night" not in page


@pytest.mark.parametrize("kind", [kind for kind in PageKind if kind is not PageKind.HELP])
def test_a_teachers_code_can_be_typed_where_it_could_open_something(kind: PageKind) -> None:
    assert 'name="code"' in made(kind)
    assert 'name="code"' not in made(kind, replace(CONTEXT, codes=False))


@pytest.mark.parametrize(
    "kind, until, told",
    [
        (PageKind.LIMIT, datetime(2026, 11, 24, 11, 30), "It opens at 11:30."),
        (PageKind.LIMIT, datetime(2026, 11, 26, 7, 30), "It opens again: Thursday, 07:30."),
        (PageKind.EXAM, datetime(2026, 11, 24, 11, 30), "The exam ends at 11:30."),
    ],
)
def test_when_it_opens(kind: PageKind, until: datetime, told: str) -> None:
    assert told in made(kind, replace(CONTEXT, until=until))
    assert "11:30" not in made(PageKind.BLOCK, replace(CONTEXT, until=until))


def test_the_weekday_is_told_in_the_pages_language() -> None:
    context = replace(CONTEXT, until=datetime(2026, 11, 26, 7, 30), language="ru")
    assert "четверг" in made(PageKind.LIMIT, context)


def test_a_form_that_came_too_late_says_so() -> None:
    assert shipped_messages()["en"].get("expired") in made(PageKind.WARN, replace(CONTEXT, expired=True))
