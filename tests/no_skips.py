"""What .ci/run asks for: a program that is not installed fails its tests (HEDGEROW_NO_SKIPS=1); it does not skip them.

Elsewhere a developer without Chromium still runs the rest. What no package brings is skipped everywhere: root, the
unpacked real data, a mode in which a test has nothing to say.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from typing import Any

import pytest

STRICT = "HEDGEROW_NO_SKIPS"
_LACKING = re.compile(r"not installed|apt install|\bneeds (?!root|the unpacked real data)")
_FAILED = "not installed, and nothing may be skipped for that: "


def lacks(reason: str) -> bool:
    """True for a skip that a package would mend."""
    return bool(_LACKING.search(reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if os.environ.get(STRICT) and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if lacks(reason):
            report.outcome, report.longrepr = "failed", _FAILED + reason
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The list, once: what to install."""
    reports = [report for kind in ("failed", "error") for report in terminalreporter.getreports(kind)]
    missing = {report.longreprtext.partition(_FAILED)[2].strip() for report in reports} - {""}
    if missing:
        terminalreporter.section("not installed")
        for reason in sorted(missing):
            terminalreporter.write_line(reason)
