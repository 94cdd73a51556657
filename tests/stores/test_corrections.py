"""People's corrections: what each action adds and takes away, and every mistake with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hedgerow.core.categories import KEPT
from hedgerow.stores.corrections import Correction, load_corrections
from hedgerow.stores.errors import Mistakes
from tests.stores.listhouse import CATEGORIES, correction

ALL = frozenset(CATEGORIES)


def load(tmp_path: Path, text: str) -> tuple[tuple[Correction, ...], list[str]]:
    path, mistakes = tmp_path / "corrections.yaml", Mistakes()
    path.write_text(text, encoding="utf-8")
    return load_corrections(path, "local/corrections.yaml", CATEGORIES, mistakes), [str(m) for m in mistakes.found]


@pytest.mark.parametrize(
    ("line", "added", "removed"),
    [
        (correction("a.example", "allow"), set(), ALL - KEPT),
        (correction("a.example", "allow", "games"), set(), {"games"}),
        (correction("a.example", "block", "gambling", "adult"), {"gambling", "adult"}, set()),
        (correction("a.example", "recategorise", "education"), {"education"}, ALL - KEPT - {"education"}),
    ],
)
def test_what_an_action_does(tmp_path: Path, line: str, added: set[str], removed: set[str]) -> None:
    (one,), mistakes = load(tmp_path, f"corrections:\n{line}")
    assert mistakes == []
    assert one.added == added and one.removed == removed


def test_everything_is_kept_that_a_person_wrote(tmp_path: Path) -> None:
    text = 'corrections:\n  - name: "Forum.Example/Chess"\n    action: allow\n    reason: our club\n'
    (one,), _ = load(tmp_path, f"{text}    author: A. Teacher\n    date: 2026-11-23\n    until: 2027-05-31\n")
    assert (one.name, one.listed.host, one.listed.path) == ("Forum.Example/Chess", "forum.example", "/chess")
    assert (one.reason, one.author, one.day, one.until) == (
        "our club",
        "A. Teacher",
        date(2026, 11, 23),
        date(2027, 5, 31),
    )
    assert str(one.where) == "local/corrections.yaml:2"


_WHO = "reason: r, author: a, date: 2026-11-23"


@pytest.mark.parametrize(
    ("item", "mistake"),
    [
        (f"{{action: allow, {_WHO}}}", "2:5: 'name' is missing"),
        ("{name: a.example, action: allow, author: a, date: 2026-11-23}", "2:5: 'reason' is missing"),
        ("{name: a.example, action: allow, reason: r, date: 2026-11-23}", "2:5: 'author' is missing"),
        ("{name: a.example, action: allow, reason: r, author: a}", "2:5: 'date' is missing"),
        (f"{{name: a..b, action: allow, {_WHO}}}", "2:12: 'a..b': host is empty or has an empty label"),
        (
            f"{{name: a.example, action: open, {_WHO}}}",
            "2:31: unknown action 'open'; known: allow, block, recategorise",
        ),
        (
            f"{{name: a.example, action: block, {_WHO}}}",
            "2:5: 'categories' is missing: say what block puts the name into",
        ),
        (
            f"{{name: a.example, action: block, {_WHO}, categories: [gamblng]}}",
            "unknown category 'gamblng'; did you mean 'gambling'? known:",
        ),
        (
            f"{{name: a.example, action: allow, {_WHO}, categories: [malware]}}",
            "malware stays: no file takes it away",
        ),
        (
            f"{{name: a.example, action: allow, {_WHO}, untill: 2026-12-01}}",
            "unknown key 'untill'; did you mean 'until'?",
        ),
        ("{name: a.example, action: allow, reason: r, author: a, date: 23.11.2026}", "a date YYYY-MM-DD expected"),
        ("just text", "2:5: 'key: value' lines expected, not text"),
    ],
)
def test_mistakes_have_their_place(tmp_path: Path, item: str, mistake: str) -> None:
    found, mistakes = load(tmp_path, f"corrections:\n  - {item}\n")
    assert any(line.startswith("local/corrections.yaml:2:") and mistake in line for line in mistakes), mistakes
    assert not mistake.startswith("2:") or found == ()


def test_a_name_is_corrected_once(tmp_path: Path) -> None:
    lines = correction("a.example", "allow") + correction("A.Example.", "block", "adult")
    _, mistakes = load(tmp_path, f"corrections:\n{lines}")
    assert mistakes == ["local/corrections.yaml:3:5: A.Example. was corrected before, in line 2; keep one of the two"]


def test_all_mistakes_of_a_correction_are_told_at_once(tmp_path: Path) -> None:
    item = "{name: a..b, action: alow, categories: [gamblng], date: 2026-13-01, until: tomorrow}"
    found, mistakes = load(tmp_path, f"corrections:\n  - {item}\n")
    assert found == ()
    for said in (
        "'reason' is missing",
        "'author' is missing",
        "'a..b': host is empty",
        "unknown action 'alow'; did you mean 'allow'?",
        "unknown category 'gamblng'",
        "there is no day '2026-13-01'",
        "a date YYYY-MM-DD expected, not 'tomorrow'",
    ):
        assert len([line for line in mistakes if said in line]) == 1, (said, mistakes)
    assert len(mistakes) == 7


def test_an_end_before_the_beginning_is_a_mistake(tmp_path: Path) -> None:
    line = "{name: a.example, action: allow, reason: r, author: a, date: 2030-01-01, until: 2029-12-31}"
    found, mistakes = load(tmp_path, f"corrections:\n  - {line}\n")
    assert found == ()
    (mistake,) = mistakes
    assert mistake.endswith("the last day, 2029-12-31, is before the correction's date, 2030-01-01")
    assert mistake.startswith("local/corrections.yaml:2:")
    (same_day,), none = load(tmp_path, f"corrections:\n  - {line.replace('2029-12-31', '2030-01-01')}\n")
    assert none == [] and same_day.until == same_day.day


def test_www_or_not_is_one_name(tmp_path: Path) -> None:
    _, mistakes = load(
        tmp_path, f"corrections:\n{correction('a.example', 'allow')}{correction('www.a.example', 'allow')}"
    )
    assert mistakes == [
        "local/corrections.yaml:3:5: www.a.example was corrected before, in line 2; keep one of the two"
    ]


def test_an_empty_file_corrects_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "") == ((), [])
    assert load(tmp_path, "corrections: []\n") == ((), [])
