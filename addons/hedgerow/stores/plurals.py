"""Plural forms as CLDR counts them (Unicode TR35, part 3): "1 отчёт, 2 отчёта, 5 отчётов"."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.plural import PluralRule

PLURALS = ("zero", "one", "two", "few", "many", "other")
_ALL_WHOLE = range(1000)  # every rule of CLDR that looks at whole numbers of everyday size has shown itself by then


def plural_form(language: str, n: int) -> str:
    """Which form of a sentence fits ``n`` things: one of PLURALS. Raises babel.UnknownLocaleError."""
    return _rule(language)(n)


@cache
def needed_forms(language: str) -> frozenset[str]:
    """The forms that whole numbers need: English one and other, Russian one, few and many, Vietnamese other."""
    return frozenset(plural_form(language, n) for n in _ALL_WHOLE)


@cache
def _rule(language: str) -> PluralRule:
    return Locale.parse(language).plural_form
