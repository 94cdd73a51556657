from __future__ import annotations

import pytest

from hedgerow.core.model import REGISTERS
from hedgerow.pages.parts import KINDS, code_form, facts_card, idea_card, tell
from hedgerow.stores.fact_checks import FactCheck
from hedgerow.stores.ideas import Idea
from hedgerow.stores.messages import LANGUAGES, shipped_messages
from hedgerow.stores.report_model import KINDS as REPORTS

TEXTS = shipped_messages()["en"]


def test_only_what_somebody_reads_is_offered() -> None:
    made = tell(("wrong", "help", "open"), TEXTS, "older", "ABCD-1234")
    assert made.count("<a ") == 2
    assert 'href="/.well-known/hedgerow/report?kind=wrong&amp;code=ABCD-1234"' in made
    assert tell((), TEXTS, "older", "") == "" and "code=" not in tell(("help",), TEXTS, "older", "")


def test_who_needs_help_stands_first() -> None:
    made = tell(REPORTS, TEXTS, "young", "")
    assert made.index("kind=help") < made.index("kind=hurt") < made.index("kind=wrong")
    assert set(KINDS) == set(REPORTS) - {"open"}  # told at the plain address


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("register", REGISTERS)
def test_every_reader_has_words_for_all_of_it(language: str, register: str) -> None:
    texts = shipped_messages()[language]
    assert tell(KINDS, texts, register, "").count("<li") == len(KINDS)
    assert 'name="code"' in code_form(texts, register, "/")


def test_links_can_lead_to_another_address() -> None:
    """And say there which site they are about, in the page's language."""
    made = tell(("help",), TEXTS, "older", "ABCD-1234", "http://hedgerow.internal/", "a&b.test")
    query = "kind=help&amp;code=ABCD-1234&amp;site=a%26b.test&amp;lang=en"
    assert f'href="http://hedgerow.internal/report?{query}"' in made


def test_the_code_is_posted_never_in_an_address() -> None:
    made = code_form(TEXTS, "older", '/a"b')
    assert 'method="post" action="/.well-known/hedgerow/unlock"' in made and 'value="/a&quot;b"' in made


def test_an_idea_with_and_without_its_question() -> None:
    idea = Idea("a < b", "why?")
    assert "a &lt; b" in idea_card(idea, TEXTS, "older", True) and "why?" in idea_card(idea, TEXTS, "older", True)
    assert "why?" not in idea_card(idea, TEXTS, "older", False)


def test_a_fact_check_says_who_runs_it() -> None:
    made = facts_card((FactCheck("Full Fact (a <charity>)", "https://fullfact.org/", ("en",)),), TEXTS, "older")
    assert '<a href="https://fullfact.org/"><bdi dir="ltr">fullfact.org</bdi></a>' in made and "&lt;charity&gt;" in made
    assert facts_card((), TEXTS, "older") == ""
