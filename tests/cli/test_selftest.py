"""The self-test chooses its sites from the lists, and shows what the gateway really answered."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hedgerow.cli import selftest
from hedgerow.cli.common import Place, home
from hedgerow.supervisor_sockets import Listen


@pytest.fixture
def place(school: Path) -> Place:
    return Place(school / "local", home() / "blocklists", school / "state")


def test_sites_come_from_lists_and_rules(place: Place) -> None:
    snapshot = place.snapshot()
    blocked = [urlsplit(url).hostname or "" for url in selftest.blocked_urls(place, snapshot)]
    allowed = list(selftest.allowed_hosts(place, snapshot))
    assert blocked and allowed and not set(blocked) & set(allowed)
    assert all("*" not in host and "." in host for host in (*blocked, *allowed))


class Answering(BaseHTTPRequestHandler):
    status, action = 403, "block"

    def do_GET(self) -> None:  # noqa: N802 - the name the standard library calls
        self.send_response(self.status)
        if self.action:
            self.send_header("X-Hedgerow-Action", self.action)
            self.send_header("X-Hedgerow-Code", "ABCD-1234")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.mark.parametrize(
    "status, action, told",
    [(403, "block", "block (403, code ABCD-1234)"), (200, "", "allowed (200 from the site itself)")],
)
def test_what_is_said_is_what_was_answered(
    status: int, action: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answering, "status", status)
    monkeypatch.setattr(Answering, "action", action)
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        answer = selftest.ask(Listen("127.0.0.1", server.server_address[1]), "http://site.example/")
    finally:
        server.shutdown()
        server.server_close()
    assert selftest._told(answer) == told


def test_a_gateway_that_is_not_there_is_no_answer() -> None:
    assert selftest.ask(Listen("127.0.0.1", 1), "http://site.example/") is None
    assert selftest._told(None) == "no answer"


def test_helplines_nobody_called_are_named(place: Place) -> None:
    lines: list[str] = []
    selftest.confirm_by_telephone(place, lines.append)
    assert any("111" in line for line in lines) and any("18001776" in line for line in lines)
