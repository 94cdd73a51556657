"""The rules in force against site.yaml's, and the cures of the firewall's faults: in a namespace, each as it is told.

The same with a running gateway: tests/evasion/test_g_network.py.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from importlib import import_module
from pathlib import Path

import click
import pytest

from hedgerow.cli import COMMANDS
from hedgerow.doctor.rules import own_box
from hedgerow.doctor.table import ALL
from hedgerow.stores.network.nftables import Box as Rules
from tests.commands import hedgerow
from tests.doctor.box import NAMES, Box, box, faults, forwarding
from tests.doctor.faults import SITE, found, makes, patient, running
from tests.lab import net

__all__ = ["box"]

DIFFER = ("rules-differ",)
CURES = {one.id: re.findall(r"`([^`]+)`", one.cure) for one in ALL}
needs_namespaces = pytest.mark.skipif(bool(net.why_not()), reason=net.why_not() or "namespaces")


def with_firewall(box: Box) -> None:
    (box.root / "local" / "site.yaml").write_text(SITE + "firewall: {outside: [eth0]}\n")


def run_cure(box: Box, told: str) -> None:
    """A command as the doctor tells it; ours with this machine's folders and account, and a file that is not /etc's."""
    words = [word.replace("/etc/hedgerow", str(box.root)) for word in shlex.split(told)]
    if words[0] == "hedgerow":
        places = ("--policies", f"{box.root}/local", "--state", f"{box.root}/state", "--user", "root")
        with box.entered():
            hedgerow(*words[1:], *places, check=True)
    else:
        box.run(*words)


@needs_namespaces
@makes("rules-differ")
def test_rules_that_are_not_those_of_the_site(box: Box) -> None:
    assert box.found(DIFFER) == {"rules-differ": []}, "a school with a firewall of its own"
    with_firewall(box)
    assert "lines differ" in box.found(DIFFER)["rules-differ"][0], "nothing is in force"
    run_cure(box, CURES["rules-differ"][0])
    assert box.found(DIFFER) == {"rules-differ": []}
    box.run("nft", "add", "rule", "inet", "hedgerow", "beside_the_web", "accept")
    (told,) = box.found(DIFFER)["rules-differ"]
    assert told.startswith("1 lines differ") and told.endswith("accept") and "--user root" in told
    run_cure(box, CURES["rules-differ"][0])
    assert box.found(DIFFER) == {"rules-differ": []}


@needs_namespaces
def test_other_ports_are_other_rules(box: Box) -> None:
    with_firewall(box)
    run_cure(box, CURES["rules-differ"][0])
    (told,) = box.found(DIFFER, ("127.0.0.1:8080/regular", "127.0.0.1:8444/transparent"))["rules-differ"]
    assert "--transparent 8444" in told


@needs_namespaces
def test_one_command_cures_what_passes_the_filter_by(box: Box) -> None:
    """From a router without rules to ours, by the first command that each of these cures names."""
    forwarding(box, 1, 1)
    with_firewall(box)
    assert faults(box.found()) == {"redirect-missing", "ipv6-leak", "forward-open"}
    assert CURES["redirect-missing"][0] == CURES["forward-open"][0]
    run_cure(box, CURES["redirect-missing"][0])
    assert faults(box.found((*NAMES, *DIFFER))) == {"redirect-deaf"}, "nobody listens here"


@needs_namespaces
@pytest.mark.parametrize("told", [told for told in CURES["quic-slow"] if told.startswith(("nft ", "hedgerow "))])
def test_each_cure_of_slow_quic(box: Box, told: str) -> None:
    with_firewall(box)
    run_cure(box, "hedgerow network nftables --apply")
    box.run("nft", "flush", "chain", "inet", "hedgerow", "closed")
    assert box.found(("quic-slow",))["quic-slow"]
    run_cure(box, told)
    assert box.found(("quic-slow",)) == {"quic-slow": []}


@needs_namespaces
def test_every_nft_command_of_a_cure_is_taken_beside_our_rules(box: Box) -> None:
    """Whatever check tells it: the kernel has such a chain, and takes such a rule."""
    with_firewall(box)
    run_cure(box, "hedgerow network nftables --apply")
    told = [command for commands in CURES.values() for command in commands if command.startswith("nft ")]
    assert len(told) >= 2
    for command in told:
        run_cure(box, command)


def test_every_command_of_ours_in_a_cure_exists_with_its_options() -> None:
    told = [command for commands in CURES.values() for command in commands if command.startswith("hedgerow ")]
    assert len(told) >= 10
    for command in told:
        words = [word for word in command.split()[1:] if not word.isupper() and not word.startswith("/")]
        options = {word for word in words if word.startswith("--")}
        known = {option for parameter in named(words).params for option in parameter.opts}
        assert options <= known, command


def named(words: list[str]) -> click.Command:
    module, _ = COMMANDS[words[0]]
    command: click.Command = getattr(import_module(module), words[0])
    return command.commands[words[1]] if isinstance(command, click.Group) else command


def test_the_machine_as_the_command_is_told_of_it(tmp_path: Path) -> None:
    """From the running gateway's own word; without one, from what it should be."""
    one = patient(tmp_path, listens=("127.0.0.1:8080/regular", "127.0.0.1:8081/transparent"))
    user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
    assert own_box(one) == Rules(user)
    listens = ["127.0.0.1:3128/regular", "[::1]:3129/regular", "127.0.0.1:3130/transparent"]
    with running(one, os.getpid(), listens=listens, portal="*:8888/regular", metrics=["10.0.0.1", 9999]):
        assert own_box(patient(tmp_path)) == Rules(user, 3128, 3130, 8888, 9999, (3129,))
    with running(one, os.getpid(), listens=["127.0.0.1:8080/regular"], portal="None", metrics=["", 9160]):
        assert own_box(patient(tmp_path)) == Rules(user)


def test_a_check_that_may_not_look_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    one = patient(tmp_path, SITE + "firewall: {outside: [eth0]}\n")
    assert found(one, "rules-differ") == ["could not be looked at: nft is not installed: apt-get install nftables"]
