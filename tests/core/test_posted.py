"""Posted bodies to text (evasion A26): every form a browser can send, and bodies made to break a reader."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Channel
from hedgerow.core.posted import posted

FORM = "application/x-www-form-urlencoded"
WIDE = "bad word".encode("utf-16-le")
MULTIPART = "multipart/form-data; boundary=----formX"


def texts(content_type: str, body: bytes) -> list[str]:
    found = posted(content_type, body)
    assert all(typed.channel is Channel.POSTED and not typed.engine for typed in found)
    return [typed.text for typed in found]


def multipart(*parts: tuple[str, bytes]) -> bytes:
    """A form-data body of (headers after the disposition's name, content)."""
    disposition = b"Content-Disposition: form-data; name=f"
    lines = [b"------formX\r\n%s%s\r\n\r\n%s\r\n" % (disposition, head.encode(), content) for head, content in parts]
    return b"".join((*lines, b"------formX--\r\n"))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"a=1&text=bad+word"),
        (FORM, b"text=%62ad%20word"),
        (FORM, b"text=bad%2520word"),
        (FORM, b"text=%u0062ad+word"),
        (FORM, b"bad+word"),
        (FORM, b"bad+word="),
        (FORM, b'req=[["x","bad word"]]'),
        (FORM, b"req=%5B%22%5B%5C%22bad+word%5C%22%5D%22%5D"),  # JSON in JSON in a form
        (FORM.upper() + " ; charset=UTF-8", b"text=bad+word"),
        (MULTIPART, multipart(("", b"bad word"))),
        (MULTIPART, multipart(("", b"x"), ("\r\nContent-Type: text/plain; charset=utf-16le", WIDE))),
        (MULTIPART, multipart(("; filename=a.txt\r\nContent-Type: text/plain", b"bad word"))),
        (MULTIPART, multipart(("\r\ncontent-type: application/json", b'{"text": "bad word"}'))),
        (MULTIPART, multipart(("", b'{"text": "bad word"}'))),
        (MULTIPART, multipart(("", b"x ------formX-- bad word"))),
        (MULTIPART, multipart(("", b"x ------formX\r\nContent-Type: image/png\r\n\r\nbad word"))),  # within a line
        ('multipart/form-data; boundary="----formX"', multipart(("", b"bad word"))),
        (MULTIPART, multipart(("", b"bad word")).replace(b"\r\n", b"\n")),
        (MULTIPART, multipart(("", b"bad word")).removesuffix(b"------formX--\r\n")),
        ("multipart/form-data", b"bad word"),  # without a boundary
        ("application/json", b'{"text": "bad word"}'),
        ("application/json", b'{"a": [[{"b": ["bad word"]}]], "n": 1}'),
        ("application/json", b'"bad word"'),
        ("application/json", rb'{"text": "b\u0061d\u0020word"}'),
        ("application/json", b")]}'\n" + b'[["bad word"]]'),
        ("application/json", b'{"text": "bad word'),  # cut at a limit
        ("application/json", b'{"text": "x"}\n{"text": "bad word"}'),
        ("application/json", b"[bad word]"),
        ("application/json", json.dumps({"inner": json.dumps({"text": "bad word"})}).encode()),
        ("application/json", json.dumps({"inner": r'{"text": "b\u0061d word"}'}).encode()),
        ("application/json", '{"text": "bad word"}'.encode("utf-16")),
        ("application/vnd.api+json; charset=utf-8", b'{"text": "bad word"}'),
        ("text/plain", b"bad word"),
        ("text/plain;charset=UTF-8", b'{"text": "bad word"}'),  # what sendBeacon sends
        ("text/plain", b"text=bad%20word"),
        ("text/plain", b'[bad word "x"]'),
        ("text/plain; charset=punycode", b"bad word"),
        ("text/plain; charset=iso-8859-99", b"bad word"),
        ("text/xml", b"<t>bad word</t>"),
        ("application/graphql", b'{ search(q: "bad word") }'),
        ("", b"text=bad%20word"),
        ("", b'{"text": "bad word"}'),
        ("", b"bad word"),
    ],
)
def test_posted(content_type: str, body: bytes) -> None:
    assert any("bad word" in text for text in texts(content_type, body))


@pytest.mark.parametrize(
    ("content_type", "body", "word"),
    [
        (FORM, "text=казино".encode(), "казино"),
        (FORM, "text=казино".encode("windows-1251"), "казино"),
        (FORM, b"text=%D9%82%D9%85%D8%A7%D8%B1", "قمار"),
        ("text/plain; charset=windows-1251", "казино".encode("windows-1251"), "казино"),
        ("text/plain; charset=koi8-r", "казино".encode("koi8-r"), "казино"),
        ("text/plain; charset=windows-1251", "казино".encode(), "казино"),  # declared wrongly
        ("application/json", rb'{"t": "\u043a\u0430\u0437\u0438\u043d\u043e"}', "казино"),
        ("application/json", rb'{"t": "\ud83c\udfb0"}', "🎰"),
    ],
)
def test_languages_and_charsets(content_type: str, body: bytes, word: str) -> None:
    assert any(word in text for text in texts(content_type, body))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b""),
        (FORM, b"bad+word=x"),
        ("application/json", b'{"bad word": 1}'),
        (MULTIPART, multipart(("; filename=a.png\r\nContent-Type: image/png", b"bad word"))),
        (MULTIPART, multipart(("; filename=a.bin", b"bad word"))),
        ("application/grpc-web+proto", b"bad word"),
        ("application/octet-stream", b"bad word"),
        ("image/png", b"bad word"),
    ],
)
def test_names_of_fields_and_binary_bodies_are_not_read(content_type: str, body: bytes) -> None:
    assert not any("bad word" in text for text in texts(content_type, body))


def test_one_value_a_field_and_the_rest_together() -> None:
    assert texts(FORM, b"a=one&b=two&c=one") == ["one", "two"]
    many = texts(FORM, b"&".join(b"f=w%d" % number for number in range(3_000)))
    assert len(many) == 257
    assert "w2999" in many[-1]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'\\"' * 500_000),
        ("application/json", b"[" * 1_000_000 + b'"x"'),
        ("text/plain", b"[" * 1_000_000),
        ("text/plain", b'{"a":' * 200_000),
        ("application/json", b'"a' * 400_000),
        ("application/json", b'"x"' + b" " * 1_000_000),
        ("text/plain; charset=punycode", b"-" + b"a" * 1_000_000),
        (FORM, b"a=%20&" * 150_000),
        (FORM, b"%25" * 300_000),
        (FORM, b"a=[[[[&" * 100_000),
        ("multipart/form-data; boundary=x", b"\r\n--x" * 200_000),
        ("multipart/form-data; boundary=x", b"\r\n" * 500_000),
        ("multipart/form-data" + ';a="' * 20_000, b"x"),
        ("multipart/mixed; boundary=x", b"--x\r\ncontent-type: multipart/mixed; boundary=x\r\n\r\n" * 10_000),
    ],
)
def test_a_megabyte_of_anything_takes_linear_time(content_type: str, body: bytes) -> None:
    started = time.process_time()
    posted(content_type, body)
    assert time.process_time() - started < 2.0


TYPES = st.sampled_from([FORM, MULTIPART, "application/json", "text/plain; charset=utf-16", ""]) | st.text(max_size=60)


@given(TYPES, st.binary(max_size=200) | st.text('{}[]":,\\u00d8=&%+-\r\nfX', max_size=200).map(str.encode))
def test_nothing_raises_and_no_surrogate_comes_out(content_type: str, body: bytes) -> None:
    for text in texts(content_type, body):
        text.encode("utf-8")


@given(st.recursive(st.text(max_size=20), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner)))
def test_every_string_value_of_json_is_read(value: object) -> None:
    found = "\n".join(texts("application/json", json.dumps(value).encode()))
    for text in filter(str.isalnum, _strings(value)):
        assert text in found


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in _strings(item)]
