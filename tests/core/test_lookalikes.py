"""Letters that look like others."""

from __future__ import annotations

import pytest

from hedgerow.core.lookalikes import in_cyrillic, in_latin, is_exotic, scripts, wholly_latin


@pytest.mark.parametrize(
    "word, expected", [("bаdwоrd", "badword"), ("BΑD", "bad"), ("ᴘᴏʀɴ", "porn"), ("қazino", "kazino"), ("каzдo", "")]
)
def test_in_latin(word: str, expected: str) -> None:
    assert in_latin(word) == expected


@pytest.mark.parametrize("word, expected", [("қaзинo", "қазино"), ("kазинo", "казино"), ("cлoво", "слово")])
def test_in_cyrillic(word: str, expected: str) -> None:
    assert expected in in_cyrillic(word)


@pytest.mark.parametrize(
    "word, expected", [("сосо", "coco"), ("ВЕТ", "bet"), ("вет", ""), ("сим", ""), ("слово", ""), ("ΡΟΡ", "pop")]
)
def test_wholly_latin(word: str, expected: str) -> None:
    assert wholly_latin(word) == expected


def test_scripts() -> None:
    assert scripts("aбγ1") == {"Latin", "Cyrillic", "Greek"}
    assert is_exotic("ᴘ") and is_exotic("ѕ") and not is_exotic("қәёé")
