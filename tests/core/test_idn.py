"""UTS #46 as the URL Standard uses it: own tables, and Unicode's conformance vectors where they are at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hedgerow.core.idn import HostError, imitates_latin, mixes_scripts, to_ascii, to_unicode


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("bücher.test", "xn--bcher-kva.test"),
        ("BÜCHER.test", "xn--bcher-kva.test"),
        ("bu\u0308cher.test", "xn--bcher-kva.test"),  # NFD
        ("faß.test", "xn--fa-hia.test"),  # non-transitional: not fass
        ("ςίγμα.test", "xn--kxaef0b1a.test"),  # the final sigma is a letter of its own
        ("so\u00adft.test", "soft.test"),
        ("zero\u200bwidth.test", "zerowidth.test"),
        ("word\u2060joiner.test", "wordjoiner.test"),
        ("ｆｕｌｌ.test", "full.test"),
        ("a。b．c｡d", "a.b.c.d"),
        ("℡.test", "tel.test"),
        ("ⓐⓑⓒ.test", "abc.test"),
        ("K.test", "k.test"),  # the Kelvin sign
        ("қазақстан.қаз", "xn--80aaa0a6awh12ed.xn--80ao21a"),
        ("школа.рф", "xn--80atdl2c.xn--p1ai"),
        ("trườnghọc.vn", "xn--trnghc-4zb1470d9da.vn"),
        ("می\u200cخواهم.test", "xn--mgbn2ecje63gr19l.test"),  # a legal Persian joiner is part of the name
        ("क्\u200dष.test", "xn--11b2ezcw70k.test"),  # after a virama
        ("_srv.bücher.test", "_srv.xn--bcher-kva.test"),
        ("-ü-.test", "xn-----xka.test"),  # CheckHyphens is off
    ],
)
def test_to_ascii(domain: str, expected: str) -> None:
    assert to_ascii(domain) == expected
    assert to_ascii(expected) == expected


@pytest.mark.parametrize(
    ("domain", "why"),
    [
        ("a\u200cb.test", "joins nothing"),
        ("a\u200db.test", "joins nothing"),
        ("bad\u200dword.test", "joins nothing"),
        ("\u200cمی.test", "joins nothing"),
        ("xn--1ug.test", "joins nothing"),  # a lone joiner, already encoded
        ("\u0301a.test", "combining mark"),
        ("xn--a.test", "no host name may hold"),  # U+0080
        ("xn--.test", "nothing but ASCII"),
        ("xn--ascii-.test", "nothing but ASCII"),
        ("xn--0.test", "no Punycode"),
        ("xn--99999999.test", "no Punycode"),
        ("xn--ü.test", "other letters than ASCII"),
        ("xn--u-ccb.test", "not canonical"),  # u with a combining diaeresis, not ü
        ("xn--xn---epa.test", "not canonical"),  # xn-- within xn--
        ("\ud800.test", "no host name may hold"),
        ("\udcff.test", "no host name may hold"),  # a raw byte as surrogateescape leaves it
        ("\u2488com", "no host name may hold"),  # "1." as one character would add a dot
        ("\ufffd.test", "no host name may hold"),
        ("אa.test", "right-to-left"),
        ("0א.test", "right-to-left"),
        ("1.א", "right-to-left"),  # one such label binds all
    ],
)
def test_to_ascii_refuses(domain: str, why: str) -> None:
    with pytest.raises(HostError, match=why):
        to_ascii(domain)


@given(st.text(max_size=60) | st.text("abü\u0308ß\u200c\u200dم ی.-xnא1", max_size=30).map("xn--".__add__))
@example("xn--\u00df")
def test_to_ascii_is_ascii_and_stays_so(domain: str) -> None:
    try:
        once = to_ascii(domain)
    except HostError:
        return
    assert once.isascii()
    assert to_ascii(once) == once


@given(st.text(max_size=40))
def test_to_unicode_never_raises(label: str) -> None:
    assert isinstance(to_unicode("xn--" + label), str)


@pytest.mark.parametrize(
    ("label", "mixed"),
    [
        ("аpple", True),  # Cyrillic а
        ("xn--pple-43d", True),
        ("gοogle", True),  # Greek omicron
        ("ցoogle", True),  # Armenian
        ("apple", False),
        ("яндекс", False),
        ("қазино7-24", False),
        ("bücher", False),
        ("trườnghọc", False),
        ("日本tv", False),  # Latin beside Han is ordinary
        ("ایران-tv", False),
        ("xn--a", False),  # does not decode: not this function's question
    ],
)
def test_mixes_scripts(label: str, mixed: bool) -> None:
    assert mixes_scripts(label) is mixed


@pytest.mark.parametrize(
    ("label", "imitation"),
    [("xn--80ak6aa92e", True), ("аррӏе", True), ("раураӏ", True), ("школа", False), ("apple", False), ("qwе", False)],
)
def test_imitates_latin(label: str, imitation: bool) -> None:
    assert imitates_latin(label) is imitation


# What the URL Standard leaves out: hyphens (V2, V3), empty labels and lengths (A4_1, A4_2, X4_2), STD3 rules (U1).
_NOT_CHECKED = frozenset({"V2", "V3", "A4_1", "A4_2", "X4_2", "U1"})
# Vectors of Unicode 17 that a table of Unicode 18, or a Python of Unicode 15, may judge otherwise.
_OTHER_UNICODE = frozenset({"-..xn--ss-h46c5711e", "xn--5cb172r175fug38a.xn--mlj"})


def _vectors(file: Path) -> Iterator[tuple[str, str | None]]:
    """(source, expected toASCII or None): the columns of IdnaTestV2.txt, blanks meaning "as the column before"."""
    for line in file.read_text("utf-8").splitlines():
        columns = [_unescaped(column.strip()) for column in line.partition("#")[0].split(";")]
        if len(columns) > 4:
            source, to_unicode_form, errors, ascii_form, ascii_errors = columns[:5]
            expected = ascii_form or to_unicode_form or source
            codes = set(re.findall(r"[A-Z]\d(?:_\d)?", ascii_errors or errors)) - _NOT_CHECKED
            yield source.replace('""', ""), None if codes else expected.replace('""', "")


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9A-F]{4})|\\x\{([0-9A-F]+)\}", lambda match: chr(int(match[1] or match[2], 16)), text)


@pytest.mark.data
def test_unicode_vectors(data: Path) -> None:
    vectors = list(_vectors(data / "vectors/idna/IdnaTestV2.txt"))
    wrong = {source for source, expected in vectors if _ascii_or_none(source) != expected}
    assert len(vectors) > 6_000
    assert wrong <= _OTHER_UNICODE


def _ascii_or_none(domain: str) -> str | None:
    try:
        return to_ascii(domain)
    except HostError:
        return None
