"""Which name answers for a search engine's in its safe mode."""

from __future__ import annotations

import pytest

from hedgerow.core.model import SafeModes
from hedgerow.core.safe_names import safe_names


@pytest.mark.parametrize(
    "name, engines, youtube, expected",
    [
        ("www.google.com", True, "off", "forcesafesearch.google.com"),
        ("www.google.com.vn", True, "off", "forcesafesearch.google.com"),
        ("yandex.kz", True, "off", "213.180.193.56"),
        ("www.google.com", False, "strict", None),
        ("mail.google.com", True, "strict", None),
        ("m.youtube.com", False, "strict", "restrict.youtube.com"),
        ("m.youtube.com", True, "moderate", "restrictmoderate.youtube.com"),
        ("m.youtube.com", True, "off", None),
    ],
)
def test_safe_names(name: str, engines: bool, youtube: str, expected: str | None) -> None:
    assert safe_names(SafeModes(engines=engines, youtube=youtube)).get(name) == expected
