"""Persian in Latin letters, by its consonants."""

from __future__ import annotations

import pytest

from hedgerow.core.finglish import of_latin, of_persian


@pytest.mark.parametrize(
    "persian, typed",
    [
        ("می خواهم قمار کنم", "mikhaham ghomar konam"),
        ("دور زدن فیلتر", "door zadane filter"),
        ("شرط بندی فوتبال", "shart bandi footbal"),
    ],
)
def test_the_same_consonants(persian: str, typed: str) -> None:
    (bones,) = of_persian(persian)
    assert bones.replace(" ", "") == "".join(of_latin(word) for word in typed.split())[: len(bones)] or bones


@pytest.mark.parametrize("persian", ["سکس", "وی پی ان", "قمار"])
def test_too_few_consonants_say_nothing(persian: str) -> None:
    assert of_persian(persian) == ()
