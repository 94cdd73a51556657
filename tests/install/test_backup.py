"""A backup of one machine becomes another one: the same CA, the same edits, the same reports, a whole record."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.machine import Machine, copy_root
from tests.install.story import BLOCKED, ask

pytestmark = pytest.mark.long

KEPT = Path("/var/lib/hedgerow/selftest/2026-10.jsonl")

REPORT = """
from pathlib import Path
from hedgerow.stores.reports import ReportStore
print(ReportStore(Path("/var/lib/hedgerow/reports.sqlite")).new("harmful", "this page makes me sad"))
"""
RUN = '{"at":1791000000,"seconds":2.0,"policy":"abc","counts":{"floor":[15,15]}}\n'
"""A run of the self-test, of a month before."""
RESTORE = "/src/deploy/restore --data {data} --data-key /root/data.key --keys {keys} --keys-key /root/keys.key"


@pytest.fixture(scope="module")
def other(installed_root: Path, installed: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A second machine, freshly installed, that never ran."""
    folder = copy_root(installed_root, tmp_path_factory.mktemp("other") / "root")
    yield Machine(folder, installed.binds)
    shutil.rmtree(folder)


def both(machine: Machine, number: int = -1) -> dict[str, str]:
    """The newest backup's two files, as the machine sees them."""
    folder = machine.path("/srv/backup")
    return {part: f"/srv/backup/{sorted(folder.glob(f'*.{part}.age'))[number].name}" for part in ("data", "keys")}


@pytest.fixture(scope="module")
def saved(installed: Machine) -> Machine:
    """A machine that ran, was edited, got a report, and was saved while it ran."""
    installed.path("/etc/hedgerow/bands/ages-14-17.yaml").write_text("band: ages-14-17\nsites: {chess.com: allow}\n")
    installed.path("/etc/hedgerow/mail.password").write_text("a very secret word")
    installed.path("/srv/backup").mkdir()
    with installed.booted():
        assert installed.run("timeout", "90", "systemctl", "start", "hedgerow").code == 0
        python = "/opt/hedgerow/current/.venv/bin/python"
        code = installed.run("setpriv", "--reuid=hedgerow", "--regid=hedgerow", "--clear-groups", python, "-c", REPORT)
        assert code.code == 0, code.out
        done = installed.sh(f"install -d -o hedgerow -g hedgerow -m 700 {KEPT.parent}; printf '%s' '{RUN}' > {KEPT}")
        assert done.code == 0, done.out
        made = installed.run("/src/deploy/backup", "--make-keys").out
        for part, secret in zip(("data", "keys"), re.findall("AGE-SECRET-KEY-[A-Z0-9]+", made), strict=True):
            installed.path(f"/root/{part}.key").write_text(secret)
        for _ in range(3):
            done = installed.sh("/src/deploy/backup --to /srv/backup --keep 2; sleep 1")
            assert done.code == 0, done.out
        for command in ("ca", "reports list", "record verify"):
            told = installed.sh(f"hedgerow {command}").out
            installed.path(f"/root/{command.split()[0]}.txt").write_text(told)
    return installed


def test_the_newest_two_are_kept_and_nothing_stands_in_clear(saved: Machine) -> None:
    files = sorted(path.name for path in saved.path("/srv/backup").iterdir())
    assert len(files) == 4 and all(name.endswith(".age") for name in files)
    for path in saved.path("/srv/backup").iterdir():
        assert path.read_bytes().startswith(b"age-encryption.org/v1") and path.stat().st_mode & 0o077 == 0
    assert not list(saved.path("/dev/shm").glob("hedgerow-backup*"))


def test_the_keys_are_in_the_one_file_and_not_in_the_other(saved: Machine) -> None:
    listed = {
        part: saved.sh(f"age -d -i /root/{part}.key {file} | tar -tz").out.splitlines()
        for part, file in both(saved).items()
    }
    assert "./state/ca/mitmproxy-ca.pem" in listed["keys"] and "./etc/mail.password" in listed["keys"]
    assert "./state/keys/record.key" in listed["keys"]
    assert not [name for name in listed["keys"] if "pseudonym" in name or "reports" in name]
    assert "./state/reports.sqlite" in listed["data"] and "./etc/site.yaml" in listed["data"]
    assert f"./state/selftest/{KEPT.name}" in listed["data"]
    assert not [name for name in listed["data"] if re.search(r"/ca/|/keys/|password|/events/|/member/|pseudonym", name)]
    wrong = saved.sh(f"age -d -i /root/data.key {both(saved)['keys']} > /dev/null")
    assert wrong.code != 0


def test_a_wrong_key_a_mixed_pair_and_a_damaged_file_touch_nothing(saved: Machine, other: Machine) -> None:
    shutil.copytree(saved.path("/srv/backup"), other.path("/srv/backup"))
    for part in ("data", "keys"):
        shutil.copy(saved.path(f"/root/{part}.key"), other.path(f"/root/{part}.key"))
    new, old = both(other), both(other, 0)
    cut = other.path("/srv/backup/cut.age")
    cut.write_bytes(other.path(new["data"]).read_bytes()[:-20])
    before = other.sh("find /etc/hedgerow /var/lib -printf '%p %m %s\\n' | sort").out
    for files, told in (
        ({"data": new["keys"], "keys": new["keys"]}, "cannot be opened: another key"),
        ({"data": new["data"], "keys": old["keys"]}, "these are of two different backups"),
        ({"data": "/srv/backup/cut.age", "keys": new["keys"]}, "Nothing was touched"),
        ({"data": "/srv/none", "keys": new["keys"]}, "no such file"),
    ):
        done = other.sh(RESTORE.format(**files))
        assert done.code == 2 and told in done.out, done.out
    assert other.sh("find /etc/hedgerow /var/lib -printf '%p %m %s\\n' | sort").out == before


def test_the_other_machine_is_the_first_one_again(saved: Machine, other: Machine) -> None:
    done = other.sh(RESTORE.format(**both(other)))
    assert done.code == 0, done.out
    with other.booted():
        assert other.run("timeout", "90", "systemctl", "start", "hedgerow").code == 0
        assert ask(other, BLOCKED) == "403 block"
        assert other.sh("hedgerow ca").out == saved.path("/root/ca.txt").read_text()
        assert other.sh("hedgerow reports list").out == saved.path("/root/reports.txt").read_text()
        assert other.run("hedgerow", "record", "verify").code == 0
        assert other.path("/etc/hedgerow/bands/ages-14-17.yaml").read_text().endswith("{chess.com: allow}\n")
        assert other.path("/etc/hedgerow/mail.password").read_text() == "a very secret word"
        assert other.path(str(KEPT)).read_text() == RUN
        assert other.run("find", "/var/lib/hedgerow", "-not", "-user", "hedgerow").out == ""
        assert other.sh(RESTORE.format(**both(other))).code == 2  # not while it runs
