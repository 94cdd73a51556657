"""``blocklists/README.md`` says of every shipped source what ``sources.yaml`` says, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

from hedgerow.stores.categories import load_categories
from hedgerow.stores.sources import load_sources

LISTS = Path(__file__).parents[1] / "blocklists"
_ROW = r"^\| \[`([a-z0-9-]+)`\]\(([^)]+)\)( \*)? \| ([^|]+) \| ([^|]+) \| (\d) \|"
ROWS = re.findall(_ROW, (LISTS / "README.md").read_text(), re.MULTILINE)


def test_the_table_of_sources() -> None:
    sources = load_sources(LISTS / "sources.yaml", categories=load_categories(LISTS / "categories.yaml"), unused=True)
    told = {(name, home, bool(star), licence, family, int(trust)) for name, home, star, licence, family, trust in ROWS}
    assert told == {(s.id, s.home, s.required, s.licence, s.family, s.trust) for s in sources}
