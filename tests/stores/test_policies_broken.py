"""Every file of ``tests/policies_broken`` is refused with exactly the lines of its ``expect.txt``.

A case is a folder: ``local/`` is the school's folder, ``shipped/`` replaces files of ``base/``. To add one: write the
file as somebody once wrote it, and the message that would have helped.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hedgerow.stores.policies import load_policy
from hedgerow.stores.words import load_words
from hedgerow.stores.yamlfile import Mistake, PolicyError

CASES = Path(__file__).parent.parent / "policies_broken"
BASE = CASES / "base"
CATEGORIES = ("adult", "gambling", "games", "illegal", "malware", "phishing", "search", "social")
BROKEN = sorted(path for path in CASES.iterdir() if path != BASE)


def mistakes_of(case: Path, shipped: Path) -> list[Mistake]:
    """What loading the case says, files and words together."""
    shutil.copytree(BASE, shipped)
    if (case / "shipped").is_dir():
        shutil.copytree(case / "shipped", shipped, dirs_exist_ok=True)
    found: list[Mistake] = []
    for load in (
        lambda: load_policy(shipped, case / "local", CATEGORIES),
        lambda: load_words(shipped / "words", case / "local" / "words"),
    ):
        try:
            load()
        except PolicyError as error:
            found += error.mistakes
    return found


@pytest.mark.parametrize("case", BROKEN, ids=lambda path: path.name)
def test_is_refused_with_its_message(case: Path, tmp_path: Path) -> None:
    expected = (case / "expect.txt").read_text(encoding="utf-8").splitlines()
    assert [str(mistake) for mistake in mistakes_of(case, tmp_path / "shipped")] == expected
    assert expected


def test_there_are_enough_of_them() -> None:
    assert len({(case / "expect.txt").read_text(encoding="utf-8") for case in BROKEN}) >= 150


def test_the_base_itself_is_right(tmp_path: Path) -> None:
    loaded = load_policy(BASE, tmp_path, CATEGORIES)
    assert loaded.bands == ("garden", "meadow", "staff")
    assert len(load_words(BASE / "words", tmp_path)) == 2
