"""The ordinary suite in one command: several processes side by side, then those that measure waits.

    python -m tests.together [-n PROCESSES]

pytest-xdist gives out whole files, so that what a module sets up is set up once; each process makes a lab and a gateway
of its own, whose namespaces carry its process number. Most tests wait for something: one process more than the machine
has cores keeps it busy. The tests marked ``alone`` measure a wait; they run afterwards, one by one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
STOPPED = 2  # pytest's exit status when somebody pressed Ctrl-C


def processes() -> int:
    return min(len(os.sched_getaffinity(0)) + 1, 8)


def counted(report: Path) -> Counter[str]:
    """What a JUnit report of pytest tells: passed, failed (errors of fixtures among them), skipped."""
    if not report.exists():
        return Counter()
    suite = next(ET.parse(report).iter("testsuite"))
    told = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    failed = told["failures"] + told["errors"]
    return Counter(passed=told["tests"] - failed - told["skipped"], failed=failed, skipped=told["skipped"])


def measuring() -> list[str]:
    """The files with tests that run alone: to look at all 18,000 for these takes longer than running them."""
    return sorted(str(path) for path in (ROOT / "tests").rglob("test_*.py") if "mark.alone" in path.read_text())


def run(report: Path, *arguments: str) -> int:
    """One pytest; its exit status, never 0 when it left no report."""
    command = [sys.executable, "-m", "pytest", *arguments, f"--junitxml={report}"]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if not report.exists():
        print(f"\npytest ended with {status} and left no report: not all tests ran", flush=True)
    return status if report.exists() else status or 1


def together(parts: Sequence[Sequence[str]]) -> int:
    """The first exit status that is not 0. A part runs although the one before failed: one run tells everything."""
    start, counts, statuses = time.monotonic(), Counter[str](), []
    with tempfile.TemporaryDirectory(prefix="hedgerow-suite-") as folder:
        for number, part in enumerate(parts):
            report = Path(folder) / f"{number}.xml"
            statuses.append(run(report, *part))
            counts += counted(report)
            if statuses[-1] == STOPPED:
                break
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    print(f"\nall parts, in {minutes} min {seconds} s:")
    print(", ".join(f"{counts[name]} {name}" for name in ("passed", "failed", "skipped")), flush=True)
    return next((status for status in statuses if status), 0)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.together", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-n", type=int, default=processes(), help="how many processes side by side")
    number = parser.parse_args(arguments).n
    beside = ["-n", str(number), "--dist", "loadfile", "-m", "not long and not alone"]
    return together((beside, ["-m", "alone and not long", *measuring()]))


if __name__ == "__main__":
    raise SystemExit(main())
