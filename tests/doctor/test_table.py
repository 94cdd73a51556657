"""The documents hold the doctor's own table; every check is worth reading."""

from __future__ import annotations

import os
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

from hedgerow.doctor.model import SEVERITIES, Check, Finding
from hedgerow.doctor.patient import Patient
from hedgerow.doctor.table import ALL, markdown
from hedgerow.selftest.model import CHECKS
from tests.doctor.faults import patient
from tests.shipped import ROOT


def made_in_tests() -> set[str]:
    """The ids that tests here make: each test that says so fails unless the check returned it (conftest.py)."""
    names = [path.stem for path in Path(__file__).parent.glob("test_*.py")]
    functions = [one for name in names for one in vars(import_module(f"tests.doctor.{name}")).values()]
    marks = [mark for one in functions if callable(one) for mark in getattr(one, "pytestmark", ())]
    marks += [mark for told in marks if told.name == "parametrize" for row in told.args[1] for mark in marks_of(row)]
    return {name for mark in marks if mark.name == "makes" for name in mark.args}


def marks_of(row: object) -> list[pytest.Mark]:
    return [getattr(mark, "mark", mark) for mark in getattr(row, "marks", ())]


def test_the_document_holds_the_table() -> None:
    assert markdown() in (ROOT / "deploy" / "DOCTOR.md").read_text()


def test_there_are_more_than_the_twenty_usual_ones() -> None:
    names = [one.id for one in ALL]
    assert len(names) >= 40 and len(set(names)) == len(names)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_each_is_told_in_full(one: Check) -> None:
    assert one.severity in SEVERITIES and one.fault and one.cure.endswith((".", ")", "restart."))


def test_each_is_found_in_a_test() -> None:
    assert made_in_tests() == {one.id for one in ALL}


def test_what_cannot_be_looked_at_is_told(tmp_path: Path) -> None:
    def fails(_: Patient) -> list[str]:
        raise PermissionError("not yours")

    (told,) = Check("x", "broken", "f", "c", fails).findings(patient(tmp_path))
    assert told == Finding(
        "x", "hint", "could not be looked at: not yours", "Run it as root, or as the service's user."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user: needs root")
def test_rules_that_may_not_be_seen_are_not_taken_for_missing(tmp_path: Path) -> None:
    done = subprocess.run(["nft", "-j", "list", "ruleset"], user=65534, capture_output=True, text=True)
    assert done.returncode != 0, "nobody may look here"

    def refused() -> str:
        raise OSError(done.stderr)

    one = patient(tmp_path, listens=("127.0.0.1:8081/transparent",), nft=refused)
    (check,) = (check for check in ALL if check.id == "redirect-missing")
    assert [finding.severity for finding in check.findings(one)] == ["hint"]


def test_the_self_tests_checks_are_documented() -> None:
    text = (ROOT / "deploy" / "SELFTEST.md").read_text()
    assert set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)) == set(CHECKS)
