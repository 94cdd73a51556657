"""``hedgerow ca``: the public side only."""

from __future__ import annotations

import json
from pathlib import Path

from hedgerow.cli import FINE
from tests.cli.conftest import Run


def test_ca(hedgerow: Run, school: Path) -> None:
    code, out, _ = hedgerow("ca", "--json")
    facts = json.loads(out)
    assert code == FINE and len(facts["sha256"].split(":")) == 32
    assert hedgerow("ca", "--pem")[1] == Path(facts["certificate"]).read_text()
    assert "PRIVATE" not in hedgerow("ca", "--pem")[1]
    assert facts["sha256"] in hedgerow("ca")[1]
