"""The script with real data says that everything agreed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab import net
from tests.lab.lab import ROOT

DATA = Path(os.environ.get("HEDGEROW_DATA", "../data"))


@pytest.mark.long
@pytest.mark.data
@pytest.mark.skipif(not (DATA / "pages").is_dir(), reason="needs the unpacked real data (HEDGEROW_DATA)")
@pytest.mark.skipif(bool(net.why_not()), reason=net.why_not())
def test_real_pages_and_names() -> None:
    command = [sys.executable, "-m", "tests.e2e.real_data", str(DATA)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert " 0 disagree" in done.stdout
