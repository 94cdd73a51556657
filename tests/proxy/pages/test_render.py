from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Action, Capture, Decision, Step
from hedgerow.pages.style import STYLE
from hedgerow.proxy.pages import LANGUAGES, render
from hedgerow.proxy.pages.model import AnswerType, HelplineView, PageContext, PageKind
from hedgerow.stores.messages import shipped_messages

DECISION = Decision(
    action=Action.WARN,
    capture=Capture.DECRYPTED,
    band="ages-14-17",
    step=Step.CATEGORY,
    rule="category:social",
    where="bands/ages-14-17.yaml:9",
    evidence="secret evidence",
    host="forum.test",
    category="social",
    policy="p1",
    digest="aa",
)
CONTEXT = PageContext(
    language="en",
    school="Nguyễn Huệ",
    host="forum.test",
    subject="social networks",
    helplines=(HelplineView("Child line", "111", "", "day and night"),),
    token="signed.token",
    action="/.well-known/hedgerow/continue",
    to="/a?b=c",
)


class Tags(HTMLParser):
    """Collects start tags with their attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(body: bytes) -> Tags:
    tags = Tags()
    tags.feed(body.decode())
    return tags


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(PageKind))
def test_each_page_in_each_language_is_whole(kind: PageKind, language: str) -> None:
    page = parsed(render(kind, DECISION, replace(CONTEXT, language=language)).body)
    root = dict(page.found)["html"]
    assert root["lang"] == language and root["dir"] == ("rtl" if language == "fa" else "ltr")
    assert "{" not in page.text.replace(STYLE, "")
    assert DECISION.code in page.text and "111" in page.text and "Nguyễn Huệ" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warning_asks_why_and_posts_to_the_same_site(language: str) -> None:
    page = parsed(render(PageKind.WARN, DECISION, replace(CONTEXT, language=language)).body)
    form = dict(page.found)["form"]
    assert (form["method"], form["action"]) == ("post", "/.well-known/hedgerow/continue")
    fields = {a.get("name"): a.get("value") for tag, a in page.found if tag == "input"}
    assert fields == {"token": "signed.token", "to": "/a?b=c"}
    assert [a["value"] for tag, a in page.found if tag == "option"] == ["schoolwork", "sent-to-me", "curious", "other"]


def test_help_asks_no_reason_and_has_one_way_on() -> None:
    page = parsed(render(PageKind.HELP, DECISION, CONTEXT).body)
    assert not [tag for tag, _ in page.found if tag in ("select", "option")]
    assert len([tag for tag, _ in page.found if tag == "button"]) == 1


def test_help_puts_support_before_the_way_on() -> None:
    body = render(PageKind.HELP, DECISION, CONTEXT).body
    assert body.index(b'href="tel:111"') < body.index(b"<button>")


@pytest.mark.parametrize("kind", [PageKind.BLOCK, PageKind.LIMIT, PageKind.FAULT, PageKind.CERTIFICATE])
def test_what_is_not_a_warning_has_no_way_on(kind: PageKind) -> None:
    page = parsed(render(kind, DECISION, CONTEXT).body)
    assert not [tag for tag, _ in page.found if tag in ("form", "button")]


HOSTILE = st.text(alphabet="<>\"'&/=;{}()ab ", max_size=60)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_everything_given_is_escaped(host: str, school: str, message: str, to: str) -> None:
    given_tags = parsed(render(PageKind.WARN, DECISION, CONTEXT).body).found
    context = replace(CONTEXT, host=host or "x", school=school or "x", message=message or "x", to=to, subject=school)
    found = parsed(render(PageKind.WARN, DECISION, context).body).found
    assert [tag for tag, _ in found if tag != "p"] == [tag for tag, _ in given_tags if tag != "p"]
    assert not any(name.startswith("on") for _, attributes in found for name in attributes)


def test_the_words_that_were_found_are_not_repeated_to_a_child() -> None:
    assert "secret evidence" not in render(PageKind.BLOCK, DECISION, CONTEXT).body.decode()


@pytest.mark.parametrize(
    "answer, media, empty",
    [
        (AnswerType.IMAGE, "image/svg+xml", False),
        (AnswerType.SCRIPT, "text/javascript", True),
        (AnswerType.STYLE, "text/css", True),
        (AnswerType.JSON, "application/json", False),
        (AnswerType.EMPTY, "text/plain", True),
        (AnswerType.TEXT, "text/plain; charset=utf-8", False),
        (AnswerType.HEAD, "text/html; charset=utf-8", True),
    ],
)
def test_the_fitting_answer_is_small_and_typed(answer: AnswerType, media: str, empty: bool) -> None:
    made = render(PageKind.BLOCK, DECISION, replace(CONTEXT, answer=answer))
    headers = dict(made.headers)
    assert headers["content-type"] == media and made.status == 403
    assert len(made.body) < 400 and (made.body == b"") is empty


@pytest.mark.parametrize("answer", list(AnswerType))
def test_every_answer_says_action_and_code_and_is_not_kept(answer: AnswerType) -> None:
    made = render(PageKind.WARN, DECISION, replace(CONTEXT, answer=answer))
    headers = dict(made.headers)
    assert (headers["x-hedgerow-action"], headers["x-hedgerow-code"]) == ("warn", DECISION.code)
    assert headers["cache-control"] == "no-store" and headers["x-hedgerow-policy"] == "p1"
    in_frames = "sandbox" if answer is AnswerType.FRAME else "frame-ancestors 'none'"
    assert in_frames in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(PageKind))
def test_a_frame_says_that_it_is_closed_and_has_nothing_to_click(kind: PageKind, language: str) -> None:
    made = render(kind, DECISION, replace(CONTEXT, language=language, answer=AnswerType.FRAME, codes=True))
    page = parsed(made.body)
    assert {tag for tag, _ in page.found} <= {"html", "meta", "title", "style", "body", "svg", "path", "p", "b"}
    assert shipped_messages()[language][f"{kind}.title"] in page.text and DECISION.code in page.text
    assert len(made.body) < 1024 and "signed.token" not in made.body.decode()
    assert "frame-ancestors" not in dict(made.headers)["content-security-policy"]


def test_a_fault_page_needs_nothing() -> None:
    made = render(PageKind.FAULT, None, PageContext(status=503))
    assert made.status == 503 and dict(made.headers)["x-hedgerow-action"] == "fault"


def test_a_limit_says_when_it_opens() -> None:
    context = replace(CONTEXT, until=datetime(2026, 11, 23, 11, 30))
    assert "11:30" in parsed(render(PageKind.LIMIT, DECISION, context).body).text


@pytest.mark.parametrize(
    "changes, key",
    [
        ({"rule": "unknown:address", "step": Step.DEFAULT}, "why.address"),
        ({"rule": "unknown:page", "step": Step.DEFAULT}, "why.unknown"),
        ({"step": Step.FLOOR}, "why.floor"),
        ({"step": Step.SITE}, "why.site"),
        ({"step": Step.FILES}, "why.files"),
        ({"rule": "undecodable", "step": Step.WORDS}, "why.undecodable"),
        ({"step": Step.BUILTIN}, "why.builtin"),
    ],
)
def test_the_reason_fits_the_step_that_spoke(changes: dict[str, object], key: str) -> None:
    decision = replace(DECISION, **changes)  # type: ignore[arg-type]
    text = parsed(render(PageKind.BLOCK, decision, CONTEXT).body).text
    assert shipped_messages()["en"][key] in text
