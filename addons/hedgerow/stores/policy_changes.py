"""What an upgrade of the shipped policies changes for this school, in words.

The shipped rules last seen are kept as plain text in the state folder; ``changes`` compares them with today's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from hedgerow.stores.policies import LoadedPolicy
from hedgerow.stores.policy_words import by_id, in_words

Seen = Mapping[str, Mapping[str, str]]
"""band (or "floor", "helplines") -> rule id -> its words"""


def seen(loaded: LoadedPolicy) -> dict[str, dict[str, str]]:
    """The shipped rules in words."""
    table = {
        name: {rule_id: words for rule_id, (_, words) in by_id(band).items()} for name, band in loaded.shipped.items()
    }
    floor = loaded.policy.floor
    sites = (site.rule for found in floor.sites.values() for site in found)
    shipped = (rule for rule in (*floor.categories.values(), *sites) if not rule.where.file.startswith("local/"))
    table["floor"] = {rule.id: in_words(rule) for rule in shipped}
    table["helplines"] = {
        f"{line.country} {line.province} {line.name}".replace("  ", " "): " ".join(
            filter(None, (line.number, line.text, *line.hosts))
        )
        for line in loaded.helplines
        if line.shipped
    }
    return table


def changes(old: Seen, new: LoadedPolicy) -> tuple[str, ...]:
    """One sentence for each shipped rule that differs from ``old``, and whether the school's own line hides it."""
    lines = []
    for part, rules in seen(new).items():
        before = old.get(part)
        if before is None:
            lines.append(f"{part}: new")
            continue
        for rule_id in sorted({*before, *rules}):
            was, now = before.get(rule_id, "no rule"), rules.get(rule_id, "no rule")
            if was != now:
                lines.append(f"{part}: {rule_id}: {was} -> {now}{_place(part, rule_id, new)}")
    lines += [f"{part}: no longer shipped" for part in old if part not in seen(new)]
    return tuple(lines)


def _place(part: str, rule_id: str, new: LoadedPolicy) -> str:
    """Where the rule stands; for a school that says otherwise, that nothing changes for it."""
    if part not in new.policy.bands:
        return ""
    shipped, own = by_id(new.shipped[part]).get(rule_id), by_id(new.policy.bands[part]).get(rule_id)
    if own and own[0].where.file.startswith("local/"):
        return f" (nothing changes here: {own[0].where} says {own[1]})"
    return f" ({shipped[0].where})" if shipped else ""


def remember(path: Path, loaded: LoadedPolicy) -> None:
    """Keeps the shipped rules as seen now. Raises OSError."""
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(seen(loaded), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(aside, path)


def recall(path: Path) -> Seen | None:
    """What ``remember`` kept; None when nothing was kept or it cannot be read (then nothing is compared)."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(found, dict) and all(isinstance(rules, dict) for rules in found.values())
    return found if whole else None
