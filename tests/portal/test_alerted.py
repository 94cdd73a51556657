"""From what a pupil types to the lead's mailbox, with the running gateway, its portal and a real SMTP server.

The requests go through the proxy as a pupil's do. Their sites are not contacted, or not reached: who is told does not
depend on it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest

from hedgerow.stores.report_model import Report
from hedgerow.stores.reports import ReportStore
from tests.commands import hedgerow
from tests.portal.receivers import Taken, smtp_server
from tests.portal.test_delivered import portal_of
from tests.test_supervisor_serve import Gateway, free_port

SITE = """
school: "Test school"
languages: [en]
networks:
  annex: {{addresses: [127.0.0.1/32], band: ages-11-13}}
  staff-room: {{addresses: [127.0.0.2/32], band: staff, staff-only: true}}
  younger: {{addresses: [127.0.0.3/32], band: ages-5-7}}
reports:
  alerts: ["mailto:lead@school.example", "desk:Lan"]
mail: {{server: 127.0.0.1, port: {smtp}, security: none, from: gateway@school.example}}
privacy: {{detail: host}}
"""
EDIT = """
band: ages-11-13
sites: {chat.example: allow, quiet.example: {action: allow, words: off}}
words:
  bullying: {action: warn, alert: medium}
"""
WORDS = """
topic: grooming
language: en
phrases: [{text: "our little secret from your parents", weight: 2}]
"""
FORM = "application/x-www-form-urlencoded"
PUPIL, STAFF, YOUNGER = "127.0.0.1", "127.0.0.2", "127.0.0.3"


class School:
    """The same words of the same person within a minute are one search: each test has words of its own."""

    def __init__(self, gateway: Gateway, mails: Taken) -> None:
        self.gateway, self.mails = gateway, mails

    def send(self, method: str, url: str, body: str = "", who: str = PUPIL) -> tuple[int, str]:
        """Status, and the filter's action, of a request of this client's."""
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=20, source_address=(who, 0))
        ) as connection:
            headers = {"Content-Type": FORM, "Accept": "text/html"} if body else {"Accept": "text/html"}
            connection.request(method, url, body.encode() or None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("X-Hedgerow-Action", "")

    def search(self, text: str, who: str = PUPIL) -> tuple[int, str]:
        return self.send("GET", f"http://www.google.com/search?q={quote_plus(text)}", who=who)

    def post(self, text: str, host: str = "chat.example", who: str = PUPIL) -> tuple[int, str]:
        return self.send("POST", f"http://{host}/say", f"room=5&message={quote(text)}", who)

    def cli(self, *arguments: str) -> str:
        return hedgerow(*arguments, "--state", str(self.gateway.root / "state"), check=True).stdout

    @contextlib.contextmanager
    def store(self) -> Iterator[ReportStore]:
        made = ReportStore(self.gateway.root / "state" / "reports.sqlite")
        yield made
        made.close_file()

    def alerts(self) -> tuple[Report, ...]:
        with self.store() as store:
            return store.list("open", "alert")

    def raised(self, topic: str) -> Report:
        """The one alert about ``topic``, waited for."""
        self.gateway.until(lambda: self._about(topic), 20)
        (found,) = self._about(topic)
        return found

    def _about(self, topic: str) -> list[Report]:
        return [one for one in self.alerts() if one.alerted and one.alerted.topic == topic]

    def metric(self, name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.gateway.get("/metrics")[1].decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def nothing_waits(self) -> None:
        """Everything typed until now is in the store."""
        time.sleep(0.6)
        self.gateway.until(lambda: not list((self.gateway.root / "state" / "alerts").glob("*")), 20)

    def begin_anew(self) -> None:
        self.nothing_waits()
        with self.store() as store, store.file.writing() as connection:
            connection.execute("delete from reports")  # and so each person's measure
        self.mails.letters.clear()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    mails, gateway = Taken(), Gateway(tmp_path_factory.mktemp("gateway"))
    with smtp_server(mails) as smtp, gateway.log.open("w") as log:
        (gateway.school / "site.yaml").write_text(SITE.format(smtp=smtp))
        (gateway.school / "bands" / "ages-11-13.yaml").write_text(EDIT)
        (gateway.school / "words").mkdir()
        (gateway.school / "words" / "grooming.en.yaml").write_text(WORDS)
        command = gateway.command("--portal", f"127.0.0.1:{free_port()}")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            gateway.until(lambda: process.poll() is not None or gateway.version(), 240)  # words of its own are compiled
            gateway.until(lambda: b"\nhedgerow_portal_up 1.0\n" in gateway.get("/metrics")[1])
            yield School(gateway, mails)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture
def school(running: School) -> School:
    """Nothing open, an empty mailbox."""
    running.begin_anew()
    return running


def test_a_crisis_gets_help_and_the_lead_is_told(school: School) -> None:
    began = time.monotonic()
    assert school.search("dear diary i want to kill myself tonight") == (403, "help")
    found = school.raised("self-harm")
    school.gateway.until(lambda: school.mails.letters, 20)
    print(f"search to mailbox: {time.monotonic() - began:.2f} s")
    code = found.code
    (letter,) = school.mails.letters
    assert letter["To"] == "lead@school.example"
    assert letter["Subject"] == f"Words that a pupil typed need a look: high ({code[:4]})"
    said = letter.as_string()
    assert "thoughts of hurting yourself (ages-11-13)" in letter.get_content()
    assert not [word for word in ("kill", "google", "127.0.0", "diary", code.lower(), "annex") if word in said.lower()]
    shown = json.loads(school.cli("reports", "show", code[:4], "--json", "--by", "Lan"))
    assert "kill myself" in shown["text"] and len(shown["text"]) <= 80
    assert (shown["severity"], shown["channel"], shown["host"]) == ("high", "search", "google.com")
    assert (shown["band"], shown["network"], shown["path"]) == ("ages-11-13", "annex", "")
    assert re.fullmatch("[0-9a-f]{16}", shown["pseudonym"])
    log = school.gateway.log.read_text()
    assert "kill myself" not in log and shown["pseudonym"] not in log


def test_a_grooming_message_goes_on_its_way_and_is_told(school: School) -> None:
    text = "hey how old are you? this is our little secret from your parents, ok? x"
    status, action = school.post(text)
    assert action not in ("block", "warn", "help") and status != 403
    found = school.raised("grooming")
    assert found.alerted and (str(found.alerted.severity), found.alerted.channel) == ("high", "posted")
    assert found.context.host == "chat.example"


def test_a_threat_is_warned_about_and_told(school: School) -> None:
    assert school.post("nobody likes you just go kill yourself") == (403, "warn")
    found = school.raised("bullying").alerted
    assert found and str(found.severity) == "medium"


def test_a_search_on_a_closed_engine_is_told_too(school: School) -> None:
    assert school.search("closed and i want to kill myself", YOUNGER) == (403, "help")
    assert school.raised("self-harm").context.band == "ages-5-7"


@pytest.mark.parametrize("who", [PUPIL, STAFF, YOUNGER])
@pytest.mark.parametrize(
    "text",
    [
        "suicide hotline",
        "đường dây nóng phòng chống tự tử",
        "телефон доверия для подростков",
        "сенім телефоны",
        "خط پیشگیری از خودکشی",
    ],
)
def test_who_looks_for_help_gets_it_and_nobody_is_told(running: School, text: str, who: str) -> None:
    before = len(running.alerts())
    assert running.search(text, who) == (403, "help")
    running.nothing_waits()
    assert len(running.alerts()) == before


def test_no_alert_of_staff_of_helplines_or_where_words_are_not_judged(school: School) -> None:
    before = school.metric('hedgerow_alerts_total{result="new",severity="high",topic="self-harm"}')
    school.search("i want to kill myself", STAFF)
    school.post("i want to kill myself", "www.childline.org.uk")
    school.post("i want to kill myself", "hedgerow.internal")
    school.post("i want to kill myself", "quiet.example")
    school.send("GET", "http://chat.example/i-want-to-kill-myself-a-novel")
    school.nothing_waits()
    assert not school.alerts() and not school.mails.letters
    assert school.metric('hedgerow_alerts_total{result="new",severity="high",topic="self-harm"}') == before


def test_the_same_again_is_one_letter_with_a_count(school: School) -> None:
    for text in ("today i want to die", "i want to kill myself again", "i want to end my life"):
        school.search(text)
    school.gateway.until(lambda: school.raised("self-harm").times == 3, 20)
    school.search("me too i want to kill myself", YOUNGER)  # somebody else
    school.gateway.until(lambda: len(school.alerts()) == 2, 20)
    school.gateway.until(lambda: len(school.mails.letters) == 2, 20)
    time.sleep(1.5)
    assert len(school.mails.letters) == 2


def test_one_search_is_many_requests_and_told_once(school: School) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", school.gateway.port, timeout=20)) as connection:
        for more in ("", "&start=10", "&tbm=isch", "&asearch=arc"):  # kept alive: one worker
            url = f"http://www.google.com/search?q=they+dont+know+i+want+to+die{more}"
            connection.request("GET", url, None, {"Accept": "text/html"})
            assert connection.getresponse().read()
    assert school.raised("self-harm").times == 1
    school.nothing_waits()
    assert school.raised("self-harm").times == 1


def test_a_portal_that_dies_loses_none(school: School) -> None:
    os.kill(portal_of(school.gateway.root / "state"), signal.SIGKILL)
    school.search("nobody sees that i want to kill myself")
    assert school.raised("self-harm").times == 1
    school.gateway.until(lambda: school.mails.letters, 60)


@pytest.mark.alone
def test_a_disk_that_refuses_holds_up_no_request_and_loses_no_alert(school: School) -> None:
    """A file in the folder's place refuses like a full disk: nothing can be made in it."""
    folder = school.gateway.root / "state" / "alerts"
    shutil.rmtree(folder)
    folder.write_text("")
    began = time.monotonic()
    assert school.search("the disk is full and i want to kill myself") == (403, "help")
    assert time.monotonic() - began < 2
    time.sleep(1.5)
    assert not school.alerts()
    folder.unlink()
    folder.mkdir(0o700)
    assert school.raised("self-harm").times == 1
    assert school.metric("hedgerow_alerts_dropped_total") == 0
