"""Unlock codes by the form: back to the page, or the sentence that says why not."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping

import httpx
import pytest

from hedgerow.portal.house import House
from hedgerow.stores.passes import Scope, Target
from hedgerow.stores.tokens import Continue, Tokens
from tests.portal.place import PREFIX, Browser, hidden, house

UNLOCK = f"{PREFIX}/unlock"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("unlock"))
    yield opened
    opened.close()


def issue(made: House, host: str = "blocked.test", uses: int = 30, valid: float = 600, band: str = "ages-8-10") -> str:
    target = Target(host=host, digests=frozenset({"d"}), rules=("site:blocked.test",))
    code, _ = made.passes.issue(Scope(band=band), target, 1200, valid, uses, "Minh", "a lesson")
    return code


def send(browser: Browser, fields: Mapping[str, str], **headers: str) -> httpx.Response:
    """The form as it was shown to this person, filled in."""
    return browser.post(UNLOCK, {**hidden(browser.get(UNLOCK)), **fields}, **headers)


def test_back_to_the_page_it_was_typed_on(made: House) -> None:
    code = issue(made)
    answer = send(Browser(made), {"code": code.lower(), "to": "/lesson?a=b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/lesson?a=b")
    (held,) = [row for row in made.passes.held() if row.target.host == "blocked.test"]
    assert held.scope.person


@pytest.mark.parametrize(
    "to", ["//evil.test", "https://evil.test/", "\\\\evil.test", "javascript:alert(1)", "", "x" * 9000]
)
def test_it_never_leads_elsewhere(made: House, to: str) -> None:
    answer = send(Browser(made), {"code": issue(made), "to": to})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_on_the_portals_own_name_it_says_what_is_open(made: House) -> None:
    answer = send(Browser(made, host="hedgerow.internal", key="10.20.8.30"), {"code": issue(made)})
    assert answer.status_code == 200 and 'href="https://blocked.test/"' in answer.text


def test_typed_on_another_sites_page_it_names_the_site_that_is_open(made: House) -> None:
    code = issue(made, uses=30)
    browser, elsewhere = Browser(made, key="10.20.8.33"), Browser(made, key="10.20.8.33", host="other.test")
    assert send(browser, {"code": code}).status_code == 303
    answer = send(elsewhere, {"code": code})  # used already, by this very person: it costs nothing, and opens that site
    assert answer.status_code == 200 and "<h1>blocked.test: It is open now</h1>" in answer.text


def test_each_reason_has_its_sentence(made: House) -> None:
    browser = Browser(made, key="10.20.8.31")
    assert "does not open anything" in send(browser, {"code": "AAAA-BBBB"}).text
    other = issue(made, band="staff")
    assert "does not open anything" in send(browser, {"code": other}).text
    single = issue(made, uses=1)
    assert send(Browser(made, key="10.20.8.32"), {"code": single}).status_code == 303
    used = send(browser, {"code": single, "to": "/x"})
    assert used.status_code == 403 and "used already" in used.text and 'value="/x"' in used.text


def test_guessing_ends_soon_and_others_go_on(made: House) -> None:
    browser = Browser(made, key="10.20.8.40")
    statuses = [send(browser, {"code": f"AAAA-{n:04d}"}).status_code for n in range(14)]
    assert statuses[0] == 403 and statuses[-1] == 429
    assert send(Browser(made, key="10.20.8.41"), {"code": issue(made)}).status_code == 303


def test_a_form_of_another_site_uses_up_nothing(made: House) -> None:
    browser, other = Browser(made, key="10.20.8.70"), Browser(made, key="10.20.8.71")
    strange = (
        "",
        "x.y",
        "x" * 9000,
        hidden(other.get(UNLOCK))["token"],
        hidden(browser.get(f"{PREFIX}/report?kind=help"))["token"],
    )
    for token in strange * 4:
        answer = browser.post(UNLOCK, {"code": "AAAA-BBBB", "to": "/x", "token": token})
        assert answer.status_code == 403 and 'value="/x"' in answer.text and "does not open" not in answer.text
    assert send(browser, {"code": issue(made)}).status_code == 303


def test_the_form_of_a_workers_page_is_ours(made: House) -> None:
    browser, worker, now = Browser(made, key="10.20.8.72"), Tokens(made.state.keys), time.time()
    warned = worker.sign(Continue("10.20.8.72", "blocked.test", "d", "ages-8-10", "warn"), now)
    for token in (warned, worker.sign_code("10.20.8.73", now), worker.sign_code("10.20.8.72", now - 3600)):
        assert browser.post(UNLOCK, {"code": issue(made), "token": token}).status_code == 403
    fields = {"code": issue(made), "token": worker.sign_code("10.20.8.72", now)}
    assert browser.post(UNLOCK, fields).status_code == 303


def test_a_code_in_an_address_opens_nothing(made: House) -> None:
    browser, code = Browser(made, key="10.20.8.50"), issue(made)
    before = len(made.passes.held())
    assert browser.get(f"{UNLOCK}?code={code}&to=/").status_code == 200
    assert code not in browser.get(f"{UNLOCK}?code={code}").text
    for headers in ({"origin": "https://evil.test"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_mode": "cors"}):
        assert send(browser, {"code": code}, **headers).status_code == 403
    assert len(made.passes.held()) == before


def test_a_locked_store_grants_nothing_and_says_so(made: House) -> None:
    code, before = issue(made), len(made.passes.held())
    with sqlite3.connect(made.state.grants, isolation_level=None) as other:
        other.execute("begin immediate")
        answer = send(Browser(made, key="10.20.8.60"), {"code": code})
        other.execute("rollback")
    other.close()
    assert answer.status_code == 503 and len(made.passes.held()) == before


def test_while_the_filter_is_relaxed_every_page_says_so(made: House) -> None:
    browser = Browser(made)
    assert "names of sites only" not in browser.get("/").text
    granted = made.passes.relax(600, "Minh", "the day it all goes wrong")
    made._relaxed = (0.0, 0.0)
    for path in ("/", "/outcome", "/nothing"):
        assert "names of sites only" in browser.get(path).text
    made.passes.end(granted.id, "Minh")
    made._relaxed = (0.0, 0.0)
    assert "names of sites only" not in browser.get("/").text
