"""``hedgerow check``: all mistakes of all files, and what an upgrade changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.cli.common import home
from tests.cli.conftest import Run


def test_check_is_fine_and_remembers_what_is_shipped(hedgerow: Run, school: Path) -> None:
    code, out, err = hedgerow("check")
    assert code == FINE, out + err
    assert "fine: 5 bands" in out
    seen = school / "state" / "seen" / "shipped.json"
    rules = json.loads(seen.read_text())
    rules["ages-8-10"]["category:games"] = "something else"
    seen.write_text(json.dumps(rules))
    assert "category:games: something else ->" in hedgerow("check")[1]
    assert "something else" in hedgerow("check", "--json")[1]
    hedgerow("check", "--accept")
    assert "something else" not in hedgerow("check")[1]


def test_check_tells_all_mistakes_of_all_files(hedgerow: Run, school: Path) -> None:
    edit = school / "local" / "bands" / "ages-8-10.yaml"
    words = school / "local" / "floor.yaml"
    edit.write_text("band: ages-8-10\ncategories: {gamblng: block}\n")
    words.write_text("categories:\n\tx: block\n")
    try:
        code, out, err = hedgerow("check")
        assert code == FOUND
        assert "local/bands/ages-8-10.yaml:2:14: unknown category 'gamblng'; did you mean 'gambling'?" in out
        assert "local/floor.yaml:2" in out
        assert "what is in force stays in force" in err
        report = json.loads(hedgerow("check", "--json")[1])
        assert report["ok"] is False and {m["line"] for m in report["mistakes"]} == {2}
        code, _, err = hedgerow("explain", "http://example.org/", "--band", "staff")
        assert code == BAD and "gamblng" in err  # another command cannot go on, and says why
    finally:
        edit.unlink()
        words.unlink()


def test_lines_of_lists_that_cannot_be_read_are_told_and_counted(hedgerow: Run, tmp_path: Path) -> None:
    lists = tmp_path / "blocklists"
    shutil.copytree(home() / "blocklists", lists)
    bad = [b"\xea\xe0\xe7\xe8\xed\xee.example"] * 6 + [b"x" * 9_000]
    (lists / "local" / "gambling.txt").write_bytes(b"\n".join(bad))
    code, out, _ = hedgerow("check", "--blocklists", str(lists))
    assert code == FINE
    assert "warning: local/gambling.txt:1: bytes that are not UTF-8" in out
    assert "warning: local/gambling.txt: 7 lines could not be read and list nothing" in out
    report = json.loads(hedgerow("check", "--json", "--blocklists", str(lists))[1])
    assert report["bad_lines"]["counts"] == {"local/gambling.txt": 7}
    assert len(report["bad_lines"]["samples"]) == 5
