"""A source written out reads back as the same: a bundle's description means what the maker's did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.categories import load_categories
from hedgerow.stores.sources import load_sources
from hedgerow.stores.sources.written import written

LISTS = Path(__file__).parents[3] / "blocklists"


def test_every_shipped_source_reads_back_the_same(tmp_path: Path) -> None:
    categories = load_categories(LISTS / "categories.yaml").ids
    sources = load_sources(LISTS / "sources.yaml", categories=categories)
    sources += (replace(sources[0], id="odd", title='"quoted": #no', refresh=timedelta(hours=30), trust=1),)
    (tmp_path / "sources.yaml").write_text(written(sources), encoding="utf-8")
    nowhere = Where("", 0)
    again = load_sources(tmp_path / "sources.yaml", categories=categories)
    assert [replace(one, where=nowhere) for one in again] == [replace(one, where=nowhere) for one in sources]
