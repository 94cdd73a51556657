"""``hedgerow lists known-good`` beside the shipped lists."""

from __future__ import annotations

import json
from pathlib import Path

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import home
from tests.cli.conftest import Run

STRUCK = str(home() / "blocklists" / "known-good-except.txt")


def test_the_list_is_made_from_what_is_given(hedgerow: Run, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    page = "<img src=https://new.example/a><img src=https://www.bet365.com/a><img src=https://i0.wp.com/a>"
    for name in ("a.html", "b.html"):
        (tmp_path / "pages" / name).write_text(page)
    given = ("lists", "known-good", "--pages", str(tmp_path / "pages"), "--except", STRUCK)
    code, out, _ = hedgerow(*given, "--json")
    assert code == FINE and json.loads(out) == [{"host": "new.example", "rank": 0, "pages": 2}]
    assert hedgerow(*given)[1] == "=new.example  # drawn by 2 saved pages\n"
    code, out, _ = hedgerow(*given, "--out", str(tmp_path / "page-parts.txt"))
    assert code == FINE and out.startswith("1 hosts in")
    found, asked = (tmp_path / "page-parts.txt").read_text().splitlines()[-2:]
    assert found.startswith("=new.example") and asked == "page-parts.test.hedgerow.internal"


def test_nothing_found_is_said(hedgerow: Run, tmp_path: Path) -> None:
    assert hedgerow("lists", "known-good", "--pages", str(tmp_path))[:2] == (FOUND, "")
    assert hedgerow("lists", "known-good", "--pages", str(tmp_path / "nowhere"))[0] == 2


def test_the_shipped_list_is_what_the_script_makes(hedgerow: Run, data: Path, tmp_path: Path) -> None:
    """Whoever edits it by hand is told."""
    out = tmp_path / "page-parts.txt"
    code, *_ = hedgerow(
        "lists", "known-good", "--pages", str(data / "pages"), "--pages", str(data / "vectors" / "har"),
        "--rank", str(data / "benign" / "top100k_minus_blocklists_ranked.txt"),
        "--reviewed", str(data / "benign" / "shadowwhisperer_known_good_filter.txt"),
        "--harmful", str(data / "domains" / "merged" / "ALL.tsv"), "--except", STRUCK, "--out", str(out),
    )  # fmt: skip
    assert code == FINE
    assert out.read_text() == (home() / "blocklists" / "seed" / "page-parts.txt").read_text()
