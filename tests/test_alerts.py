"""The alert rules speak of metrics there are, say what to do, and fire when they must (where promtool is installed)."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.test_docs import all_metrics

ROOT = Path(__file__).parents[1]
RULES = sorted((ROOT / "deploy" / "prometheus").rglob("*.rules.yaml"))
CASES = sorted((ROOT / "tests" / "alerts").glob("*.test.yaml"))
PROMTOOL = shutil.which("promtool")


def named_by(path: Path, key: str) -> set[str]:
    """The names of a file's alerts, or of what it records."""
    groups = yaml.safe_load(path.read_text())["groups"]
    return {rule[key] for group in groups for rule in group["rules"] if key in rule}


RECORDED = {name for path in RULES for name in named_by(path, "record")}


def is_known(name: str) -> bool:
    return bool({name, name.rsplit("_", 1)[0]} & (all_metrics().keys() | RECORDED))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_alert_and_every_recorded_name_has_a_case(path: Path) -> None:
    told = "".join(case.read_text() for case in CASES)
    names = named_by(path, "alert") | named_by(path, "record")
    assert names and not {name for name in names if not re.search(rf"\b{name}\b", told)}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_rule_is_about_a_metric_and_says_what_it_means(path: Path) -> None:
    for group in yaml.safe_load(path.read_text())["groups"]:
        for rule in group["rules"]:
            names = set(re.findall(r"\bhedgerow[_:][a-z0-9_:]+", rule["expr"]))
            unknown = {name for name in names if not is_known(name)}
            assert (names or re.search(r"\bup\{", rule["expr"])) and not unknown
            if "alert" in rule:
                assert rule["labels"]["severity"] in ("critical", "warning", "info")
                assert rule["annotations"]["summary"]


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (apt install prometheus)")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_they_fire_when_they_must(path: Path) -> None:
    assert PROMTOOL
    for _ in range(4):  # over many days promtool loses what it compacts now and then (prometheus issue 7699)
        done = subprocess.run([PROMTOOL, "test", "rules", str(path)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stdout + done.stderr
