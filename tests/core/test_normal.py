"""One spelling for words that read the same."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core import normal
from hedgerow.core.normal import ZWNJ, fold, readings


@pytest.mark.parametrize(
    "one, other",
    [
        ("BaDwOrD", "badword"),
        ("bad  \n\t word", "bad word"),
        ("bad\xa0word", "bad word"),
        ("bad\u3000word", "bad word"),
        *((f"bad{char}word", "badword") for char in "\u200b\u200d\u2060\ufeff\xad\u034f\u180e\u061c\u202a\u202e\u2066"),
        *((f"bad{char}word", "badword") for char in "\u3164\u2800\u115f\u1160\uffa0\ufe0f\U000e0061\x00\x07"),
        ("ｂａｄｗｏｒｄ", "badword"),
        ("𝐛𝒶𝕕𝔴𝓸𝗿𝚍", "badword"),
        ("ⓑⓐⓓ", "bad"),
        ("ﬁne", "fine"),
        ("SİTE", "site"),
        ("SITE", "sıte"),
        ("STRASSE", "straße"),
        ("cá cược", unicodedata.normalize("NFD", "cá cược")),
        ("CÁ CƯỢC", "cá cược"),
        ("đá", "ĐÁ"),
        ("ещё", "ЕЩЕ"),
        ("ещё", unicodedata.normalize("NFD", "ЕЩЁ")),
        ("ҚҰМАР ОЙЫН", "құмар ойын"),
        ("ميخواهم", "میخواهم"),
        ("كتاب", "کتاب"),
        ("قـمـار", "قمار"),
        ("قِمار", "قمار"),
        ("قمّار", "قمار"),
        ("أإآٱ", "اااا"),
        ("ﻗﻤﺎﺭ", "قمار"),
        ("۱۲٣", "123"),
        ("don’t", "don't"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_read_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "one, other", [("cá", "ca"), ("má", "mà"), ("đá", "da"), ("қ", "к"), ("بد", "بر"), ("a b", "ab"), ("и", "й")]
)
def test_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    "text, expected",
    [
        (f"می{ZWNJ}خواهم", ("میخواهم", "می خواهم")),
        (f"می{ZWNJ}{ZWNJ}خواهم", ("میخواهم", "می خواهم")),
        (f"{ZWNJ}a {ZWNJ} b{ZWNJ}", ("a b",)),
        ("میخواهم", ("میخواهم",)),
    ],
)
def test_readings(text: str, expected: tuple[str, ...]) -> None:
    assert readings(fold(text)) == expected


TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("aBİıßǰΐ éñ\u0301\u0323\u0307\u0345\u200c\u200bёйЁاآأيیك\u064e\u0654ﷺﬁ½가\u1100\u1161\u11a8\n"),
        st.characters(),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_no_character_is_folded_differently_the_second_time_or_decomposed() -> None:
    """Alone, inside a word, behind letters that it may compose with; beyond the plane those that NFKC changes."""
    chars = [*map(chr, range(0xD800)), *map(chr, range(0xE000, 0x10000)), *map(chr, range(0x1D100, 0x1D800))]
    assert [c for c in chars for text in (c, f"a{c}b", f"か{c}", f"ا{c}") if fold(fold(text)) != fold(text)] == []
    decomposed = [c for c in chars if fold(f"a{unicodedata.normalize('NFD', c)}") != fold(f"a{c}")]
    assert decomposed == []


def test_marks_that_are_other_marks_compose_too() -> None:
    assert fold("xa\u0340") == "xà" and fold("ba\u0341n") == "bán" and fold("カﾞ") == "ガ"


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_canonically_equal_texts_fold_equally(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@settings(deadline=None)
@given(TEXTS)
def test_spaces_are_single_and_inside(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())


@settings(deadline=None)
@given(st.text(alphabet="ab c\u200bđéПр ёё\n،", max_size=40), st.text(alphabet="ab c\n", max_size=20))
def test_folding_pieces_is_folding_the_whole(left: str, right: str) -> None:
    assert fold(f"{left} {right}") == " ".join(filter(None, (fold(left), fold(right))))


@pytest.mark.parametrize("marks", ["\u0301", "\u0301\u0327", "\u0345\u0301", "\u064e\u0655"])
def test_no_word_has_more_than_thirty_marks(marks: str) -> None:
    assert len(fold("a" + marks * 5000 + "b")) <= 32
    assert fold("a" + marks * 5000 + "b").endswith("b")


def test_marks_of_dead_scripts_read_as_nothing() -> None:
    assert fold("a\U00010a0d\U00011046b") == "ab"


def test_signs_of_a_whole_phrase_say_nothing() -> None:
    assert fold("a\ufdfab \u33af") == "a b"


@pytest.mark.parametrize(
    "piece",
    ["e\u0301", "a\u0300\u0301\u0302", "ё", "\u200b", f"a{ZWNJ}", " \u200c ", "\u1100\u1161", "ﷺ"]
    + [
        "\u0301",
        "\u0301\u0327",
        "\u0345\u0301\u0327",
        "\u1161",
        "\u0301\U00010a0d",
        "İ",
        "".join(map(chr, range(0xC0, 0x700))),
    ],
    ids=lambda piece: f"{ord(piece[0]):04x}-{len(piece)}",
)
def test_two_megabytes_take_a_quarter_of_a_second(piece: str) -> None:
    """The bound of a worker's stall, with room for a slow machine: one letter took 1.2 s once, and marks took hours."""
    text = piece * (2**20 // len(piece))
    started = time.process_time()
    fold(text)
    assert time.process_time() - started < 0.75


@given(
    st.lists(st.sampled_from(["e", "\u0301", " ", "\n", "đ", "\u0345", "İ", "\u0654", "ا", "e\u0301x"]), max_size=40)
)
def test_pieces_make_no_difference(letters: list[str]) -> None:
    text = "".join(letters)
    whole = fold(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normal, "_PIECE", 2)
        assert fold(text) == whole


@given(st.text(max_size=80) | st.text("Ab Ёё \u0301\u0327ÁáşŞİıſK\u212aﬀ\u1e9e𝐛😀\u200c\xad’", max_size=30))
def test_told_one_by_one_as_in_one_pass(text: str) -> None:
    """The fast way and the careful one are the same folding."""
    careful = " ".join(normal._slowly(text).encode("utf-8", "surrogatepass").translate(normal._TO_SMALL, normal._GONE)
                       .decode("utf-8", "surrogatepass").split(" "))  # fmt: skip
    careful = re.sub(" +", " ", careful).strip()
    assert fold(text) == (normal._joined(careful) if ZWNJ in careful else careful)
