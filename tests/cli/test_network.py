"""``hedgerow network``: made, compared, put in force; told with the place where something is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.stores.network.folder import checker
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
FIREWALL = "\nfirewall:\n  outside: [eth0]\n  exceptions: {calls: {udp: 3478, networks: [primary]}}\n"
HAS_TOOLS = bool(shutil.which("nft") and shutil.which("unshare"))


@pytest.fixture(autouse=True, scope="module")
def with_firewall(school: Path) -> None:
    site = school / "local" / "site.yaml"
    text = site.read_text().replace("firewall: {}\n", "")
    guests = '  guests: {addresses: ["2001:db8:0:4::/64"], band: ages-14-17, capture: names-only}\n'
    site.write_text(text.replace("networks:\n", f"networks:\n{guests}", 1) + FIREWALL)


def test_rules_are_printed_or_written(hedgerow: Run, tmp_path: Path) -> None:
    code, out, err = hedgerow("network", "nftables")
    assert code == FINE and out.startswith("#!/usr/sbin/nft -f") and "calls reaches any address over UDP" in err
    file = tmp_path / "rules.nft"
    assert hedgerow("network", "nftables", "--out", str(file))[:2] == (FINE, "")
    assert file.read_text() == out
    told = json.loads(hedgerow("network", "nftables", "--json")[1])
    assert told["rules"] == out and told["changes"] == [] and told["applied"] is False and len(told["notes"]) == 1


def test_a_missing_outside_is_told(hedgerow: Run, school: Path) -> None:
    site = school / "local" / "site.yaml"
    whole = site.read_text()
    site.write_text(whole.replace("  outside: [eth0]\n", ""))
    try:
        code, _, err = hedgerow("network", "nftables")
        assert code == BAD and "local/site.yaml: 'firewall: {outside: [INTERFACE]}' is missing" in err
    finally:
        site.write_text(whole)


def test_a_mistake_has_its_place(hedgerow: Run, school: Path) -> None:
    site = school / "local" / "site.yaml"
    whole = site.read_text()
    site.write_text(whole.replace("udp: 3478", "udp: 443"))
    try:
        code, out, _ = hedgerow("network", "nftables", "--json")
        (mistake,) = json.loads(out)["mistakes"]
        line = whole.splitlines().index("  exceptions: {calls: {udp: 3478, networks: [primary]}}") + 1
        assert code == BAD and (mistake["file"], mistake["line"], mistake["column"]) == ("local/site.yaml", line, 29)
    finally:
        site.write_text(whole)


@pytest.mark.skipif(not HAS_TOOLS, reason="needs nft and unshare")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_diff_and_apply_in_a_network_of_its_own(school: Path, tmp_path: Path) -> None:
    """One after the other, as an administrator would: what would change, change it, nothing to change, go back."""
    file = tmp_path / "hedgerow.nft"
    place = ["--policies", str(school / "local"), "--state", str(school / "state")]
    out = ["--apply", "--out", str(file)]
    before = ("# the file before\n", str(file))
    commands = [["--diff"], out, ["--diff"], out, ["--apply", "--user", "nobody-knows"], ["--diff"]]
    lines = [["network", "nftables", "--user", "root", *place, *more] for more in commands]
    script = f"""
import json
from pathlib import Path
from tests.commands import hedgerow
told = []
for number, line in enumerate({lines}):
    if number == 3:
        Path({before[1]!r}).write_text({before[0]!r})
    done = hedgerow(*line)
    told.append((done.returncode, done.stdout, done.stderr))
print(json.dumps(told))
"""
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'addons'}:{ROOT}"}
    command = ["unshare", "--net", sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert [code for code, _, _ in told] == [1, 0, 0, 0, 2, 0], told[4]
    assert "+    chain passing {" in told[0][1] == told[1][1]
    assert "no difference" in told[2][1]
    assert (tmp_path / "hedgerow.nft.old").read_text() == before[0]
    assert "no such account" in told[4][2]


def test_the_name_server(hedgerow: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/usr/lib/python3/dist-packages")
    folder = tmp_path / "unbound"
    more = ("--https-records", "pass", "--at", "2026-11-23 12:00")  # without Python: every machine can check it
    code, out, err = hedgerow("network", "unbound", *more, "--out", str(folder))
    assert code == FINE, err
    assert ("not checked" in out) is (checker() is None)
    names = {path.name for path in folder.iterdir()}
    assert {
        "hedgerow.conf",
        "names-ages-14-17.zone",
        "safe-ages-14-17.zone",
    } <= names and "names-staff.zone" not in names
    assert "\nbet365.com CNAME ." in (folder / "names-ages-14-17.zone").read_text()
    assert hedgerow("network", "unbound", *more, "--out", str(folder), "--diff")[0] == FINE
    (folder / "safe-ages-14-17.zone").write_text("")
    code, out, _ = hedgerow("network", "unbound", *more, "--out", str(folder), "--diff")
    assert (code, out) == (FOUND, "would change: safe-ages-14-17.zone\n")
    told = json.loads(hedgerow("network", "unbound", *more, "--out", str(folder), "--json")[1])
    assert told["changes"] == ["safe-ages-14-17.zone"] and told["folder"] == str(folder)


def test_the_configuration_is_printed(hedgerow: Run) -> None:
    code, out, _ = hedgerow("network", "unbound")
    assert code == FINE and "python-script" in out and "/etc/unbound/hedgerow/" in out
