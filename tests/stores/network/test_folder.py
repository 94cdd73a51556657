"""The name server's folder: whole or untouched, and compared without regard to the hour it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from hedgerow.stores.network import folder
from hedgerow.stores.network.folder import UnboundError, changes, put


def zone(serial: int, *names: str) -> Callable[[IO[bytes]], int]:
    soa = f"@ SOA localhost. hostmaster.localhost. {serial} 3600 600 604800 60"
    text = f"; made at {serial}\n$TTL 60\n{soa}\n@ NS localhost.\n"
    return lambda out: out.write((text + "".join(f"{name} CNAME .\n" for name in names)).encode())


def conf(place: Path) -> str:
    return f'rpz:\n  name: a\n  zonefile: "{place}/a.zone"\nserver:\n  module-config: "respip validator iterator"\n'


def test_put_and_compare(tmp_path: Path) -> None:
    put(tmp_path, {"a.zone": zone(1, "x.test"), "b.zone": zone(1)}, conf)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zone", "b.zone", "hedgerow.conf"]
    assert str(tmp_path / "a.zone") in (tmp_path / "hedgerow.conf").read_text()
    files = {"a.zone": zone(2, "x.test"), "b.zone": zone(2)}
    assert changes(tmp_path, files, conf(tmp_path)) == []
    assert changes(tmp_path, {"a.zone": zone(2, "y.test")}, conf(tmp_path)) == ["a.zone", "b.zone (removed)"]
    assert changes(tmp_path, {**files, "a.zone": zone(2, "x.test", "y.test")}, "other") == ["hedgerow.conf", "a.zone"]
    put(tmp_path, {"a.zone": zone(3)}, conf)
    assert not (tmp_path / "b.zone").exists(), "of a band no network has any more"


@pytest.mark.skipif(not folder.checker(), reason="needs unbound-checkconf")
def test_what_unbound_refuses_is_not_put_in_place(tmp_path: Path) -> None:
    assert put(tmp_path, {"a.zone": zone(1, "x.test")}, conf)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UnboundError, match="nonsense"):
        put(tmp_path, {"a.zone": zone(2, "y.test")}, lambda place: conf(place) + "  nonsense: yes\n")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
