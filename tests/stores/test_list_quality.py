"""The tally of what lists close."""

from __future__ import annotations

from pathlib import Path

from hedgerow.core.by_lists import Verdict
from hedgerow.core.model import Action, Match
from hedgerow.stores.list_quality import Closed, site_names, tally


def _judge(closed: dict[str, str]) -> object:
    def judge(host: str, path: str) -> Verdict:
        category = closed.get(host)
        if category is None:
            return Verdict()
        return Verdict(Action.BLOCK, category, Match(host, frozenset({category})))

    return judge


def test_tally() -> None:
    sites = [("a.example", "/"), ("b.example", "/"), ("c.example", "/"), ("d.example", "/")]
    judges = {"young": _judge({"a.example": "adult", "c.example": "games"}), "staff": _judge({"a.example": "adult"})}
    found = tally(sites, judges, lambda verdict: ["one", "two"] if verdict.category == "adult" else ["one"])  # type: ignore[arg-type]
    young, staff = found["young"], found["staff"]
    assert young.closed == [
        Closed("a.example", 1, "adult", "a.example", ("one", "two")),
        Closed("c.example", 3, "games", "c.example", ("one",)),
    ]
    assert (young.share, staff.share) == (0.5, 0.25)
    assert young.by_category == {"adult": 1, "games": 1} and young.by_source == {"one": 2, "two": 1}
    assert young.actions == {"block": 2, "allow": 2}


def test_names_of_a_file_are_canonical_and_bad_lines_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "sites.txt").write_text("# top\nA.Example.\nb.example/x\nbad..name\nbücher.example\n")
    assert list(site_names(tmp_path / "sites.txt")) == [
        ("a.example", "/"),
        ("b.example", "/x"),
        ("xn--bcher-kva.example", "/"),
    ]
