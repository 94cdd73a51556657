"""Every command: its contract, its exit code, and a mistake told in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.cli import BAD, COMMANDS, FINE, run
from tests.cli.conftest import Run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == FINE
    assert "Usage:" in capsys.readouterr().out


def test_the_list_of_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == FINE
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)
    assert run(["--version"]) == FINE


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["nothing"], "No such command 'nothing'"),
        (["explain"], "Missing argument 'URL'"),
        (["check", "--colour"], "No such option"),
        (["check", "--policies", "/nowhere"], "/nowhere: no such folder. deploy/up makes it"),
        (["serve", "--listen", "80"], "expected HOST:PORT"),
        (["serve", "--listen", ":80/socks"], "unknown mode 'socks'"),
        (["lists", "lookup"], "Missing argument 'NAME|URL'"),
        (["schema", "nothing"], "name one of: band"),
    ],
)
def test_bad_usage_is_told(hedgerow: Run, arguments: list[str], told: str) -> None:
    code, _, err = hedgerow(*arguments, here="--policies" not in arguments and arguments[0] != "nothing")
    assert code == BAD
    assert told in err and "Traceback" not in err


def test_a_reader_that_hangs_up_is_no_error(hedgerow: Run, school: Path) -> None:
    command = f"{sys.executable} -m hedgerow schema band | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
