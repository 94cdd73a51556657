"""Rules of Surge and Quantumult."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# a comment", []),
        ("// a comment", []),
        ("[Rule]", []),
        ("DOMAIN-SUFFIX,a.example", ["a.example"]),
        ("HOST-SUFFIX,a.example,REJECT", ["a.example"]),
        ("domain-suffix, .A.example, REJECT-DROP // why", ["a.example"]),
        ("DOMAIN,a.example", ["=a.example"]),
        ("HOST,a.example,reject", ["=a.example"]),
        ("DOMAIN-SUFFIX,a.example,DIRECT", ["@@a.example"]),
        ("IP-CIDR,192.0.2.0/24,REJECT,no-resolve", ["192.0.2.0/24"]),
        ("IP-CIDR6,2001:db8::/32,no-resolve", ["2001:db8::/32"]),
        ("DOMAIN-SUFFIX,a.example,Proxy", ["~ the policy 'PROXY' closes nothing"]),
        ("DOMAIN-KEYWORD,casino", ["~ DOMAIN-KEYWORD is about no name"]),
        ("AND,((DOMAIN,a.example),(DEST-PORT,80))", ["~ AND is about no name"]),
        ("DOMAIN-SUFFIX,", ["! '': host is empty or has an empty label"]),
        ("IP-CIDR,0.0.0.0/0", ["! 0.0.0.0/0 is too wide to be meant"]),
        ("a.example", ["! 'a.example' is no rule"]),
    ],
)
def test_rules(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("surge", line)] == expected
