"""Rules told in words, for upgrade notes and for people who compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hedgerow.core.model import Band, FileRule, Rule, SiteRule, WordRule


def in_words(rule: Rule) -> str:
    """``limit (lunch: allow), until 2027-05-31``"""
    times = ", ".join(f"{name}: {action}" for name, action in rule.times)
    parts = [f"{rule.action} ({times})" if times else str(rule.action)]
    parts += [f"from {rule.since}"] if rule.since else []
    parts += [f"until {rule.until}"] if rule.until else []
    return ", ".join(parts)


def rules_of(band: Band) -> Iterator[tuple[Rule, str]]:
    """Every rule of a complete band, with its words."""
    for rule in (*band.categories.values(), band.unknown_page, band.unknown_part, band.unknown_address):
        yield rule, in_words(rule)
    yield band.undecodable, in_words(band.undecodable)
    for site in (one for found in band.sites.values() for one in found):
        yield site.rule, _site(site)
    for word in band.words.values():
        yield word.rule, _word(word)
    for file in band.files:
        yield file.rule, _file(file)


def by_id(band: Band) -> Mapping[str, tuple[Rule, str]]:
    return {rule.id: (rule, words) for rule, words in rules_of(band)}


def _site(site: SiteRule) -> str:
    return in_words(site.rule) + ("" if site.words else ", words off")


def _word(word: WordRule) -> str:
    typed = f", typed text {word.typed.action}" if word.typed else ""
    typed += f", searches {word.search.action}" if word.search else ""
    at = f" from {word.alert_from:g}" if word.alert_from is not None else ""
    alert = f", alert {word.alert}{at}" if word.alert is not None else ""
    return f"{in_words(word.rule)}, pages from {word.threshold:g} points{typed}{alert}"


def _file(file: FileRule) -> str:
    types = f" {' '.join(sorted(file.types))}" if file.types else ""
    return f"{in_words(file.rule)}{types}" + (f" over {file.over} bytes" if file.over is not None else "")
