"""The same keys in another layout."""

from __future__ import annotations

import pytest

from hedgerow.core.keyboards import TABLES, is_slip

RUSSIAN, KAZAKH, PERSIAN, LATIN = range(4)


@pytest.mark.parametrize(
    "typed, table, meant",
    [
        ("ghbdtn", RUSSIAN, "привет"),
        ("rfpbyj", RUSSIAN, "казино"),
        ("0ehkf", KAZAKH, "құрла".replace("ұ", "у")),
        ("tdgl", PERSIAN, "فیبم".replace("ب", "ل")),
        ("зщкт", LATIN, "porn"),
    ],
)
def test_layouts(typed: str, table: int, meant: str) -> None:
    assert typed.translate(TABLES[table]) == meant


@pytest.mark.parametrize(
    "typed, meant, slip",
    [
        ("ghbdtn", "привет", True),
        ("зщкт", "porn", True),
        ("при", "ghb", False),
        ("как дела", "rfr ltkf", False),
        ("hello there", "руддщ еруку", False),
        ("các bạn", "сác иạт", False),
        ("", "", False),
    ],
)
def test_is_slip(typed: str, meant: str, slip: bool) -> None:
    assert is_slip(typed, meant) is slip
