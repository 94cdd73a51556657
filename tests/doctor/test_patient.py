"""What the doctor looks at is found as an administrator's account has it."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from hedgerow.doctor.patient import _ruleset
from hedgerow.stores.network.kernel import NftError


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("nft") is None, reason="needs root and nft")
def test_nft_is_found_where_the_path_has_no_sbin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken for missing, it would be told as a firewall without rules."""
    monkeypatch.setenv("PATH", "/usr/local/bin")
    assert "nftables" in json.loads(_ruleset())


@pytest.mark.skipif(shutil.which("nft", path="/usr/sbin:/usr/bin") is None, reason="needs nft")
def test_rules_that_may_not_be_seen_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.stores.network.kernel._run", _refuses)
    with pytest.raises(OSError, match="^nft: Operation not permitted$"):
        _ruleset()


def _refuses(command: object, given: str) -> str:
    raise NftError("Operation not permitted\n(you must be root)")
