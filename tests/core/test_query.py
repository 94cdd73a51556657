"""Percent-encoded text as a person reads it (evasion A25), in every encoding a pupil can type."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.query import decode_bytes, pairs, query_words, readable, readings, values, wire_bytes


@pytest.mark.parametrize(
    "query",
    [
        "q=bad+word",
        "q=bad%20word",
        "q=bad%2520word",
        "q=bad%252520word",
        "q=%62%61%64+word",
        "q=%u0062ad%20word",
        "q=%U0062%U0061d word",
        "q=x&q=bad+word",
        "q[]=bad+word",
        "q[0]=bad+word",
        "q%5B%5D=bad+word",
        "%71=bad+word",
        "a=1;q=bad+word",
        "a=1&amp;q=bad+word",
        "q=%FE%FF%00b%00a%00d%00%20%00w%00o%00r%00d",
        "q=%FF%FEb%00a%00d%00%20%00w%00o%00r%00d%00",
        "q=%00b%00a%00d%00%20%00w%00o%00r%00d",
        "q=b%00a%00d%00%20%00w%00o%00r%00d%00",
        "q=bad+word%FF%FF",
        "q=%EF%BB%BFbad+word",
        "&&;q=bad+word&",
        "q==&q=bad+word",
    ],
)
def test_values_of_a_key(query: str) -> None:
    assert any("bad word" in value for value in values(query, "q"))
    assert "bad word" in query_words(query)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("q=казино", "казино"),
        ("q=%D0%BA%D0%B0%D0%B7%D0%B8%D0%BD%D0%BE", "казино"),
        ("q=%D0%BA%D0%B0%D0%B7%D0%B8%D0%BD%D0%BE+%FF", "казино"),  # one stray byte hides nothing
        ("q=%EA%E0%E7%E8%ED%EE", "казино"),  # windows-1251
        ("q=%u043A%u0430%u0437%u0438%u043D%u043E", "казино"),
        ("q=%04%3A%040%047%048%04%3D%04%3E", "казино"),  # UTF-16 without a mark
        ("q=\udcea\udce0\udce7\udce8\udced\udcee", "казино"),  # raw bytes as surrogateescape leaves them
        ("q=%DE%E3%C7%D1", "قمار"),  # windows-1256
        ("q=%D9%82%D9%85%D8%A7%D8%B1", "قمار"),
        ("q=c%E1%BB%9D+b%E1%BA%A1c", "cờ bạc"),
        ("q=%E9t%E9", "été"),
        ("q=%uD83C%uDFB0", "🎰"),
    ],
)
def test_languages_and_charsets(query: str, word: str) -> None:
    assert word in query_words(query)
    assert any(word in value for value in values(query, "q"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("a=1&b=2", "a\n1\nb\n2"),
        ("lonely+words", "lonely words"),
        ("q=1%2B1", "q\n1+1"),
        ("q=100%", "q\n100%"),
        ("q=%zz%4", "q\n%zz%4"),
        ("q=%ud800", "q\n\ufffd"),
        ("=x&y=", "x\ny"),
    ],
)
def test_query_words(query: str, expected: str) -> None:
    assert query_words(query) == expected


def test_other_keys_are_not_the_key() -> None:
    assert values("oq=bad&xq=bad&q=good&Q=bad", "q") == ["good"]


def test_pairs() -> None:
    assert pairs("a=1&b=2=3;c&&=d") == [("a", "1"), ("b", "2=3"), ("", "c"), ("", "d")]


def test_fields_past_the_thousandth_are_read_too() -> None:
    fields = [f"f{number}=%61" for number in range(5_000)]
    assert "bad word" in query_words("&".join([*fields, "q=bad%20word"]))
    assert "bad word" in query_words("&".join([*fields, "x=%FF", "q=bad%20word"]))


@pytest.mark.parametrize(
    "query",
    ["a=%20&" * 100_000, "%25" * 200_000, "[" * 500_000, "q" + "[" * 500_000 + "=x", "%u" * 250_000, "%ff" * 200_000,
     "%00" * 200_000, ";" * 500_000],
)  # fmt: skip
def test_half_a_megabyte_of_anything_takes_linear_time(query: str) -> None:
    started = time.process_time()
    query_words(query)
    assert time.process_time() - started < 2.0


@given(st.text(max_size=200) | st.text("%u0123456789abcdefED;&=+[]", max_size=200))
def test_nothing_raises_and_no_surrogate_comes_out(text: str) -> None:
    for line in (*readable(text, plus=True), query_words(text), *values(text, "q"), *readings([text])):
        line.encode("utf-8")


@given(st.text(st.characters(codec="utf-8"), max_size=50))
def test_text_that_was_encoded_once_is_read_back(text: str) -> None:
    assert readable("".join(f"%{byte:02x}" for byte in text.encode()))[0] == _decoded_on(text)


def _decoded_on(text: str) -> str:
    """``readable`` itself decodes further what still looks encoded, and drops a byte order mark."""
    return text if not text.startswith("\ufeff") and "%" not in text else readable(text.removeprefix("\ufeff"))[0]


@given(st.binary(max_size=64))
def test_decode_bytes_has_a_reading_for_anything(raw: bytes) -> None:
    assert decode_bytes(raw)
    assert wire_bytes(raw.decode("utf-8", "surrogateescape")) == raw
