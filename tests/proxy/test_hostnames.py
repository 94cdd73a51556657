from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.proxy.hostnames import is_valid_host, parse_authority


@pytest.mark.parametrize(
    "host, valid",
    [
        ("site.test", True),
        (b"xn--fa-hia.test", True),  # faß.test: Python's codec refuses it
        ("r3---sn-x.googlevideo.com", True),
        ("under_score.test", True),
        ("2001:db8::1", True),
        ("192.0.2.1", True),
        ("a b", False),
        (b"\xff\xfe", False),
        ("", False),
        ("x" * 64 + ".test", False),
    ],
)
def test_is_valid_host(host: str | bytes, valid: bool) -> None:
    assert is_valid_host(host) is valid


@pytest.mark.parametrize(
    "authority, parsed",
    [
        (b"xn--fa-hia.test:443", ("xn--fa-hia.test", 443)),
        ("site.test", ("site.test", None)),
        (b"[2001:db8::1]:8443", ("2001:db8::1", 8443)),
    ],
)
def test_parse_authority(authority: str | bytes, parsed: tuple[str, int | None]) -> None:
    assert parse_authority(authority, check=True) == parsed


@pytest.mark.parametrize("authority", ["", "a b:443", "site.test:99999", b"\xff:1"])
def test_what_is_malformed(authority: str | bytes) -> None:
    with pytest.raises(ValueError):
        parse_authority(authority, check=True)
    assert parse_authority(authority, check=False)[1] is None


@given(st.binary(max_size=60))
def test_hostile_bytes_raise_nothing_else(raw: bytes) -> None:
    parse_authority(raw, check=False)
    is_valid_host(raw)
