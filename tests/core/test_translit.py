"""Russian in Latin letters and English in Cyrillic ones meet in one coarse spelling."""

from __future__ import annotations

import pytest

from hedgerow.core.translit import from_cyrillic, from_latin, sounded


@pytest.mark.parametrize(
    "russian, typed",
    [
        ("как скачать", "kak skachat"),
        ("как скачать", "kak ska4at'"),
        ("как скачать", "kak skačatʹ"),
        ("хочу ещё щавеля".replace("ё", "е"), "hochu esche schavelya"),
        ("хочу", "xo4u"),
        ("хочу", "khochu"),
        ("массаж", "massazh"),
        ("массаж", "massaj"),
        ("русский язык", "russkiy yazyk"),
        ("русский язык", "ruskij jazyk"),
        ("цена", "tsena"),
        ("цена", "cena"),
        ("жопа", "jopa"),
        ("юла", "yula"),
    ],
)
def test_translit(russian: str, typed: str) -> None:
    assert from_cyrillic(russian) in from_latin(typed)


@pytest.mark.parametrize(
    "english, typed", [("free porn", "фри порн"), ("escort", "эскорт"), ("hentai", "хентай"), ("badword", "бадворд")]
)
def test_sounded(english: str, typed: str) -> None:
    assert sounded(english) == from_cyrillic(typed)
