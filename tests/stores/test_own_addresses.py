"""Loopback is ours, an address of the documentation (RFC 5737, RFC 3849) is nobody's."""

from __future__ import annotations

import pytest

from hedgerow.stores.own_addresses import is_local


@pytest.mark.parametrize(
    "address, ours", [("127.0.0.1", True), ("::1", True), ("192.0.2.1", False), ("2001:db8::1", False), ("x", False)]
)
def test_what_can_be_bound_is_ours(address: str, ours: bool) -> None:
    assert is_local(address) is ours
