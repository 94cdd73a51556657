from __future__ import annotations

import pytest

from hedgerow.core.tenants import Tenants
from tests.stores.test_site_reader import read

ID = "8d7b1c9e-0f3a-4c55-9d53-0a6f0c1d2e3f"


def test_tenants() -> None:
    microsoft = f"{{tenants: [school.example, {ID.upper()}], directory: {ID}, personal: block}}"
    found, mistakes = read(f"tenants:\n  google: [School.example]\n  microsoft: {microsoft}\n")
    assert mistakes == []
    assert found.tenants == Tenants(("school.example",), ("school.example", ID), ID, personal=False)
    assert read("school: x\n")[0].tenants == Tenants()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tenants: {googel: [a.example]}", "unknown key 'googel'"),
        ("tenants: {microsoft: {tenants: [a.example]}}", "'directory' expected beside 'tenants'"),
        ("tenants: {microsoft: {tenants: [a.example], directory: school}}", "a directory id such as"),
        ("tenants: {microsoft: {personal: perhaps}}", "unknown value of 'personal' 'perhaps'"),
        ('tenants: {google: ["a b"]}', "a b"),
    ],
)
def test_mistakes(text: str, said: str) -> None:
    _, mistakes = read(text)
    assert len(mistakes) == 1 and said in str(mistakes[0]), mistakes
