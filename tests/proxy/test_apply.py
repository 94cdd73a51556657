from __future__ import annotations

import pytest

from hedgerow.core.model import Action, Capture, Decision, Step
from hedgerow.proxy.apply import connect_refused, keep_to_type, kind_of_page, set_response
from hedgerow.proxy.pages.model import Answer, PageKind
from tests.proxy.flows import flow, response


def decision(action: Action, step: Step = Step.CATEGORY, status: int = 403) -> Decision:
    return Decision(
        action, Capture.DECRYPTED, "ages-8-10", step, "rule", "where", "evidence", "site.test", status=status
    )


@pytest.mark.parametrize(
    "given_decision, kind",
    [
        (decision(Action.BLOCK), PageKind.BLOCK),
        (decision(Action.WARN), PageKind.WARN),
        (decision(Action.LIMIT), PageKind.LIMIT),
        (decision(Action.HELP, Step.WORDS), PageKind.HELP),
        (decision(Action.BLOCK, Step.EXAM), PageKind.EXAM),
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
