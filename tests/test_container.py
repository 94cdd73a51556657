"""The container's files: what hadolint and docker-compose say of them, and that they name what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "container"
HADOLINT = Path(sys.executable).with_name("hadolint")


def lint(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(HADOLINT), "--no-color", str(file)], capture_output=True, text=True)


def test_hadolint_has_nothing_to_say() -> None:
    done = lint(FOLDER / "Containerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_hadolint_would_tell_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "Containerfile").write_text("FROM debian\nRUN cd /x && sudo make\nUSER root\n")
    told = lint(tmp_path / "Containerfile").stdout
    assert "DL3006" in told and "DL3002" in told


compose = pytest.mark.skipif(shutil.which("docker-compose") is None, reason="not installed: docker-compose")


@compose
def test_compose_is_valid() -> None:
    command = ["docker-compose", "-f", str(FOLDER / "compose.yaml"), "config", "-q"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@compose
def test_compose_would_tell_a_mistake(tmp_path: Path) -> None:
    text = (FOLDER / "compose.yaml").read_text().replace("read_only: true", "read-only: yes")
    (tmp_path / "compose.yaml").write_text(text)
    command = ["docker-compose", "-f", str(tmp_path / "compose.yaml"), "config", "-q"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0 and "read-only" in done.stderr


def test_everything_that_is_copied_exists_and_is_let_in() -> None:
    text = (FOLDER / "Containerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.M) for name in line.split()]
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied and set(copied) == let_in
    assert [name for name in copied if not (ROOT / name).exists()] == []
    for script in re.findall(r"(deploy/container/\w+)\b(?!\.)", text):
        assert (ROOT / script).exists(), script


def test_the_container_listens_as_the_service_does() -> None:
    options = re.search(r"^HEDGEROW_OPTIONS=(.*)$", (ROOT / "deploy" / "systemd" / "gateway.env").read_text(), re.M)
    assert options is not None
    quoted = ", ".join(f'"{word}"' for word in options[1].split())
    assert f"CMD [{quoted}]" in (FOLDER / "Containerfile").read_text()
