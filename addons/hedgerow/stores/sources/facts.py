"""What the metrics say about downloaded and own lists, read from their state without writing to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hedgerow.stores.sources.held import Downloads
from hedgerow.stores.sources.model import Source


@dataclass(frozen=True, slots=True)
class ListFacts:
    """One source. A state that cannot be read counts as never fetched: nothing of it is in force at the next start."""

    source: str
    fetched: float = 0.0  # when the publisher last confirmed what is held, Unix seconds; 0 = never
    names: int = 0
    refused: bool = False  # what the publisher has now is not taken
    refresh: float = 0.0  # seconds
    required: bool = False


def list_facts(sources: Sequence[Source], folder: Path) -> tuple[ListFacts, ...]:
    """Of every source; ``folder`` is ``state/lists``. Never raises for what is on the disk.

    What lies on this machine counts as confirmed when it was last saved: nobody but its owner knows better.
    """
    downloads = Downloads(folder)
    return tuple(_facts(source, downloads) for source in sources)


def _facts(source: Source, downloads: Downloads) -> ListFacts:
    refresh = source.refresh.total_seconds()
    try:
        meta = downloads.meta(source)
    except OSError:
        return ListFacts(source.id, refresh=refresh, required=source.required)
    names = meta.current.names if meta.current else 0
    return ListFacts(source.id, meta.fetched, names, meta.refused is not None, refresh, source.required)
