"""The whole suite in several processes: nothing that fails is overheard, and no test is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.together import ROOT, measuring, together

MIXED = """
import pytest
def test_good(): pass
def test_bad(): assert 0
def test_left(): pytest.skip("why")
@pytest.fixture
def broken(): raise OSError
def test_broken(broken): pass
"""
GOOD = "def test_one(): pass\ndef test_two(): pass"


def project(folder: Path, **files: str) -> list[list[str]]:
    """One part a file, in a project of its own."""
    (folder / "pytest.ini").write_text("[pytest]")
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    return [[f"--rootdir={folder}", "-c", str(folder / "pytest.ini"), f"{folder}/test_{name}.py"] for name in files]


@pytest.mark.parametrize("order", [("mixed", "good"), ("good", "mixed")])
def test_either_part_fails_all_and_both_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], order: tuple[str, str]
) -> None:
    texts = {"mixed": MIXED, "good": GOOD}
    assert together(project(tmp_path, **{name: texts[name] for name in order})) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "3 passed, 2 failed, 1 skipped"


def test_all_good(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert together(project(tmp_path, good=GOOD, also=GOOD)) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "4 passed, 0 failed, 0 skipped"


def test_a_part_that_is_killed_fails_and_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    killed = "import os, signal\ndef test_it(): os.kill(os.getpid(), signal.SIGKILL)"
    assert together(project(tmp_path, killed=killed, good=GOOD)) != 0
    told = capfd.readouterr().out
    assert "ended with -9 and left no report" in told and told.splitlines()[-1] == "2 passed, 0 failed, 0 skipped"


def test_a_file_that_cannot_be_read_fails(tmp_path: Path) -> None:
    assert together(project(tmp_path, wrong="def test(:", good=GOOD)) != 0


def test_what_runs_alone_is_found_by_its_mark_in_its_own_file() -> None:
    """Else it would run in neither part: ``measuring`` reads the test files alone."""
    others = [path for path in (ROOT / "tests").rglob("*.py") if not path.name.startswith("test_")]
    marked = [path for path in others if "mark.alone" in path.read_text() or 'add_marker("alone' in path.read_text()]
    assert marked == [ROOT / "tests" / "together.py"]
    assert str(ROOT / "tests/e2e/test_reload.py") in measuring()
