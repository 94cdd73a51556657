"""Certificates: missing, ending, open to others; and the ones that sites are checked by."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hedgerow.stores import ca
from hedgerow.stores.ca import CERT_FILE, ensure_ca
from tests.doctor.faults import found, makes, patient, running


@makes("ca-missing")
def test_no_ca_and_half_of_one(tmp_path: Path) -> None:
    one = patient(tmp_path)
    assert len(found(one, "ca-missing")) == 3
    ensure_ca(one.state.ca)
    assert found(one, "ca-missing") == found(one, "ca-ending") == found(one, "ca-readable") == []
    (one.state.ca / CERT_FILE).write_text("nothing")
    assert "holds no certificate" in found(one, "ca-missing")[0]


@pytest.mark.parametrize("days, fault", [pytest.param(30, True, marks=makes("ca-ending")), (90, False)])
def test_a_ca_that_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, fault: bool) -> None:
    monkeypatch.setattr(ca, "CA_DAYS", days)
    one = patient(tmp_path)
    ensure_ca(one.state.ca)
    assert bool(found(one, "ca-ending")) is fault


@makes("ca-readable")
def test_a_key_that_others_can_read(tmp_path: Path) -> None:
    one = patient(tmp_path)
    ensure_ca(one.state.ca)
    (one.state.ca / ca.CA_FILE).chmod(0o640)
    assert found(one, "ca-readable") == [f"{one.state.ca / ca.CA_FILE}: mode 640"]


@makes("upstream-ca")
def test_the_file_of_upstream_ca(tmp_path: Path) -> None:
    one = patient(tmp_path)
    pem = tmp_path / "roots.pem"
    with running(one, os.getpid(), upstream_ca=str(pem)):
        assert "No such file" in found(patient(tmp_path), "upstream-ca")[0]
        pem.write_text("not a certificate")
        assert found(patient(tmp_path), "upstream-ca") != []
        pem.write_bytes(ensure_ca(one.state.ca).pem)
        assert found(patient(tmp_path), "upstream-ca") == []
    with running(one, os.getpid(), upstream_ca="None"):
        assert found(patient(tmp_path), "upstream-ca") == []
