"""Main job: the right verdict, page, log line and metric for every name of ``expected.yaml``.

Each name is asked for from an ages-8-10 and an ages-14-17 address, explicit and transparent, over h1 or h2; some by
curl and Chromium. The names are real, the pages are the lab's own.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from tests.e2e.browse import chromium, curl
from tests.e2e.verdicts import BANDS, Row, agrees, ask, rows, told
from tests.lab.client import MODES, Refused
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.wire import Reply

ROWS = rows()
WEEKEND = datetime.now().weekday() >= 5
Answers = Mapping[tuple[str, str, str], Reply]


@pytest.fixture(scope="module")
def before(gateway: Gateway) -> float:
    return gateway.metric("hedgerow_decisions_total")


@pytest.fixture(scope="module")
def answers(lab: Lab, gateway: Gateway, before: float) -> Answers:
    """(url, band, mode) -> the answer; h1 and h2 by turns."""

    def one(job: tuple[int, Row, str, str]) -> tuple[tuple[str, str, str], Reply]:
        number, row, band, mode = job
        device = lab.device(BANDS[band], mode, gateway.ca)
        return (row.url, band, mode), ask(device, row.url, ("h1", "h2")[number % 2])

    jobs = [
        (n + k, row, b, m)
        for n, row in enumerate(ROWS)
        for k, (b, m) in enumerate((b, m) for b in BANDS for m in MODES)
    ]
    with ThreadPoolExecutor(6) as pool:
        return dict(pool.map(one, jobs))


def test_the_table_is_what_was_asked_for() -> None:
    assert len({row.url for row in ROWS}) >= 200
    assert sum(row.kind == "literal" for row in ROWS) <= 50
    assert len({row.category for row in ROWS} - {"unknown"}) >= 15


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.url)
def test_verdict(answers: Answers, row: Row, band: str, mode: str) -> None:
    if WEEKEND and row.expected[band] == "limit":
        pytest.skip("what is limited in school hours may be open at the weekend")
    reply = answers[row.url, band, mode]
    assert agrees(reply, row.expected[band]), f"expected {row.expected[band]} ({row.category}), got {told(reply)}"
    if reply.action:
        assert reply.code and reply.header("cache-control") == "no-store" and b"<html" in reply.body


def test_every_refusal_is_in_the_log(gateway: Gateway, answers: Answers) -> None:
    """By its code: the page and the log line are the same decision."""
    lines = gateway.cli("events", "--json").stdout.splitlines()
    logged = {(event.get("code"), event["action"], event["band"]) for event in map(json.loads, lines)}
    for (url, band, mode), reply in answers.items():
        if reply.action and reply.action != "help" and reply.status == 403:
            assert (reply.code, reply.action, band) in logged, f"{url} {mode}: {reply.code} is not in the log"


def test_every_request_is_in_the_metrics(gateway: Gateway, answers: Answers, before: float) -> None:
    assert gateway.metric("hedgerow_decisions_total") - before >= len(answers) * 0.97  # malformed heads are no request
    by_action = Counter(reply.action for reply in answers.values() if reply.action)
    for action in ("block", "warn"):
        assert gateway.metric("hedgerow_decisions_total", action=action) >= by_action[action] * 0.95


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("row", [row for row in ROWS if row.url.isascii()][::14], ids=lambda row: row.url)
def test_curl(lab: Lab, gateway: Gateway, row: Row, mode: str) -> None:
    for band, pupil in BANDS.items():
        if WEEKEND and row.expected[band] == "limit":
            continue
        reply = curl(lab.device(pupil, mode, gateway.ca), row.url)
        assert agrees(reply, row.expected[band]), f"{band}: expected {row.expected[band]}, got {told(reply)}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("row", [row for row in ROWS if row.kind == "subdomain"][::9], ids=lambda row: row.url)
def test_websocket(lab: Lab, gateway: Gateway, row: Row, mode: str) -> None:
    host = row.url.split("/")[2]
    device = lab.device("pupil8", mode, gateway.ca)
    if row.expected["ages-8-10"] in ("allow", "monitor"):
        with device.websocket(host) as socket:
            assert socket.echo("pond") == "echo:pond"
    else:
        with pytest.raises(Refused) as refused, device.websocket(host):
            pass
        assert refused.value.reply.status == 403


@pytest.mark.skipif(not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["literal", "subdomain", "path", "lookalike", "neighbour", "open"])
def test_chromium(lab: Lab, gateway: Gateway, kind: str, mode: str) -> None:
    row = next(row for row in ROWS if row.kind == kind and not (WEEKEND and "limit" in row.expected.values()))
    for band, pupil in BANDS.items():
        document = chromium(lab.device(pupil, mode, gateway.ca), row.url)
        open_ = row.expected[band] in ("allow", "monitor")
        assert ("origin-ok" in document) == open_, f"{row.url} {band}: {document[:400]}"
        assert open_ or "hedgerow" in document.lower() or "Lab School" in document
