"""Which bodies are read beside the loop, and that the hooks find what was read."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from mitmproxy import http

from hedgerow.core.model import Action, Capture, Decision, Identity, Name, NameSource, Request, Step
from hedgerow.proxy.ahead import LONG_ANSWER, LONG_POST, work_ahead
from hedgerow.proxy.judged import KEY, Judged
from hedgerow.proxy.services import Services
from tests.proxy.flows import flow
from tests.proxy.small_school import services

__all__ = ["services"]

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
PAGE = b"<p>" + b"pond " * (LONG_ANSWER // 4)
FORM = b"a=" + b"pond+" * (LONG_POST // 4)


def judged(
    services: Services, body: bytes = b"", answer: bytes = b"", coding: str = "", reads: bool = True
) -> http.HTTPFlow:
    made = flow(method="POST", body=body)
    made.response = None
    if answer:
        made.response = http.Response.make(200, b"", {"content-type": "text/html", "content-encoding": coding})
        made.response.raw_content = answer
    decision = Decision(
        Action.ALLOW, Capture.DECRYPTED, "staff", Step.SITE, "r", "f:1", "", "site.test", reads_words=reads
    )
    request = Request((Name(NameSource.HOST, "site.test"),), method="POST")
    made.metadata[KEY] = Judged(services.runtime.current, Identity("k", "staff"), request, decision, NOW)
    return made


@pytest.mark.parametrize("name, body, answer, coding", [
    ("request", FORM, b"", ""),
    ("response", b"", PAGE, ""),
    ("response", b"", gzip.compress(PAGE), "gzip"),  # a few hundred bytes that become many
])  # fmt: skip
def test_long_ones(services: Services, name: str, body: bytes, answer: bytes, coding: str) -> None:
    asked = judged(services, body, answer, coding)
    work = work_ahead(name, asked, b"")
    assert work is not None
    work()
    state = asked.metadata[KEY]
    assert (state.posted is not None) is (name == "request") and (state.ready is not None) is (name == "response")


def test_the_first_bytes_of_one_that_goes_on(services: Services) -> None:
    asked = judged(services, answer=b"x")
    assert work_ahead("response_prefix", asked, PAGE) is not None
    assert work_ahead("request_prefix", judged(services), FORM) is not None


@pytest.mark.parametrize("reason", ["short", "nobody-reads", "answered", "streams", "no-record", "ours"])
def test_nothing_to_do(services: Services, reason: str) -> None:
    asked = judged(services, answer=PAGE[:500] if reason == "short" else PAGE, reads=reason != "nobody-reads")
    state = asked.metadata[KEY]
    state.answered, state.own = reason == "answered", "portal" if reason == "ours" else ""
    assert asked.response is not None
    asked.response.stream = reason == "streams"
    if reason == "no-record":
        del asked.metadata[KEY]
    assert work_ahead("response", asked, b"") is None
