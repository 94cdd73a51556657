"""A bare Debian 13, Ubuntu by name, and others: what deploy/install looks at, does, and does again.

The tests are steps of one story and run in their order.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.install.machine import Machine
from tests.install.story import installs, version

pytestmark = pytest.mark.long

INSTALL = "/src/deploy/install"
_OURS = "-xdev -not -path '/proc/*' -not -path '/run/*' -not -path '/tmp*'"
HOLD_PORT = "my $s = IO::Socket::INET->new(LocalPort => 9160, Listen => 1) or die; sleep 60"


def unchanged(machine: Machine, command: str, listing: str) -> str:
    """What the command said, once it is sure that the listing is the same before and after it."""
    done = machine.sh(f"{listing} > /tmp/before; {command}; {listing} > /tmp/after; diff /tmp/before /tmp/after")
    assert done.code == 0, done.out
    return done.out


def test_other_systems_are_refused_and_nothing_is_touched(machine: Machine, tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    for text, told in (
        ('ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n', "Debian 12 has Python 3.11; Hedgerow needs 3.12"),
        ('ID=fedora\nVERSION_ID="43"\nPRETTY_NAME="Fedora 43"\n', "Fedora 43 is not supported. Supported: Debian 13"),
        ('ID=debian\nVERSION_ID="11"\nPRETTY_NAME="Debian 11"\n', "Debian 11 is not supported"),
    ):
        release.write_text(text)
        done = machine.run(INSTALL, binds={"/etc/os-release": release})
        assert done.code == 2 and told in done.out and "Nothing was touched" in done.out, done.out
    assert not machine.path("/opt/hedgerow").exists() and not machine.path("/etc/hedgerow").exists()


def test_ubuntu_is_taken_and_called_untried(machine: Machine, tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    release.write_text('ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04 LTS"\n')
    done = machine.run(INSTALL, "--dry-run", binds={"/etc/os-release": release})
    assert done.code == 0 and "nobody has tried it yet" in done.out, done.out


def test_a_dry_run_says_everything_and_does_nothing(machine: Machine) -> None:
    told = unchanged(
        machine, f"{INSTALL} --dry-run --wheels /wheels", f"find / {_OURS} -printf '%p %m %s %u\\n' | sort"
    )
    for step in ("apt-get", "useradd", "/etc/hedgerow/site.yaml", "/opt/hedgerow/", "systemctl -q enable"):
        assert step in told


def test_what_is_wrong_is_told_before_anything_is_done(machine: Machine) -> None:
    held = f"perl -MIO::Socket::INET -e '{HOLD_PORT}' & sleep 1; {INSTALL}; code=$?; kill %1; exit $code"
    for script, told in (
        (f"SSLKEYLOGFILE=/tmp/keys {INSTALL}", "SSLKEYLOGFILE is set"),
        (held, "port 9160 is taken by another program"),
        (f"setpriv --reuid=65534 --clear-groups {INSTALL}", "this must run as root"),
        (f"{INSTALL} --wheels /none", "--wheels"),
        (f"{INSTALL} --dryrun", "unknown option --dryrun"),
        (f"{INSTALL} --purge", "--purge goes with --uninstall only"),
        (f"{INSTALL} --rollback", "there is no version before this one"),
        (f"mount -t tmpfs -o size=100m none /opt; {INSTALL}", "MB free, 2500 are needed"),
        (f"PYTHON=/bin/false {INSTALL}", "PYTHON=/bin/false is no Python 3.12"),
    ):
        done = machine.run("unshare", "-nm", "bash", "-c", script)
        assert done.code == 2 and told in done.out, (script, done.out)
    assert not machine.path("/opt/hedgerow").exists() and not machine.path("/etc/hedgerow").exists()


def test_too_little_memory_is_refused_and_little_is_told(machine: Machine) -> None:
    """As INSTALL.md has the figures; in front of the kernel's own."""
    asked = "printf 'MemTotal: %d kB\\nSwapTotal: %d kB\\n' {} > /run/m; mount --bind /run/m /proc/meminfo; "
    for sizes, code, told in (
        ("1700000 2097152", 2, "1660 MB of memory, 1800 are needed"),
        ("1950000 0", 0, "1904 MB of memory and no swap: a list update may end a worker"),
        ("1950000 2097152", 0, ""),
        ("4000000 0", 0, ""),
    ):
        done = machine.run("unshare", "-nm", "bash", "-c", f"{asked.format(sizes)} {INSTALL} --dry-run")
        assert done.code == code and told in done.out, (sizes, done.out)
        assert ("of memory" in done.out) is bool(told), (sizes, done.out)


def test_a_clock_before_the_release_is_told(machine: Machine) -> None:
    done = machine.sh(
        f"date() {{ [ $1 = +%s ] && echo 1000000000 || command date $@; }}; export -f date; {INSTALL} || exit $?"
    )
    assert done.code == 2 and "before this version was made" in done.out, done.out


def test_it_installs(machine: Machine) -> None:
    done = installs(machine)
    assert done.code == 0, done.out
    assert machine.path(f"/opt/hedgerow/{version(machine)}/.complete").exists()
    assert machine.run("hedgerow", "check", "--brief").code == 0


def test_again_it_changes_nothing(machine: Machine) -> None:
    school = machine.path("/etc/hedgerow/bands/ages-14-17.yaml")
    school.write_text("band: ages-14-17\nsites: {chess.com: allow}\n")
    listing = "find /opt /etc/hedgerow /etc/systemd /usr/local/bin -printf '%p %m %s %u %T@\\n' | sort"
    assert "nothing else to do" in unchanged(machine, f"{INSTALL} --wheels /wheels", listing)
    assert "chess.com" in school.read_text()


def test_the_installed_copy_of_the_script_does_the_same(machine: Machine) -> None:
    done = machine.run("/opt/hedgerow/current/deploy/install")
    assert done.code == 0 and "nothing else to do" in done.out, done.out


def test_debian_12_is_taken_where_a_python_is(machine: Machine, tmp_path: Path) -> None:
    """By name: the Python is this machine's."""
    release = tmp_path / "os-release"
    release.write_text('ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n')
    done = machine.run(INSTALL, "--dry-run", binds={"/etc/os-release": release})
    assert done.code == 0 and "would be done" in done.out, done.out


def test_a_half_made_version_is_made_anew(machine: Machine) -> None:
    folder = machine.path(f"/opt/hedgerow/{version(machine)}")
    (folder / ".complete").unlink()
    (folder / "pyproject.toml").unlink()
    assert installs(machine).code == 0
    assert (folder / ".complete").exists() and (folder / "pyproject.toml").exists()


def test_uninstalled_the_schools_own_things_stay_until_purged(machine: Machine) -> None:
    assert machine.run("hedgerow", "ca").code == 0
    done = machine.run(INSTALL, "--uninstall")
    assert done.code == 0, done.out
    for gone in ("/opt/hedgerow", "/usr/local/bin/hedgerow", "/etc/systemd/system/hedgerow.service"):
        assert not machine.path(gone).exists(), gone
    assert machine.path("/etc/hedgerow/site.yaml").exists()
    assert machine.path("/var/lib/hedgerow/ca/mitmproxy-ca.pem").exists()
    assert installs(machine).code == 0  # on what was left
    assert "chess.com" in machine.path("/etc/hedgerow/bands/ages-14-17.yaml").read_text()
    assert machine.run(INSTALL, "--uninstall", "--purge").code == 0
    assert not machine.path("/etc/hedgerow").exists() and not machine.path("/var/lib/hedgerow").exists()
    assert machine.run("getent", "passwd", "hedgerow").code != 0
