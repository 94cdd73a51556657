"""Which spelling of a phrase counts in which text."""

from __future__ import annotations

import pytest

from hedgerow.core.kinds import Kind, Respelled, kinds_of, spellings
from hedgerow.core.normal import fold


@pytest.mark.parametrize(
    "text, language, spelling, kind",
    [
        ("cá cược bóng đá", "vi", "ca cuoc bong da", Kind.TONELESS),
        ("thuỷ thủ", "vi", "thủy thủ", Kind.PLAIN),
        ("hòa bình", "vi", "hoà bình", Kind.PLAIN),
        ("құмар ойын", "kk", "кумар ойын", Kind.RUSSIAN_KEYS),
        ("құмар ойын", "kk", "qūmar oiyn", Kind.KAZAKH_LATIN),
        ("құмар ойын", "kk", "qumar oiyn", Kind.KAZAKH_LATIN),
        ("өлтіру", "kk", "o'ltiry'", Kind.KAZAKH_LATIN),
        ("өлтіру", "kk", "óltirý", Kind.KAZAKH_LATIN),
        ("смотреть порно", "ru", "smotret porno", Kind.TRANSLIT),
        ("free porn", "en", "freeporn", Kind.JOINED),
        ("escort girls", "en", "eskort girls", Kind.SOUNDED),
        ("دور زدن فیلتر", "fa", "dr zdn fltr", Kind.FINGLISH),
    ],
)
def test_spellings(text: str, language: str, spelling: str, kind: Kind) -> None:
    assert Respelled(spelling, kind) in spellings(fold(text), language)


@pytest.mark.parametrize(
    "text, language, kind",
    [
        ("lồn", "vi", Kind.TONELESS),  # lon is a tin
        ("cá độ", "vi", Kind.JOINED),
        ("đi đi", "vi", Kind.TONELESS),  # as "di di" in Italian
        ("хуй", "ru", Kind.TRANSLIT),  # huy is a name
        ("ат", "kk", Kind.RUSSIAN_KEYS),
        ("سکس", "fa", Kind.FINGLISH),
        ("casino", "en", Kind.JOINED),
    ],
)
def test_what_is_too_short_has_no_such_spelling(text: str, language: str, kind: Kind) -> None:
    assert kind not in {one.kind for one in spellings(fold(text), language)}


def test_a_part_of_a_combination_may_be_short() -> None:
    assert Respelled("hang", Kind.TONELESS) in spellings("hàng", "vi", part=True)


@pytest.mark.parametrize(
    "text, kind, counts",
    [
        ("cach choi ca do bong da", Kind.TONELESS, True),
        ("cách choi ca do", Kind.TONELESS, False),
        ("các bạn", Kind.TONELESS, False),
        ("The quick brown fox jumps over the lazy dog", Kind.TONELESS, False),
        ("Le renard brun saute par-dessus le chien", Kind.TONELESS, False),
        ("кумар ойын", Kind.RUSSIAN_KEYS, True),
        ("құмар ойын", Kind.RUSSIAN_KEYS, False),
        ("ойын", Kind.KAZAKH_LATIN, False),
        ("oiyn", Kind.KAZAKH_LATIN, True),
        ("", Kind.PLAIN, True),
    ],
)
def test_kinds_of(text: str, kind: Kind, counts: bool) -> None:
    assert (kind in kinds_of(fold(text))) is counts
