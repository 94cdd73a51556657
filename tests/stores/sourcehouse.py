"""Small downloaded sources, for tests of the index that is built from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.formats import Options
from hedgerow.stores.list_base import Fetched
from hedgerow.stores.sources import Held, Role, Source

DAY = datetime(2026, 8, 20, tzinfo=UTC)


def fetched(
    folder: Path,
    name: str,
    text: str,
    category: str = "",
    *,
    format: str = "domains",
    role: Role = Role.LIST,
    trust: int = 2,
    family: str = "",
    categories: Mapping[str, tuple[str, ...]] | None = None,
    day: datetime = DAY,
) -> Fetched:
    """A source with one file that was fetched on ``day``."""
    path = folder / f"{name}.list"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    source = Source(
        id=name,
        title=name,
        urls=("https://lists.example/",),
        names=("list",),
        path="",
        format=format,
        options=Options(field="name", category_field="category") if format == "csv" else Options(),
        category=category,
        categories=categories or {},
        role=role,
        trust=trust,
        family=family or name,
        licence="MIT",
        home="https://lists.example/",
        refresh=timedelta(days=1),
        least_names=1,
        shrink=0.5,
        grow=10.0,
        most_bytes=1 << 20,
        required=False,
        share=True,
        where=Where("sources.yaml", 1),
    )
    version = sha256(text.encode()).hexdigest()[:12]
    return Fetched(source, Held(path, version, day, day, text.count("\n") + 1))
