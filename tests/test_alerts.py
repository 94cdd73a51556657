"""The alert rules speak of metrics there are, say what to do, and fire when they must (where promtool is installed)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.lab.authority import Authority
from tests.test_docs import all_metrics

ROOT = Path(__file__).parents[1]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = sorted(PROMETHEUS.rglob("*.rules.yaml"))
CASES = sorted((ROOT / "tests" / "alerts").glob("*.test.yaml"))
CONFIGS = ("prometheus.yaml", "remote_write.yaml", "district/federation.yaml", "district/receiver.yaml")
PROMTOOL = shutil.which("promtool")
PASSWORD = "$2b$04$eFKfLMb1L/vTBtaNm6UX1.uow9nfAr/JdD4pkthcfw4E9x0kX7eJa"
"""bcrypt of "lab", as `htpasswd -nB` makes it."""
needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (apt install prometheus)")


def named_by(path: Path, key: str) -> set[str]:
    """The names of a file's alerts, or of what it records."""
    groups = yaml.safe_load(path.read_text())["groups"]
    return {rule[key] for group in groups for rule in group["rules"] if key in rule}


RECORDED = {name for path in RULES for name in named_by(path, "record")}


def is_known(name: str) -> bool:
    return bool({name, name.rsplit("_", 1)[0]} & (all_metrics().keys() | RECORDED))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_recorded_name_has_a_case(path: Path) -> None:
    told = "".join(case.read_text() for case in CASES)
    assert not {name for name in named_by(path, "record") if not re.search(rf"\b{name}\b", told)}


def outcomes(case: Path) -> Iterator[tuple[str, bool]]:
    """(alert, rings) of each expectation of a file that speaks of one alert by its name."""
    for test in yaml.safe_load(case.read_text())["tests"]:
        yield from ((one["alertname"], bool(one.get("exp_alerts"))) for one in test.get("alert_rule_test", ()))
        for one in test.get("promql_expr_test", ()):
            rings = any(sample["value"] for sample in one.get("exp_samples", ()))
            for pattern in re.findall(r'\bALERTS\{[^}]*?alertname=~?"([^"]+)"', one["expr"]):
                yield from ((name, rings) for name in pattern.split("|"))


def expected_of(rules: Path) -> set[tuple[str, bool]]:
    """Of all files that load these rules: what is asked of alerts nobody loaded is always silent."""
    loading = [case for case in CASES if rules.name in str(yaml.safe_load(case.read_text())["rule_files"])]
    return {outcome for case in loading for outcome in outcomes(case)}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_alert_has_a_case_in_which_it_rings_and_one_in_which_it_must_not(path: Path) -> None:
    wanted = {(name, rings) for name in named_by(path, "alert") for rings in (True, False)}
    missing = wanted - expected_of(path)
    assert wanted and not missing


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


def promtool(*words: str) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL
    return subprocess.run([PROMTOOL, *words], capture_output=True, text=True, check=False)


@needs_promtool
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_they_fire_when_they_must(path: Path) -> None:
    for _ in range(4):  # over many days promtool loses what it compacts now and then (prometheus issue 7699)
        done = promtool("test", "rules", str(path))
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
@pytest.mark.parametrize("name", CONFIGS)
def test_each_configuration_is_one(name: str) -> None:
    done = promtool("check", "config", str(PROMETHEUS / name))
    assert done.returncode == 0 and "0 rule files found" not in done.stdout, done.stdout + done.stderr


@needs_promtool
def test_the_districts_door_opens_only_once_a_password_is_set(tmp_path: Path) -> None:
    shipped = PROMETHEUS / "district" / "web.yaml"
    assert promtool("check", "web-config", str(shipped)).returncode
    told = yaml.safe_load(shipped.read_text())
    told["basic_auth_users"] = dict.fromkeys(told["basic_auth_users"], PASSWORD)
    (tmp_path / "web.yaml").write_text(yaml.safe_dump(told))
    pair = Authority().files("district.test")
    for name in told["tls_server_config"].values():
        shutil.copy(pair, tmp_path / name)
    done = promtool("check", "web-config", str(tmp_path / "web.yaml"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", CONFIGS[:2])
def test_what_names_no_gateway_leaves_a_school_under_its_name(name: str) -> None:
    """Two schools' "no gateway is scraped" would be one series at the district, and lose each other's samples."""
    assert yaml.safe_load((PROMETHEUS / name).read_text())["global"]["external_labels"]["school"]
