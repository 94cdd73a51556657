"""A gateway that is a router, by the commands of NETWORK.md: what its boots open, and its removal is refused.

The tests are steps of one story and run in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.install.machine import ROOT, Machine
from tests.install.story import installs, shown

pytestmark = pytest.mark.long

DOC = (ROOT / "deploy" / "NETWORK.md").read_text()
_IN_ORDER = "cd /opt/hedgerow/current; "


def steps(first_line: str) -> str:
    """The lines of the block of NETWORK.md that begins with this one, as they are typed."""
    (block,) = re.findall(rf"```sh\n( *{re.escape(first_line)}.*?)```", DOC, re.DOTALL)
    return "; ".join(line.strip() for line in block.strip().splitlines())


@pytest.fixture(scope="module")
def router(installed: Machine) -> Iterator[Machine]:
    """Made a router while it is off, but for the service that reads the rules: each test boots it."""
    site = installed.path("/etc/hedgerow/site.yaml")
    site.write_text(site.read_text().replace("firewall: {}\n", "firewall: {outside: [eth0]}\n"))
    done = installed.sh("hedgerow network nftables --out /etc/hedgerow/firewall.nft")
    assert done.code == 0, done.out
    lines = steps("""echo 'include "/etc/hedgerow/firewall.nft"'""").replace(" && systemctl restart nftables", "")
    done = installed.sh(_IN_ORDER + lines.replace("systemctl daemon-reload && ", ""))  # off: no systemd to reload
    assert done.code == 0, done.out
    yield installed


def forwards(machine: Machine) -> tuple[str, str]:
    """What the kernel says for IPv4 and IPv6."""
    files = ("ipv4/ip_forward", "ipv6/conf/all/forwarding")
    four, six = (machine.run("cat", f"/proc/sys/net/{file}").out.strip() for file in files)
    return four, six


def test_it_forwards_once_the_rules_are_loaded(router: Machine) -> None:
    with router.booted():
        router.run("timeout", "60", "systemctl", "start", "nftables")
        assert shown(router, "nftables", "ActiveState") == "active"
        assert "redirect to :8081" in router.run("/usr/sbin/nft", "list", "table", "inet", "hedgerow").out
        assert forwards(router) == ("1", "1")
        assert router.run("systemctl", "stop", "nftables").code == 0
        assert forwards(router) == ("0", "0")


def test_rules_that_cannot_be_loaded_leave_the_door_closed(router: Machine) -> None:
    rules = router.path("/etc/hedgerow/firewall.nft")
    right = rules.read_text()
    rules.write_text(right.replace("redirect to :8081", "redirekt to :8081"))
    try:
        with router.booted():
            router.run("timeout", "60", "systemctl", "start", "nftables")
            assert shown(router, "nftables", "ActiveState") == "failed"
            assert forwards(router) == ("0", "0")
    finally:
        rules.write_text(right)


def test_it_is_not_removed_while_the_school_is_led_to_it(router: Machine) -> None:
    """Each line that the refusal tells is typed; after the last one it goes."""
    with router.booted():
        router.run("timeout", "60", "systemctl", "start", "nftables")
        for options in (["--uninstall"], ["--uninstall", "--purge"], ["--uninstall", "--dry-run"]):
            done = installs(router, *options)
            assert done.code == 2 and "Nothing was removed" in done.out, done.out
        assert router.path("/usr/local/bin/hedgerow").exists() and forwards(router) == ("1", "1")
        told = [line.removeprefix("  - ") for line in done.out.splitlines() if line.startswith("  - ")]
        assert len(told) == 4 and told[0] == "sysctl net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0", told
        assert router.sh("sed -i '/hedgerow/d' /etc/nftables.conf").code == 0  # told[2], by hand
        for line in (told[0], told[1], told[3]):
            assert router.sh(line).code == 0, line
        assert forwards(router) == ("0", "0")
        done = installs(router, "--uninstall")
        assert done.code == 0 and "removed" in done.out, done.out
