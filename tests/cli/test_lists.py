"""``hedgerow lists``: build, look up, count."""

from __future__ import annotations

import json

from hedgerow.cli import FINE, FOUND
from tests.cli.conftest import Run


def test_lists(hedgerow: Run) -> None:
    code, out, _ = hedgerow("lists", "build", "--json")
    assert code == FINE, out
    built = json.loads(out)
    assert built["names"] > 1000
    assert json.loads(hedgerow("lists", "status", "--json")[1])["version"] == built["version"]
    code, out, _ = hedgerow("lists", "lookup", "https://www.bet365.com/x", "--json")
    assert code == FOUND
    assert [row["category"] for row in json.loads(out)["entries"]] == ["gambling"]
    assert hedgerow("lists", "lookup", "unheard-of.example")[0] == FINE
