"""In .ci/run a program that is not installed fails; elsewhere, and for what no package brings, its tests skip."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.no_skips import STRICT, lacks
from tests.together import ROOT, together

TESTS = """
import pytest
from tests.no_skips import pytest_runtest_makereport, pytest_terminal_summary
@pytest.mark.skipif(True, reason="needs chromium and certutil")
def test_browser(): pass
@pytest.fixture(scope="module")
def unbound(): pytest.skip("unbound is not installed (deploy/test installs it)")
def test_asks(unbound): pass
def test_asks_again(unbound): pass
def test_root(): pytest.skip("needs root for a network namespace")
def test_good(): pass
"""
OF_THE_MACHINE = ("needs root", "real data", "HEDGEROW_DATA", "no UT1 folder", "no loop device", "namespace")
"""What no package brings."""
NOT_OF_THIS_CASE = ("transparent clients", "SNI is ASCII", "WebSocket is spoken", "one long page", "school hours",
                    "lab's DNS", "only root")  # fmt: skip
"""Here a test has nothing to say."""


@pytest.mark.parametrize(
    "strict, told", [("1", "1 passed, 3 failed, 1 skipped"), ("", "1 passed, 0 failed, 4 skipped")]
)
def test_what_a_package_would_bring_fails_in_ci(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, strict: str, told: str
) -> None:
    monkeypatch.setenv(STRICT, strict)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "conftest.py").write_text(TESTS.splitlines()[2])
    (tmp_path / "test_it.py").write_text(TESTS)
    assert bool(together([["-c", str(tmp_path / "pytest.ini"), str(tmp_path), "-n", "2"]])) is bool(strict)
    out = capfd.readouterr().out
    assert out.splitlines()[-1] == told
    named = re.findall(r"^(needs chromium and certutil|unbound is not installed .*)$", out, re.M)
    assert named == (
        ["needs chromium and certutil", "unbound is not installed (deploy/test installs it)"] * bool(strict)
    )


def reasons() -> set[str]:
    """Every reason for a skip that stands in a test as a text."""
    found = set()
    for path in (ROOT / "tests").rglob("*.py"):
        if path.name not in ("test_no_skips.py", "test_together.py") and "skip" in (text := path.read_text()):
            calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
            told = [ast.unparse(call) for call in calls if getattr(call.func, "attr", "") in ("skip", "skipif")]
            found |= set(re.findall(r"""(?:reason=|skip\()f?(?:"|')(.+)["']\)""", "\n".join(told)))
    return found


def test_every_reason_is_one_or_the_other() -> None:
    """A skip that is neither a missing program nor known here would leave a test out without a word."""
    known = (*OF_THE_MACHINE, *NOT_OF_THIS_CASE)
    assert len(reasons()) > 25
    assert not {one for one in reasons() if not lacks(one) and not any(word in one for word in known)}


def test_ci_asks_for_it() -> None:
    assert f"export {STRICT}=1" in (ROOT / ".ci" / "run").read_text()
