"""``hedgerow lists``: build, look up, status, diff, quality, with sources that were fetched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hedgerow.cli import FINE, FOUND, run
from hedgerow.cli.common import home
from hedgerow.stores.record import Record
from hedgerow.stores.state import State
from tests.cli.conftest import Run

OWN = """
sources:
  ours:
    title: "ours"
    path: local/ours.list
    format: domains
    category: gambling
    licence: "MIT"
    home: https://lists.example/
    least-names: 1
  crowd:
    title: "crowd"
    path: local/crowd
    format: domains
    categories: {porn: adult, cooking: []}
    trust: 1
    licence: "MIT"
    home: https://lists.example/
    least-names: 1
  visits:
    title: "visits"
    path: local/visits.list
    format: domains
    role: popular
    licence: "MIT"
    home: https://lists.example/
    least-names: 1
"""


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blocklists folder of the school's own, with three sources that lie on this machine."""
    root = tmp_path_factory.mktemp("lists") / "blocklists"
    shutil.copytree(home() / "blocklists", root)
    local = root / "local"
    (local / "sources.yaml").write_text(OWN)
    (local / "ours.list").write_text("bets.example\nbig.example\nbad..name\n")
    (local / "crowd").mkdir()
    (local / "crowd" / "porn.txt").write_text("doubt.example\n")
    (local / "crowd" / "puzzles.txt").write_text("riddles.example\n")
    (local / "visits.list").write_text("big.example\nother.example\n")
    return root


@pytest.fixture
def told(school: Path, lists: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    def command(*arguments: str) -> tuple[int, str, str]:
        place = ("--policies", str(school / "local"), "--state", str(school / "state"), "--blocklists", str(lists))
        code = run(["lists", *arguments, *place])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    yield command


def test_seeds_alone(hedgerow: Run) -> None:
    code, out, _ = hedgerow("lists", "build", "--json")
    assert code == FINE, out
    built = json.loads(out)
    assert built["names"] > 1000 and "ut1" in built["missing"]
    assert json.loads(hedgerow("lists", "status", "--json")[1])["version"] == built["version"]
    code, out, _ = hedgerow("lists", "lookup", "https://www.bet365.com/x", "--json")
    assert code == FOUND
    assert [row["category"] for row in json.loads(out)["entries"]] == ["gambling"]
    assert hedgerow("lists", "lookup", "unheard-of.example")[0] == FINE


def test_build_tells_what_was_left_out(told: Run) -> None:
    code, out, err = told("build")
    assert code == FOUND, err
    assert "ours:3: 'bad..name'" in out and "crowd: its category 'puzzles' is mapped to none of ours: 1 names" in out
    assert "sources are not fetched yet (hedgerow lists update)" in out
    facts = json.loads(told("build", "--json")[1])
    assert facts["unmapped"] == [{"source": "crowd", "category": "puzzles", "names": 1}]
    assert facts["bad"] == 1 and facts["lists"]["ours"] == 2


def test_lookup_says_everything(told: Run) -> None:
    told("build")
    code, out, _ = told("lookup", "https://www.bets.example/now")
    assert code == FOUND
    assert "gambling" in out and "ours:1" in out and f"since {datetime.now(UTC).date()}" in out
    assert "ages-11-13   block    category:gambling" in out and "staff        warn" in out
    assert "popular, rank 1" in told("lookup", "big.example")[1]
    row = json.loads(told("lookup", "big.example", "--json")[1])
    assert row["bands"]["ages-14-17"]["rule"] == "unknown:page"
    (entry,) = (one for one in row["entries"] if one["category"] == "gambling")
    assert entry["believed"] is False and entry["version"] and entry["where"] == "ours:2"
    assert "said, not believed" in told("lookup", "doubt.example")[1]


def test_status_tells_age_and_licence(told: Run) -> None:
    told("build")
    _, out, _ = told("status")
    assert (
        "ours" in out and "MIT" in out and "not fetched yet" in out and "downloaded lists built within the hour" in out
    )
    rows = {row["source"]: row for row in json.loads(told("status", "--json")[1])["sources"]}
    assert rows["ours"]["in_force"] and rows["ours"]["licence"] == "MIT" and not rows["ut1"]["in_force"]
    assert rows["ut1"]["required"] and rows["ut1"]["names"] == 0


def test_diff_names_what_is_popular(told: Run, lists: Path) -> None:
    told("build")
    before = (lists / "local" / "ours.list").read_text()
    try:
        (lists / "local" / "ours.list").write_text(before + "other.example\nnobody.example\n")
        (lists / "local" / "visits.list").write_text("big.example\n")
        told("build")
    finally:
        (lists / "local" / "ours.list").write_text(before)
        (lists / "local" / "visits.list").write_text("big.example\nbets.other.example\n")
    popular = lists / "top.txt"
    popular.write_text("big.example\nbets.example\nother.example\n")
    code, out, err = told("diff", "--popular", str(popular))
    assert code == FOUND, err
    assert "newly closed and popular: 1" in out and "other.example" in out and "nobody.example" not in out
    facts = json.loads(told("diff", "--popular", str(popular), "--json")[1])
    assert facts["came"] == {"gambling": 2} and facts["moved"][0]["after"] == "block"
    code, _, err = told("diff", "nowhere", "--popular", str(popular))
    assert code == 2 and "nowhere: no such index; there are: " in err
    assert told("diff", "--popular", str(popular), "--band", "ages-1")[0] == 2


def test_a_list_of_this_machine_that_looks_broken_changes_nothing(told: Run, lists: Path, school: Path) -> None:
    ours = lists / "local" / "ours.list"
    before = ours.read_text()
    names = "".join(f"n{number}.example\n" for number in range(20))
    try:
        ours.write_text(before + names)
        told("build", "--accept", "ours", "--by", "B. Admin")
        ours.write_text("<html>Please sign in</html>")
        code, out, _ = told("build")
        assert code == FOUND and "ours: refused: is a web page" in out and "what was taken before stays" in out
        assert told("lookup", "n7.example")[0] == FOUND
        ours.unlink()
        assert "ours: refused: nothing lies at local/ours.list" in told("build")[1]
        ours.write_text("bets.example\n")
        facts = json.loads(told("build", "--json")[1])
        assert facts["refused"] == {"ours": "shrank from 22 names to 1"} and "ours" not in facts["missing"]
        assert told("lookup", "n7.example")[0] == FOUND
        assert "hedgerow lists build --accept ours --by NAME" in told("build")[1]
        assert told("build", "--accept", "ours")[0] == 2 and told("build", "--accept", "ut1", "--by", "X")[0] == 2
        code, out, _ = told("build", "--accept", "ours", "--by", "B. Admin", "--reason", "they closed")
        assert code == FINE and told("lookup", "n7.example")[0] == FINE
        said = [entry.what for entry in Record(State(school / "state").record).entries()]
        assert "takes the list ours in, whatever its size" in said
    finally:
        ours.write_text(before)
        told("build", "--accept", "ours", "--by", "B. Admin")


def test_an_update_of_what_lies_here_says_what_to_do(told: Run) -> None:
    code, _, err = told("update", "ours")
    assert code == 2
    assert "ours lies on this machine (local/ours.list): `hedgerow lists build` takes it as it is" in err


def test_check_says_what_is_not_in_force(
    told: Run, lists: Path, school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--policies", str(school / "local"), "--state", str(school / "state"), "--blocklists", str(lists))

    def checked() -> str:
        assert run(["check", *place]) == FINE
        return capsys.readouterr().out

    told("build")
    assert "lists build" not in checked() and "crowd: puzzles" in checked()
    before = (lists / "local" / "ours.list").read_text()
    (lists / "local" / "ours.list").write_text(before + "more.example\n")
    assert "not built as they are now: ours; put them in force with `hedgerow lists build`" in checked()
    (lists / "local" / "ours.list").write_text(before)
    pointer = school / "state" / "index" / "base.json"
    kept = pointer.read_text()
    pointer.unlink()
    assert "only the lists written by hand are in force" in checked()
    for damaged, said in ((kept.replace("base-", "base-0"), "is gone"), (kept[:30], "cannot be read")):
        pointer.write_text(damaged)
        assert run(["check", *place]) == 2
        assert f"{said}" in (err := capsys.readouterr().err) and "`hedgerow lists build` makes it anew" in err
    assert told("build")[0] == FOUND  # for its one bad line
    assert "lists build" not in checked()


def test_quality_counts_what_ought_to_be_open(told: Run, tmp_path: Path) -> None:
    told("build")
    schools = tmp_path / "schools.txt"
    schools.write_text("bets.example\nschool.example\n")
    code, out, err = told("quality", "--education", str(schools), "--band", "ages-11-13")
    assert code == FINE, err
    assert "education    ages-11-13         1 of 2 closed (50.00%)" in out
    assert "by category gambling 1; by source ours 1" in out
    facts = json.loads(told("quality", "--education", str(schools), "--json")[1])
    assert facts["education"]["staff"]["closed"] == 0 and facts["top 10,000"]["ages-5-7"]["sites"] == 2
    assert facts["education"]["ages-5-7"]["entries"][0] == {
        "host": "bets.example",
        "rank": 1,
        "category": "gambling",
        "entry": "bets.example",
        "sources": ["ours"],
    }


def test_without_a_list_of_popular_sites_the_reports_say_so(hedgerow: Run) -> None:
    code, _, err = hedgerow("lists", "quality")
    assert code == 2 and "--popular FILE" in err
