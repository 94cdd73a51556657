"""Starts real processes of the reports' store and delivery at once: it has imported everything, and forks.

``python -m tests.portal.zygote STORE SITE`` reads lines: ``ask N`` forks a process that makes reports (its standard
output names each code after ``new`` returned), ``deliver`` one that delivers; it prints the process id. The test kills
them. Reports go together each second here, not each half minute, and 200 requests for help go alone, not ten.
SITE is a pickled ``stores.site.Site``.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hedgerow.portal import deliver
from hedgerow.stores import report_outbox
from hedgerow.stores.messages import shipped_messages
from hedgerow.stores.report_model import KINDS, Context
from hedgerow.stores.reports import ReportStore


def ask(store: Path, start: int) -> None:
    """Makes reports as fast as the disk allows; says each code when it is promised."""
    reports, number = ReportStore(store), start
    while True:
        code = reports.new(
            KINDS[number % len(KINDS)], f"text {number}", Context(host="site.example", person=f"p{number}")
        )
        os.write(1, f"code {code}\n".encode())
        number += 1
        time.sleep(0.01)


def tell(store: Path, site_file: Path) -> None:
    site = pickle.loads(site_file.read_bytes())
    messages = shipped_messages()
    asyncio.run(deliver.deliver_forever(ReportStore(store), lambda: site, lambda language: messages[language], 0.05))


def fork(work: Callable[[], None]) -> int:
    if child := os.fork():
        return child
    work()
    os._exit(0)


def main(store: Path, site_file: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the killed leave no zombies
    shipped_messages()
    report_outbox.TOGETHER_SECONDS, report_outbox.ALONE = 1.0, 200
    for line in iter(sys.stdin.readline, ""):
        what, _, rest = line.strip().partition(" ")
        child = fork(partial(ask, store, int(rest)) if what == "ask" else partial(tell, store, site_file))
        os.write(1, f"pid {child}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
