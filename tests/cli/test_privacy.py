"""``hedgerow privacy``: the texts for parents and for the head of the school."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE
from tests.cli.conftest import Run


def test_the_notice_is_in_the_schools_first_language(hedgerow: Run) -> None:
    code, out, _ = hedgerow("privacy", "notice")
    assert code == FINE and out.startswith("# Bộ lọc mạng của Our school") and "30 ngày" in out


@pytest.mark.parametrize("kind", ["notice", "dpia"])
def test_a_page_to_print_is_written_to_a_file(hedgerow: Run, tmp_path: Path, kind: str) -> None:
    page = tmp_path / "page.html"
    assert hedgerow("privacy", kind, "--language", "fa", "--html", "--out", str(page)) == (FINE, "", "")
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>") and '<html lang="fa" dir="rtl">' in html and "Our school" in html
    assert not re.search(r"https?://|<script", html)


def test_json_holds_the_text(hedgerow: Run) -> None:
    told = json.loads(hedgerow("privacy", "dpia", "--language", "kk", "--json")[1])
    assert (told["kind"], told["language"], told["file"]) == ("dpia", "kk", None)
    assert told["text"].startswith("# Деректерді қорғауға әсерді бағалау")


def test_a_language_we_do_not_speak_and_a_broken_text_are_told(hedgerow: Run, school: Path) -> None:
    assert hedgerow("privacy", "notice", "--language", "de")[0] == BAD
    own = school / "local" / "privacy"
    own.mkdir()
    (own / "notice.en.md").write_text("{nobody}\n")
    code, out, told = hedgerow("privacy", "notice", "--language", "en")
    assert (code, out) == (BAD, "") and "local/privacy/notice.en.md:1:1: nothing fills {nobody}" in told
    assert "warning: local/privacy/notice.en.md:1: nothing fills {nobody}" in hedgerow("check")[1]
