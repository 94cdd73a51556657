"""Who asks: a worker's word on the unix socket, the dialling address over TCP, and no other word ever."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request

from hedgerow.portal.house import House
from hedgerow.portal.who import NotTold, Who, told, who
from tests.portal.place import PREFIX, Browser, header, house


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("who"))
    yield opened
    opened.close()


def test_what_a_worker_writes_is_read() -> None:
    made = told(header()["x-hedgerow-who"])
    assert made == Who("10.20.8.9", "ages-8-10", "pupils", "en", "blocked.test", "https", "", "10.20.0.1")


@pytest.mark.parametrize(
    "text", ["", "x", "e30=", base64.urlsafe_b64encode(b'{"key": 1}').decode(), "\u00e9", "W10=", "bnVsbA=="]
)
def test_anything_else_is_no_worker(text: str) -> None:
    with pytest.raises(NotTold):
        told(text)


def test_the_unix_socket_wants_the_header_once(made: House) -> None:
    browser = Browser(made)
    browser.headers = {}
    assert browser.get(f"{PREFIX}/").status_code == 403
    browser.headers = header()
    assert browser.get(f"{PREFIX}/").status_code == 200


@pytest.mark.parametrize("times", [0, 2])
def test_a_header_that_is_missing_or_twice_is_no_workers(made: House, times: int) -> None:
    raw = [(b"x-hedgerow-who", header()["x-hedgerow-who"].encode())] * times
    with pytest.raises(NotTold):
        who(Request({"type": "http", "headers": raw}), made.shown, relayed=True)


def test_over_tcp_the_header_is_nobodys_word(made: House, tmp_path: Path) -> None:
    browser = Browser(made, relayed=False, key="10.20.8.77", host="10.20.0.1:8000")
    page = browser.get("/report?kind=wrong", **{"x-hedgerow-who": header(host="forged.test")["x-hedgerow-who"]})
    assert page.status_code == 200 and "forged.test" not in page.text
    browser.report("wrong", "over tcp", address="casino.example/x")
    (report,) = made.reports.list()
    assert (report.context.band, report.context.network) == ("ages-8-10", "pupils")
    assert (report.context.host, report.context.path) == ("casino.example", "/x")


@pytest.mark.parametrize(
    "host, status",
    [
        ("10.20.0.1", 200),
        ("10.20.0.1:8000", 200),
        ("[fd20::1]:8000", 200),
        ("hedgerow.internal", 200),
        ("Hedgerow.School.Test:8000", 200),
        ("evil.test", 403),  # rebound to our address
        ("hedgerow.internal.evil.test", 403),
        ("", 403),
        ("[", 403),
    ],
)
def test_over_tcp_it_answers_to_its_own_names_only(made: House, host: str, status: int) -> None:
    browser = Browser(made, relayed=False)
    assert browser.get("/report?kind=wrong", host=host).status_code == status
    assert browser.post("/report", {"kind": "wrong"}, host=host).status_code == 403
