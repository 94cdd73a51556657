"""What a lint check sees and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hedgerow.core.model import Band, Index, SiteRule, Where
from hedgerow.stores.policies import LoadedPolicy


@dataclass(frozen=True, slots=True)
class Finding:
    """``refused``: the lists and the policy contradict each other on help or on the floor; ``check`` fails."""

    where: Where
    message: str
    refused: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Linting:
    """What a check may look at. ``now`` is aware, in the school's zone; without an index, names have no category."""

    loaded: LoadedPolicy
    now: datetime
    index: Index | None = None

    @property
    def bands(self) -> tuple[Band, ...]:
        return tuple(self.loaded.policy.bands[name] for name in self.loaded.bands)


def sites_of(band: Band) -> Iterator[SiteRule]:
    """Every site rule of a complete band."""
    return (site for found in band.sites.values() for site in found)
