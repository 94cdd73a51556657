"""The name server's configuration as text. What it does is shown in tests/evasion/test_g_network.py."""

from __future__ import annotations

from pathlib import Path

from hedgerow.core.model import SafeModes
from hedgerow.stores.network.unbound import configuration, names_bands, safe_bands
from tests.stores.network.site import site

FOLDER = Path("/etc/unbound/hedgerow")
MODES = {"garden": SafeModes(engines=True), "staff": SafeModes()}
CONF = configuration(site(), safe_bands(site(), MODES), FOLDER)


def test_bands() -> None:
    assert safe_bands(site(), MODES) == ["garden"] and names_bands(site()) == ["garden"]
    assert safe_bands(site(), {**MODES, "staff": SafeModes(youtube="moderate")}) == ["garden", "staff"]


def test_whose_questions_get_what() -> None:
    lines = [line.strip() for line in CONF.splitlines()]
    assert 'access-control-tag: 10.20.5.0/24 "safe-garden names-garden"' in lines
    assert 'access-control-tag: 10.20.0.0/16 "safe-garden"' in lines
    assert "access-control: 10.30.0.0/24 allow" in lines and not any("tag: 10.30." in line for line in lines)
    zones = [line.split('"')[1] for line in lines if line.startswith("zonefile")]
    assert zones == [f"{FOLDER}/safe-garden.zone", f"{FOLDER}/names-garden.zone"], "safe search is read first"


def test_it_writes_no_names_down() -> None:
    for line in ("log-queries: no", "log-replies: no", "log-servfail: no", "val-log-level: 0"):
        assert f"  {line}\n" in CONF


def test_names() -> None:
    assert 'private-domain: "moodle.school.example"' in CONF and "10.99.0.9" not in CONF
    for name in ("hedgerow.internal", "hedgerow.school.example", "wpad"):
        assert f'local-data: "{name}. 60 A 192.0.2.1"' in CONF and f'local-data: "{name}. 60 AAAA' in CONF


def test_without_the_script() -> None:
    told = configuration(site(), [], FOLDER, script=False)
    assert "python" not in told and 'module-config: "respip validator iterator"' in told and "chroot" not in told
