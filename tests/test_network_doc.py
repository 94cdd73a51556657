"""deploy/NETWORK.md and the files beside it say what the program does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from hedgerow.cli.network_nftables import nftables
from hedgerow.cli.network_unbound import unbound
from hedgerow.stores.network.addresses import STAND_IN, STAND_IN6
from hedgerow.stores.network.model import VPN
from hedgerow.stores.network.nftables import ruleset
from hedgerow.stores.network.unbound import CANARY, RELAY
from hedgerow.stores.site_firewall import FIREWALL_KEYS
from hedgerow.stores.site_reader import read_site
from hedgerow.stores.yamlfile import Mistakes, parse

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "network"
DOC = (ROOT / "deploy" / "NETWORK.md").read_text()
NETWORKS = "networks:\n  teachers: {addresses: [10.30.0.0/24], band: garden}\n"


@pytest.mark.parametrize("text", re.findall(r" *```yaml\n(.*?)```", DOC, re.DOTALL))
def test_the_examples_are_legal(text: str) -> None:
    mistakes, lines = Mistakes(), text.splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    whole = NETWORKS + "\n".join(line[indent:] for line in lines) + "\n"
    site = read_site(parse(whole.encode(), "site.yaml", mistakes), ("garden",), frozenset())
    mistakes.raise_if_any()
    assert ruleset(site)


def test_every_key_option_port_and_name_is_there() -> None:
    known = [*map(str, (*VPN["tcp"], *VPN["udp"])), CANARY, *RELAY, str(STAND_IN), str(STAND_IN6)]
    options = [option for command in (nftables, unbound) for parameter in command.params for option in parameter.opts]
    wanted = [option for option in options if option not in ("--policies", "--blocklists", "--state", "--json", "--at")]
    assert [word for word in (*known, *wanted) if word not in DOC] == []
    assert [key for key in FIREWALL_KEYS if f"{key}:" not in DOC and key != "masquerade"] == []


def test_the_picture_is_what_the_script_draws() -> None:
    spec = importlib.util.spec_from_file_location("draw", FOLDER / "draw.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (FOLDER / "network.svg").read_text("utf-8") == module.drawing(), "run deploy/network/draw.py again"


def test_forwarding_follows_the_firewall() -> None:
    """On once the rules are loaded, off before they go."""
    lines = (FOLDER / "nftables.service.conf").read_text().splitlines()
    stops = [line for line in lines if line.startswith("ExecStop=")]
    assert stops[0] == "ExecStop=" and "ip_forward=0" in stops[1] and "forwarding=0" in stops[1] and "flush" in stops[2]
    assert [line for line in lines if line.startswith("ExecStartPost=") and "/etc/hedgerow/router.conf" in line]
    assert "net.ipv4.ip_forward = 1" in (FOLDER / "router.conf").read_text()
