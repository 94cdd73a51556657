"""The bench itself runs, in its smallest size: every run of it is valid, so the scanner reads every HTML body."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bench.load import Done, Pages
from tests.bench.needs import why_not
from tests.bench.place import Counts
from tests.bench.rows import ROWS, Result, Sample
from tests.lab.lab import ROOT

pytestmark = pytest.mark.long


@pytest.mark.net
@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_every_row_is_measured_and_valid() -> None:
    command = [sys.executable, "-m", "tests.bench", "--seconds", "1", "--rounds", "1", "--small"]
    command += ["--only", ",".join(row.key for row in ROWS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "invalid" not in done.stdout
    assert [row.label for row in ROWS if row.label in done.stdout] == [row.label for row in ROWS]


def test_one_bad_round_makes_the_row_invalid() -> None:
    result = Result(ROWS[0])
    for rate, why in ((10.0, ""), (30.0, "read 3 of 9 bodies"), (20.0, "")):
        result.add("hedgerow", Sample(rate, 1.0, 1.0, why))
    assert result.median("hedgerow", "rate") == 20.0
    assert result.invalid == "hedgerow: read 3 of 9 bodies"


def test_figures() -> None:
    assert Done(100, 4.0, 0, 1).rate == 25.0
    assert Counts().small > 1_000 and Pages("10", "html", 1, 10_240).size == 10_240
