"""Group E at the core: a phrase is found however its letters are disguised, and ordinary text is left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.disguise import disguised, may_be_disguised
from hedgerow.core.hidden import MOST_PLACES
from hedgerow.core.model import Where
from hedgerow.core.parting import Cutter
from hedgerow.core.words import Lexicon, Phrase
from tests.pace import takes_less

W = Where("words/x.yaml", 1)
PHRASES = (
    ("en", "badword"), ("en", "bad frog"), ("en", "pussyfoot"), ("ru", "кракозябра"), ("ru", "плохое слово"),
    ("kk", "қазино"), ("kk", "құмар ойын"), ("vi", "đánh bạc"), ("vi", "hoà quặc"), ("vi", "chơi cá cược"),
    ("vi", "lồn"), ("fa", "قمار"), ("fa", "می‌خواهم قمار کنم"), ("en", "赌场"), ("vi", "phim sex không che"),
)  # fmt: skip
LEXICON = Lexicon.build(Phrase(text, text, language, W) for language, text in PHRASES)


def letters() -> Cutter:
    """That knows no word."""
    return Cutter(lambda _: frozenset())


def found(text: str, typed: bool) -> set[str]:
    return {score.topic for score in LEXICON.scan([text], typed)}


ANYWHERE = [
    ("E01-case", "BaDwOrD", "badword"),
    ("E01-dots", "b.a.d.w.o.r.d", "badword"),
    ("E01-spaces", "b a d w o r d", "badword"),
    ("E01-wide-spaces", "b  a  d  w  o  r  d", "badword"),
    ("E01-in-a-sentence", "what a b a d w o r d, he said", "badword"),
    ("E01-hyphen", "bad-word", "badword"),
    ("E01-underscore", "bad_word", "badword"),
    ("E01-hyphens", "b-a-d-w-o-r-d", "badword"),
    ("E01-stars", "b*a*d*w*o*r*d", "badword"),
    ("E01-slashes", "b/a/d/w/o/r/d", "badword"),
    ("E01-two-words", "b a d   f r o g", "bad frog"),
    ("E01-two-words-in-one-row", "see b a d f r o g s o o n", "bad frog"),
    ("E01-two-words-underscore", "bad_frog", "bad frog"),
    ("E01-two-words-dotted", "b.a.d f.r.o.g", "bad frog"),
    ("E01-cyrillic", "к р а к о з я б р а", "кракозябра"),
    ("E01-vietnamese", "đ.á.n.h b.ạ.c", "đánh bạc"),
    ("E01-persian", "ق م ا ر", "قمار"),
    *((f"E03-{ord(c):04x}", f"bad{c}word", "badword") for c in "\u200b\u200c\u200d\u2060\ufeff\xad\u034f\u180e\u061c"),
    *((f"E03-{ord(c):04x}", f"bad{c}word", "badword") for c in "\u202a\u202b\u202c\u202d\u202e"),
    *((f"E04-{ord(c):04x}", f"bad{c}word", "badword") for c in "\u3164\u2800\u115f\u1160\uffa0"),
    ("E07-cyrillic", "bаdwоrd", "badword"),
    ("E07-greek", "bαdwοrd", "badword"),
    ("E07-capitals", "ВАDWОRD", "badword"),
    ("E07-greek-capitals", "BΑDWΟRD", "badword"),
    ("E07-armenian", "badwօrd", "badword"),
    ("E07-cherokee", "Ꮟadword", "badword"),
    ("E07-small-capitals", "ʙᴀᴅᴡᴏʀᴅ", "badword"),
    ("E07-squared", "🅱🅰🅳🆆🅾🆁🅳", "badword"),
    ("E07-flags", "🇧🇦🇩🇼🇴🇷🇩", "badword"),
    ("E07-enclosed", "ⓑⓐⓓⓦⓞⓡⓓ", "badword"),
    ("E07-mathematical", "𝒷𝒶𝒹𝓌ℴ𝓇𝒹", "badword"),
    ("E07-full-width", "ｂａｄｗｏｒｄ", "badword"),
    ("E07-two-words", "bаd frоg", "bad frog"),
    ("E08-leet", "b4dw0rd", "badword"),
    ("E08-at", "b@dword", "badword"),
    ("E08-dollar", "pu$$yfoot", "pussyfoot"),
    ("E08-one-is-l", "1ồn", "lồn"),
    ("E08-cyrillic", "крак0зябра", "кракозябра"),
    ("E08-accents", "bádwörd", "badword"),
    ("E08-repeats", "baadwooord", "badword"),
    ("E08-repeats-of-a-double", "pusssssyfoot", "pussyfoot"),
    ("E08-leet-and-spaces", "b 4 d w 0 r d", "badword"),
    ("E08-repeats-cyrillic", "кракозяяяябра", "кракозябра"),
    ("E09-zalgo", "".join(char + "\u0336\u0351\u0320" for char in "badword"), "badword"),
    ("E09-one-mark", "ba\u0301dw\u0323ord", "badword"),
    ("E09-vietnamese", "đa\u0301nh bạc", "đánh bạc"),
    ("E09-zalgo-vietnamese", "đ\u0336\u0337á\u0336n\u0337h\u0336 b\u0337ạ\u0336c\u0337", "đánh bạc"),
    ("E10", "BADWORD".replace("O", "O\u200b"), "badword"),
    ("E11", "đa\u0301nh ba\u0323c", "đánh bạc"),
    ("E13-old-place", "hòa quặc", "hoà quặc"),
    ("E13-new-place", "hoà quặc", "hoà quặc"),
    ("E13-toneless", "cach choi ca cuoc bong da", "chơi cá cược"),
    ("E15", "قمار".replace("ا", "أ"), "قمار"),
    ("E16-joiner", "می‌خواهم قمار کنم", "می‌خواهم قمار کنم"),
    ("E16-joined", "میخواهم قمار کنم", "می‌خواهم قمار کنم"),
    ("E16-apart", "مي خواهم قمار كنم", "می‌خواهم قمار کنم"),
    ("E17", "قـمـــار", "قمار"),
    ("E18-signs", "قِمَّار", "قمار"),
    ("E18-shapes", "ﻗﻤﺎﺭ", "قمار"),
    ("E19", "ҚҰМАР ОЙЫН", "құмар ойын"),
    ("E19-russian-keys", "кумар ойын", "құмар ойын"),
    ("E19-2021", "qūmar oiyn", "құмар ойын"),
    ("E19-2017", "qumar oiyn", "құмар ойын"),
    ("E19-ascii", "kumar oiyn", "құмар ойын"),
    ("E21", "қaзинo", "қазино"),
    ("E21-by-sound", "kазино".replace("k", "қ").replace("и", "i"), "қазино"),
    ("E23", "我去赌场吧", "赌场"),
]  # fmt: skip


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "page"])
@pytest.mark.parametrize("text, phrase", [pytest.param(text, phrase, id=row) for row, text, phrase in ANYWHERE])
def test_found(text: str, phrase: str, typed: bool) -> None:
    assert phrase in found(text, typed)
    assert phrase in found(f"one two three\n{text} four five", typed) or row_of_letters(text)


def row_of_letters(text: str) -> bool:
    """Toneless or translated text is known by its neighbours: these are English."""
    return text.startswith(("cach", "kumar", "qumar"))


TYPED = [
    ("E07-wholly-cyrillic", "ВАDWОRD", "badword"),
    ("E13-telex", "ddanhs bacj", "đánh bạc"),
    ("E13-telex-free", "danhds bacj", "đánh bạc"),
    ("E13-vni", "d9anh1 bac5", "đánh bạc"),
    ("E13-telex-tone-place", "hoaf quawcj", "hoà quặc"),
    ("E13-chat", "fim sex ko che", "phim sex không che"),
    ("E13-chat-with-tones", "phim sex ko che nhé", "phim sex không che"),
    ("E19-2018", "chirkin oiyn qumar oiyn", "құмар ойын"),
    ("E22-translit", "chto takoe krakozyabra", "кракозябра"),
    ("E22-translit-two-words", "plohoe slovo", "плохое слово"),
    ("E22-translit-x", "ploxoe slovo", "плохое слово"),
    ("E22-translit-kh-j", "plokhoje slovo", "плохое слово"),
    ("E22-english-in-cyrillic", "бадворд", "badword"),
    ("E22-keys", "rhfrjpz,hf", "кракозябра"),
    ("E22-keys-back", "ифвцщкв", "badword"),
    ("E22-finglish", "mikhaham ghomar konam", "می‌خواهم قمار کنم"),
]


@pytest.mark.parametrize("text, phrase", [pytest.param(text, phrase, id=row) for row, text, phrase in TYPED])
def test_found_in_what_is_typed(text: str, phrase: str) -> None:
    assert phrase in found(text, True)


INNOCENT = [
    ("M01", "Scunthorpe, Essex, Sussex, Penistone, analysis, therapist, cocktail, sextant, Moby-Dick, chicken breast"),
    ("M05-các", "các bạn lớn tuổi, cái lon nước"),
    ("M05-tones-elsewhere", "choi ca cuoc là không dấu"),
    ("M05-one-syllable", "lon nuoc ngot"),
    ("M05-kazakh", "қазына, ойын, құмар емес"),
    ("M05-persian", "قمری و قمه"),
    ("M05-inside", "xbadwordx b.a.d.w.o.r.d.s"),
    ("hyphens", "bad wordplay, good-word, word-bad"),
    ("version", "b4d-w0 1.2.3 D.3.1 p4"),
    ("initials", "B. A. D. Word and J. R. R. Tolkien"),
    ("russian", "Это слово; он сказал: кракозябры, но не её. Вот рак, сом, оса, хор."),
    ("ukrainian", "Ще не вмерла України і слава, і воля"),
    ("french", "Là où l'été règne, Noël approche et l'hôtel déçoit"),
    ("german", "Für schöne Bäder müßte man größere Räume haben"),
    ("turkish", "İstanbul'da güzel bir gün, ılık ve sakin"),
    ("greek", "Το ελληνικό αλφάβητο και οι λέξεις του"),
    ("table", "a b c d e f g h i j"),
    ("units", "5µm 3Ω 20°C H2O CO2 x86 i386 utf8 md5sum"),
]


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "page"])
@pytest.mark.parametrize("text", [pytest.param(text, id=row) for row, text in INNOCENT])
def test_innocent(text: str, typed: bool) -> None:
    assert not found(text, typed)


@pytest.mark.parametrize(
    "text",
    [
        "An ordinary page about www.example.org, PPP and trains.",
        "Các bạn lớn tuổi thường đi bộ buổi sáng ở công viên gần nhà.",
        "Обычный русский текст о погоде, поездах и VPN-сервисах.",
        "Қазақстан Республикасының астанасы — Астана қаласы.",
        "می‌خواهم به مدرسه بروم و کتاب بخوانم.",
        "Το ελληνικό αλφάβητο",
        "我去学校。学生的书。",
    ],
)
def test_ordinary_text_has_no_other_reading(text: str) -> None:
    assert not may_be_disguised(text)
    assert disguised(text, False, (), letters()) == ()
    assert disguised(text * 100, False, (), letters()) == ()


@pytest.mark.parametrize(
    "text", ["see bаdwоrd now", "ʙᴀᴅᴡᴏʀᴅ", "baaadword", "b\u0336a\u0336d\u0336", "bádwörd in English"]
)
def test_what_may_be_disguised_is_read_again(text: str) -> None:
    assert may_be_disguised(text)
    assert disguised(text, False, (), letters())


@settings(deadline=None, max_examples=60)
@given(
    st.text("ab é\n", max_size=30),
    st.sampled_from(["b a d w o r d", "b4dw0rd", "bаdwоrd", "baaadwooord", "b.a.d.w.o.r.d"]),
)
def test_evidence_is_what_stood_there(before: str, disguise: str) -> None:
    text = f"{before} | {disguise} | here"
    (score,) = [score for score in LEXICON.scan([text], True) if score.topic == "badword"]
    (hit,) = score.hits
    assert text[hit.start : hit.end].strip("| ") == disguise


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=120), st.booleans())
def test_any_text_is_survived_and_places_lie_in_it(text: str, typed: bool) -> None:
    for reading in disguised(text, typed, range(0, len(text), 5), letters()):
        for number, folded in enumerate(reading.readings):
            for at in range(0, len(folded), 7):
                start, end = reading.span(number, at, min(at + 3, len(folded)))
                assert 0 <= start <= end <= len(text)


HOSTILE = [
    "aа",
    "a ",
    "a4b ",
    "aaa",
    "aaab ",
    "a\u0336",
    "a-",
    "é a",
    "bаd ",
    "bаd\n",
    "ddaas ",
    "dots.",
    "а  b ",
    "x4",
    "ａ ",
    "🇵",
]


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "page"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_two_megabytes_take_half_a_second(piece: str, typed: bool) -> None:
    """0.3 s at most on a quiet machine, in most cases less than 0.05 s; beside other work it can be four times that."""
    text = piece * (2 * 2**20 // len(piece))

    def see() -> None:
        may_be_disguised(text)
        disguised(text, typed, range(0, 100 * MOST_PLACES, 100), letters())

    assert takes_less(1, see)


def test_a_phrase_behind_a_long_typed_text_is_found() -> None:
    assert "badword" in found("word and word again " * 1000 + "b4dw0rd", True)


def test_a_fast_no_is_fast() -> None:
    text = "Ordinary English with some words. Обычный русский текст о погоде. Các bạn lớn tuổi thường đi bộ. " * 20_000
    started = time.process_time()
    assert not may_be_disguised(text)
    assert len(text.encode()) / (time.process_time() - started) > 50e6  # 250 MB/s on a quiet machine
