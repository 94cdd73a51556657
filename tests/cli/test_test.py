"""``hedgerow test``: promises that are kept, and one that is not."""

from __future__ import annotations

import json
from pathlib import Path

from hedgerow.cli import FINE, FOUND
from tests.cli.conftest import Run


def test_the_shipped_promises_are_kept(hedgerow: Run) -> None:
    code, out, _ = hedgerow("test")
    assert code == FINE, out
    assert "0 not as promised" in out
    code, out, _ = hedgerow("test", "--band", "staff", "--json")
    assert all(json.loads(line)["kept"] for line in out.splitlines())


def test_a_broken_promise_is_found(hedgerow: Run, school: Path) -> None:
    edit = school / "local" / "bands" / "staff.yaml"
    edit.write_text('band: staff\nexamples:\n  - {url: "http://10.0.0.1/", expect: allow}\n')
    try:
        code, out, _ = hedgerow("test", "--band", "staff")
        assert code == FOUND
        assert "local/bands/staff.yaml:3" in out and "expected allow, but it is block by builtin:private-address" in out
    finally:
        edit.unlink()
