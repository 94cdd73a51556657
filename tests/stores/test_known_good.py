"""The known-good list is made from evidence, and never from a name that anything speaks against."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from hedgerow.stores.known_good import Candidate, drawn_hosts, known_good, names, saved_pages

PAGE = """<!doctype html><link rel=stylesheet href=https://fonts.good.test/a.css><link rel=canonical href=https://self.test/>
<img src="//pictures.test/a.png"><script src=https://code.good.test/x.js></script><a href=https://elsewhere.test/>x</a>
<img src=/own.png><img src="https://[broken/"><img src="data:image/png;base64,AA==">"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    for name in ("one.html", "two.htm"):
        (tmp_path / name).write_text(PAGE)
    entries = [("https://visit.test/", "text/html"), ("https://visit.test/a.css", "text/css"),
               ("https://pictures.test/b.png", "image/png"), ("https://frame.test/", "text/html")]  # fmt: skip
    log = [{"request": {"url": u}, "response": {"content": {"mimeType": m}}} for u, m in entries]
    (tmp_path / "visit.har").write_text(json.dumps({"log": {"entries": log}}))
    (tmp_path / "torn.har").write_text('{"log": {"ent')
    (tmp_path / "notes.txt").write_text(PAGE)
    return tmp_path


def found(
    saved: Path,
    ranked: Iterable[str] = (),
    reviewed: Iterable[str] = (),
    harmful: Iterable[str] = (),
    struck: Iterable[str] = (),
) -> list[str]:
    made = known_good(saved_pages([saved]), ranked, reviewed, harmful, struck, lambda host: host == "closed.test")
    return [one.host for one in made]


def test_what_a_saved_page_draws(saved: Path) -> None:
    assert drawn_hosts(saved / "one.html") == {"fonts.good.test", "code.good.test", "pictures.test"}
    assert drawn_hosts(saved / "visit.har") == {"pictures.test"}
    assert drawn_hosts(saved / "torn.har") == frozenset()


def test_two_pages_are_evidence(saved: Path) -> None:
    assert found(saved) == ["pictures.test", "code.good.test", "fonts.good.test"]  # three pages before two
    assert found(saved / "nothing") == []


def test_a_review_counts_with_a_name_and_a_rank(saved: Path) -> None:
    reviewed = ("cdn.ranked.test", "www.ranked.test", "cdn.nobody.test", "cdn2.ranked.test", "cdn.test", "not a name")
    assert found(saved / "x", ranked=("other.test", "ranked.test"), reviewed=reviewed) == [
        "cdn.ranked.test", "cdn2.ranked.test"]  # fmt: skip


@pytest.mark.parametrize(
    "against",
    [{"harmful": ("pictures.test",)}, {"harmful": ("test",)}, {"struck": ("pictures.test",)}, {"struck": ("test",)}],
)
def test_whatever_speaks_against_a_name_wins(saved: Path, against: dict[str, Iterable[str]]) -> None:
    assert "pictures.test" not in found(saved, **against)


def test_our_own_lists_speak_for_themselves(saved: Path) -> None:
    page = '<img src=https://closed.test/a><img src="https://8.8.8.8/a"><img src=https://co.uk/a>'
    (saved / "one.html").write_text(page)
    (saved / "two.htm").write_text(page)
    assert found(saved) == []


def test_the_merged_lists_say_more_than_harmful(tmp_path: Path) -> None:
    """Banks stand there too: no reason to keep their letters out."""
    path = tmp_path / "ALL.tsv"
    path.write_text("bank.test\tbank_finance\nBad.test\tadult,bank_finance\nplain.test # said\n# nothing\n")
    assert list(names(path)) == ["bad.test", "plain.test"]


def test_a_line_tells_its_evidence() -> None:
    assert str(Candidate("cdn.a.test", 12, 0)) == "=cdn.a.test  # site ranked 12"
    assert str(Candidate("cdn.a.test", 12, 3)) == "=cdn.a.test  # site ranked 12, drawn by 3 saved pages"
