"""Texts of attributes, and documents written into addresses."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from hedgerow.core.model import Place
from hedgerow.core.spoken import document, spoken

BAD = base64.b64encode("<p>cá cược</p>".encode()).decode()


@pytest.mark.parametrize(
    "address, expected",
    [
        ("data:text/html,<p>bad</p>", "bad"),
        ("data:,bad", "bad"),
        ("data:text/html;charset=utf-8,b%C3%A1d", "bád"),
        (f"data:text/html;base64,{BAD}", "cá cược"),
        (f"data:text/html; charset=utf-8 ;base64,{BAD.rstrip('=')}", "cá cược"),
        (f"DA\tTA:text/html;base64,{BAD[:8]}\n{BAD[8:]}", "cá cược"),
        ("data:image/svg+xml,<svg><text>bad</text></svg>", "bad"),
        ("data:application/xhtml+xml,<p>bad</p>", "bad"),
        ("data:image/png;base64,AAAA", ""),
        ("data:text/html;base64,=", ""),
        ("data:text/html;base64,A", ""),
        ("data:text/html", ""),
        ("data:text/html;charset=windows-1251,%EF%EB%EE%F5%EE", "плохо"),
    ],
)
def test_document(address: str, expected: str) -> None:
    assert document(address).strip() == expected


@given(st.text(max_size=60))
def test_any_address_is_survived(text: str) -> None:
    assert isinstance(document(f"data:text/html;base64,{text}"), str)
    assert isinstance(document(f"data:{text}"), str)


def said(markup: str) -> list[tuple[Place, str]]:
    return [(place, text.strip()) for place, text in spoken(LexborHTMLParser(markup))]


@pytest.mark.parametrize("tag", ["iframe src", "frame src", "embed src", "object data", "a href", "area href"])
def test_documents_in_addresses(tag: str) -> None:
    frames = tag.startswith("frame")
    markup = f"<{tag}='DATA:text/html,bad'>"
    assert said(f"<frameset>{markup}</frameset>" if frames else markup) == [(Place.BODY, "bad")]


def test_only_so_many_documents_are_read() -> None:
    assert len(said("<iframe src='data:,bad'></iframe>" * 500)) == 16
    (only,) = said(f"<iframe src='data:,{'bad ' * 100_000}'></iframe>")
    assert len(only[1]) < 128 * 1024
