"""Whose an address is, and which private destinations may be opened."""

from __future__ import annotations

import pytest

from hedgerow.core.model import Capture
from hedgerow.stores.site_networks import networks, private
from tests.stores.small_world import node, told

BANDS = ("garden", "meadow", "staff")
STAFF = frozenset({"staff"})


def test_networks() -> None:
    found, mistakes = node("{a: {addresses: [10.0.0.0/8, 'fd00::/8'], band: meadow, capture: names-only}}")
    (rule,) = networks(found, BANDS, STAFF)
    assert told(mistakes) == []
    assert (rule.name, rule.band, rule.level, rule.staff_only) == ("a", "meadow", Capture.NAMES_ONLY, False)
    assert [str(address) for address in rule.addresses] == ["10.0.0.0/8", "fd00::/8"]
    assert networks(None, BANDS, STAFF) == ()


@pytest.mark.parametrize("staff_only, fine", [("true", True), ("false", False)])
def test_staff_by_address_only_where_nobody_else_can_be(staff_only: str, fine: bool) -> None:
    found, mistakes = node(f"{{a: {{addresses: [10.0.0.0/8], band: staff, staff-only: {staff_only}}}}}")
    networks(found, BANDS, STAFF)
    assert (told(mistakes) == []) is fine


@pytest.mark.parametrize("address", ["0.0.0.0/0", "'::/0'", "'::ffff:10.0.0.0/104'", "10.0.0.1/8", "pupils", "''"])
def test_ranges_that_are_none(address: str) -> None:
    found, mistakes = node(f"{{a: {{addresses: [{address}], band: garden}}}}")
    networks(found, BANDS, STAFF)
    assert len(told(mistakes)) == 1


@pytest.mark.parametrize("written", ["text", "{a: text}", "{a: {}}", "{a: {addresses: [], band: garden}}", "{a: [x]}"])
def test_broken_shapes_are_told_and_never_raise(written: str) -> None:
    found, mistakes = node(written)
    networks(found, BANDS, STAFF)
    assert told(mistakes)


@pytest.mark.parametrize(
    "written, expected",
    [
        ("10.0.0.9", "10.0.0.9/32"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("'fd00:1::/32'", "fd00:1::/32"),
        ("'fd00::9'", "fd00::9/128"),
        ("Moodle.School.Example", "moodle.school.example"),
        ("intranet", "intranet"),
    ],
)
def test_private(written: str, expected: str) -> None:
    found, mistakes = node(f"[{written}]")
    assert private(found) == (expected,)
    assert told(mistakes) == []


@pytest.mark.parametrize(
    "written",
    ["0.0.0.0/0", "10.0.0.0/7", "'fc00::/7'", "'::/0'", "127.0.0.1", "'::1'", "169.254.169.254", "0.0.0.0", "224.0.0.1"]
    + ["localhost", "vn", "com", "co.uk", "github.io", "a b", "10.0.0.300"],
)
def test_what_is_no_choice_of_a_schools_own(written: str) -> None:
    found, mistakes = node(f"[{written}]")
    private(found)
    assert len(told(mistakes)) == 1
