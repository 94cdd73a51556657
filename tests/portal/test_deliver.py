"""Delivery to a real SMTP server and a real HTTPS server, from real processes that are killed at random points."""

from __future__ import annotations

import asyncio
import os
import pickle
import queue
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from hedgerow.portal.deliver import deliver_forever
from hedgerow.stores.messages import shipped_messages
from hedgerow.stores.report_model import TOPICS, Context
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Mail, Site
from tests.portal.receivers import Taken, Trust, https_server, make_trust, smtp_server

ROOT = Path(__file__).parents[2]
LEAD = "lead@school.example"


class Processes:
    """The zygote's children, by its standard input and output."""

    def __init__(self, store: Path, site: Site, trust: Trust) -> None:
        site_file = store.with_name("site.pickle")
        site_file.write_bytes(pickle.dumps(site))
        environment = {**os.environ, "SSL_CERT_FILE": str(trust.root)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.portal.zygote", str(store), str(site_file)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
        )  # fmt: skip
        self.promised: list[str] = []
        self._pids: queue.Queue[int] = queue.Queue()
        self._alive: set[int] = set()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            what, _, rest = line.strip().partition(" ")
            if what == "code":
                self.promised.append(rest)
            elif what == "pid":
                self._pids.put(int(rest))

    def start(self, what: str) -> int:
        assert self._process.stdin
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        pid = self._pids.get(timeout=30)
        self._alive.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        """Returns when it is dead: a commit that was on its way may still end after the signal was sent."""
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.001)
        self._alive.discard(pid)

    def close(self) -> None:
        for pid in tuple(self._alive):
            self.kill(pid)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(10)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return make_trust(tmp_path_factory.mktemp("trust"))


@contextmanager
def school(folder: Path, trust: Trust) -> Iterator[tuple[Processes, Taken, Taken]]:
    """Both receivers, and the processes of a school that names them for every topic."""
    mails, posts = Taken(), Taken()
    with ExitStack() as stack:
        smtp = stack.enter_context(smtp_server(mails))
        https = stack.enter_context(https_server(posts, trust.context()))
        everybody = (f"mailto:{LEAD}", f"https://localhost:{https}/hook", "desk:lead")
        site = Site(
            school="Test school",
            languages=("en",),
            reports={topic: everybody for topic in TOPICS.values()},
            mail=Mail("127.0.0.1", smtp, "none", "gateway@school.example"),
            private=("localhost",),
        )
        processes = Processes(folder / "reports.sqlite", site, trust)
        stack.callback(processes.close)
        yield processes, mails, posts


def wait(condition: Callable[[], bool], seconds: float) -> float:
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "not in time"
        time.sleep(0.02)
    return time.monotonic() - begin


def by_id(mails: Taken, posts: Taken) -> tuple[dict[str, list[str]], dict[str, list[str]], Counter[str]]:
    """Message id -> beginnings of codes, of letters and of posts; and how often each id came."""
    letters: dict[str, list[str]] = {}
    hooks: dict[str, list[str]] = {}
    times: Counter[str] = Counter()
    for letter in mails.letters:
        codes = re.findall(r"^ {4}(\S{4}) {3}", letter.get_content(), re.MULTILINE)
        assert letters.setdefault(letter["Message-ID"], codes) == codes  # the same id says the same
        times[letter["Message-ID"]] += 1
    for headers, content in posts.posts:
        codes = [report["code"] for report in content["reports"]]
        assert (
            hooks.setdefault(headers["idempotency-key"], codes) == codes and content["id"] == headers["idempotency-key"]
        )
        times[headers["idempotency-key"]] += 1
    return letters, hooks, times


def told(ids: dict[str, list[str]]) -> Counter[str]:
    return Counter(code for codes in ids.values() for code in codes)


def kill_at_random(folder: Path, trust: Trust, kills: int, seed: int) -> str:
    """Askers and deliverers, killed ``kills`` times each; then nothing may be missing, nothing twice under two ids."""
    chance = random.Random(seed)
    with school(folder, trust) as (processes, mails, posts):
        mails.delay = posts.delay = 0.01  # a wider gap between "taken" and "noted"
        for number in range(kills):
            asker, deliverer = processes.start(f"ask {number * 10_000}"), processes.start("deliver")
            time.sleep(chance.uniform(0.0, 0.25))
            first, second = chance.sample((asker, deliverer), 2)
            processes.kill(first)
            time.sleep(chance.uniform(0.0, 0.05))
            processes.kill(second)
        promised = set(processes.promised)
        store = ReportStore(folder / "reports.sqlite")
        stored = {report.code for report in store.list("all")}
        store.close_file()
        assert promised and promised <= stored  # every thank-you was kept
        mails.delay = posts.delay = 0.0
        processes.start("deliver")
        begun = Counter(code[:4] for code in stored)  # of thousands two may begin alike
        wait(lambda: all(told(ids) >= begun for ids in by_id(mails, posts)[:2]), 100)
    letters, hooks, times = by_id(mails, posts)
    for ids in (letters, hooks):
        assert told(ids) == begun  # one id a report: whoever receives can tell a repetition
    repeated = sum(times.values()) - len(times)
    assert repeated <= 4 * kills  # at most what was on the way when a process died: two messages to each of two
    return f"{kills} kills: {len(stored)} reports, {len(promised)} promised, {len(times)} messages, {repeated} repeated"


def test_nothing_is_lost_or_told_under_two_ids_however_often_it_is_killed(tmp_path: Path, trust: Trust) -> None:
    print(kill_at_random(tmp_path, trust, kills=20, seed=random.randrange(2**32)))


@pytest.mark.long
def test_two_hundred_kills(tmp_path: Path, trust: Trust) -> None:
    print(kill_at_random(tmp_path, trust, kills=200, seed=random.randrange(2**32)))


MESSAGES = shipped_messages()


async def delivering(store: ReportStore, site: Site, until: Callable[[], bool], loops: int = 1) -> None:
    """Runs the loop, or several as if a portal had not ended yet, until it is so."""
    tasks = [
        asyncio.create_task(deliver_forever(store, lambda: site, MESSAGES.__getitem__, 0.02)) for _ in range(loops)
    ]
    try:
        async with asyncio.timeout(20):
            while not until():
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReportStore]:
    made = ReportStore(tmp_path / "reports.sqlite")
    yield made
    made.close_file()


def mailing(port: int, *others: str) -> Site:
    mail = Mail("127.0.0.1", port, "none", "gateway@school.example")
    return Site(reports={"help": (f"mailto:{LEAD}", *others)}, mail=mail, private=("localhost",))


def test_two_processes_tell_it_once(store: ReportStore) -> None:
    mails = Taken(delay=0.05)
    with smtp_server(mails) as port:
        for number in range(5):
            store.new("help", str(number), Context(person=str(number)))
        asyncio.run(delivering(store, mailing(port), lambda: len(mails.letters) >= 5, loops=3))
    assert len(mails.letters) == 5


@pytest.mark.alone
def test_a_server_that_says_nothing_holds_up_nobody_else(
    store: ReportStore, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.root))
    monkeypatch.setattr("hedgerow.portal.mail.TIMEOUT_SECONDS", 3.0)
    posts = Taken()
    with https_server(posts, trust.context()) as https, socket.create_server(("127.0.0.1", 0)) as silent:
        site = mailing(silent.getsockname()[1], f"https://localhost:{https}/x")
        for number in range(8):
            store.new("help", str(number), Context(person=str(number)))
        began = time.monotonic()
        asyncio.run(delivering(store, site, lambda: len(posts.posts) == 8))
        assert time.monotonic() - began < 3  # the first mail is still waiting


def test_our_own_fault_is_noted_and_the_loop_goes_on(
    store: ReportStore, trust: Trust, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.root))
    monkeypatch.setattr("hedgerow.portal.deliver.subject", lambda *_: 1 // 0)
    mails, posts = Taken(), Taken()
    with smtp_server(mails) as port, https_server(posts, trust.context()) as https:
        code = store.new("help", "", Context())
        asyncio.run(delivering(store, mailing(port, f"https://localhost:{https}/x"), lambda: bool(posts.posts)))
    assert not mails.letters and "ZeroDivisionError" in caplog.text
    assert store.show(code, "Lan").told[1] == f"mailto:{LEAD}: waiting, 1 tries: a fault of ours; see the log"


def test_a_store_that_is_locked_is_asked_again(
    store: ReportStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hedgerow.portal.deliver.PASS_SECONDS_AFTER_FAULT", 0.1)
    mails = Taken()
    with store.file.reading() as connection:
        connection.execute("pragma busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "reports.sqlite", isolation_level=None, check_same_thread=False)
    store.new("help", "", Context())
    other.execute("begin exclusive")
    threading.Timer(0.5, lambda: other.execute("rollback")).start()
    with smtp_server(mails) as port:
        asyncio.run(delivering(store, mailing(port), lambda: bool(mails.letters)))
    other.close()
    assert len(mails.letters) == 1


def test_what_the_other_server_says_stays_on_one_line(store: ReportStore, caplog: pytest.LogCaptureFixture) -> None:
    mails = Taken(refuse=lambda: "451 \x1b[2J later")
    with smtp_server(mails) as port:
        store.new("help", "secret words", Context())
        asyncio.run(delivering(store, mailing(port), lambda: "not delivered" in caplog.text))
    assert "\x1b" not in caplog.text and "secret" not in caplog.text
