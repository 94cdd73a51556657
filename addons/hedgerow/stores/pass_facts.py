"""What Prometheus is told of grants: how many are in force, and how unlock codes are used and guessed at."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.stores.pass_rows import GrantKind, read_all
from hedgerow.stores.spans import Clocks
from hedgerow.stores.unlock_codes import Refused, readable

OUTCOMES = ("redeemed", *(str(reason) for reason in Refused))
LOCKS = ("person", "address", "all")


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """``relaxed_until`` in Unix seconds, 0 = not relaxed; ``tally`` counts by outcome, and ``locked-<scope>``."""

    passes: int = 0
    exams: int = 0
    codes: int = 0
    odd: int = 0  # rows that cannot be read: skipped, they grant nothing
    relaxed_until: float = 0.0
    tally: Mapping[str, int] = field(default_factory=dict)


Told = Callable[[], GrantFacts]


def facts(path: Path, clocks: Clocks | None = None) -> GrantFacts:
    """As the file has it now; nothing while there is none or it cannot be read."""
    clocks = clocks or Clocks.here()
    if not path.exists():
        return GrantFacts()
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)
    except sqlite3.Error:
        return GrantFacts()
    try:
        return _read(connection, clocks)
    except sqlite3.Error:  # no tables yet, or the file is damaged: the workers' own log says so
        return GrantFacts()
    finally:
        connection.close()


def _read(connection: sqlite3.Connection, clocks: Clocks) -> GrantFacts:
    rows, odd = read_all(connection)
    held = [row for row in rows if row.holds(clocks)]
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    unlock = {"codes", "tally"} <= tables
    found = connection.execute("select * from codes").fetchall() if unlock else []
    codes = readable(found)
    return GrantFacts(
        passes=sum(row.kind is GrantKind.PASS for row in held),
        exams=sum(row.kind is GrantKind.EXAM for row in held),
        odd=odd + len(found) - len(codes),
        codes=sum(clocks.hold(code.span) and code.used < code.uses for code in codes),
        relaxed_until=max((row.span.wall_end for row in held if row.kind is GrantKind.RELAX), default=0.0),
        tally=dict(connection.execute("select name, value from tally")) if unlock else {},
    )
