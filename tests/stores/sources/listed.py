"""A source for tests, and bytes of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hedgerow.core.model import Where
from hedgerow.stores.formats import Options
from hedgerow.stores.sources import Role, Source

ADDRESS = "https://lists.example/bets.txt"


def source(**changes: Any) -> Source:
    """One file of plain names about gambling, fewer than ten of which are no list."""
    made = Source(
        id="bets",
        title="Bets",
        urls=(ADDRESS,),
        names=("bets.txt",),
        path="",
        format="domains",
        options=Options(),
        category="gambling",
        categories={},
        role=Role.LIST,
        trust=2,
        family="bets",
        licence="MIT",
        home="https://lists.example",
        refresh=timedelta(days=1),
        least_names=10,
        shrink=0.5,
        grow=10.0,
        most_bytes=10_000_000,
        required=True,
        share=True,
        where=Where("sources.yaml", 3),
    )
    return replace(made, **changes)


def names(count: int, word: str = "bet") -> bytes:
    return b"".join(f"{word}{number}.example\n".encode() for number in range(count))
