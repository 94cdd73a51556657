from __future__ import annotations

from ipaddress import ip_network

import pytest

from hedgerow.core.model import Capture, Identity
from hedgerow.stores.identities import Address, Identities, NetworkRule

NETWORKS = (
    NetworkRule("pupils", (ip_network("10.8.0.0/16"), ip_network("fd00:8::/32")), "ages-8-10"),
    NetworkRule("seniors", (ip_network("10.8.14.0/24"),), "ages-14-17", Capture.NAMES_ONLY),
    NetworkRule("staff", (ip_network("10.9.0.0/24"),), "staff", staff_only=True),
)
WHO = Identities(NETWORKS, "ages-5-7")


@pytest.mark.parametrize(
    "address, band, network",
    [
        ("10.8.0.7", "ages-8-10", "pupils"),
        ("10.8.14.9", "ages-14-17", "seniors"),  # the longest prefix
        ("10.9.0.1", "staff", "staff"),
        ("::ffff:10.8.0.7", "ages-8-10", "pupils"),
        ("fd00:8::1", "ages-8-10", "pupils"),
        ("192.168.1.1", "ages-5-7", ""),  # unknown: the strictest
        ("fe80::1%eth0", "ages-5-7", ""),
    ],
)
def test_resolve(address: str, band: str, network: str) -> None:
    found = WHO.resolve(address)
    assert (found.band, found.network) == (band, network)


def test_the_key_is_one_spelling_of_the_address() -> None:
    assert WHO.resolve("::ffff:10.8.0.7").key == WHO.resolve("10.8.0.7").key == "10.8.0.7"


def test_known_is_what_site_yaml_names() -> None:
    assert WHO.known("10.8.0.7") and not WHO.known("192.168.1.1")


def test_a_source_that_knows_more_is_asked_first() -> None:
    class Lease:
        def identify(self, address: Address) -> Identity | None:
            return Identity("device-7", "ages-11-13", "leases") if str(address) == "10.8.0.7" else None

    who = Identities(NETWORKS, "ages-5-7", (Lease(),))
    assert who.resolve("10.8.0.7").band == "ages-11-13"
    assert who.resolve("10.8.0.8").band == "ages-8-10"


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError):
        WHO.resolve("not an address")
