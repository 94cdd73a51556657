"""While somebody's edit is broken, a teacher can still open a site: with the real gateway, as it stands in a school."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.cli.common import Place, home
from hedgerow.cli.in_force import in_force
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.state import running_path
from tests import commands
from tests.test_supervisor_serve import Gateway, served

BROKEN = "band: ages-8-10\nsites: {wiki.example: alow}\n"
SIGNED = ("--by", "Ms Lan", "--reason", "a lesson")
URL = "http://instagram.com/"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    made = Gateway(tmp_path_factory.mktemp("in-force"))
    with served(made):
        yield made


def hedgerow(gateway: Gateway, *words: str) -> subprocess.CompletedProcess[str]:
    folders = ["--policies", str(gateway.school), "--state", str(gateway.root / "state")]
    return commands.hedgerow(*words, *folders)


def test_a_pass_is_judged_by_what_filters_while_the_files_are_broken(gateway: Gateway) -> None:
    version = gateway.version()
    (gateway.school / "bands" / "ages-8-10.yaml").write_text(BROKEN)
    gateway.until(lambda: b"hedgerow_policy_refused 1.0" in gateway.get("/metrics")[1], 10)
    assert hedgerow(gateway, "check").returncode == 1
    done = hedgerow(gateway, "pass", "add", "--band", "ages-5-7", "--site", "instagram.com", *SIGNED)
    assert done.returncode == 0, done.stderr
    assert "is open for 40 minutes" in done.stdout
    assert f"by the policy in force, {version}" in done.stderr and "unknown action 'alow'" in done.stderr
    end = time.monotonic() + 5
    while (answer := gateway.ask(URL))[0] == 403:  # then it is dialled: what comes of that is not asked here
        assert time.monotonic() < end, answer
        time.sleep(0.1)
    assert hedgerow(gateway, "exam", "start", "--band", "ages-5-7", "--site", "wikipedia.org", *SIGNED).returncode == 0


def place(gateway: Gateway) -> Place:
    return Place(gateway.school, home() / "blocklists", gateway.root / "state")


def test_what_another_user_could_have_written_is_not_read(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    (gateway.school / "bands" / "ages-8-10.yaml").write_text(BROKEN)
    folder = running_path(gateway.root / "state", os.geteuid())
    assert in_force(place(gateway)).version == gateway.version()
    folder.chmod(0o770)
    try:
        with pytest.raises(PolicyError, match="alow"):
            in_force(place(gateway))
    finally:
        folder.chmod(0o700)


def test_without_a_gateway_the_mistake_is_told(tmp_path: Path) -> None:
    alone = Gateway(tmp_path)
    (alone.school / "bands" / "ages-8-10.yaml").write_text(BROKEN)
    done = hedgerow(alone, "pass", "add", "--band", "ages-5-7", "--site", "instagram.com", *SIGNED)
    assert done.returncode == 2 and "local/bands/ages-8-10.yaml:2" in done.stderr
    folder = running_path(tmp_path / "state", os.geteuid())
    folder.mkdir(mode=0o700)
    (folder / "x.snapshot").write_bytes(b"of another version")
    try:
        done = hedgerow(alone, "pass", "add", "--band", "ages-5-7", "--site", "instagram.com", *SIGNED)
    finally:
        (folder / "x.snapshot").unlink()
        folder.rmdir()
    assert done.returncode == 2 and "local/bands/ages-8-10.yaml:2" in done.stderr
