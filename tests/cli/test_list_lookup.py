"""``hedgerow lists lookup``: what it says of corrections, exceptions and what does not hold for a name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND, run
from hedgerow.cli.common import home

CORRECTIONS = """
corrections:
  - name: newshop.example
    action: recategorise
    categories: [shopping]
    reason: "was a blog, sells shoes now"
    author: "B. Admin"
    date: 2026-11-23
  - {name: chess.example, action: allow, categories: [games], reason: our club, author: "A. T.", date: 2026-11-23,
     until: 2099-05-31}
  - {name: fine.example, action: allow, reason: looked at it, author: "A. T.", date: 2026-11-23}
  - {name: forum.example/bets, action: block, categories: [gambling], reason: class 7b, author: "B. A.",
     date: 2026-11-23}
"""


class School:
    """A folder with its own lists, in which lookups are asked."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys

    def lookup(self, name: str, *options: str) -> tuple[int, str, str]:
        place = ("--policies", "policies", "--state", "state", "--blocklists", "blocklists")
        places = [part if part.startswith("--") else str(self.root / part) for part in place]
        code = run(["lists", "lookup", name, *options, *places])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err

    def lines(self, name: str) -> list[str]:
        """What is said of the name, without what the bands do."""
        return self.lookup(name)[1].split("\n\n")[0].splitlines()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lookup")
    shutil.copytree(home() / "blocklists", folder / "blocklists")
    local = folder / "blocklists" / "local"
    (local / "corrections.yaml").write_text(CORRECTIONS)
    (local / "games.txt").write_text("chess.example\nnewshop.example\n=one.example\n")
    (local / "adult.adblock").write_text("||pages.example^\n@@||ok.pages.example^\n")
    (folder / "policies").mkdir()
    shutil.copy(home() / "policies" / "site.example.yaml", folder / "policies" / "site.yaml")
    (folder / "state").mkdir(mode=0o700)
    (folder / "state" / "index").mkdir(mode=0o700)
    return folder


@pytest.fixture
def school(root: Path, capsys: pytest.CaptureFixture[str]) -> School:
    return School(root, capsys)


def test_a_correction_is_one_line_with_its_reason(school: School) -> None:
    corrected, listed = school.lines("www.newshop.example")
    assert corrected.startswith("corrected") and "newshop.example: shopping, and nothing else" in corrected
    assert "local/corrections.yaml:3   ['was a blog, sells shoes now', B. Admin, 2026-11-23]" in corrected
    assert (
        listed.startswith("games ") and "not for www.newshop.example: evidence, an exception or a correction" in listed
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("chess.example", "chess.example: not games"),
        ("fine.example", "fine.example: of no category"),
        ("forum.example/bets/7", "forum.example/bets: gambling"),
    ],
)
def test_what_a_correction_says(school: School, name: str, said: str) -> None:
    assert said in school.lines(name)[0]


def test_the_end_of_a_correction_is_told(school: School) -> None:
    assert "'our club', A. T., 2026-11-23, until 2099-05-31]" in school.lines("chess.example")[0]


def test_an_exception_is_no_entry(school: School) -> None:
    exception, entry = school.lines("ok.pages.example")
    assert exception.startswith("not adult") and "an exception of this list itself" in exception
    assert entry.startswith("adult") and "not for ok.pages.example" in entry


def test_what_is_about_one_host_says_so(school: School) -> None:
    assert "[this very host only]" in school.lines("one.example")[0]
    assert "[one.example only, not www.one.example]" in school.lines("www.one.example")[0]


def test_the_same_for_programs(school: School) -> None:
    code, out, _ = school.lookup("newshop.example", "--json")
    told = json.loads(out)
    (one,) = told["corrections"]
    assert code == FOUND and one["added"] == ["shopping"] and {"games", "adult"} < set(one["removed"])
    assert not {"malware", "phishing", "illegal"} & set(one["removed"])
    assert (one["reason"], one["author"], one["date"], one["until"]) == (
        "was a blog, sells shoes now",
        "B. Admin",
        "2026-11-23",
        "",
    )
    (entry,) = told["entries"]
    assert (entry["category"], entry["how"], entry["cleared"]) == ("games", "listed", True)
    (exception, _) = json.loads(school.lookup("ok.pages.example", "--json")[1])["entries"]
    assert exception["how"] == "excepted"


def test_a_correction_alone_lists_nothing(school: School) -> None:
    assert school.lookup("fine.example")[0] == FINE
    assert school.lookup("forum.example/bets")[0] == FOUND  # this one does


@pytest.mark.parametrize("name", ["not a name!!", "", "..", "https://", "a..b"])
def test_what_is_no_name(school: School, name: str) -> None:
    code, out, err = school.lookup(name)
    assert code == BAD and out == "" and "is no " in err
