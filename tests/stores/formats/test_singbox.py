"""Rule sets of sing-box."""

from __future__ import annotations

import pytest

from hedgerow.stores.formats import FormatError
from tests.stores.formats.reading import read, told


def test_rules() -> None:
    text = """{"version": 3, "rules": [
  {"domain": ["a.example"], "domain_suffix": [".b.example",
    "c.example"], "domain_keyword": "casino"},
  {"ip_cidr": ["192.0.2.0/24", "0.0.0.0/0"]},
  {"domain": "d.example", "port": 443},
  {"type": "logical", "mode": "and", "rules": []},
  "e.example", {"domain_suffix": [7]}
]}"""
    assert [(row.line, told(row)) for row in read("sing-box", text)] == [
        (2, "=a.example"),
        (2, "b.example"),
        (3, "c.example"),
        (3, "~ a pattern, not a name"),
        (4, "192.0.2.0/24"),
        (4, "! 0.0.0.0/0 is too wide to be meant"),
        (5, "~ a rule with 'port' is about more than names"),
        (6, "~ a rule with 'mode' is about more than names"),
        (7, "! is no rule"),
        (7, "! is no text"),
    ]


@pytest.mark.parametrize("text", ["", "SRS\x01", '{"rules": [', '{"rules": [{"domain": ["a.example"]'])
def test_what_is_no_rule_set(text: str) -> None:
    with pytest.raises(FormatError, match="no JSON"):
        read("sing-box", text)
