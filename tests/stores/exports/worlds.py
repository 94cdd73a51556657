"""Small worlds for tests of exports: who is refused is a table, and ``Wanted`` is asked as for real lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st

from hedgerow.core.hosts import parents
from hedgerow.stores.exports.verdicts import ANY
from hedgerow.stores.exports.wanted import Wanted

LABELS = ("a", "b", "c-d")
ALL = tuple(".".join(labels) for depth in range(1, 5) for labels in product(LABELS, repeat=depth))
"""Every name a test asks about: also those below and beside the named ones."""


@dataclass(frozen=True)
class World:
    """Rules by name: (exactly this name, all with and below it); None is no rule of that kind. True is refused."""

    rules: Mapping[str, tuple[bool | None, bool | None]]
    closed: bool = False
    named: frozenset[str] = frozenset()
    helplines: frozenset[str] = frozenset()
    addresses: Mapping[str, bool] | None = None

    def refused(self, host: str) -> bool:
        exact = self.rules.get(host, (None, None))[0]
        if exact is not None:
            return exact
        found = (self.rules.get(parent, (None, None))[1] for parent in parents(host.removeprefix(f"{ANY}.")))
        return next((below for below in found if below is not None), self.closed)

    def listed(self) -> Iterator[tuple[str, bool, bool]]:
        for name, (exact, below) in self.rules.items():
            yield name, exact is not None, below is not None
        yield from ((one, False, True) for one in self.addresses or ())

    def wanted(self) -> Wanted:
        table = self.addresses or {}
        return Wanted(self.listed, self.named, self.helplines, self.refused, lambda address: table[address])


_RULE = st.sampled_from([True, False, None])
WORLDS = st.builds(
    World,
    st.dictionaries(st.sampled_from(ALL), st.tuples(_RULE, _RULE), max_size=12),
    st.booleans(),
    st.frozensets(st.sampled_from(ALL), max_size=3),
)
