"""Alerts from real traffic: a conversation as it goes on, a question to a machine, a form, over h1, h2 and WebSocket.

What reaches a mailbox is in ``tests/portal/test_alerted.py``.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from hedgerow.stores.report_model import Report
from hedgerow.stores.reports import ReportStore
from tests.e2e.test_chats import CHATS, posted, user
from tests.lab import school
from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.verdict import assert_served

OPEN = "".join(f"  {host}: allow\n" for host in CHATS)
SECRET = "glimmerwock between us"
"""Means nothing anywhere, and here a stranger's words to a child."""
WORDS = f"topic: grooming\nlanguage: en\nphrases:\n  - {{text: {SECRET}, weight: 1.2}}\n"
HARMLESS = "topic: extremism\nlanguage: en\nphrases:\n  - {text: the pond is deep}\n"
SITE = school.SITE.replace("reports: {", 'reports: {alerts: ["desk:Lead"], ')


@pytest.fixture(scope="module")
def telling(lab: Lab) -> Iterator[Gateway]:
    bands = {
        f"bands/{band}.yaml": school.BAND.format(band=band).replace("\nwords:", f"\n{OPEN}words:")
        for band in ("ages-8-10", "ages-14-17", "staff")
    }
    words = {"words/grooming.en.yaml": WORDS, "words/extremism.en.yaml": HARMLESS}
    gateway = school.start(lab, "telling", changes={"site.yaml": SITE, **bands, **words})
    yield gateway
    gateway.stop()


class Desk:
    """The lead's list of alerts: what is new in it since the test began."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        with self.store() as store, store.file.writing() as connection:
            connection.execute("delete from reports")  # and so each person's measure

    @contextlib.contextmanager
    def store(self) -> Iterator[ReportStore]:
        made = ReportStore(self.gateway.state / "reports.sqlite")
        yield made
        made.close_file()

    def now(self) -> tuple[Report, ...]:
        with self.store() as store:
            return store.list("open", "alert")

    def one(self) -> Report:
        end = time.monotonic() + 20
        while not (found := self.now()):
            assert time.monotonic() < end, "no alert"
            time.sleep(0.1)
        assert len(found) == 1, found
        return found[0]

    def nothing(self) -> bool:
        """Longer than an alert takes from a hook to the list."""
        time.sleep(3)
        return not self.now()


@pytest.fixture
def desk(telling: Gateway) -> Desk:
    return Desk(telling)


@pytest.fixture
def pupil(lab: Lab, telling: Gateway, mode: str) -> Device:
    return lab.device("pupil8", mode, telling.ca, second=True)


def said(report: Report) -> tuple[str, str, str]:
    assert report.alerted is not None
    return str(report.alerted.severity), report.alerted.topic, report.alerted.channel


def test_a_message_is_told_while_the_conversation_goes_on(pupil: Device, desk: Desk) -> None:
    with pupil.websocket("allowed.test") as socket:
        text = json.dumps({"op": "say", "body": f"{pupil.mode}: {SECRET}"})
        assert socket.echo(text) == f"echo:{text}"  # it passes
        found = desk.one()
        assert said(found) == ("high", "grooming", "message") and found.context.host == "allowed.test"
        assert SECRET in found.text and len(found.text) <= 80
        assert [socket.echo(f"and on {n}") for n in range(3)] == [f"echo:and on {n}" for n in range(3)]
    time.sleep(2)
    assert desk.one().times == 1  # what stood there before is no new message


def test_what_is_written_to_a_child_is_told_as_such(pupil: Device, desk: Desk) -> None:
    with pupil.websocket("allowed.test", "/_told?n=copilot&size=400&harmless=1") as socket:
        socket.tell("go on")
        assert socket.whole()  # what it says goes on to close this conversation; that is told or not for itself
        assert said(desk.one()) == ("medium", "extremism", "message, received")


def test_a_question_to_a_machine_is_told_and_its_history_is_not(pupil: Device, desk: Desk) -> None:
    body = {"messages": user("tell me of ponds", ("user", f"before, {pupil.mode}: {SECRET}"), ("assistant", "no"))}
    assert posted(pupil, "allowed.test", "/_echo", body).status == 200
    assert desk.nothing()
    body = {"messages": user(f"{pupil.mode} asks: {SECRET}")}
    assert posted(pupil, "allowed.test", "/_echo", body).status == 200
    assert said(desk.one()) == ("high", "grooming", "prompt")


@pytest.mark.parametrize("version", ["h1", "h2"])
def test_a_form_is_told(pupil: Device, desk: Desk, version: str) -> None:
    body = f"room=5&text={quote(f'{version} {pupil.mode} {SECRET}')}&password=hunter2hunter2hunter2".encode()
    kind = "application/x-www-form-urlencoded"
    if version == "h2":
        head = [*fields("allowed.test", "/_echo", "POST"), ("content-type", kind)]
        assert pupil.h2("allowed.test", head, body).status == 200
    else:
        raw = get("allowed.test", "/_echo", f"Content-Type: {kind}", f"Content-Length: {len(body)}", method="POST")
        assert pupil.https("allowed.test", raw + body).status == 200
    found = desk.one()
    assert said(found) == ("high", "grooming", "posted") and len(found.text) <= 80
    assert found.context.path == "" and found.context.page_code == ""


@pytest.mark.parametrize("who, host", [("staff", "allowed.test"), ("pupil8", "helpline.test")])
def test_nothing_is_told_of_staff_or_on_a_helpline(
    lab: Lab, telling: Gateway, mode: str, desk: Desk, who: str, host: str
) -> None:
    device = lab.device(who, mode, telling.ca, second=True)
    body = f"text={quote(SECRET)}".encode()
    head = f"POST /_echo HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
    device.https(host, head.encode() + body)
    assert desk.nothing()


def test_a_page_and_an_address_are_nobodys_words(pupil: Device, desk: Desk) -> None:
    path = f"/{SECRET.replace(' ', '-')}?title={quote(SECRET)}"
    assert_served(pupil.https("allowed.test", get("allowed.test", path)))
    assert desk.nothing()
