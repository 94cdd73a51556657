"""Kazakh in other letters."""

from __future__ import annotations

import pytest

from hedgerow.core.kazakh import SPECIFIC, latin, russian_keys


def test_russian_keys() -> None:
    assert russian_keys("әғқңөұүһі") == "агкноууxи".replace("x", "х")
    assert not SPECIFIC.search(russian_keys("әғқңөұүһі құмар"))


@pytest.mark.parametrize("spelling", ["şäñ", "shán'".replace("n'", "ń"), "s'a'n'", "shan"])
def test_latin(spelling: str) -> None:
    assert spelling in latin("шәң")


def test_what_is_latin_already_has_no_other_alphabet() -> None:
    assert latin("vpn") == ()
