"""A question to a name server over HTTPS is told by its form; what only looks like one is not."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.doh import asks_names

MESSAGE = b"\0\0\1\0\0\1\0\0\0\0\0\0\x07blocked\x04test\0\0\1\0\1"
QUESTION = base64.urlsafe_b64encode(MESSAGE).decode().rstrip("=")
ANSWER = base64.urlsafe_b64encode(MESSAGE[:2] + b"\x81" + MESSAGE[3:]).decode()


@pytest.mark.parametrize(
    "path, query, media, expected",
    [
        ("/", "", "application/dns-message", True),
        ("/x", "", "text/html, Application/DNS-JSON;q=0.9", True),
        ("/dns-query", f"dns={QUESTION}", "", True),
        ("/any/where", f"a=b&dns={QUESTION}%3D", "", True),
        ("/q", f"dns={QUESTION[:-1]}", "", True),
        ("/q", "a=1&" * 300 + f"dns={QUESTION}", "", True),
        ("/q", f"%64n%73={QUESTION}", "", True),
        ("/q", f"a=1;DNS={QUESTION.replace('A', '%41')}", "", True),
        ("/dns-query", f"dns={ANSWER}", "", False),
        ("/dns-query", "dns=AAAB", "", False),
        ("/settings", "dns=1.1.1.1", "", False),
        ("/shop", "dns=outdoor-shoes-and-other-things", "", False),
        ("/resolve", "name=blocked.test", "", True),
        ("/resolve", "name=blocked.test&type=AAAA&cd=false", "", True),
        ("/x/dns-query", "type=1&name=blocked.test.", "", True),
        ("/resolve", "name=blocked%2Etest", "", True),
        ("/resolve", "type=1&" * 9000 + "name=blocked.test", "", True),
        ("/resolve", "name=Anna", "", False),  # a person
        ("/resolve", "name=a.b&ticket=7", "", False),  # a ticket system
        ("/tickets", "name=blocked.test", "", False),
        ("/", "", "text/html", False),
    ],
)
def test_asks_names(path: str, query: str, media: str, expected: bool) -> None:
    assert asks_names(path, query, "", media) is expected


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=40))
def test_never_raises(path: str, query: str, media: str) -> None:
    assert asks_names(path, query, media) in (True, False)
    assert asks_names(path, f"dns={query}&name={query}", media) in (True, False)
