"""From a child's form to a person's mailbox with the running gateway: within a minute, and whatever is killed.

No webhook here: site.yaml refuses to name this machine itself, which is right. ``test_deliver`` has them.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest

from hedgerow.stores.report_model import Context
from hedgerow.stores.reports import ReportStore
from tests.portal.receivers import Taken, smtp_server
from tests.test_supervisor_serve import Gateway, free_port

SITE = """
school: "Test school"
languages: [en]
networks: {{pupils: {{addresses: [192.0.2.0/24], band: ages-11-13}}}}
reports:
  help: ["mailto:lead@school.example", "desk:Lan"]
  wrongly-blocked: "desk:Lan"
  technical: "mailto:it@school.example"
mail: {{server: 127.0.0.1, port: {smtp}, security: none, from: gateway@school.example}}
"""


class School:
    """A gateway with its portal on a port of its own, and the lead's mailbox."""

    def __init__(self, gateway: Gateway, port: int, mails: Taken) -> None:
        self.gateway, self.port, self.mails = gateway, port, mails

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
            connection.request(method, path, urlencode(fields) or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def report(self, text: str) -> str:
        """Fills in the form as a browser does; the code that the page shows."""
        _, form = self.ask("GET", "/report?kind=help")
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        status, page = self.ask("POST", "/report", **hidden, text=text, contact="")
        found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
        assert status == 200 and found, page
        return found.group()

    def metric(self, name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.gateway.get("/metrics")[1].decode(), re.MULTILINE)
        assert found, name
        return float(found[1])

    def kill_portal(self) -> None:
        os.kill(portal_of(self.gateway.root / "state"), signal.SIGKILL)


def portal_of(state: Path) -> int:
    """The portal that keeps this state folder."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            command = (folder / "cmdline").read_bytes().decode().split("\0")
            if "hedgerow.portal.process" in command:
                config = json.loads(Path(command[command.index("--config") + 1]).read_text())
                if Path(config["state"]) == state.resolve():
                    return int(folder.name)
    raise AssertionError("no portal")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    mails, port = Taken(), free_port()
    gateway = Gateway(tmp_path_factory.mktemp("gateway"))
    with smtp_server(mails) as smtp, gateway.log.open("w") as log:
        (gateway.school / "site.yaml").write_text(SITE.format(smtp=smtp))
        command = gateway.command("--portal", f"127.0.0.1:{port}")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            gateway.until(lambda: process.poll() is not None or gateway.version())
            gateway.until(lambda: b"\nhedgerow_portal_up 1.0\n" in gateway.get("/metrics")[1])
            yield School(gateway, port, mails)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait(school: School, code: str, seconds: float = 60.0) -> None:
    """Until it is in the mailbox. A minute is what the school was promised."""
    school.gateway.until(lambda: code[:4] in letters(school), seconds)


def told(school: School, recipient: str = "lead") -> list[EmailMessage]:
    """Their letters. Whoever keeps the machine gets others of their own: three ends of the portal are a trouble."""
    return [letter for letter in school.mails.letters if letter["To"] == f"{recipient}@school.example"]


def letters(school: School) -> list[str]:
    return [code for letter in told(school) for code in re.findall(r"^ {4}(\S{4}) ", letter.get_content(), re.M)]


def test_a_request_for_help_is_in_the_mailbox_within_a_minute(school: School) -> None:
    began = time.monotonic()
    code = school.report("secret words")
    wait(school, code)
    print(f"form to mailbox: {time.monotonic() - began:.2f} s")
    (letter,) = told(school)
    assert "secret" not in letter.as_string()
    assert school.metric('hedgerow_reports_asked_total{kind="help"}') == 1
    assert school.metric('hedgerow_reports_unread{kind="help"}') == 1
    school.gateway.until(lambda: school.metric("hedgerow_report_messages_waiting") == 0, 10)
    assert "secret words" not in school.gateway.log.read_text()


def test_it_is_when_the_portal_dies_the_moment_it_said_thank_you(school: School) -> None:
    for number in range(3):
        code = school.report(f"words {number}")
        school.kill_portal()
        wait(school, code)
    assert len(set(letters(school))) == len({letter["Message-ID"] for letter in told(school)})


@pytest.mark.long
def test_it_is_when_the_server_refuses_first(school: School) -> None:
    answers = iter(["451 later", "421 busy"])
    school.mails.refuse = lambda: next(answers, "")
    began = time.monotonic()
    wait(school, school.report("again and again"))
    print(f"with two refusals: {time.monotonic() - began:.1f} s")
    assert school.metric('hedgerow_report_deliveries_total{channel="mail",result="failed"}') == 2


def test_the_whole_school_hour(school: School) -> None:
    """Asked, read, answered, closed; and whoever asked sees it by the code."""
    code = school.report("from the form to the end")
    store = ReportStore(school.gateway.root / "state" / "reports.sqlite")
    try:
        assert store.show(code, "Lan").text == "from the form to the end"
        store.close(code, "Lan", "Come to room 12.", contact="Lan spoke with the child")
        assert store.new("wrong", "", Context())  # a desk reads for itself: nothing is sent
    finally:
        store.close_file()
    status, page = school.ask("POST", "/outcome", code=code)
    assert status == 200 and "Come to room 12." in page and "from the form" not in page
    assert school.metric('hedgerow_reports_answered_total{kind="help"}') == 1


@pytest.mark.alone
def test_whoever_keeps_the_machine_hears_of_a_record_that_cannot_be_written(school: School) -> None:
    """Within a minute of the failure, and once."""
    gateway, record = school.gateway, school.gateway.root / "state" / "record"
    away = gateway.root / "away"
    record.rename(away)
    record.write_text("a file where the folder should be")
    (gateway.school / "bands" / "ages-5-7.yaml").write_text("band: ages-5-7\nsites: {bet365.com: help}\n")

    def heard() -> list[str]:
        texts = [letter.get_content() for letter in told(school, "it")]
        return [text for text in texts if "change record" in text]

    try:
        gateway.until(lambda: bool(heard()), 60)
        time.sleep(12)  # the supervisor has told the portal once more
    finally:
        record.unlink()
        away.rename(record)
    (letter,) = heard()
    assert "The change record could not be written" in letter and "hedgerow record verify" in letter
    assert "bet365" not in letter
