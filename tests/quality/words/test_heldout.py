"""The held-out texts are what their README says; and what they must not be is found."""

from __future__ import annotations

import json
from pathlib import Path

from tests.quality.words import heldout_check

FOLDER = Path(__file__).parent / "heldout"


def test_the_texts_are_what_they_must_be() -> None:
    assert list(heldout_check.faults(FOLDER)) == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    for path in FOLDER.glob("*/*.jsonl"):
        (tmp_path / path.parent.name).mkdir(exist_ok=True)
        (tmp_path / path.parent.name / path.name).write_bytes(path.read_bytes())
    damaged = tmp_path / "ru" / "drugs.jsonl"
    rows = heldout_check.rows(damaged)
    copy = {**rows[0], "text": rows[1]["text"] + " ещё"}
    damaged.write_text("\n".join(json.dumps(row) for row in [copy, *rows[1:-1], {**rows[-1], "id": rows[5]["id"]}]))
    found = "\n".join(heldout_check.faults(tmp_path))
    assert f"{rows[0]['id']} and {rows[1]['id']} share" in found
    assert f"id {rows[5]['id']} stands 2 times" in found
