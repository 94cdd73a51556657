"""Pictures of the dashboards: four gateways at work, a real Prometheus, and ``deploy/grafana/draw.py``.

    .venv/bin/python -m tests.bench.watched [--minutes 5] [--out deploy/pictures]     (as root, for the lab)

Oak and elm are at work (elm has guests and a device without the CA), ash is quiet, fir is stopped half-way. What
Prometheus answers is what stands in the pictures; only the schools' names are made up.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from deploy.grafana.boards import BOARDS, SCHOOL, Board
from deploy.grafana.draw import Ask, draw
from tests.e2e.test_alerts import SECRET, SITE, WORDS
from tests.lab import school
from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.lab import ROOT, Lab, shared
from tests.lab.morning import one_round
from tests.lab.prometheus import Prometheus, Series, configure
from tests.portal.test_running import PREFIX, ask, hidden, post

PORT = 19093
SCHOOLS = {"oak": 0, "elm": 1, "ash": 2, "fir": 3}
FIRST = {"oak", "elm"}


def type_and_tell(device: Device, turn: int) -> None:
    """Now and then somebody types what is alerted, or reports something."""
    body = f"q={SECRET} {turn}".encode()
    if turn % 5 == 1:
        form = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}")
        device.https("allowed.test", get("allowed.test", "/form", *form, method="POST") + body, method="POST")
    if turn % 4 == 2:
        kind = ("wrong", "help", "harmful")[turn // 4 % 3]
        page = ask(device, "blocked.test", f"{PREFIX}/report?kind={kind}")
        post(device, "blocked.test", f"{PREFIX}/report", {**hidden(page), "text": f"a test, {turn}"})


def at_work(lab: Lab, gateways: dict[str, Gateway], end: float) -> None:
    stopped = False
    for turn in itertools.count():
        if time.monotonic() > end:
            return
        for name in ("oak", "elm", *(() if stopped else ("fir",))):
            pupils = ("pupil8", "pupil14", "staff") if name == "oak" else ("pupil14", "guest", "guest")
            for pupil in pupils[: 3 if name in FIRST else 1]:
                device = lab.device(pupil, "explicit", gateways[name].ca, second=SCHOOLS[name])
                one_round(lab, device)
            writer = ("pupil8", "pupil14", "staff")[turn % 3]
            type_and_tell(lab.device(writer, "explicit", gateways[name].ca, second=SCHOOLS[name]), turn)
        if not stopped and end - time.monotonic() < 90:
            gateways["fir"].stop()
            stopped = True


def picture(prometheus: Prometheus, board: Board, minutes: float) -> str:
    """The last minutes; ``$school`` is oak on the board of one school, else all."""
    chosen = "oak" if board is SCHOOL else ".*"
    now = time.time()
    begun = now - minutes * 60

    def instant(query: str) -> Sequence[Series]:
        return prometheus.ask(query.replace("$school", chosen))

    def over(query: str) -> Sequence[tuple[dict[str, str], list[tuple[float, float]]]]:
        found = prometheus.ask_range(query.replace("$school", chosen), begun, now, max(2.0, minutes * 60 / 150))
        return [(dict(labels), [(float(at), float(value)) for at, value in points]) for labels, points in found]

    asked: Ask = instant
    return draw(board, asked, over, f"{board.title}{': oak' if board is SCHOOL else ''}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--out", type=Path, default=ROOT / "deploy" / "pictures")
    options = parser.parse_args()
    lab, folder = shared(), Path(tempfile.mkdtemp(prefix="hedgerow-watched-"))
    changes = {"site.yaml": SITE, "words/grooming.en.yaml": WORDS}
    with ExitStack() as stack:
        stack.callback(partial(shutil.rmtree, folder, ignore_errors=True))
        gateways = {}
        for name, lane in SCHOOLS.items():
            gateways[name] = school.start(lab, name, changes=changes, second=lane)
            stack.callback(gateways[name].stop)
        targets = {name: f"127.0.0.1:{one.metrics_port}" for name, one in gateways.items()}
        host = lab.net.gateway
        prometheus = Prometheus(configure(folder / "p", targets, "2s"), PORT, host.command, host.dial)
        stack.callback(prometheus.stop)
        prometheus.until(f"count(hedgerow:state) == {len(SCHOOLS)}")
        at_work(lab, gateways, time.monotonic() + options.minutes * 60)
        time.sleep(5)
        for board in BOARDS:
            name = f"{board.uid.removeprefix('hedgerow-')}-dashboard.svg"
            (options.out / name).write_text(picture(prometheus, board, options.minutes))
            print(options.out / name, flush=True)


if __name__ == "__main__":
    main()
