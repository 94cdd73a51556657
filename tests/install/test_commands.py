"""What an administrator types after an install, as the documents have it: from a home folder, by the installed command.

The tests are steps of one story and run in their order.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from hedgerow.sheet.pdf import PACKAGES
from tests.install.machine import Done, Machine
from tests.install.story import BLOCKED, ask, journal, nobody_elses, shown

pytestmark = pytest.mark.long

MONTH = time.strftime("%Y-%m", time.gmtime())
SHEET = f"hedgerow sheet --month {MONTH} --language en"
_BARE_PATH = "PATH=/usr/local/bin:/usr/bin:/bin"


@pytest.fixture(scope="module")
def lacking(installed: Machine) -> Done:
    """What the sheet says on a machine without fonts; they are installed then, as it says."""
    told = installed.sh(f"cd /root; {SHEET} --out - > /root/none.pdf || echo ended with $?")
    cure = PACKAGES.removeprefix("apt-get install ")
    done = installed.sh(f"apt-get install -qq -y --no-install-recommends {cure}")
    assert done.code == 0, done.out
    return told


@pytest.fixture(scope="module")
def running(installed: Machine, lacking: Done) -> Iterator[Machine]:
    """Booted, a router by its site.yaml, and so for all tests of this file."""
    site = installed.path("/etc/hedgerow/site.yaml")
    site.write_text(site.read_text().replace("firewall: {}\n", "firewall: {outside: [eth0]}\n"))
    with installed.booted():
        assert installed.run("timeout", "90", "systemctl", "start", "hedgerow").code == 0
        yield installed


def typed(machine: Machine, command: str) -> Done:
    """As root types it, standing at home."""
    return machine.sh(f"cd /root; {command}")


def test_the_firewall_is_compared_and_put_in_force(running: Machine) -> None:
    done = typed(running, "hedgerow network nftables --diff")
    assert done.code == 1 and "+table inet hedgerow {" in done.out, done.out
    done = typed(running, "hedgerow network nftables --apply --out /etc/hedgerow/firewall.nft")
    assert done.code == 0 and "in force, and in /etc/hedgerow/firewall.nft" in done.out, done.out
    assert "redirect to :8081" in running.sh("nft list table inet hedgerow").out
    for way in ("", f"env {_BARE_PATH} "):  # cron's, and an ordinary account's behind su
        done = typed(running, f"{way}hedgerow network nftables --diff")
        assert done.code == 0 and "no difference" in done.out, done.out
    assert ask(running, BLOCKED) == "403 block"
    assert nobody_elses(running)


def test_the_name_servers_folder_is_written_and_its_checker_is_content(running: Machine) -> None:
    typed(running, "ln -s /usr/lib/python3/dist-packages/unboundmodule.py /etc/unbound/")
    done = typed(running, "hedgerow network unbound --out /etc/unbound/hedgerow")
    assert done.code == 0 and "hedgerow.conf and" in done.out, done.out
    assert "not checked" not in done.out and "left out" not in done.out, done.out
    line = "include: /etc/unbound/hedgerow/hedgerow.conf"
    done = typed(running, f"echo '{line}' > /etc/unbound/unbound.conf.d/hedgerow.conf; unbound-checkconf")
    assert done.code == 0, done.out
    assert nobody_elses(running)


def test_its_zones_are_made_anew_in_the_units_sandbox(running: Machine) -> None:
    zones = running.path("/etc/unbound/hedgerow")
    for zone in zones.glob("*.zone"):
        zone.unlink()
    done = running.run("systemctl", "start", "hedgerow-names")
    assert done.code == 0, journal(running, "hedgerow-names")[-2000:]
    told = journal(running, "hedgerow-names")
    assert "now: systemctl reload unbound" in told and "left out" not in told, told[-2000:]
    assert list(zones.glob("*.zone")) and shown(running, "unbound", "ActiveState") == "active"
    assert nobody_elses(running)


def findings(machine: Machine, way: str = "") -> dict[str, str]:
    """id -> finding of the doctor's."""
    told = json.loads(typed(machine, f"{way}hedgerow doctor --json || test $? = 1").out.splitlines()[-1])
    return {one["id"]: one["finding"] for one in told["findings"]}


def test_the_doctor_sees_all_that_root_may_see(running: Machine) -> None:
    found = findings(running, f"env {_BARE_PATH} ")
    assert [text for text in found.values() if "could not be looked at" in text] == []
    assert not {"redirect-missing", "forward-open", "not-running", "policy-broken", "sslkeylogfile"} & set(found), found
    running.run("nft", "delete", "table", "inet", "hedgerow")
    assert "redirect-missing" in findings(running)
    assert nobody_elses(running)


def test_the_self_test_is_asked_now(running: Machine) -> None:
    done = typed(running, "hedgerow selftest")
    assert done.code == 0 and "policy " in done.out, done.out


def test_the_sheet_says_what_it_lacks_and_is_made_once_it_is_there(running: Machine, lacking: Done) -> None:
    assert "ended with 2" in lacking.out and PACKAGES in lacking.out, lacking.out
    done = typed(running, f"{SHEET} --out - > sheet.pdf")
    assert done.code == 0 and "runs of the self-test" in done.out, done.out
    assert running.path("/root/sheet.pdf").read_bytes().startswith(b"%PDF-")
    assert running.path("/root/sheet.pdf").stat().st_uid == 0


@pytest.mark.parametrize(
    "command, begins",
    [
        (f"{SHEET} --html", "<!doctype html>"),
        ("privacy notice --language en", "# "),
        ("reports export --by me --reason 'the year ends'", '"code",'),
        ("record export", "hedgerow-record/"),  # the first file of an archive
        ("lists export --format hosts --band ages-14-17", "# Hedgerow"),
    ],
)
def test_what_is_written_for_an_administrator_is_made_by_their_own_shell(
    running: Machine, command: str, begins: str
) -> None:
    command = command if command.startswith("hedgerow") else f"hedgerow {command}"
    done = typed(running, f"{command} --out - > given")
    assert done.code == 0 and running.path("/root/given").read_text().lower().startswith(begins.lower()), done.out
    done = typed(running, f"{command} --out /root/refused.html || echo ended with $?")
    assert "Your own shell may: --out - > /root/refused.html" in done.out and "ended with 2" in done.out, done.out
    assert not running.path("/root/refused.html").exists()
