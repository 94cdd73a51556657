"""The scripts and texts of deploy/: they run, they are locked, and what they say exists."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from hedgerow import metrics
from hedgerow.cli import COMMANDS
from hedgerow.supervisor_box import Box, BoxCollector

ROOT = Path(__file__).parents[1]
SCRIPTS = ("deploy/up", "deploy/test", ".ci/run", "deploy/install", "deploy/backup", "deploy/restore")
OTHER_SHELL = ("deploy/environment.sh", "deploy/lib/checks.sh", "deploy/lib/steps.sh", "deploy/lib/versions.sh")
PLAIN_SHELL = ("deploy/systemd/hedgerow", "deploy/container/start")
TEXTS = ("deploy/README.md", "deploy/INSTALL.md", "deploy/BACKUP.md", "deploy/LIMITS.md", "SECURITY.md", "CHANGELOG.md")


@pytest.mark.parametrize("script", [*SCRIPTS, *OTHER_SHELL])
def test_scripts_parse_and_can_be_started(script: str) -> None:
    path = ROOT / script
    subprocess.run(["bash", "-n", str(path)], check=True)
    assert os.access(path, os.X_OK) is (script in SCRIPTS)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="not installed: shellcheck")
def test_shellcheck_has_nothing_to_say() -> None:
    files = [*SCRIPTS[3:], *OTHER_SHELL[1:], *PLAIN_SHELL, "deploy/container/prepare"]
    done = subprocess.run(["shellcheck", "-x", "-P", "SCRIPTDIR", *files], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("script", ["deploy/install", "deploy/backup", "deploy/restore"])
def test_the_help_of_a_script_is_its_head_and_tells_each_option(script: str) -> None:
    text = (ROOT / script).read_text()
    told = subprocess.run([str(ROOT / script), "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^ +((?:--[a-z-]+\|?)+)\)", text, re.M))
    assert options and [name for group in options for name in group.split("|") if name not in told] == []
    assert "Exit: 0" in told and "set -euo" not in told


@pytest.mark.parametrize("lock, extra", [("requirements.lock", False), ("requirements-test.lock", True)])
def test_every_dependency_is_locked_with_its_hash(lock: str, extra: bool) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(project["optional-dependencies"]["test"] if extra else [])]
    names = {re.split(r"[<>=!\[; ]", line)[0].lower() for line in wanted}
    text = (ROOT / lock).read_text()
    locked = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
    assert names - locked == set()
    entries = re.findall(r"^[a-z0-9-]+==\S+ \\\n(    --hash=sha256:[0-9a-f]{64})", text, re.MULTILINE)
    assert len(entries) == len(locked)


def find_python(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", "-c", f". {ROOT}/deploy/environment.sh; find_python"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path) -> None:
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert "Python 3.12 or newer" in done.stderr and "apt-get install python3 python3-venv" in done.stderr


def test_python_is_found_on_the_path_among_pyenvs_and_by_name(tmp_path: Path) -> None:
    import sys

    base = Path(sys._base_executable)  # type: ignore[attr-defined]
    too_old = tmp_path / "python3.14"
    too_old.write_text("#!/bin/sh\nexit 1\n")
    too_old.chmod(0o755)
    folder = tmp_path / "pyenv" / "versions" / "3.12.9" / "bin"
    folder.mkdir(parents=True)
    (folder / "python3").symlink_to(base)
    for environment in ({"PYENV_ROOT": str(tmp_path / "pyenv")}, {"PYTHON": str(base)}):
        done = find_python(tmp_path, **environment)
        assert done.returncode == 0 and Path(done.stdout.strip()).exists(), done.stderr


def test_every_command_is_documented() -> None:
    text = (ROOT / "deploy" / "README.md").read_text()
    assert [name for name in COMMANDS if f"`hedgerow {name}" not in text] == []


@pytest.mark.parametrize("name", TEXTS)
def test_metrics_and_files_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    known = {sample.name for metric in metrics.WORKER.collect() for sample in metric.samples}
    known |= {metric.name for metric in metrics.WORKER.collect()}
    known |= {metric.name for metric in BoxCollector(Box()).collect()}
    known |= {f"{name}_total" for name in known}
    assert {found for found in re.findall(r"\bhedgerow_[a-z_]+", text) if found not in known} == set()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_limits_speak_of_every_kind_of_limit() -> None:
    text = (ROOT / "deploy" / "LIMITS.md").read_text().lower()
    words = ("hotspot", "canvas", "pictures", "emoji", "backwards", "protobuf", "revoc", "viscii", "shared document",
             "end-to-end", "unread", "names-only", "quic", "behind one address")  # fmt: skip
    assert [word for word in words if word not in text] == []
