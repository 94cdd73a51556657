"""Registrable names and public suffixes, also of the private section."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.core.hosts import canonical_host
from hedgerow.core.idn import HostError
from hedgerow.core.suffixes import is_listed_suffix, is_public_suffix, registrable


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.co.uk", "b.co.uk"),
        ("b.co.uk", "b.co.uk"),
        ("co.uk", "co.uk"),
        ("uk", "uk"),
        ("www.google.com.vn", "google.com.vn"),
        ("deep.pupil.github.io", "pupil.github.io"),  # a private suffix
        ("github.io", "github.io"),
        ("x.blogspot.com", "x.blogspot.com"),
        ("a.b.c.invented-tld", "c.invented-tld"),
        ("invented-tld", "invented-tld"),
        ("a.b.ck", "a.b.ck"),  # *.ck
        ("a.www.ck", "www.ck"),  # !www.ck
        ("_srv.example.com", "example.com"),
        ("r3---sn-x.googlevideo.com", "googlevideo.com"),
        ("xn--80atdl2c.xn--p1ai", "xn--80atdl2c.xn--p1ai"),
        ("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_registrable(host: str, expected: str) -> None:
    assert registrable(host) == expected


@pytest.mark.parametrize(
    ("host", "suffix"),
    [("com", True), ("co.uk", True), ("github.io", True), ("xn--p1ai", True), ("anything.ck", True), ("local", True),
     ("www.ck", False), ("example.com", False), ("10.0.0.1", False), ("::1", False)],
)  # fmt: skip
def test_is_public_suffix(host: str, suffix: bool) -> None:
    assert is_public_suffix(host) is suffix


@pytest.mark.parametrize(
    ("host", "suffix"),
    [("com", True), ("edu.vn", True), ("github.io", True), ("xn--p1ai", True), ("anything.ck", True),
     ("moodle", False), ("local", False), ("www.ck", False), ("example.com", False), ("10.0.0.1", False)],
)  # fmt: skip
def test_is_listed_suffix(host: str, suffix: bool) -> None:
    assert is_listed_suffix(host) is suffix


@pytest.mark.data
def test_public_suffix_vectors(data: Path) -> None:
    """The list's own tests. Where they say there is nothing to register, ours is the suffix itself."""
    rows = [json.loads(line) for line in (data / "vectors/psl/test_psl.jsonl").read_text("utf-8").splitlines()]
    checked = [row for row in rows if row["input"] and (host := _canonical(row["input"])) and _wrong(host, row)]
    assert len(rows) > 70
    assert checked == []


def _wrong(host: str, row: dict[str, str | None]) -> bool:
    expected = row["registrable"]
    return registrable(host) != (canonical_host(expected) if expected else host)


def _canonical(text: str) -> str | None:
    try:
        return canonical_host(text)
    except HostError:  # ".com": a leading dot is no host
        return None
