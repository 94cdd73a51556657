"""Reports by the form: from the page to the store, and what happens when something is wrong, full or forged."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from hedgerow.portal.flood import Flood, Most
from hedgerow.portal.house import House
from hedgerow.stores.messages import shipped_messages
from hedgerow.stores.report_model import KINDS
from tests.portal.place import PREFIX, PUPIL, Browser, code_on, hidden, house

REPORT = f"{PREFIX}/report"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("reporting"))
    yield opened
    opened.close()


@pytest.fixture
def made(first: House) -> Iterator[House]:
    first._floods = {care: Flood(Most(100, 1000)) for care in (True, False)}
    yield first
    with sqlite3.connect(first.state.reports) as connection:
        connection.execute("delete from reports")
    connection.close()


def stored(made: House) -> list[tuple[str, str, str]]:
    return [(report.kind, report.text, report.context.host) for report in made.reports.list()]


@pytest.mark.parametrize("kind", ["help", "hurt", "wrong", "harmful"])
def test_from_the_page_to_the_store_and_back_by_the_code(made: House, kind: str) -> None:
    browser = Browser(made)
    page = browser.report(kind, "words of a child")
    assert page.status_code == 200 and stored(made) == [(kind, "words of a child", "blocked.test")]
    assert made.reports.outcome(code_on(page)) is not None


def test_asking_for_help_stores_nothing_before_something_is_sent(made: House) -> None:
    page = Browser(made).get(f"{REPORT}?kind=help")
    assert page.text.index("18001776") < page.text.index("<form") and stored(made) == []


def test_help_without_a_word_is_help(made: House) -> None:
    assert Browser(made).report("help").status_code == 200
    assert stored(made) == [("help", "", "blocked.test")]


def test_who_reports_is_not_kept(made: House) -> None:
    Browser(made).report("wrong", "x", contact="7B")
    (report,) = made.reports.list()
    assert PUPIL["key"] not in repr(report) and report.context.contact == "7B"
    assert report.context.person == ""  # told to the store, given out to nobody


def rows(made: House, kind: str) -> list[dict[str, object]]:
    """All that the disk has of the reports of this kind."""
    connection = sqlite3.connect(made.state.reports)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute("select * from reports where kind = ?", (kind,))]
    connection.close()
    return found


def test_nothing_joins_a_request_for_help_to_another_report_of_the_device(made: House) -> None:
    """By the page's code two keyholders can open a report about a page; nobody may come from it to the child."""
    browser = Browser(made)
    browser.report("wrong", "please", page="ABCD-1234")
    browser.report("harmful", "ugly", page="ABCD-1234")
    browser.report("help", "please")
    browser.report("hurt", "please")
    said = {PUPIL["band"], PUPIL["network"], PUPIL["language"], "blocked.test", "please"}  # alike for a whole class
    (wrong,), (harmful,), (asked,), (hurt,) = (rows(made, kind) for kind in ("wrong", "harmful", "help", "hurt"))
    for one, other in ((asked, wrong), (asked, harmful), (asked, hurt), (wrong, harmful)):
        alike = {value for value in one.values() if value in other.values() and isinstance(value, (str, bytes, float))}
        assert alike - said - {"ABCD-1234"} <= {""}
    assert asked["person"] == hurt["person"] == asked["page_code"] == "" and wrong["person"] != ""


def test_the_mark_of_a_report_goes_when_it_is_closed(made: House) -> None:
    code = code_on(Browser(made).report("wrong", "please"))
    Browser(made, key="10.20.8.10").report("wrong", "please")
    assert all(row["person"] for row in rows(made, "wrong"))
    made.reports.close(code, "Lan")
    assert [row["person"] for row in rows(made, "wrong")] == ["", ""]


def test_the_code_of_the_page_goes_along_and_nothing_else_does(made: House) -> None:
    browser = Browser(made)
    for given, kept in (("ABCD-1234", "ABCD-1234"), ("<script>", ""), ("abcd-1234", ""), ("ABCD-12345", "")):
        page = browser.get(f"{REPORT}?kind=wrong&code={given}")
        assert hidden(page).get("page", "") == kept and "<script" not in page.text


def test_on_the_gateways_own_name_the_page_is_typed(made: House) -> None:
    browser = Browser(made, host="hedgerow.school.test")
    browser.report("wrong", "", address="  https://Casino.Example/roulette?id=7#x ")
    browser.report("harmful", "", address="not an address at all")
    assert {(r.context.host, r.context.path) for r in made.reports.list()} == {
        ("casino.example", "/roulette"),
        ("not an address at all", ""),
    }


def test_on_the_gateways_own_name_the_link_says_which_site_it_is_about(made: House) -> None:
    browser = Browser(made, host="hedgerow.school.test")
    for number, (said, kept) in enumerate(
        {"Blocked.Test": "blocked.test", "xn--bcher-kva.test": "xn--bcher-kva.test", "a b": "", "<b>.test": "",
         "hedgerow.school.test": "", "x" * 400: ""}.items()
    ):  # fmt: skip
        page = browser.get(f"/report?kind=hurt&site={said}")
        assert hidden(page).get("site", "") == kept and "<b>" not in page.text
        browser.post("/report", {**hidden(page), "text": str(number)})
        assert ("hurt", str(number), kept) in stored(made)
    wrong = browser.get("/report?kind=wrong&site=xn--bcher-kva.test")
    assert "bücher.test" in wrong.text and 'name="address"' not in wrong.text


def test_what_a_form_says_of_its_site_counts_on_no_sites_own_origin(made: House) -> None:
    Browser(made).report("wrong", "", site="elsewhere.test")
    assert stored(made) == [("wrong", "", "blocked.test")]


def test_on_a_sites_origin_a_reader_is_led_to_our_name_and_a_form_shown_again_leads_there(made: House) -> None:
    browser = Browser(made, own="https://hedgerow.school.test/")
    led = browser.get(f"{REPORT}?kind=hurt&code=ABCD-1234")
    there = "https://hedgerow.school.test/report?kind=hurt&code=ABCD-1234&site=blocked.test"
    assert (led.status_code, led.headers["location"]) == (303, there)
    again = browser.post(REPORT, {"kind": "hurt", "token": "old", "text": "words"})
    assert again.status_code == 403 and 'action="https://hedgerow.school.test/report"' in again.text
    assert "words" in again.text and hidden(again)["site"] == "blocked.test"
    assert "form-action 'self' https://hedgerow.school.test/;" in again.headers["content-security-policy"]
    assert f'"{PREFIX}/' not in again.text


def test_on_a_sites_own_origin_the_site_is_not_typed(made: House) -> None:
    Browser(made).report("wrong", "", address="elsewhere.test")
    assert stored(made) == [("wrong", "", "blocked.test")]


def test_who_doubts_a_claim_is_shown_where_it_is_checked(made: House) -> None:
    assert 'href="https://tingia.gov.vn/"' in Browser(made).get(f"{REPORT}?kind=untrue").text
    assert "tingia" not in Browser(made).get(f"{REPORT}?kind=wrong").text


@pytest.mark.parametrize("kind", ["untrue", "open"])
def test_a_kind_nobody_reads_has_no_form_and_is_not_taken(made: House, kind: str) -> None:
    browser = Browser(made)
    page = browser.get(f"{REPORT}?kind={kind}")
    assert page.status_code == 200 and "<form" not in page.text and "18001776" in page.text
    assert f"kind={kind}" not in browser.get(f"{PREFIX}/").text.partition("<footer")[0]
    token = hidden(browser.get(f"{REPORT}?kind=wrong"))["token"]
    assert browser.post(REPORT, {"kind": kind, "token": token}).status_code == 400 and stored(made) == []


def test_the_first_page_offers_what_is_read_and_help_always(made: House) -> None:
    page = Browser(made).get(f"{PREFIX}/").text
    assert [kind for kind in KINDS if f"kind={kind}" in page] == ["wrong", "harmful", "help", "hurt"]


@pytest.mark.parametrize("forged", [{"token": ""}, {"token": "0.0"}, {"token": None}])
def test_a_form_without_our_token_is_shown_again_with_its_words(made: House, forged: dict[str, str | None]) -> None:
    browser = Browser(made)
    fields = {**hidden(browser.get(f"{REPORT}?kind=hurt")), "text": 'he "hits" me <b>\nevery day', **forged}
    page = browser.post(REPORT, {name: value for name, value in fields.items() if value is not None})
    assert page.status_code == 403 and stored(made) == []
    assert 'he "hits" me <b>\nevery day' in unescape(page.text) and "<b>" not in page.text
    again = browser.post(REPORT, {**hidden(page), "text": "x"})
    assert again.status_code == 200 and stored(made) == [("hurt", "x", "blocked.test")]


def test_another_persons_form_and_another_sites_are_refused(made: House) -> None:
    other = hidden(Browser(made, key="10.20.8.10").get(f"{REPORT}?kind=wrong"))
    browser = Browser(made)
    assert browser.post(REPORT, {**other, "text": "x"}).status_code == 403
    own = hidden(browser.get(f"{REPORT}?kind=wrong"))
    for headers in ({"origin": "https://evil.test"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_mode": "cors"}):
        assert browser.post(REPORT, {**own, "text": "x"}, **headers).status_code == 403
    assert stored(made) == []


def test_a_form_that_was_open_too_long_loses_no_word(made: House) -> None:
    browser = Browser(made)
    fields = hidden(browser.get(f"{REPORT}?kind=help"))
    issued, _, mac = fields["token"].partition(".")
    late = {**fields, "token": f"{int(issued, 16) - 3 * 3600:x}.{mac}", "text": "please"}
    page = browser.post(REPORT, late)
    assert page.status_code == 403 and "please" in page.text and told(page.text) == {"report.unsure"}  # not our mac
    real = made.tokens.clock
    made.tokens = replace(made.tokens, clock=lambda: real() - 3 * 3600)
    late = {**hidden(browser.get(f"{REPORT}?kind=help")), "text": "please"}
    made.tokens = replace(made.tokens, clock=real)
    page = browser.post(REPORT, late)
    assert page.status_code == 403 and "please" in page.text and told(page.text) == {"report.again"}
    elsewhere = browser.post(REPORT, late, sec_fetch_site="cross-site")
    assert told(elsewhere.text) == {"report.unsure"} and stored(made) == []


def told(page: str) -> set[str]:
    """Which of the sentences about a form that was not taken a page says."""
    texts = shipped_messages()["en"]
    keys = [f"report.{name}" for name in ("slow", "day", "busy", "full", "unkept", "again", "unsure")]
    return {key for key in keys if texts[key] in unescape(page)}


@pytest.mark.parametrize("most, sentence", [
    (Most(0, 10), "report.slow"),
    (Most(9, 0), "report.busy"),
    (Most(9, 9, day=1), "report.day"),
])  # fmt: skip
def test_each_reason_has_its_own_sentence(made: House, most: Most, sentence: str) -> None:
    made._floods[False] = Flood(most)
    browser = Browser(made)
    browser.report("wrong", "one")
    page = browser.report("wrong", "two")
    assert page.status_code == 429 and told(page.text) == {sentence} and "two" in page.text


def test_a_full_store_says_so(made: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.stores.report_taking.MAX_CARE", 0)
    page = Browser(made).report("hurt", "still here")
    assert page.status_code == 503 and told(page.text) == {"report.full"} and "18001776" in page.text


def test_what_goes_along_is_told_and_no_page_code_does_with_help(made: House) -> None:
    browser, sentence = Browser(made), shipped_messages()["en"]["report.private.page"]
    for kind, goes in (("wrong", True), ("harmful", True), ("help", False), ("hurt", False)):
        page = browser.get(f"{REPORT}?kind={kind}&code=ABCD-1234")
        assert (sentence in unescape(page.text)) is goes and ("ABCD-1234" in page.text) is goes
        browser.post(REPORT, {**hidden(page), "page": "ABCD-1234", "text": kind})
    codes = {report.kind: report.context.page_code for report in made.reports.list()}
    assert codes == {"wrong": "ABCD-1234", "harmful": "ABCD-1234", "help": "", "hurt": ""}
    assert sentence not in unescape(browser.get(f"{REPORT}?kind=wrong").text)


def test_a_flood_of_reports_keeps_nobody_from_help(made: House) -> None:
    made._floods[False] = Flood(Most(3, 5))
    browser = Browser(made)
    assert [browser.report("wrong", f"n{n}").status_code for n in range(5)] == [200, 200, 200, 429, 429]
    others = [Browser(made, key=f"10.20.8.{n}").report("wrong", f"m{n}").status_code for n in range(20, 24)]
    assert others == [200, 200, 429, 429]
    before = {key: made.reports.counts().get(key, 0) for key in (("held", "rate"), ("held", "flood"))}
    assert all(before.values())
    assert browser.report("help", "now").status_code == 200
    assert "18001776" in browser.get(f"{REPORT}?kind=help").text


def test_even_a_flood_of_help_shows_the_helplines_and_keeps_the_words(made: House) -> None:
    made._floods[True] = Flood(Most(1, 10))
    browser = Browser(made)
    assert browser.report("help", "one").status_code == 200
    page = browser.report("help", "two")
    assert page.status_code == 429 and "18001776" in page.text and "two" in page.text


def test_a_store_that_cannot_write_says_so_and_keeps_the_words(made: House) -> None:
    with sqlite3.connect(made.state.reports, isolation_level=None) as other:
        other.execute("begin immediate")
        started = time.monotonic()
        page = Browser(made).report("hurt", "still here")
        took = time.monotonic() - started
        other.execute("rollback")
    other.close()
    assert page.status_code == 503 and "still here" in page.text and "18001776" in page.text
    assert took < 10
    assert Browser(made).report("hurt", "still here").status_code == 200


@pytest.mark.parametrize("body, kind, status", [
    ("kind=wrong&text=" + "x" * 70_000, "application/x-www-form-urlencoded", 413),
    ('{"kind": "wrong"}', "application/json", 415),
    ("&".join(f"f{n}=1" for n in range(100)), "application/x-www-form-urlencoded", 400),
    ("", "application/x-www-form-urlencoded", 400),
])  # fmt: skip
def test_what_is_no_form_of_ours_is_refused_with_whom_to_call(made: House, body: str, kind: str, status: int) -> None:
    page = Browser(made).post(REPORT, body, content_type=kind)
    assert page.status_code == status and "18001776" in page.text and stored(made) == []


def test_a_long_text_is_cut_not_refused(made: House) -> None:
    assert Browser(made).report("help", "я" * 9_000).status_code == 200
    assert 1_000 < len(stored(made)[0][1]) <= 4_000


def test_a_form_that_is_held_off_is_counted_by_its_reason(made: House) -> None:
    browser, before = Browser(made), made.reports.counts()
    fields = {**hidden(browser.get(f"{REPORT}?kind=wrong")), "text": "x"}
    browser.post(REPORT, fields, origin="https://evil.test")
    browser.post(REPORT, fields, sec_fetch_site="cross-site")
    browser.post(REPORT, {**fields, "token": "0.0"})
    browser.post(REPORT, "x", content_type="text/plain")
    browser.post(REPORT, "x" * 70_000)
    after = made.reports.counts()
    grown = {label: n - before.get((name, label), 0) for (name, label), n in after.items() if name == "held"}
    assert {label: n for label, n in grown.items() if n} == {"origin": 2, "token": 1, "form": 1, "size": 1}
