"""Unlock codes by the form: back to the page, or the sentence that says why not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from hedgerow.portal.house import House
from hedgerow.stores.passes import Scope, Target
from tests.portal.place import PREFIX, Browser, house

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


def test_back_to_the_page_it_was_typed_on(made: House) -> None:
    code = issue(made)
    answer = Browser(made).post(UNLOCK, {"code": code.lower(), "to": "/lesson?a=b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/lesson?a=b")
    (held,) = [row for row in made.passes.held() if row.target.host == "blocked.test"]
    assert held.scope.person


@pytest.mark.parametrize(
    "to", ["//evil.test", "https://evil.test/", "\\\\evil.test", "javascript:alert(1)", "", "x" * 9000]
)
def test_it_never_leads_elsewhere(made: House, to: str) -> None:
    answer = Browser(made).post(UNLOCK, {"code": issue(made), "to": to})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_on_the_portals_own_name_it_says_what_is_open(made: House) -> None:
    answer = Browser(made, host="hedgerow.internal", key="10.20.8.30").post(UNLOCK, {"code": issue(made)})
    assert answer.status_code == 200 and 'href="https://blocked.test/"' in answer.text


def test_each_reason_has_its_sentence(made: House) -> None:
    browser = Browser(made, key="10.20.8.31")
    assert "does not open anything" in browser.post(UNLOCK, {"code": "AAAA-BBBB"}).text
    other = issue(made, band="staff")
    assert "does not open anything" in browser.post(UNLOCK, {"code": other}).text
    single = issue(made, uses=1)
    assert Browser(made, key="10.20.8.32").post(UNLOCK, {"code": single}).status_code == 303
    used = browser.post(UNLOCK, {"code": single, "to": "/x"})
    assert used.status_code == 403 and "used already" in used.text and 'value="/x"' in used.text


def test_guessing_ends_soon_and_others_go_on(made: House) -> None:
    browser = Browser(made, key="10.20.8.40")
    statuses = [browser.post(UNLOCK, {"code": f"AAAA-{n:04d}"}).status_code for n in range(14)]
    assert statuses[0] == 403 and statuses[-1] == 429
    assert Browser(made, key="10.20.8.41").post(UNLOCK, {"code": issue(made)}).status_code == 303


def test_a_code_in_an_address_opens_nothing(made: House) -> None:
    browser, code = Browser(made, key="10.20.8.50"), issue(made)
    before = len(made.passes.held())
    assert browser.get(f"{UNLOCK}?code={code}&to=/").status_code == 200
    assert code not in browser.get(f"{UNLOCK}?code={code}").text
    for headers in ({"origin": "https://evil.test"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_mode": "cors"}):
        assert browser.post(UNLOCK, {"code": code}, **headers).status_code == 403
    assert len(made.passes.held()) == before


def test_a_locked_store_grants_nothing_and_says_so(made: House) -> None:
    code, before = issue(made), len(made.passes.held())
    with sqlite3.connect(made.state.grants, isolation_level=None) as other:
        other.execute("begin immediate")
        answer = Browser(made, key="10.20.8.60").post(UNLOCK, {"code": code})
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
