"""Is a younger band left more open than an older one?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hedgerow.core.categories import covering
from hedgerow.core.model import Action, Band, Channel, Rule, SiteRule
from hedgerow.core.sites import site_rule
from hedgerow.stores.linting import Finding, Linting, sites_of
from hedgerow.stores.policy_rules import opens


def younger_opens(linting: Linting) -> Iterator[Finding]:
    """A younger band is left more open than an older one."""
    for younger, older in pairwise(linting.bands):
        for category, rule in younger.categories.items():
            held = older.categories.get(category)
            if held and opens(rule) and not opens(held):
                yield _more_open(rule, younger, f"the category {category!r}", held, older)
        yield from _words(younger, older)
        for rule, held in zip(_defaults(younger), _defaults(older), strict=True):
            if opens(rule) and not opens(held):
                yield _more_open(rule, younger, rule.id, held, older)
        yield from _sites(linting, younger, older)


def _words(younger: Band, older: Band) -> Iterator[Finding]:
    for topic, word in older.words.items():
        lower = younger.words.get(topic)
        for channel, what in ((Channel.PAGE, "words"), (Channel.SEARCH, "typed words")):
            if word.spoken(channel).action is Action.BLOCK and (lower is None or opens(lower.spoken(channel))):
                yield Finding(
                    lower.rule.where if lower else word.rule.where,
                    f"{younger.name} does not stop the {what} {topic!r}, but the older {older.name} blocks them",
                )
                break


def _defaults(band: Band) -> tuple[Rule, ...]:
    return (band.unknown_page, band.unknown_part, band.unknown_address, band.undecodable)


def _sites(linting: Linting, younger: Band, older: Band) -> Iterator[Finding]:
    for site in sites_of(younger):
        held = site_rule(older.sites, site.host, site.path or "/", linting.now.date())
        rule = held.rule if held else _category_rule(linting, site, older)
        if rule and opens(site.rule) and rule.action is Action.BLOCK and not opens(rule):
            yield _more_open(site.rule, younger, f"{site.host}{site.path}", rule, older)


def _category_rule(linting: Linting, site: SiteRule, band: Band) -> Rule | None:
    """The strictest rule the lists lead to for a site no line names."""
    if linting.index is None:
        return None
    found = (band.categories.get(category) for category, _ in covering(linting.index, site.host, site.path or "/"))
    return max((rule for rule in found if rule), key=lambda rule: rule.action, default=None)


def _more_open(rule: Rule, younger: Band, what: str, held: Rule, older: Band) -> Finding:
    return Finding(
        rule.where, f"{younger.name} opens {what}, but the older {older.name} has {held.action} ({held.where})"
    )
