"""The way a CONNECT came by."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.proxy.via import goes_round, hops, own_name, via

HERE, THERE = "hedgerow-0123456789abcdef", "hedgerow-fedcba9876543210"


def test_each_box_has_a_name_that_stays(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = own_name(tmp_path / "a")
    assert first == own_name(tmp_path / "a") != own_name(tmp_path / "b")
    assert hops(f"1.1 {first}") == (first,)


@pytest.mark.parametrize(
    "header, expected",
    [
        ("", ()),
        (f"1.1 {HERE}", (HERE,)),
        (f"1.0 squid.school.example (squid/5.7), 1.1 {THERE},1.1 {HERE} (x)", (THERE, HERE)),
        ("1.1 hedgerow-xyz, 1.1 hedgerow", ()),
        ("x" * 5000 + HERE, ()),
    ],
)
def test_hops(header: str, expected: tuple[str, ...]) -> None:
    assert hops(header) == expected


@pytest.mark.parametrize(
    "header, round_",
    [("", False), (f"1.1 {THERE}", False), (f"1.1 {THERE}, 1.1 {HERE}", True), (f"1.1 {THERE}, " * 8, True)],
)
def test_goes_round(header: str, round_: bool) -> None:
    assert goes_round(header, HERE) is round_


def test_what_the_next_one_is_told() -> None:
    assert via(HERE, (THERE,)) == f"1.1 {THERE}, 1.1 {HERE}"
    assert via("", ()) == ""
