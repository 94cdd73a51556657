"""From CPU-ms of each kind of file to pupils: arithmetic alone, every assumption by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.mix import KINDS

CONNECTIONS = 12
"""New connections a page. HTTP Archive counted 4 requests a connection on average and fewer than 3 for half of the
pages (discuss.httparchive.org/t/365, before h2 was common): 42 requests are 10 to 14 connections."""
USED = 0.7
"""Share of the cores that may be busy at the peak: what is left is the kernel's, the resolver's and the moment's."""
SYSTEM_MIB = 1024
"""Debian, resolver, journal, file cache."""
OPEN = 20
"""Connections a browser keeps open while somebody reads."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How pupils browse at the peak. An assumption: put in what your own log says."""

    name: str
    online: float  # share of the school that is browsing at all in the busiest minutes
    pages: float  # that each of them opens a minute
    cached: (
        float  # share of scripts, styles, fonts and images that the browser has already, and connections it has open
    )


BEHAVIOURS = (
    Behaviour("reading: a page every two minutes", 0.5, 0.5, 0.5),
    Behaviour("research: a page every 30 seconds", 0.5, 2.0, 0.5),
    Behaviour("the worst: all at once, every 15 seconds, nothing cached", 1.0, 4.0, 0.0),
)


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured: CPU-ms of all processes of the gateway, for a file of each kind and for a new connection."""

    kinds: Mapping[str, float]
    connection: float

    def page(self, cached: float = 0.0) -> float:
        """CPU-ms of one page. What a page says anew each time, HTML and JSON, is never cached."""
        files = sum(kind.count * self.kinds[kind.key] * (1.0 if kind.read else 1 - cached) for kind in KINDS)
        return files + CONNECTIONS * (1 - cached) * self.connection


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB of each process, KiB of one open connection; measured."""

    worker: float
    supervisor: float
    portal: float
    connection: float


@dataclass(frozen=True, slots=True)
class Box:
    """A machine."""

    cores: int
    mib: int


@dataclass(frozen=True, slots=True)
class Size:
    """How far a box reaches under one behaviour."""

    behaviour: Behaviour
    page_ms: float
    pages_a_second: float  # of one core
    online: int  # pupils browsing, one core
    school: int  # pupils in the school, all cores
    mbit: float  # the line they need, all cores
    mib: float  # the memory that takes


def size(costs: Costs, memory: Memory, box: Box, behaviour: Behaviour, megabytes: float) -> Size:
    """``megabytes`` a page. The line carries what is not cached, about (1 - cached) of it."""
    page = costs.page(behaviour.cached)
    a_second = USED * 1000 / page
    online = a_second * 60 / behaviour.pages
    mbit = a_second * box.cores * megabytes * (1 - behaviour.cached) * 8
    held = online * box.cores * OPEN * memory.connection / 1024
    mib = SYSTEM_MIB + memory.supervisor + memory.portal + box.cores * memory.worker + held
    school = online * box.cores / behaviour.online
    return Size(behaviour, page, a_second, int(online), int(school), mbit, mib)


def fits(sizes: Sequence[Size], box: Box) -> bool:
    """True when no behaviour needs more memory than the box has: the cores end first."""
    return all(one.mib <= box.mib for one in sizes)
