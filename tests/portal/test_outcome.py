"""What became of a report, told to whoever holds the code: never more than how far it is, and the answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from hedgerow.portal.house import House
from tests.portal.place import PREFIX, Browser, code_on, house

OUTCOME = f"{PREFIX}/outcome"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("outcome"))
    yield opened
    opened.close()


def test_step_by_step_until_it_is_closed(made: House) -> None:
    browser = Browser(made)
    code = code_on(browser.report("wrong", "my own words"))

    def told() -> str:
        page = browser.post(OUTCOME, {"code": code.lower().replace("-", " ")})
        assert page.status_code == 200 and "my own words" not in page.text
        return page.text

    assert "Nobody has read it yet" in told()
    made.reports.show(code, "Minh")
    assert "looking after it" in told() and "Minh" not in told()
    made.reports.answer(code, "Minh", "It is open <b>now</b>.\nThank you.")
    assert "It is open &lt;b&gt;now&lt;/b&gt;.<br>Thank you." in told()
    made.reports.close(code, "Minh")
    assert "finished" in told()


def test_for_help_the_helplines_stand_there_too(made: House) -> None:
    browser = Browser(made)
    page = browser.post(OUTCOME, {"code": code_on(browser.report("help", "x"))})
    assert "18001776" in page.text


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "' or 1=1 --", "x" * 5000, "%"])
def test_an_unknown_code_tells_nothing(made: House, code: str) -> None:
    page = Browser(made).post(OUTCOME, {"code": code})
    assert page.status_code == 404 and "<form" in page.text


def test_the_code_never_stands_in_an_address(made: House) -> None:
    browser = Browser(made)
    code = code_on(browser.report("harmful", "x"))
    assert "arrived" not in browser.get(f"{OUTCOME}?code={code}").text
    assert browser.post(OUTCOME, {"code": code}, origin="https://evil.test").status_code == 403


def test_a_store_that_cannot_be_read_says_so(made: House) -> None:
    browser = Browser(made)
    code = code_on(browser.report("wrong", "locked"))
    with sqlite3.connect(made.state.reports, isolation_level=None) as other:
        other.execute("begin exclusive")
        status = browser.post(OUTCOME, {"code": code}).status_code
        other.execute("rollback")
    other.close()
    assert status in (200, 503)  # WAL lets a reader read; without it the page says "in a minute"
    assert browser.post(OUTCOME, {"code": code}).status_code == 200
