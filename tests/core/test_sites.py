from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Action, Protected, Where
from hedgerow.core.sites import covers, in_force, protected_entry, site_rule
from tests.core.house import by_host, rule, site

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "prefix, path, covered",
    [
        ("", "/anything", True),
        ("/", "/anything", True),
        ("/kids", "/kids", True),
        ("/kids", "/kids/1", True),
        ("/kids", "/kidsgrownup", False),
        ("/kids/", "/kids/1", True),
        ("/kids/", "/kids", False),
        ("/kids", "/", False),
    ],
)
def test_covers(prefix: str, path: str, covered: bool) -> None:
    assert covers(prefix, path) is covered


@given(st.text("/ab", max_size=6), st.text("ab/", max_size=6))
def test_a_prefix_covers_itself_and_what_stands_below_it(prefix: str, rest: str) -> None:
    assert covers("/" + prefix, "/" + prefix)
    assert covers("/" + prefix, "/" + prefix + "/" + rest)


@pytest.mark.parametrize(
    "since, until, inside",
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 24), None, False),
        (None, date(2026, 11, 22), False),
    ],
)
def test_in_force(since: date | None, until: date | None, inside: bool) -> None:
    assert in_force(rule("x", Action.ALLOW, since=since, until=until), TODAY) is inside


SITES = by_host(
    (
        site("a.test", Action.BLOCK),
        site("a.test", Action.WARN, path="/x"),
        site("b.a.test", Action.ALLOW),
        site("b.a.test", Action.BLOCK, path="/x/y"),
        site("old.a.test", Action.ALLOW, until=date(2026, 1, 1)),
        site("only.test", Action.ALLOW, exact=True),
    )
)


@pytest.mark.parametrize(
    "host, path, found",
    [
        ("a.test", "/", "site:a.test"),
        ("a.test", "/x/1", "site:a.test/x"),
        ("c.b.a.test", "/x/1", "site:b.a.test"),  # a longer host beats a longer path
        ("c.b.a.test", "/x/y", "site:b.a.test/x/y"),
        ("old.a.test", "/", "site:a.test"),  # out of date: the next more general one speaks
        ("nota.test", "/", None),
        ("only.test", "/", "site:only.test"),
        ("sub.only.test", "/", None),
    ],
)
def test_the_most_specific_rule_in_force(host: str, path: str, found: str | None) -> None:
    one = site_rule(SITES, host, path, TODAY)
    assert (one.rule.id if one else None) == found


def test_a_helpline_is_its_exact_host() -> None:
    table = {
        "help.test": (Protected("help.test", Where("helplines/en.yaml", 1)),),
        "big.test": (Protected("big.test", Where("helplines/en.yaml", 2), path="/help"),),
    }
    assert protected_entry(table, "help.test", "/any") is not None
    assert protected_entry(table, "www.help.test", "/") is None
    assert protected_entry(table, "big.test", "/help/1") is not None
    assert protected_entry(table, "big.test", "/") is None
