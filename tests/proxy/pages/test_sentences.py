"""Every sentence on a page is true of the decision it stands for."""

from __future__ import annotations

import pytest

from hedgerow.core.model import REGISTERS, Action, Capture, Decision, Step
from hedgerow.proxy.pages.model import PageKind
from hedgerow.proxy.pages.sentences import band_speaks, lead_key, reason_key, title_key
from hedgerow.stores.messages import LANGUAGES, shipped_messages

A = Action


def decision(action: Action, step: Step, rule: str = "", category: str = "") -> Decision:
    return Decision(action, Capture.DECRYPTED, "b", step, rule, "w", "e", "x.test", category=category)


@pytest.mark.parametrize(
    "action, step, rule, category, speaks",
    [
        (A.BLOCK, Step.SITE, "site:x.test", "", True),
        (A.BLOCK, Step.CATEGORY, "category:gambling", "gambling", True),
        (A.BLOCK, Step.DEFAULT, "unknown:page", "", True),
        (A.BLOCK, Step.DEFAULT, "unknown:address", "", True),
        (A.WARN, Step.CATEGORY, "category:video", "video", True),
        (A.WARN, Step.WORDS, "words:bullying", "", True),
        (A.LIMIT, Step.CATEGORY, "category:games", "games", True),
        (A.BLOCK, Step.WORDS, "words:gambling", "", False),  # no pass lifts words
        (A.BLOCK, Step.WORDS, "words:self-harm", "", False),
        (A.WARN, Step.WORDS, "words:self-harm", "", False),
        (A.HELP, Step.WORDS, "words:self-harm", "", False),
        (A.HELP, Step.SITE, "site:x.test", "", False),
        (A.BLOCK, Step.CATEGORY, "category:self-harm", "self-harm", False),
        (A.BLOCK, Step.FLOOR, "floor:malware", "malware", False),
        (A.BLOCK, Step.ILLEGAL, "illegal", "", False),
        (A.BLOCK, Step.BUILTIN, "disagree", "", False),
        (A.BLOCK, Step.EXAM, "exam", "", False),
    ],
)
def test_a_band_sends_to_the_teacher_only_where_the_teacher_can_help(
    action: Action, step: Step, rule: str, category: str, speaks: bool
) -> None:
    assert band_speaks(decision(action, step, rule, category)) is speaks


@pytest.mark.parametrize(
    "kind, step, lead",
    [
        (PageKind.BLOCK, Step.WORDS, "block.lead.words"),
        (PageKind.BLOCK, Step.FILES, "block.lead.files"),
        (PageKind.BLOCK, Step.CATEGORY, "block.lead"),
        (PageKind.WARN, Step.WORDS, "warn.lead.words"),
        (PageKind.WARN, Step.SITE, "warn.lead"),
        (PageKind.HELP, Step.WORDS, "help.lead"),
        (PageKind.LIMIT, Step.FILES, "limit.lead"),
    ],
)
def test_of_an_open_site_nobody_says_that_it_is_closed(kind: PageKind, step: Step, lead: str) -> None:
    assert lead_key(kind, decision(A.BLOCK, step)) == lead


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize("key", ["block.lead.words", "block.lead.files", "warn.lead.words"])
def test_each_of_them_is_there_and_other_than_the_sites(language: str, register: str, key: str) -> None:
    texts = shipped_messages()[language]
    assert ("{host}" in texts.get(key, register)) is (register != "young")
    assert register == "young" or texts.get(key, register) != texts.get(key.rpartition(".")[0], register)


def test_a_failure_without_a_decision_has_its_own_words() -> None:
    assert (title_key(PageKind.FAULT, None), lead_key(PageKind.FAULT, None)) == ("fault.title", "fault.lead")


def test_a_file_is_no_page() -> None:
    assert title_key(PageKind.BLOCK, decision(A.BLOCK, Step.FILES)) == "block.title.files"
    assert title_key(PageKind.BLOCK, decision(A.BLOCK, Step.WORDS)) == "block.title"


@pytest.mark.parametrize(
    "step, rule, subject, why",
    [
        (Step.WORDS, "words:drugs", "drugs", "why.words"),
        (Step.WORDS, "words:own-topic", "", "why.site"),  # a topic nobody named
        (Step.WORDS, "undecodable", "", "why.undecodable"),
        (Step.CATEGORY, "category:games", "games", "why.category"),
        (Step.DEFAULT, "unknown:address", "", "why.address"),
        (Step.DEFAULT, "unknown:page", "", "why.unknown"),
        (Step.FLOOR, "floor:malware", "malware", "why.floor"),
    ],
)
def test_the_reason_fits_the_step(step: Step, rule: str, subject: str, why: str) -> None:
    assert reason_key(decision(A.BLOCK, step, rule), subject) == why
