"""A patient made for a test: real folders, a real process where one is needed, and what the doctor finds in them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from hedgerow.doctor.patient import Patient
from hedgerow.doctor.table import ALL
from hedgerow.runtime import Sources
from hedgerow.selftest.house import RUNNING
from hedgerow.stores.state import State, prepare, running_path
from tests.shipped import ROOT

SITE = """\
school: "Our school"
timezone: Asia/Ho_Chi_Minh
networks: {pupils: {addresses: [10.20.0.0/16], band: ages-8-10}}
place: {country: VN}
reports: {help: ["desk:Mrs Lan"], hurt: ["desk:Mrs Lan"], technical: ["https://hooks.example/filter"]}
"""


def patient(root: Path, site: str = SITE, **more: object) -> Patient:
    """A school's folders below ``root``, and nothing running."""
    school = root / "local"
    (school / "bands").mkdir(parents=True, exist_ok=True)
    (school / "site.yaml").write_text(site)
    state = root / "state"
    if not state.exists():
        prepare(state)
    lists = ROOT / "blocklists"
    sources = Sources(ROOT / "policies", school, lists, lists, state / "index", state)
    return Patient(sources, State(state), dated=(), **more)  # type: ignore[arg-type]


makes = pytest.mark.makes
"""``@makes(ID, ...)``: the test makes these faults, and the checks find them in it (conftest.py sees to that)."""
returned: set[str] = set()
"""What checks have found in the test that runs."""


def found(one: Patient, name: str) -> list[str]:
    """What the check of this name says."""
    (check,) = (check for check in ALL if check.id == name)
    return noted(name, [finding.finding for finding in check.findings(one)])


def noted(name: str, told: list[str]) -> list[str]:
    """The same, remembered when it is a fault: that a check could not look is none."""
    if any(not one.startswith("could not be looked at") for one in told):
        returned.add(name)
    return told


@contextmanager
def running(one: Patient, pid: int, **facts: object) -> Iterator[Mapping[str, object]]:
    """The running folder as a supervisor with this process leaves it."""
    folder = running_path(one.state.root, os.geteuid())
    folder.mkdir(mode=0o700)
    told = {"pid": pid, "started": 0.0, "version": "0", "listens": [], "metrics": ["127.0.0.1", 1], **facts}
    (folder / RUNNING).write_text(json.dumps(told))
    try:
        yield told
    finally:
        shutil.rmtree(folder)
