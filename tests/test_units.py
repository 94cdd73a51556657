"""The units of deploy/systemd: systemd understands every line, and the sandbox is as tight as we say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[1] / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
MOST_EXPOSED = 2.5
"""Of 10, as ``systemd-analyze security`` counts."""

analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="not installed: systemd")


def test_there_is_one_for_each_job() -> None:
    timed = ["hedgerow-lists", "hedgerow-names", "hedgerow-retention"]
    assert SERVICES == [*(f"{name}.service" for name in timed), "hedgerow.service"]
    assert sorted(path.stem for path in UNITS.glob("*.timer")) == timed


@analyze
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    """On copies whose command exists here; anything it says is a mistake."""
    for unit in (*UNITS.glob("*.service"), *UNITS.glob("*.timer")):
        text = unit.read_text().replace("/opt/hedgerow/current/.venv/bin/hedgerow", sys.executable)
        (tmp_path / unit.name).write_text(re.sub(r"^(Documentation=.*|EnvironmentFile=.*)\n", "", text, flags=re.M))
    files = [str(path) for path in tmp_path.iterdir()]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "hedgerow" in line]
    assert done.returncode == 0 and ours == []


@analyze
def test_a_line_that_systemd_does_not_know_would_be_told(tmp_path: Path) -> None:
    (tmp_path / "hedgerow.service").write_text("[Service]\nExecStart=/bin/true\nProtectSistem=strict\n")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "hedgerow.service")]
    assert "ProtectSistem" in subprocess.run(command, capture_output=True, text=True).stderr


@analyze
@pytest.mark.parametrize("name", SERVICES)
def test_the_sandbox_is_tight(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNITS / name)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert found is not None and float(found[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_begins_while_tls_secrets_would_be_written(name: str) -> None:
    lines = (UNITS / name).read_text().splitlines()
    assert {"AssertEnvironment=!SSLKEYLOGFILE", "AssertEnvironment=!MITMPROXY_SSLKEYLOGFILE"} <= set(lines)


def test_what_the_units_call_exists() -> None:
    from hedgerow.cli import COMMANDS, cli

    for name in SERVICES:
        for words in re.findall(r"^ExecStart(?:Pre)?=-?\S+/hedgerow ([^-$\n]+)", (UNITS / name).read_text(), re.M):
            first, *rest = words.split()
            command = cli.get_command(None, first)  # type: ignore[arg-type]
            assert first in COMMANDS and (not rest or rest[0] in command.commands)  # type: ignore[union-attr]


def test_the_shipped_options_are_those_of_serve() -> None:
    from hedgerow.cli.serve import serve

    text = (UNITS / "gateway.env").read_text()
    options = re.search(r"^HEDGEROW_OPTIONS=(.*)$", text, re.M)
    assert options is not None
    context = serve.make_context("serve", options[1].split())
    assert context.params["listen"] == (":8080", ":8081/transparent")
    known = {name for parameter in serve.params for name in parameter.opts}
    assert {name for name in re.findall(r"(--[a-z-]+) ", text) if name != "--help"} <= known
