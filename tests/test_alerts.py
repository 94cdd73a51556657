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
RULES = sorted((ROOT / "deploy" / "prometheus").glob("*.rules.yaml"))
CASES = sorted((ROOT / "tests" / "alerts").glob("*.test.yaml"))
PROMTOOL = shutil.which("promtool")


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_rule_is_about_a_metric_and_says_what_it_means(path: Path) -> None:
    for group in yaml.safe_load(path.read_text())["groups"]:
        for rule in group["rules"]:
            names = set(re.findall(r"\bhedgerow_[a-z_]+", rule["expr"])) - {rule.get("record")}
            unknown = {
                name for name in names if name not in all_metrics() and name.rsplit("_", 1)[0] not in all_metrics()
            }
            assert names and not unknown
            if "alert" in rule:
                assert rule["labels"]["severity"] in ("critical", "warning", "info")
                assert rule["annotations"]["summary"]


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (apt install prometheus)")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_they_fire_when_they_must(path: Path) -> None:
    assert PROMTOOL
    done = subprocess.run([PROMTOOL, "test", "rules", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
