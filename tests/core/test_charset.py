"""Characters as browsers read them: byte order mark, header, declaration, guess; never an exception."""

from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.charset import decode, from_header, guess

RUSSIAN = "Простое предложение о погоде и о том, что завтра будет дождь, а послезавтра снег и ветер."
PERSIAN = "این یک جمله ساده درباره هوا است و فردا باران خواهد بارید و سپس برف"
VIETNAMESE = "Hôm nay trời đẹp và em đi học cùng các bạn trong lớp của mình, thầy cô rất vui."


def windows_1258(text: str) -> bytes:
    """What such pages hold: base letters composed, tones as marks of their own."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            decomposed = unicodedata.normalize("NFD", char)
            tone = next(mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", decomposed.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


@pytest.mark.parametrize(
    "data, content_type, text",
    [
        (codecs.BOM_UTF8 + "é".encode(), "text/html; charset=koi8-r", "é"),
        (codecs.BOM_UTF16_LE + "қазақ".encode("utf-16-le"), "text/html; charset=utf-8", "қазақ"),
        (codecs.BOM_UTF16_BE + "қазақ".encode("utf-16-be"), "", "қазақ"),
        ("қазақ".encode("utf-16-le"), "text/html; charset=utf-16le", "қазақ"),
        ("<p>ab</p>".encode("utf-16-le"), "text/html", "<p>ab</p>"),
        ("привет".encode("cp1251"), 'text/html; charset="windows-1251"', "привет"),
        ("привет".encode("koi8-r"), "text/html;charset=KOI8-R", "привет"),
        ("سلام".encode("cp1256"), "text/html; charset=windows-1256", "سلام"),
        (b"\x93q\x94", "text/html; charset=iso-8859-1", "“q”"),  # the standard reads it as windows-1252
        (b'<meta charset="windows-1251">' + "да".encode("cp1251"), "text/html", '<meta charset="windows-1251">да'),
        (
            b'<meta http-equiv=content-type content="text/html; charset=koi8-r">' + "да".encode("koi8-r"),
            "text/html",
            '<meta http-equiv=content-type content="text/html; charset=koi8-r">да',
        ),
        (
            b'<?xml version="1.0" encoding="windows-1251"?>' + "да".encode("cp1251"),
            "application/xml",
            '<?xml version="1.0" encoding="windows-1251"?>да',
        ),
        (b"<!-- <meta charset=koi8-r> -->" + "да".encode(), "text/html", "<!-- <meta charset=koi8-r> -->да"),
        (b"<meta charset=utf-16>ok", "text/html", "<meta charset=utf-16>ok"),
        ("đẹp".encode(), "text/html; charset=bogus-charset", "đẹp"),
        ("đẹp".encode(), "text/html; charset=", "đẹp"),
        (b"caf\xe9 au lait", "text/html", "café au lait"),
        ("đẹp ắ".encode()[:-1], "text/html; charset=utf-8", "đẹp �"),
        (b"+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"),  # never read by browsers
    ],
)
def test_decode(data: bytes, content_type: str, text: str) -> None:
    assert decode(data, content_type) == text


def test_a_cut_last_character_does_not_change_the_encoding() -> None:
    assert decode("trời đẹp".encode() + b"\xe1\xba", "text/html").startswith("trời đẹp")


def test_a_little_damage_does_not_change_the_encoding() -> None:
    data = VIETNAMESE.encode() + b"\xff" + VIETNAMESE.encode()
    assert decode(data, "text/html; charset=utf-8").count(VIETNAMESE) == 2


@pytest.mark.parametrize(
    "data, text",
    [
        (RUSSIAN.encode("cp1251"), RUSSIAN),
        (RUSSIAN.encode("koi8-r"), RUSSIAN),
        (PERSIAN.replace("ی", "ي").encode("cp1256"), PERSIAN.replace("ی", "ي")),
    ],
)
@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-8", "text/html; charset=nonsense"])
def test_undeclared_legacy_text_is_guessed(data: bytes, text: str, content_type: str) -> None:
    assert decode(data, content_type) == text


def test_undeclared_vietnamese_is_guessed() -> None:
    assert guess(windows_1258(VIETNAMESE)) == "windows-1258"


@pytest.mark.parametrize("text", ["Crème brûlée à la française, où l'été naît", "Größe, Maße und Füße", "niño años"])
def test_western_text_stays_western(text: str) -> None:
    assert guess(text.encode("cp1252")) == "windows-1252"


def test_declared_utf8_but_meta_is_right() -> None:
    data = b"<meta charset=windows-1251>" + "зима".encode("cp1251")
    assert decode(data, "text/html; charset=utf-8").endswith("зима")


def test_markup_is_not_asked_in_plain_text() -> None:
    assert decode(b"<meta charset=koi8-r>" + "да".encode(), "text/plain", markup=False).endswith("да")


@pytest.mark.parametrize(
    "header, name",
    [
        ("text/html; Charset = 'UTF8' ", "utf-8"),
        ("text/html; charset=latin1", "cp1252"),
        ("text/html; charset=gb2312", "gb18030"),
        ("text/html", ""),
        ("text/html; charset=python-codec", ""),
        ("text/html; charset=rot13", ""),
        ("text/html; charset=hex", ""),
    ],
)
def test_from_header(header: str, name: str) -> None:
    assert from_header(header) == name


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=400), st.text(max_size=40))
def test_never_raises(data: bytes, content_type: str) -> None:
    assert isinstance(decode(data, content_type), str)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=200), st.sampled_from(["utf-16", "shift_jis", "big5", "iso-2022-jp", "gbk", "euc-kr"]))
def test_never_raises_with_a_charset(data: bytes, charset: str) -> None:
    assert isinstance(decode(data, f"text/html; charset={charset}"), str)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=200))
def test_utf8_is_read_as_written(text: str) -> None:
    assert decode(b"text: " + text.encode(), "text/plain; charset=utf-8") == "text: " + text
