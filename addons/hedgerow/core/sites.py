"""Which line of a site table speaks about a host and path: the most specific one that is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hedgerow.core.hosts import parents
from hedgerow.core.model import Protected, Rule, SiteRule


def in_force(rule: Rule, today: date) -> bool:
    """True from ``since`` to ``until``, both days included, in the school's own calendar."""
    return (rule.since is None or rule.since <= today) and (rule.until is None or today <= rule.until)


def covers(prefix: str, path: str) -> bool:
    """True when ``prefix`` is the path itself or a whole-segment prefix of it: /kids covers /kids/x, never /kidsx."""
    if not prefix or prefix == "/" or path == prefix:
        return True
    return path.startswith(prefix) and (prefix.endswith("/") or path[len(prefix)] == "/")


def site_rule(sites: Mapping[str, tuple[SiteRule, ...]], host: str, path: str, today: date) -> SiteRule | None:
    """The rule with the longest host, then the longest path, that covers host and path and is in force today."""
    if not sites:
        return None
    for parent in parents(host):
        for candidate in sites.get(parent, ()):
            if (
                (not candidate.exact or parent == host)
                and covers(candidate.path, path)
                and in_force(candidate.rule, today)
            ):
                return candidate
    return None


def protected_entry(table: Mapping[str, tuple[Protected, ...]], host: str, path: str) -> Protected | None:
    """The helpline entry for exactly this host (never for what stands below it), or for a path on it."""
    for entry in table.get(host, ()):
        if covers(entry.path, path):
            return entry
    return None
