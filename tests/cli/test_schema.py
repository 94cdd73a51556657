"""``hedgerow schema``: what editors get."""

from __future__ import annotations

import json
from pathlib import Path

from hedgerow.cli import FINE
from tests.cli.conftest import Run


def test_schemas_are_those_that_are_shipped(hedgerow: Run, tmp_path: Path) -> None:
    assert json.loads(hedgerow("schema", "site")[1])["$schema"].startswith("https://json-schema.org")
    assert hedgerow("schema", "--out", str(tmp_path))[0] == FINE
    assert {path.name for path in tmp_path.iterdir()} >= {"band.json", "site.json", "words.json"}
