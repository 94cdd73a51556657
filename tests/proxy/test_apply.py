from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Action, Capture, Decision, Step
from hedgerow.proxy.apply import connect_refused, keep_to_type, kind_of_page, same_site_path, set_response
from hedgerow.proxy.pages.model import Answer, PageKind
from tests.proxy.flows import flow, response


def decision(action: Action, step: Step = Step.CATEGORY, status: int = 403) -> Decision:
    return Decision(
        action, Capture.DECRYPTED, "ages-8-10", step, "rule", "where", "evidence", "site.test", status=status
    )


@pytest.mark.parametrize(
    "to, path",
    [
        ("/page?a=b&c=%20d", "/page?a=b&c=%20d"),
        ("/тест", "/%D1%82%D0%B5%D1%81%D1%82"),
        ("//evil.test/", "/"),
        ("/é/evil.test", "/%C3%A9/evil.test"),  # nothing is dropped: what is left must not lead elsewhere
        ("/\\evil.test", "/"),
        ("https://evil.test/", "/"),
        ("evil.test", "/"),
        ("", "/"),
        ("/\udcff", "/"),  # a byte that is no UTF-8, as mitmproxy hands it on
        ("/a\r\nset-cookie: x", "/"),
    ],
)
def test_the_way_back_stays_on_the_site(to: str, path: str) -> None:
    assert same_site_path(to) == path


@given(st.text(st.characters(), max_size=60))
def test_no_text_leads_elsewhere(to: str) -> None:
    path = same_site_path(to)
    assert path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()


@pytest.mark.parametrize(
    "given_decision, kind",
    [
        (decision(Action.BLOCK), PageKind.BLOCK),
        (decision(Action.WARN), PageKind.WARN),
        (decision(Action.LIMIT), PageKind.LIMIT),
        (decision(Action.HELP, Step.WORDS), PageKind.HELP),
        (decision(Action.BLOCK, Step.BUILTIN, 421), PageKind.DISAGREE),
        (decision(Action.BLOCK, Step.BUILTIN, 400), PageKind.BAD_REQUEST),
        (decision(Action.BLOCK, Step.BUILTIN, 403), PageKind.BLOCK),
    ],
)
def test_kind_of_page(given_decision: Decision, kind: PageKind) -> None:
    assert kind_of_page(given_decision) is kind


def test_our_answer_leaves_nothing_of_the_upstreams() -> None:
    made = flow()
    made.response = response(headers=[("set-cookie", "upstream=1")], body=b"upstream")
    set_response(made, Answer(403, (("content-type", "text/html"),), b"ours"))
    assert made.response.raw_content == b"ours" and "set-cookie" not in made.response.headers


@pytest.mark.parametrize("status, answered", [(403, 403), (400, 400), (421, 403)])
def test_a_refused_connect_is_one_line(status: int, answered: int) -> None:
    made = connect_refused(decision(Action.BLOCK, Step.BUILTIN, status))
    assert made.status_code == answered and made.headers["x-hedgerow-action"] == "block"
    assert made.content == b"evidence\n"


def test_what_was_judged_as_a_drawing_is_not_opened_as_a_page() -> None:
    drawing, picture = response(headers=[("x-content-type-options", "no")]), response()
    keep_to_type(drawing, "image/svg+xml")
    keep_to_type(picture, "image/png")
    assert (
        drawing.headers["content-disposition"] == "attachment"
        and drawing.headers["x-content-type-options"] == "nosniff"
    )
    assert picture.headers["x-content-type-options"] == "nosniff" and "content-disposition" not in picture.headers
