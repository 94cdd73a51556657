from __future__ import annotations

import pytest

from hedgerow.stores.plurals import PLURALS, needed_forms, plural_form


@pytest.mark.parametrize(
    "language, needed",
    [
        ("vi", {"other"}),
        ("en", {"one", "other"}),
        ("fa", {"one", "other"}),
        ("kk", {"one", "other"}),
        ("ru", {"one", "few", "many"}),
    ],
)
def test_each_language_needs_its_forms(language: str, needed: set[str]) -> None:
    assert needed_forms(language) == needed and needed <= set(PLURALS)


@pytest.mark.parametrize("n, form", [(0, "many"), (1, "one"), (2, "few"), (5, "many"), (11, "many"), (21, "one")])
def test_russian_counts_by_the_last_digits(n: int, form: str) -> None:
    assert plural_form("ru", n) == form
